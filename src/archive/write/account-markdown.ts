/** account.md: the report of a run for a person. Words of the site are escaped in it, whatever they hold. */
import { STATES } from "../../model.js";
import type { Holdings, RunReport, UnresolvedLink } from "../../schema/run-report.js";

/** An entry as the account names it. */
export interface Named {
  readonly title: string;
  readonly path: string;
}

/** Lines of one list; the rest is in account.json. */
const MOST = 100;

/** @param nameOf title and path of an entry by its id; null for one that is not in the archive */
export function renderAccount(
  report: RunReport & { readonly archive: Holdings },
  nameOf: (id: string) => Named | null,
): string {
  const entry = (id: string) => {
    const named = nameOf(id);
    return named === null
      ? code(id)
      : `[${escapeMarkdown(named.title)}](${named.path.split("/").map(encodeURIComponent).join("/")})`;
  };
  const sections = [
    heading(report, report.archive),
    unwritten(report.archive, entry),
    warnings(report.archive, entry),
    missing(report.archive, entry),
    losses(report.archive),
    media(report.archive, entry),
    links(report.archive, entry),
    translations(report.archive, entry),
    overrides(report.archive, entry),
  ];
  return `${sections
    .flat()
    .filter((block) => block !== "")
    .join("\n\n")}\n`;
}

type Shown = (id: string) => string;

function heading(report: RunReport, { entries, languages, redirects }: Holdings): string[] {
  const { counts, gaps, drift, notes } = report;
  const { unmatched } = report.selectors;
  const spoken = Object.entries(languages).map(
    ([language, n]) => `${escapeMarkdown(language)} ${n}`,
  );
  return [
    `# Account of ${escapeMarkdown(report.site)}`,
    report.complete
      ? "The listing was read to its end, and no rows seem to be missing."
      : "**The listing was not read to its end, or rows may be missing.**",
    list([...gaps, ...drift, ...notes], escapeMarkdown),
    report.ignoredRobots
      ? "**robots.txt was ignored (`--ignore-robots`): disallowed pages were fetched too, without a Crawl-delay.**"
      : "",
    unmatched.length === 0 ? "" : "**Selectors of the site file that matched nothing:**",
    list(unmatched, escapeMarkdown),
    table(
      ["state", "URLs"],
      [
        ["listed", counts.listed],
        ...STATES.filter((state) => counts[state] > 0 || state === "written").map(
          (state) => [state, counts[state]] as const,
        ),
      ],
    ),
    `The archive holds ${plural(entries, "entry", "entries")}${spoken.length > 0 ? ` (${spoken.join(", ")})` : ""}. [redirects.csv](redirects.csv) leads ${plural(redirects, "old URL", "old URLs")} to them.`,
  ];
}

function unwritten({ notWritten }: Holdings, entry: Shown): string[] {
  if (notWritten.length === 0) return [];
  const line = ({ url, reason, entry: id }: Holdings["notWritten"][number]) =>
    `${code(url)}${reason === null ? "" : `: ${escapeMarkdown(reason)}`}${id === null ? "" : ` (${entry(id)})`}`;
  return [
    "## Not written",
    ...STATES.filter((state) => state !== "written").flatMap((state) => {
      const here = notWritten.filter((one) => one.state === state);
      return here.length === 0 ? [] : [`### ${state} (${here.length})`, list(here, line)];
    }),
  ];
}

function warnings(account: Holdings, entry: Shown): string[] {
  if (account.warnings.length === 0) return [];
  return [
    "## Warnings",
    ...account.warnings.flatMap(({ code: kind, entries }) => [
      `### ${escapeMarkdown(kind)} (${entries.length})`,
      list(entries, ({ entry: id, message }) => `${entry(id)}: ${escapeMarkdown(message)}`),
    ]),
  ];
}

function missing(account: Holdings, entry: Shown): string[] {
  const fields = Object.entries(account.missing).filter(([, ids]) => ids.length > 0);
  if (fields.length === 0) return [];
  const rows = fields.map(([field, ids]) => [field, ids.length] as const);
  // Most rows have no summary of their own, and many no type: only what a new site stumbles over is listed.
  const listed = fields.filter(([field]) => field === "date" || field === "body");
  return [
    "## Fields without a value",
    table(["field", "entries without it"], rows),
    ...listed.flatMap(([field, ids]) => [`Without ${field}:`, list(ids, entry)]),
  ];
}

function losses(account: Holdings): string[] {
  if (account.losses.length === 0) return [];
  const rows = account.losses.map(({ construct, kind, count, entries, sample }) => [
    escapeMarkdown(construct),
    kind,
    count,
    entries,
    escapeMarkdown(sample),
  ]);
  return [
    "## What Markdown cannot hold",
    "Kept as HTML, flattened to plain text, or dropped.",
    table(["construct", "became", "times", "entries", "first words"], rows),
  ];
}

function media({ media: { files, bytes, named, failed } }: Holdings, entry: Shown): string[] {
  if (named === 0 && failed.length === 0) return [];
  return [
    "## Images and attachments",
    `${plural(files, "file", "files")} of ${bytes} bytes, named ${plural(named, "time", "times")}.`,
    ...(failed.length === 0
      ? []
      : [
          `### Not stored (${failed.length})`,
          "These keep their old URL, and stop working when the old site is switched off.",
          list(
            failed,
            ({ address, reason, entries }) =>
              `${code(address)}: ${escapeMarkdown(reason)}; in ${entries.slice(0, 3).map(entry).join(", ")}${entries.length > 3 ? ` and ${entries.length - 3} more` : ""}`,
          ),
        ]),
  ];
}

function links({ links: all }: Holdings, entry: Shown): string[] {
  const loose = (title: string, why: string, ones: readonly UnresolvedLink[]) =>
    ones.length === 0
      ? []
      : [
          `### ${title} (${ones.length})`,
          why,
          list(
            ones,
            ({ entry: id, address, state }) =>
              `${code(address)}${state === null ? "" : ` (${state})`} in ${entry(id)}`,
          ),
        ];
  return [
    "## Links",
    table(
      ["lead to", "links"],
      [
        ["other entries", all.entries],
        ["files of the archive", all.files],
        ["other sites", all.external],
        ["not a web page (mail, telephone)", all.other],
        ["pages that were not migrated", all.notMigrated.length],
        ["pages that are gone or failed", all.broken.length],
        ["files on other hosts, shown in place", all.embedded.length],
        ["anchors that do not exist", all.fragments.length],
      ],
    ),
    ...loose("To pages that were not migrated", "They keep their old URL.", all.notMigrated),
    ...loose("Broken", "The page is gone, or could not be fetched.", all.broken),
    ...loose(
      "Files on other hosts",
      "Pictures and players. Pictures are stored when the site file allows their host (`media.origins`).",
      all.embedded,
    ),
    ...(all.fragments.length === 0
      ? []
      : [
          `### To anchors that do not exist (${all.fragments.length})`,
          list(
            all.fragments,
            ({ entry: id, target, fragment }) =>
              `${code(`#${fragment}`)} of ${entry(target)}, in ${entry(id)}`,
          ),
        ]),
  ];
}

function translations({ translations: all }: Holdings, entry: Shown): string[] {
  const without = Object.entries(all.without).filter(([, n]) => n > 0);
  if (all.linked === 0 && all.missing.length === 0 && without.length === 0) return [];
  return [
    "## Translations",
    `${plural(all.linked, "entry has", "entries have")} at least one translation in the archive.`,
    ...(without.length === 0
      ? []
      : [table(["language", "entries without a translation into it"], without)]),
    ...(all.missing.length === 0
      ? []
      : [
          `### Named by their page but not in the archive (${all.missing.length})`,
          list(
            all.missing,
            ({ id, language, address }) =>
              `${entry(id)}: ${escapeMarkdown(language)} ${code(address)}`,
          ),
        ]),
  ];
}

function overrides(
  { overrides: { applied, excluded, unknown } }: Holdings,
  entry: Shown,
): string[] {
  if (applied.length + excluded.length + unknown.length === 0) return [];
  return [
    "## Overrides (overrides.yaml)",
    list(applied, ({ entry: id, keys }) => `${entry(id)}: ${keys.map(escapeMarkdown).join(", ")}`),
    ...(excluded.length === 0 ? [] : [`Excluded (${excluded.length}):`, list(excluded, code)]),
    ...(unknown.length === 0
      ? []
      : [`**They match nothing in this archive (${unknown.length}):**`, list(unknown, code)]),
  ];
}

function list<T>(items: readonly T[], show: (item: T) => string): string {
  const lines = items.slice(0, MOST).map((item) => `- ${show(item)}`);
  const more = items.length - MOST;
  return [...lines, ...(more > 0 ? [`- and ${more} more, in account.json`] : [])].join("\n");
}

function table(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}

function plural(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** What turns the direction of text, breaks lines or cannot be seen. */
const UNSEEN = /[\p{Cc}\p{Cf}\u2028\u2029]+/gu;

/** Words that no reader of Markdown takes for markup. */
function escapeMarkdown(text: string): string {
  return text
    .replace(UNSEEN, " ")
    .replace(/\s+/g, " ")
    .trim()
    .replace(/[\\`*_[\]<>|~&#{}]/g, "\\$&")
    .replace(/^(\d*)([-+=.)])/, "$1\\$2");
}

/** Text as a code span; a `|` in it would end a table cell, so URLs are in lists alone. */
function code(text: string): string {
  const clean = text.replace(UNSEEN, " ");
  const longest = Math.max(0, ...(clean.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = clean.startsWith("`") || clean.endsWith("`") ? " " : "";
  return `${fence}${pad}${clean}${pad}${fence}`;
}
