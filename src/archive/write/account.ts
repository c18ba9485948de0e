/** The report of a run, and account.json and account.md, which keep it in the archive. */
import type { Outcome } from "../../model.js";
import type { Holdings } from "../../schema/holdings.js";
import { countStates } from "../../schema/ledger.js";
import type {
  Account,
  Place,
  Remains,
  RequisiteReport,
  Run,
  RunReport,
} from "../../schema/run-report.js";
import { jsonText, parseUrl } from "../../text.js";
import { urlKey } from "../../url/url.js";
import { hasSameWords } from "../diff/changes.js";
import type { PastRun } from "../history.js";
import { FILES } from "../layout.js";
import type { ArchivedEntry, ArchiveIndex, LastSnapshot, StagedEntry } from "../nouns.js";
import { renderAccount } from "../report/account-markdown.js";
import { renderFeed } from "../report/feed.js";
import { renderReport } from "../report/report.js";
import { statesOf } from "../snapshots.js";
import type { Plan } from "./plan.js";

/** What a run read and what the archive was before it. */
interface Calculated extends Pick<Plan, "ledger" | "kept" | "balance"> {
  readonly site: string;
  readonly out: string;
  readonly written: readonly StagedEntry[];
  readonly index: ArchiveIndex;
  readonly ids: ReadonlyMap<string, string>;
  /** What the last snapshot says, where other rules or another version read it than read the run; null otherwise. */
  readonly readByOthers: LastSnapshot | null;
}

/** The report of a run whose files have not been committed yet. @param archive null in a dry run */
export function reportOf(run: Run, read: Calculated, archive: Holdings | null): RunReport {
  const { site, out, ledger, ids, balance } = read;
  const gone = ledger.filter(({ state }) => state === "gone");
  return {
    ...run,
    site,
    out,
    counts: { listed: ledger.length, ...countStates(ledger) },
    gone: new Set(gone.map(({ url }) => urlKey(url))),
    entries: compare(read),
    ids,
    balance,
    files: null,
    archive,
    disk: null,
  };
}

/** Compares the entries of a run with the archive before it. */
function compare(read: Calculated): RunReport["entries"] {
  const { ledger, written, kept, index, readByOthers } = read;
  const [before, after] = [statesOf(index.ledger), statesOf(ledger)];
  const isNewlyGone = ({ id }: ArchivedEntry) =>
    after.get(id) === "gone" && before.get(id) !== "gone";
  const sums = { new: 0, edited: 0, renamed: 0, unchanged: 0 };
  let reread = 0;
  for (const entry of written) {
    const verdict = verdictOn(entry, index.entries.get(entry.id));
    const last = readByOthers?.entries.get(entry.id);
    if (verdict === "edited" && last !== undefined && hasSameWords(last, entry)) reread++;
    else sums[verdict]++;
  }
  return {
    ...sums,
    ...(reread > 0 ? { reread } : {}),
    returned: written.filter(({ id }) => before.get(id) === "gone").length,
    kept: kept.length,
    gone: kept.filter(isNewlyGone).length,
    replaced: index.entries.size - kept.length - (written.length - sums.new),
  };
}

function verdictOn(entry: StagedEntry, before: ArchivedEntry | undefined) {
  if (before === undefined) return "new";
  if (urlKey(entry.sourceUrl) !== urlKey(before.sourceUrl)) return "renamed";
  const same = entry.read === before.read && entry.aliases.join("\n") === before.aliases.join("\n");
  return same ? "unchanged" : "edited";
}

/** Overrides that name neither an entry nor a line of the ledger: what a run did not read may still be there. */
export function unknownOverrides(
  unused: readonly string[],
  entries: readonly ArchivedEntry[],
  ledger: readonly Outcome[],
): string[] {
  if (unused.length === 0) return [];
  const known = new Set<string>();
  for (const { id, sourceUrl, aliases } of entries)
    for (const url of [sourceUrl, ...aliases]) known.add(id).add(urlKey(url)).add(pathOf(url));
  for (const { url } of ledger) known.add(urlKey(url)).add(pathOf(url));
  return unused.filter((about) => !known.has(about) && !known.has(urlKey(about)));
}

function pathOf(url: string): string {
  const parsed = parseUrl(url);
  if (parsed === null) return url;
  const { pathname, search, hash } = parsed;
  return pathname + search + hash;
}

/**
 * The files of an archive that hold the report of a run, by path: account.json, account.md, report.html, changes.atom and health.json.
 *
 * @param entries all that the archive will hold
 * @param runs those that left a snapshot, and this one; oldest first
 */
export function reportFiles(
  report: Account,
  entries: readonly ArchivedEntry[],
  runs: readonly PastRun[],
): [path: string, text: string][] {
  const { site, complete, gaps, drift, notes, ignoredRobots, counts, archive, baseline } = report;
  const { unmatched } = report.selectors;
  const { open, accepted, leftBehind, fewer, remains, requisites } = report;
  const found = { gaps, open, accepted, drift, notes, unmatched, leftBehind, fewer };
  const run = { site, complete, ...found, ignoredRobots, counts, pages: pagesOf(remains) };
  const replay = requisites === null ? {} : { requisites: contentsOf(requisites) };
  const { listingMementos, unlisted } = report;
  const known = new Map(entries.map((entry) => [entry.id, entry]));
  return [
    [
      FILES.account,
      jsonText({ accountVersion: 1, ...run, ...archive, ...replay, listingMementos, unlisted }),
    ],
    [FILES.accountText, renderAccount(report, known)],
    [FILES.report, renderReport(report, known, runs)],
    [FILES.feed, renderFeed(site, runs, entries)],
    ...(baseline === null ? [] : [[FILES.health, jsonText(baseline)] as [string, string]]),
  ];
}

/** What fetching took is another one in every run, and is not kept. */
function contentsOf({ load, files, bytes, missing, more }: RequisiteReport) {
  return { load, files, bytes, missing, more };
}

/** Places of one kind; they are in the order of their articles. */
const MOST_PLACES = 100;

function pagesOf({ articles, words, left, furniture, navigation, ignored }: Remains) {
  const part = (all: readonly Place[]) => ({
    words: all.reduce((sum, place) => sum + place.words, 0),
    places: all.slice(0, MOST_PLACES),
    more: Math.max(0, all.length - MOST_PLACES),
  });
  return {
    articles,
    read: { words: words.read },
    removed: { words: words.removed },
    left: part(left),
    ignored: part(ignored),
    navigation: part(navigation),
    furniture: part(furniture),
  };
}
