/** account.md: the report of a run for a person. Words of the site are escaped in it, whatever they hold. */
import { STATES } from "../../model.js";
import type { Holdings, Place, RunReport, UnresolvedLink } from "../../schema/run-report.js";
import { count, parseUrl } from "../../text.js";

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
  const { archive } = report;
  const blocks = [
    ...heading(report, archive),
    ...leftBehind(report),
    ...unwritten(archive, entry),
    ...warnings(archive, entry),
    ...missing(archive, entry),
    ...losses(archive),
    ...media(archive, entry),
    ...links(archive, entry),
    ...translations(archive, entry),
    ...overrides(archive, entry),
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

type Shown = (id: string) => string;

function heading(report: RunReport, { entries, languages, redirects }: Holdings): string[] {
  const { counts, gaps, drift, notes, accepted } = report;
  const { unmatched } = report.selectors;
  const spoken = Object.entries(languages).map(
    ([language, n]) => `${escapeMarkdown(language)} ${n}`,
  );
  const states = STATES.filter((state) => counts[state] > 0 || state === "written");
  return [
    `# Account of ${escapeMarkdown(report.site)}`,
    report.complete
      ? "The listing was read to its end, and no rows seem to be missing."
      : "**The listing was not read to its end, or rows may be missing.**",
    list([...gaps, ...drift, ...notes], escapeMarkdown),
    accepted.length === 0 ? "" : "Accepted by the site file:",
    list(accepted, ({ message, reason }) => escapeMarkdown(`${message} (${reason})`)),
    report.ignoredRobots
      ? "**robots.txt was ignored (`--ignore-robots`): disallowed pages were fetched too, without a Crawl-delay.**"
      : "",
    unmatched.length === 0 ? "" : "**Selectors of the site file that matched nothing:**",
    list(unmatched, escapeMarkdown),
    table(
      ["state", "URLs"],
      (["listed", ...states] as const).map((state) => [state, counts[state]]),
    ),
    `The archive holds ${count(entries, "entry", "entries")}${spoken.length > 0 ? ` (${spoken.join(", ")})` : ""}. [redirects.csv](redirects.csv) leads ${count(redirects, "old URL")} to them.`,
  ];
}

/** What article pages hold and no field has, by place. */
function leftBehind({ leftBehind: findings, remains }: RunReport): string[] {
  const { articles, words, left, furniture, navigation, ignored } = remains;
  if (articles === 0) return [];
  const sum = (places: readonly Place[]) => places.reduce((n, place) => n + place.words, 0);
  const place = (one: Place & { readonly reason?: string }) =>
    `${code(one.place)}: on ${count(one.articles, "article")}, ${holdingWords(one)}${one.reason === undefined ? "" : `; ${escapeMarkdown(one.reason)}`}${samplesOf(one)}`;
  const unknown =
    articles === 1
      ? " One page shows nothing that repeats, so menus and footers are among what was left."
      : "";
  return [
    "## What the article pages hold",
    `Words on ${count(articles, "article page")}, by what became of them.${unknown}`,
    table(
      ["words", "number"],
      [
        ["in fields", words.read],
        ["removed by the site file", words.removed],
        ["ignored by the site file", sum(ignored)],
        ["links to other articles", sum(navigation)],
        ["menus, footers and side blocks, which repeat", sum(furniture)],
        ["left behind", sum(left)],
      ],
    ),
    list(findings, escapeMarkdown),
    ...part(
      "Left behind",
      "In no field. Read it with a field of the site file, or name it in its `ignore`.",
      left,
      place,
    ),
    ...part("Ignored by the site file", "", ignored, place),
    ...part(
      "Menus, footers and side blocks",
      "They repeat on other pages of the site.",
      furniture,
      place,
    ),
  ];
}

function samplesOf({ samples }: Place): string {
  return samples.length === 0 ? "" : ` (${samples.map(escapeMarkdown).join(" / ")})`;
}

function holdingWords({ words, images, files, links }: Place): string {
  return [
    count(words, "word"),
    ...(images > 0 ? [count(images, "image")] : []),
    ...(files > 0 ? [count(files, "file")] : []),
    ...(links > 0 ? [count(links, "link")] : []),
  ].join(", ");
}

function unwritten({ notWritten }: Holdings, entry: Shown): string[] {
  const line = ({ url, reason, entry: id }: Holdings["notWritten"][number]) =>
    `${code(url)}${reason === null ? "" : `: ${escapeMarkdown(reason)}`}${id === null ? "" : ` (${entry(id)})`}`;
  return under(
    "## Not written",
    STATES.map((state) => {
      const here = notWritten.filter((one) => one.state === state);
      return part(state, "", here, line);
    }),
  );
}

function warnings({ warnings: all }: Holdings, entry: Shown): string[] {
  const line = ({ entry: id, message }: (typeof all)[number]["entries"][number]) =>
    `${entry(id)}: ${escapeMarkdown(message)}`;
  return under(
    "## Warnings",
    all.map(({ code: kind, entries }) => part(escapeMarkdown(kind), "", entries, line)),
  );
}

function missing(archive: Holdings, entry: Shown): string[] {
  const fields = Object.entries(archive.missing).filter(([, ids]) => ids.length > 0);
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

function losses({ losses: all }: Holdings): string[] {
  if (all.length === 0) return [];
  const rows = all.map(({ construct, kind, count: n, entries, sample }) => {
    return [escapeMarkdown(construct), kind, n, entries, escapeMarkdown(sample)];
  });
  return [
    "## What Markdown cannot hold",
    "Kept as HTML, flattened to plain text, or dropped.",
    table(["construct", "became", "times", "entries", "first words"], rows),
  ];
}

function media({ media: { files, bytes, named, failed } }: Holdings, entry: Shown): string[] {
  if (named === 0 && failed.length === 0) return [];
  const line = ({ address, reason, entries }: (typeof failed)[number]) =>
    `${code(address)}: ${escapeMarkdown(reason)}; in ${entries.slice(0, 3).map(entry).join(", ")}${entries.length > 3 ? ` and ${entries.length - 3} more` : ""}`;
  return [
    "## Images and attachments",
    `${count(files, "file")} of ${bytes} bytes, named ${count(named, "time")}.`,
    ...part(
      "Not stored",
      "These keep their old URL, and stop working when the old site is switched off.",
      failed,
      line,
    ),
  ];
}

function links({ links: all }: Holdings, entry: Shown): string[] {
  const line = ({ entry: id, address, state }: UnresolvedLink) =>
    `${code(address)}${state === null ? "" : ` (${state})`} in ${entry(id)}`;
  const anchor = ({ entry: id, target, fragment }: (typeof all.fragments)[number]) =>
    `${code(`#${fragment}`)} of ${entry(target)}, in ${entry(id)}`;
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
    ...part("To pages that were not migrated", "They keep their old URL.", all.notMigrated, line),
    ...part("Broken", "The page is gone, or could not be fetched.", all.broken.filter(isUrl), line),
    ...part(
      "Not a URL",
      "They stay as they are.",
      all.broken.filter((one) => !isUrl(one)),
      line,
    ),
    ...part(
      "Files on other hosts",
      "Pictures and players. Pictures are stored when the site file allows their host (`media.origins`).",
      all.embedded,
      line,
    ),
    ...part("To anchors that do not exist", "", all.fragments, anchor),
  ];
}

function isUrl({ address }: UnresolvedLink): boolean {
  return parseUrl(address) !== null;
}

function translations({ translations: all }: Holdings, entry: Shown): string[] {
  const without = Object.entries(all.without).filter(([, n]) => n > 0);
  if (all.linked === 0 && all.missing.length === 0 && without.length === 0) return [];
  const line = ({ id, language, address }: (typeof all.missing)[number]) =>
    `${entry(id)}: ${escapeMarkdown(language)} ${code(address)}`;
  return [
    "## Translations",
    `${count(all.linked, "entry has", "entries have")} at least one translation in the archive.`,
    without.length === 0
      ? ""
      : table(["language", "entries without a translation into it"], without),
    ...part("Named by their page but not in the archive", "", all.missing, line),
  ];
}

function overrides({ overrides: { applied, excluded, unknown } }: Holdings, entry: Shown) {
  const line = ({ entry: id, keys }: (typeof applied)[number]) =>
    `${entry(id)}: ${keys.map(escapeMarkdown).join(", ")}`;
  return under("## Overrides (overrides.yaml)", [
    applied.length === 0 ? [] : [list(applied, line)],
    excluded.length === 0 ? [] : [`Excluded (${excluded.length}):`, list(excluded, code)],
    unknown.length === 0
      ? []
      : [`**They match nothing in this archive (${unknown.length}):**`, list(unknown, code)],
  ]);
}

/** A heading and its parts; nothing where all of them are empty. */
function under(title: string, parts: readonly (readonly string[])[]): string[] {
  const all = parts.flat();
  return all.length === 0 ? [] : [title, ...all];
}

/** Items below a heading that counts them; nothing where there are none. @param why what they have in common */
function part<T>(title: string, why: string, items: readonly T[], show: (item: T) => string) {
  return items.length === 0 ? [] : [`### ${title} (${items.length})`, why, list(items, show)];
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

/** What turns the direction of text, breaks lines or cannot be seen. */
const UNSEEN = /[\p{Cc}\p{Cf}\u2028\u2029]+/gu;

/** Words that no reader of Markdown takes for markup. */
function escapeMarkdown(text: string): string {
  return text
    .replace(UNSEEN, " ")
    .replace(/\s+/g, " ")
    .trim()
    .replace(/[\\`*_[\]<>|~&#{}]/g, "\\$&")
    .replace(/^\d+(?=[.)])|^(?=[-+=])/, "$&\\");
}

/** Text as a code span; a `|` in it would end a table cell, so URLs are in lists alone. */
function code(text: string): string {
  const clean = text.replace(UNSEEN, " ");
  const longest = Math.max(0, ...(clean.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = clean.startsWith("`") || clean.endsWith("`") ? " " : "";
  return `${fence}${pad}${clean}${pad}${fence}`;
}
