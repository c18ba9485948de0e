/** The report of a run on the terminal, in words. */
import pc from "picocolors";
import type { ExitCode } from "../../error.js";
import { STATES, type State } from "../../model.js";
import type { Holdings } from "../../schema/holdings.js";
import { acceptable, acceptWords, notInList, type RunReport } from "../../schema/run-report.js";
import { byteCount, count } from "../../text.js";
import type { CrawlOptions } from "../command-line/crawl.js";
import { sums } from "../end.js";
import { here, type Terminal } from "../terminal.js";
import { type EndedCapture, ending, type Offline, overLimits } from "./judge.js";

type Colours = Terminal["colours"];

/** @param options by which its exit code was judged @param offline null where the site, or a web archive, was read */
export function showReport(
  terminal: Terminal,
  report: RunReport,
  exitCode: ExitCode,
  options: CrawlOptions,
  offline: Offline | null = null,
): void {
  const { colours } = terminal;
  const lines = [
    summary(report, colours),
    ...listLines(report, colours),
    ...stateLines(report, colours),
    ...articleLines(report, colours),
    ...reasonLines(report, colours),
    ...excludedLines(report, colours),
    ...(report.archive === null ? [] : compositeLines(report.archive)),
    ...(report.archive === null ? [] : holdingLines(report.archive)),
    ...requisiteLines(report),
    ...diskLines(report),
    ...findings(report, colours),
    ...acceptLines(report, colours),
    ...placeLines(report),
    ending(exitCode, report, overLimits(report, options), offline),
  ];
  for (const line of lines) terminal.print(line);
}

/** Shows what is wrong with a capture that others follow, and what the site file may accept of it. */
export function showFaults(
  terminal: Terminal,
  report: RunReport,
  { name, exitCode }: EndedCapture,
): void {
  const { colours } = terminal;
  const lines = [
    ...reasonLines(report, colours),
    ...findings(report, colours),
    ...acceptLines(report, colours),
  ];
  terminal.print(`${name} alone ends with exit code ${exitCode}`);
  for (const line of lines) terminal.print(`  ${line}`);
}

function listLines({ lists = [] }: RunReport, { yellow }: Colours): string[] {
  return lists.map(({ name, listed, listingPages, complete }) => {
    const line = `  list ${name}: ${count(listed, "article")} on ${count(listingPages, "listing page")}`;
    return complete ? line : yellow(`${line}, not read to its end`);
  });
}

function summary({ site, counts, listed, listingPages }: RunReport, { bold }: Colours): string {
  // The ledger keeps what earlier runs met and this one did not.
  const more = counts.listed - listed;
  const earlier = more > 0 ? `, ${count(more, "URL")} of earlier runs` : "";
  return `${bold(site)}: ${count(listed, "article")} listed on ${count(listingPages, "listing page")}${earlier}`;
}

const ALWAYS: readonly State[] = ["written", "rejected", "failed"];
const GOOD: readonly State[] = ["written", "duplicate", "excluded"];

function stateLines({ counts, entries }: RunReport, { dim, green, red }: Colours): string[] {
  const more: Partial<Record<State, string>> = {
    written: `  (${verdicts(entries)})`,
    ...(entries.gone > 0
      ? { gone: `  (${count(entries.gone, "article")} missed for the first time)` }
      : {}),
  };
  return STATES.filter((state) => counts[state] > 0 || ALWAYS.includes(state)).map((state) => {
    const n = counts[state];
    const paint = n === 0 ? dim : state === "written" ? green : GOOD.includes(state) ? String : red;
    return paint(`  ${state.padEnd(12)}${String(n).padStart(6)}${more[state] ?? ""}`);
  });
}

/** What every run has, and what only some have. */
function verdicts(entries: RunReport["entries"]): string {
  const { edited, reread = 0, renamed, returned, unchanged } = entries;
  return [
    `${entries.new} new`,
    `${edited} edited`,
    ...(reread > 0 ? [`${reread} read in another way`] : []),
    ...(renamed > 0 ? [`${renamed} renamed`] : []),
    `${unchanged} unchanged`,
    ...(returned > 0 ? [`${returned} of them returned`] : []),
  ].join(", ");
}

function articleLines({ warnings, health }: RunReport, { dim, yellow }: Colours): string[] {
  const partly = Object.entries(health).filter(([, { present, of }]) => present < of);
  const found = partly.map(([name, { present, of }]) => `${name} ${present} of ${of}`);
  return [
    ...[...warnings].map(
      ([code, { count: n, first }]) =>
        `${yellow("warning")} ${code}: ${count(n, "entry", "entries")}, first ${first}`,
    ),
    ...(partly.length > 0 ? [dim(`fields found: ${found.join(", ")}; the others on all`)] : []),
  ];
}

const MOST_REASONS = 3;

/** Why articles were rejected or failed, a few of each. On template drift the selectors say why they were rejected. */
function reasonLines(report: RunReport, colours: Colours): string[] {
  return reasonsOf(report, colours).flatMap(([label, lines, more]) => [
    ...lines.map((line) => `${label} ${line}`),
    ...(more > 0 ? [colours.dim(`  ledger.jsonl has ${more} more`)] : []),
  ]);
}

/** Those reasons, and how many there are more of each. */
function reasonsOf(report: RunReport, { red }: Colours) {
  return (["rejected", "failed"] as const).map((state) => {
    const open = state === "failed" ? report.open : acceptable(report);
    const all = open.filter(({ finding }) => finding === `article-${state}`);
    const lines = all.slice(0, MOST_REASONS).map(({ message }) => message);
    return [red(state), lines, all.length - lines.length] as const;
  });
}

/** What is wrong with a site file, by what a run with it found; notes and what only a whole run shows are left out. */
export function faultsOf(report: RunReport): string[] {
  const plain = pc.createColors(false);
  const ofWholeRuns = new Set(["witness", "note", "fewer"]);
  return [...reasonsOf(report, plain), ...labelled(report, plain)].flatMap(([label, lines]) =>
    ofWholeRuns.has(label) ? [] : lines.map((line) => `${label} ${line}`),
  );
}

/** Articles that are listed and may not be requested: by robots.txt, or where they lead. What the user left out is not among them. */
function excludedLines({ outcomes }: RunReport, { yellow, dim }: Colours): string[] {
  const out = outcomes.filter(
    ({ state, reason = "" }) => state === "excluded" && /^(?:scope|robots\.txt): /.test(reason),
  );
  const more = out.length - MOST_REASONS;
  return [
    ...out
      .slice(0, MOST_REASONS)
      .map(({ url, reason }) => `${yellow("excluded")} ${url}: ${reason}`),
    ...(more > 0 ? [dim(`  ledger.jsonl has ${more} more`)] : []),
  ];
}

/** From captures of when, of an archive that is put together from them. */
function compositeLines({ composite }: Holdings): string[] {
  if (composite === undefined) return [];
  const { from, to, archives, neverCaptured } = composite;
  const never =
    neverCaptured.length === 0
      ? ""
      : `; ${count(neverCaptured.length, "article")} known and never captured`;
  return [
    `composite of captures from ${from.slice(0, 10)} to ${to.slice(0, 10)} (${Object.keys(archives).join(", ")})${never}`,
  ];
}

function holdingLines(archive: Holdings): string[] {
  const { media, links } = sums(archive);
  const { applied, excluded, unknown } = archive.overrides;
  const lost = media.failed === 0 ? "" : `, ${media.failed} not stored`;
  return [
    ...(media.files + media.failed > 0
      ? [`images and attachments: ${count(media.files, "file")}${lost}`]
      : []),
    ...(links.entries + links.notMigrated + links.broken > 0
      ? [
          `links: ${links.entries} to entries, ${links.notMigrated} to pages that were not migrated, ${links.broken} broken`,
        ]
      : []),
    ...deadLines(archive.links),
    ...(applied.length + excluded.length > 0
      ? [`overrides: ${applied.length} applied, ${excluded.length} excluded`]
      : []),
    ...unknown.map((about) => `warning override-unknown: ${about} matches nothing in this archive`),
  ];
}

function deadLines({ dead }: Holdings["links"]): string[] {
  if (dead === undefined) return [];
  const mended = dead.filter(({ capture }) => capture !== null).length;
  return [`links to other sites: ${dead.length} dead, ${mended} of them lead to captures now`];
}

function requisiteLines({ requisites }: RunReport): string[] {
  if (requisites === null) return [];
  const { files, missing, more, cost } = requisites;
  const lacks = missing.length + more;
  const lost = lacks === 0 ? "" : `, ${lacks} missing (account.md)`;
  const spent =
    cost === null
      ? ""
      : `; ${count(cost.requests, "request")}, ${byteCount(cost.bytes)}, ${cost.seconds} s`;
  return [`for looking at the pages: ${count(files, "file")} in the capture${lost}${spent}`];
}

/** What the traffic of the run takes on the disk, and that of all runs: what `sitelift prune` may remove. */
function diskLines({ disk }: RunReport): string[] {
  if (disk === null) return [];
  const all = disk.count === 1 ? "" : `, all ${disk.count} captures ${byteCount(disk.captures)}`;
  return [`disk: ${byteCount(disk.capture)} for this capture${all}`];
}

/** What deserves a look: what decides about the exit code is red. */
function findings(report: RunReport, colours: Colours): string[] {
  const ignored = `${colours.red("robots.txt was ignored")} (--ignore-robots): disallowed pages were fetched too, without a Crawl-delay`;
  return [
    ...(report.ignoredRobots ? [ignored] : []),
    ...labelled(report, colours).flatMap(([label, lines]) =>
      lines.map((line) => `${label} ${line}`),
    ),
  ];
}

function labelled(
  report: RunReport,
  { red, yellow }: Colours,
): readonly [label: string, lines: readonly string[]][] {
  const { gaps, notes, outside, selectors, leftBehind, drift, balance } = report;
  return [
    [red("gap"), gaps],
    [red("witness"), notInList(report)],
    [yellow("note"), notes],
    [red("scope"), outside === null ? [] : [outside]],
    [yellow("selector"), [...selectors.unmatched, ...selectors.lost]],
    [red("selector"), selectors.thresholds],
    [red("left behind"), leftBehind],
    [red("fewer"), report.fewer],
    [red("drift"), drift],
    [red("ledger"), balance.map(({ message }) => message)],
  ];
}

const MOST_OPEN = 5;

/** What the site file accepts, and what to add to it where a finding is right. */
function acceptLines(report: RunReport, { dim }: Colours): string[] {
  const { accepted } = report;
  const open = acceptable(report);
  const known = accepted.map(({ message, reason }) => `accepted ${message} (${reason})`);
  if (open.length === 0) return known;
  const more = open.length - MOST_OPEN;
  return [
    ...known,
    dim("where that is right, add it to `accept` of the site file, with the reason:"),
    ...open.slice(0, MOST_OPEN).map((finding) => dim(`  ${acceptWords(finding)}`)),
    ...(more > 0 ? [dim(`  account.json has ${more} more`)] : []),
  ];
}

function placeLines({ archive, counts, out }: RunReport): string[] {
  if (archive === null) return ["dry run: nothing was written"];
  const open = counts.failed + counts.gone + counts["not-reached"];
  const places: readonly [path: string, n: number, why: string][] = [
    ["content/", counts.written, `${counts.written} written`],
    [
      "quarantine/",
      counts.rejected,
      `${counts.rejected} rejected: the record, its issues and the page of each`,
    ],
    ["ledger.jsonl", open, `${open} failed, gone or not reached, each with its reason`],
    ["account.md", 1, "the report for sign-off; report.html shows it in pictures"],
  ];
  return [
    `archive: ${here(out)}`,
    ...places.flatMap(([path, n, why]) => (n === 0 ? [] : [`  ${path.padEnd(14)} ${why}`])),
  ];
}
