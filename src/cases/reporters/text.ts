/** Checked cases as text for people. */
import type { Health, SideHealth } from "../../schema/health.js";
import { column, count, gather } from "../../text.js";
import { type CheckedCase, failuresOf, type Suite, sumWords } from "../check.js";
import { bodyDiff, type Verdict } from "../compare.js";
import type { MutationScore } from "../mutate.js";
import { adviceFor } from "../place.js";

export type Colours = Readonly<
  Record<"bold" | "dim" | "green" | "red" | "yellow", (text: string) => string>
>;
/** For a file. */
export const PLAIN: Colours = {
  bold: String,
  dim: String,
  green: String,
  red: String,
  yellow: String,
};

/** @param all true to list every selector; else only how often each field was found */
export function textReport(suite: Suite, colours: Colours, all = false): string {
  const { counts, cases, health, drift, thresholds } = suite;
  const { bold, green, red } = colours;
  const lines = [casesReport(cases, colours), ""];
  for (const [site, fields] of health)
    lines.push(...(all ? healthLines(site, fields, colours) : [healthLine(site, fields)]), "");
  for (const sentence of [...drift, ...thresholds]) lines.push(red(sentence));
  const failed = counts.failedCases + thresholds.length + drift.length > 0;
  lines.push(bold((failed ? red : green)(sumWords(suite))), "");
  return lines.join("\n");
}

/** A line a case, and what failed in it. */
export function casesReport(cases: readonly CheckedCase[], colours: Colours): string {
  const width = Math.min(48, Math.max(...cases.map(({ name }) => name.length)));
  return cases.flatMap((one) => caseLines(one, width, colours)).join("\n");
}

function caseLines(one: CheckedCase, width: number, colours: Colours): string[] {
  const { green, red, dim } = colours;
  const { name, about, verdicts } = one;
  const bad = failuresOf(one);
  const mark = bad.length > 0 ? red("FAIL") : green("ok  ");
  const share =
    bad.length === 0
      ? count(verdicts.length, "field")
      : `${bad.length} of ${count(verdicts.length, "field")} failed`;
  return [
    `${mark}  ${column(name, width)}  ${dim(column(about?.kind ?? "?", 8))} ${share}`,
    ...failureLines(bad, colours).map((line) => `      ${line}`),
    ...(bad.length === 0 ? [] : [dim(`      ${adviceFor(one)}`)]),
  ];
}

/** Failed fields: the reasons that their values do not show, a table of the values, and the diff of the body. */
function failureLines(bad: readonly Verdict[], colours: Colours): string[] {
  const { bold } = colours;
  const reasons = bad.filter(
    ({ reason, differences, body }) =>
      (differences.length === 0 && body === null) || /^(missing|orphaned)/.test(reason ?? ""),
  );
  return [
    ...reasons.map(({ field, reason }) => `${bold(field)}: ${reason}`),
    ...tableLines(bad, colours),
    ...bad.flatMap(({ field, body }) =>
      body === null ? [] : [bold(field), ...diffLines(body, colours)],
    ),
  ];
}

const MOST_VALUE = 60;

function tableLines(bad: readonly Verdict[], { bold, dim, green, red }: Colours): string[] {
  const cells = bad.flatMap(({ field, differences }) =>
    differences.map(({ at, expected, actual }) => {
      const [want, got] = near(expected ?? "(nothing)", actual ?? "(nothing)");
      return [field, at, want, got] as const;
    }),
  );
  if (cells.length === 0) return [];
  const head = ["field", "where", "expected", "actual"] as const;
  const widths = head.map((title, index) =>
    Math.max(...[title, ...cells.map((row) => row[index] ?? "")].map((cell) => [...cell].length)),
  );
  const pad = (text: string, index: number) => column(text, widths[index] ?? text.length);
  return [
    dim(head.map(pad).join("  ")),
    ...cells.map(([field, at, want, got]) =>
      [bold(pad(field, 0)), pad(at, 1), red(pad(want, 2)), green(got)].join("  "),
    ),
  ];
}

/** Two long values, cut to where they begin to differ. */
function near(expected: string, actual: string): [string, string] {
  let same = 0;
  while (same < expected.length && expected[same] === actual[same]) same++;
  const start = Math.max(expected.length, actual.length) <= MOST_VALUE ? 0 : Math.max(0, same - 20);
  const cut = (text: string) => {
    const rest = [...text.slice(start)];
    const end = rest.length > MOST_VALUE ? "…" : "";
    return `${start > 0 ? "…" : ""}${rest.slice(0, MOST_VALUE).join("")}${end}`;
  };
  return [cut(expected), cut(actual)];
}

function diffLines(body: NonNullable<Verdict["body"]>, { dim, green, red }: Colours): string[] {
  return bodyDiff(body).map(({ kind, text }) => {
    if (kind === "place") return dim(`  ${text}`);
    if (kind === "expected") return red(`- ${text}`);
    return kind === "actual" ? green(`+ ${text}`) : `  ${text}`;
  });
}

function healthLine(site: string, health: Health): string {
  const shares = Object.entries(health).map(([name, { present }]) => `${name} ${present}`);
  const sides = Object.values(health).flatMap(({ listing, article }) => [listing, article]);
  const ways = sides.filter(({ of }) => of > 0).flatMap((side) => side.ways);
  const unused = ways.filter(({ won }) => won === 0).length;
  const doubtful = ways.filter(({ ambiguous }) => ambiguous > 0).length;
  const doubt = doubtful === 0 ? "" : `, ${doubtful} ambiguous`;
  const of = Math.max(...Object.values(health).map((field) => field.of));
  return `${site}, of ${count(of, "article")}: ${shares.join(", ")}; ${unused} of ${count(ways.length, "selector")} never used${doubt}`;
}

/** For each field: how often it is there, and which selectors gave it. */
function healthLines(site: string, health: Health, colours: Colours): string[] {
  const { bold, dim } = colours;
  const of = Math.max(...Object.values(health).map((field) => field.of));
  return [
    `${bold(`selectors of ${site}`)} over ${count(of, "article")}`,
    ...Object.entries(health).flatMap(([name, { present, listing, article }]) => {
      return [
        `  ${column(name, 8)} ${present} of ${of}`,
        ...sideLines("row", listing, colours),
        ...sideLines("page", article, colours),
      ].map((line, index) => (index === 0 ? line : dim(line)));
    }),
  ];
}

function sideLines(noun: string, { of, ways }: SideHealth, { yellow }: Colours): string[] {
  if (of === 0 || ways.length === 0) return [];
  const unused = ways.filter(({ won }) => won === 0).length;
  const used = ways
    .filter(({ won }) => won > 0)
    .map(({ way, won, nodes: [least, most], ambiguous }) => {
      const nodes = least === most ? count(most, "node") : `${least} to ${most} nodes`;
      const doubt = ambiguous === 0 ? "" : yellow(`, ambiguous in ${ambiguous}`);
      return `           ${noun} ${won} of ${of} by ${way} (${nodes}${doubt})`;
    });
  const never =
    unused === 0 ? [] : [`           ${noun} ${unused} of ${ways.length} selectors never used`];
  return [...used, ...never];
}

/** Mutants that differ only in their case share a line. */
export function mutationReport(
  { total, killed, equivalent, survived, score, mutants }: MutationScore,
  { bold, dim, green, red, yellow }: Colours,
): string {
  const groups = new Map<string, (typeof mutants)[number][]>();
  for (const one of mutants) {
    const key = JSON.stringify([one.field, one.how, one.selector, one.instead]);
    gather(groups, key, one);
  }
  const lines = [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { case: name, field, where, how, selector, instead } = first;
    const mark = instead === null ? red("survived") : yellow("equivalent");
    const more = group.length === 1 ? "" : ` and ${group.length - 1} more`;
    const indent = " ".repeat(10);
    const source = instead === null ? [] : [dim(`${indent}same value from ${instead}`)];
    return [`${mark} ${field} ${how}, ${name}, ${where}${more}`, dim(indent + selector), ...source];
  });
  const percent = Math.round(score * 1000) / 10;
  const sum = `mutation score: ${percent} % (${killed} of ${total} mutants killed, ${equivalent} equivalent, ${survived} survived)`;
  return ["", ...lines, bold(survived === 0 && total > 0 ? green(sum) : red(sum))].join("\n");
}
