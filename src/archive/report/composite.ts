/** account.md of an archive from captures of web archives: what it is, and what it lacks. Pure. */
import type { Account, ListingMemento, Unlisted } from "../../schema/run-report.js";
import { count } from "../../text.js";
import { code, escapeMarkdown, list, part, table } from "./markdown-blocks.js";

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
