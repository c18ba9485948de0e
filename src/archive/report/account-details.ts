/** The details of account.md, and what an archive from captures of web archives is: every place, file and entry that is to be named. Pure. */
import { STATES } from "../../model.js";
import type { Holdings } from "../../schema/holdings.js";
import type { Account, ListingMemento, Place, Unlisted } from "../../schema/run-report.js";
import { byteCount, count } from "../../text.js";
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
import { linkTargets, pageWords } from "./totals.js";

/** An entry by its id, as Markdown. */
export type Shown = (id: string) => string;

/** Each block of Markdown that has something to say. */
export function detailsOf(account: Account, shelf: Shelf, entry: Shown): string[] {
  const { archive } = account;
  return [
    ...leftBehind(account),
    ...unwritten(archive, shelf, entry),
    ...missing(archive, shelf, entry),
    ...losses(archive),
    ...requisites(account),
    ...links(archive, entry),
    ...translations(archive),
    ...overrides(archive, shelf, entry),
  ];
}

function leftBehind({ remains }: Account): string[] {
  const { articles, left, furniture, ignored } = remains;
  if (articles === 0) return [];
  const place = (one: Place & { readonly reason?: string }) =>
    `${code(one.place)}: on ${count(one.articles, "article")}, ${holdingWords(one)}${one.reason === undefined ? "" : `; ${sentence(one.reason)}`}${samplesOf(one)}`;
  const unknown =
    articles === 1
      ? " One page shows nothing that repeats, so menus and footers are among what was left."
      : "";
  return [
    "### What the article pages hold",
    `Words on ${count(articles, "article page")}, by what became of them.${unknown}`,
    table(["words", "number"], pageWords(remains)),
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
    `The capture holds ${count(files, "file")} (${byteCount(bytes)}) that pages need to be looked at (\`requisites: ${load}\`).`,
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
    table(["lead to", "links"], linkTargets(all)),
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

/** @param entry an entry by its id, as it is shown */
export function composite(account: Account, entry: (id: string) => string): string[] {
  const { composite: found } = account.archive;
  if (found == null) return [];
  const { from, to, median, entries, archives, neverCaptured, farMedia } = found;
  const listings = account.listingMementos ?? [];
  const refused = listings.filter((one) => one.refused !== undefined);
  return [
    "## From web archives",
    `This archive is a composite of captures from ${day(from)} to ${day(to)}, half of them until ${day(median)}: the site never was as it is here. The capture of each entry is in [provenance.jsonl](provenance.jsonl), those that were tried in [ledger.jsonl](ledger.jsonl).`,
    table(
      ["web archive", "entries"],
      Object.entries(archives).map(([name, n]) => [escapeMarkdown(name), n]),
    ),
    `${count(entries, "entry comes", "entries come")} from captures, and ${count(listings.length - refused.length, "capture")} of ${count(new Set(listings.map(({ url }) => url)).size, "listing page")} named the articles of the last run.`,
    ...part(
      "### Known, never captured",
      "Listed, and in no archive that was asked. Somebody may still have them.",
      neverCaptured,
      code,
    ),
    ...part(
      "### Known, and on no captured listing page",
      'They were not read: nothing says that they belong to the list. To read those of a feed, name it as a further list of the site file (`lists`, `"listing": { "kind": "feed" }`).',
      account.unlisted ?? [],
      ({ url, foundIn }) => `${code(url)}: ${foundIn.map((from) => FROM[from]).join(", ")}`,
    ),
    ...(refused.length === 0
      ? []
      : [
          `### Captures of listing pages that were refused (${refused.length})`,
          list(refused, refusal),
        ]),
    ...part(
      "### Images and attachments captured long before or after their page",
      "They may be others than the page had.",
      farMedia,
      (one) => `${entry(one.entry)}: ${code(one.address)}, ${count(one.days, "day")}`,
    ),
  ];
}

const FROM: Readonly<Record<Unlisted, string>> = {
  index: "the index of a web archive, which has a capture of it",
  feed: "an archived feed",
  sitemap: "an archived sitemap",
};

function refusal({ url, archive, time, refused = "" }: ListingMemento): string {
  return `${code(url)}, ${day(time)}, ${escapeMarkdown(archive)}: ${escapeMarkdown(refused)}`;
}

function day(time: string): string {
  return time.slice(0, 10);
}
