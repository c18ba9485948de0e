/**
 * account.md: the report of a run for a person. First the verdict, the numbers and what to decide, then the details.
 * Words of the site are escaped in it, whatever they hold.
 */
import { FIELD_NAMES, STATES } from "../../model.js";
import type { Holdings, Place } from "../../schema/run-report.js";
import { count } from "../../text.js";
import { composite } from "./composite.js";
import { type Account, type Decision, decisionsOf, type Example, verdictOn } from "./decisions.js";
import {
  code,
  escapeMarkdown,
  folded,
  list,
  part,
  sentence,
  table,
  under,
} from "./markdown-blocks.js";
import { inOrder, type Shelf } from "./shelf.js";

/** @param shelf every entry of the archive */
export function renderAccount(account: Account, shelf: Shelf): string {
  const { archive } = account;
  const decisions = decisionsOf(account, shelf);
  const entry: Shown = (id) => {
    const named = shelf.get(id);
    return named === undefined
      ? code(id)
      : `[${escapeMarkdown(named.title)}](${named.path.split("/").map(encodeURIComponent).join("/")})`;
  };
  const details = [
    ...leftBehind(account),
    ...unwritten(archive, shelf, entry),
    ...missing(archive, shelf, entry),
    ...losses(archive),
    ...requisites(account),
    ...links(archive, entry),
    ...translations(archive),
    ...overrides(archive, shelf, entry),
  ];
  const blocks = [
    ...heading(account, decisions),
    ...numbers(account, shelf),
    ...listSections(account),
    ...composite(account, entry),
    ...toDecide(decisions, entry),
    ...accepted(account),
    ...(details.length === 0 ? [] : ["## Details", ...details]),
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

type Shown = (id: string) => string;

function heading(account: Account, decisions: readonly Decision[]): string[] {
  const { word, why } = verdictOn(account, decisions);
  const { counts, archive } = account;
  const states = STATES.filter((state) => counts[state] > 0).map(
    (state) => `${counts[state]} ${state}`,
  );
  return [
    `# Account of ${escapeMarkdown(account.site)}`,
    `**${word}.** ${why}`,
    `${count(counts.listed, "URL")} listed${states.length > 0 ? `: ${states.join(", ")}` : ""}. The archive holds ${count(archive.entries, "entry", "entries")}.`,
    account.ignoredRobots
      ? "**robots.txt was ignored (`--ignore-robots`): disallowed pages were fetched too, without a Crawl-delay.**"
      : "",
  ];
}

function numbers({ archive }: Account, shelf: Shelf): string[] {
  const { entries, languages, missing: without, media, links: all, redirects } = archive;
  const dates = [...shelf.values()].flatMap(({ date }) => date ?? []).sort();
  const spoken = Object.entries(languages).map(([tag, n]) => `${escapeMarkdown(tag)} ${n}`);
  const dated = entries - without.date.length;
  const reserved: readonly string[] = FIELD_NAMES;
  const own = Object.entries(archive.coverage).filter(([name]) => !reserved.includes(name));
  const span = dates.length === 0 ? "" : `, from ${dates[0]} to ${dates.at(-1)}`;
  return [
    "## Numbers",
    table(
      ["what", "number"],
      [
        ["entries", `${entries}${spoken.length > 0 ? ` (${spoken.join(", ")})` : ""}`],
        ["with a date", `${dated}${span}`],
        ["with a type", entries - without.type.length],
        ["with a summary", entries - without.summary.length],
        ["with a body", entries - without.body.length],
        ...own.map(([name, sources]): [string, number] => {
          const { none = 0, ...found } = sources;
          return [`with \`${name}\``, Object.values(found).reduce((sum, n) => sum + n, 0)];
        }),
        [
          "images and attachments stored",
          `${media.files} (${bytesOf(media.bytes)}), not stored ${media.failed.length}`,
        ],
        ["links to other entries", all.entries],
        ["links that lead to no entry of the site", all.notMigrated.length + all.broken.length],
        ["entries with a translation", archive.translations.linked],
        ["old URLs in [redirects.csv](redirects.csv)", redirects],
      ],
    ),
  ];
}

/** A section for each of several lists, and what of it needs a look. */
function listSections({ archive, lists: walked = [], gaps }: Account): string[] {
  const all = Object.entries(archive.lists ?? {});
  if (all.length === 0) return [];
  const sections = all.flatMap(([name, counts]) => {
    const states = STATES.filter((state) => counts[state] > 0).map(
      (state) => `${counts[state]} ${state}`,
    );
    const seen = walked.find((one) => one.name === name);
    const also = counts.alsoInOthers;
    const sentences = [
      `${count(counts.listed, "URL")} listed: ${states.join(", ")}.`,
      also === 0 ? "" : `Of them in other lists too, as one entry each: ${also}.`,
      seen === undefined
        ? ""
        : `${count(seen.listingPages, "listing page")} from ${code(seen.start)}, ${seen.complete ? "read to the end" : "**not read to the end**"}.`,
    ];
    const own = gaps.filter((gap) => gap.includes(`"${name}"`) || gap.startsWith(`${name}: `));
    return [
      `### ${escapeMarkdown(name)}`,
      sentences.filter((one) => one !== "").join(" "),
      ...(own.length === 0 ? [] : [list(own, sentence)]),
    ];
  });
  return ["## Lists", ...sections];
}

/** In units of a thousand, with one decimal. */
function bytesOf(n: number): string {
  const [size, unit] = n < 1e6 ? [n / 1e3, "kB"] : n < 1e9 ? [n / 1e6, "MB"] : [n / 1e9, "GB"];
  return n < 1e3 ? count(n, "byte") : `${size.toFixed(1)} ${unit}`;
}

function toDecide(decisions: readonly Decision[], entry: Shown): string[] {
  const shown = decisions.map(({ title, isFinding, advice, type, examples }, at) =>
    [
      `${at + 1}. **${escapeMarkdown(title)}**${isFinding ? " (finding)" : ""}. ${sentence(advice)}`,
      "",
      `   ${code(type)}`,
      "",
      ...folded(examples, (one) => example(one, entry)).map((line) => `   ${line}`),
    ].join("\n"),
  );
  return [
    "## To decide",
    ...(shown.length === 0
      ? ["Nothing."]
      : ["SITE is your site file or the name of the site, ARCHIVE this folder.", ...shown]),
  ];
}

function example({ entry: id, code: words, type, text = "" }: Example, entry: Shown): string {
  const parts = [
    ...(id == null ? [] : [entry(id)]),
    ...(words === undefined ? [] : [code(words)]),
    ...(type === undefined ? [] : [code(type)]),
    ...(text === "" ? [] : [sentence(text)]),
  ];
  return parts.join(": ");
}

function accepted({ accepted: all }: Account): string[] {
  return part("## Accepted by the site file", "", all, ({ message, reason }) =>
    sentence(`${message} (${reason})`),
  );
}

/** What article pages hold and no field has, by place. */
function leftBehind({ remains }: Account): string[] {
  const { articles, words, left, furniture, navigation, ignored } = remains;
  if (articles === 0) return [];
  const sum = (places: readonly Place[]) => places.reduce((n, place) => n + place.words, 0);
  const place = (one: Place & { readonly reason?: string }) =>
    `${code(one.place)}: on ${count(one.articles, "article")}, ${holdingWords(one)}${one.reason === undefined ? "" : `; ${sentence(one.reason)}`}${samplesOf(one)}`;
  const unknown =
    articles === 1
      ? " One page shows nothing that repeats, so menus and footers are among what was left."
      : "";
  return [
    "### What the article pages hold",
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
    ...part(
      "#### Left behind",
      "In no field. Read it with a field of the site file, or name it in its `ignore`.",
      left,
      place,
    ),
    ...part("#### Ignored by the site file", "", ignored, place),
    furniture.length === 0
      ? ""
      : `Places of menus, footers and side blocks (${furniture.length}), such as:`,
    folded(furniture, place).join("\n"),
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

function unwritten({ notWritten }: Holdings, shelf: Shelf, entry: Shown): string[] {
  const line = ({ url, entry: id }: Holdings["notWritten"][number]) =>
    `${code(url)}${id === null ? "" : ` (${entry(id)})`}`;
  return under(
    "### Not written",
    STATES.map((state) => {
      const here = notWritten.filter((one) => one.state === state);
      return [...new Set(here.map(({ reason }) => reason))].flatMap((why) => {
        const all = here.filter(({ reason }) => reason === why);
        return [
          `${state} (${all.length})${why === null ? "" : `: ${escapeMarkdown(why)}`}`,
          folded(
            inOrder(all, (one) => one.entry ?? "", shelf),
            line,
          ).join("\n"),
        ];
      });
    }),
  );
}

function missing(archive: Holdings, shelf: Shelf, entry: Shown): string[] {
  // Most rows have no summary of their own, and many no type: only what a new site stumbles over is listed.
  return under(
    "### Entries without a value",
    (["date", "body"] as const).map((field) => {
      const ids = inOrder(archive.missing[field], (id) => id, shelf);
      return ids.length === 0 ? [] : [`Without ${field} (${ids.length}):`, list(ids, entry)];
    }),
  );
}

function losses({ losses: all }: Holdings): string[] {
  if (all.length === 0) return [];
  const rows = all.map(({ construct, kind, count: n, entries, sample }) => {
    return [escapeMarkdown(construct), kind, n, entries, escapeMarkdown(sample)];
  });
  return [
    "### What Markdown cannot hold",
    "Kept as HTML, flattened to plain text, or dropped.",
    table(["construct", "became", "times", "entries", "first words"], rows),
  ];
}

/** What replaying the capture of the run lacks. */
function requisites({ requisites: report }: Account): string[] {
  if (report === null) return [];
  const { load, files, bytes, missing, more } = report;
  const line = ({ url, reason, pages, samples }: (typeof missing)[number]) =>
    `${code(url)}: ${escapeMarkdown(reason)}; ${count(pages, "page needs", "pages need")} it, ${pages > samples.length ? "such as " : ""}${samples.map(code).join(", ")}`;
  return [
    "### To look at the captured pages",
    `The capture holds ${count(files, "file")} (${bytesOf(bytes)}) that pages need to be looked at (\`requisites: ${load}\`).`,
    ...(missing.length === 0
      ? []
      : [
          `Missing (${missing.length + more}), what most pages need first:`,
          folded(missing, line).join("\n"),
          more === 0 ? "" : `And ${more} more.`,
        ]),
  ];
}

function links({ links: all }: Holdings, show: (id: string) => string): string[] {
  return [
    "### Links",
    table(
      ["lead to", "links"],
      [
        ["other entries", all.entries],
        ["files of the archive", all.files],
        ["other sites", all.external],
        ["not a web page (mail, telephone)", all.other],
        ["pages that were not migrated", all.notMigrated.length],
        ["pages that are gone or failed, and what is not a URL", all.broken.length],
        ["files on other hosts, shown in place", all.embedded.length],
        ["anchors that do not exist", all.fragments.length],
      ],
    ),
    ...part(
      "### Dead links to other sites",
      "The crawl asked each of them once. They lead to the capture nearest to the date of the article, where there is one.",
      all.dead ?? [],
      ({ entry, address, why, capture, without = "" }) =>
        `${show(entry)}: ${code(address)}, ${why}: ${capture === null ? escapeMarkdown(without) : code(capture)}`,
    ),
  ];
}

function translations({ translations: { without: all } }: Holdings): string[] {
  const without = Object.entries(all).filter(([, n]) => n > 0);
  if (without.length === 0) return [];
  return [
    "### Translations",
    table(["language", "entries without a translation into it"], without),
  ];
}

function overrides(archive: Holdings, shelf: Shelf, entry: Shown): string[] {
  const { applied, excluded } = archive.overrides;
  const line = ({ entry: id, keys }: (typeof applied)[number]) =>
    `${entry(id)}: ${keys.map(escapeMarkdown).join(", ")}`;
  const ordered = inOrder(applied, (one) => one.entry, shelf);
  return under("### Overrides (overrides.yaml)", [
    applied.length === 0 ? [] : [`Applied (${applied.length}):`, list(ordered, line)],
    excluded.length === 0 ? [] : [`Excluded (${excluded.length}):`, list(excluded, code)],
  ]);
}
