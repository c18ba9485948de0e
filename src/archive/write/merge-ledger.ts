/** Merges the outcomes of one run into the ledger: an entry once written stays until a newer version replaces it. */
import type { Outcome } from "../../model.js";
import type { Run, RunOutcome } from "../../schema/run-report.js";
import { byCodeUnits } from "../../text.js";
import { urlKey } from "../../url/url.js";
import type { ArchivedEntry } from "../nouns.js";

/** An entry as far as its ledger lines depend on it. */
type Listed = Pick<ArchivedEntry, "id" | "sourceUrl" | "aliases"> &
  Partial<Pick<ArchivedEntry, "language">>;

export interface MergedLedger<T> {
  /** Whole ledger, sorted by URL, one line each. */
  readonly ledger: readonly Outcome[];
  /** Earlier entries that stay. */
  readonly kept: readonly T[];
  /** Lines that this run did not give. */
  readonly carried: number;
}

const NOT_READ = "the listing was not read to its end";
const NOT_LISTED = "no longer listed";
/** Nobody looked whether the site still lists it. */
const DROPPED = "scope: the site file no longer has the list that named it";

/** Whether a line is of lists that the site file no longer has. @param names of those that it has */
export function isDropped(
  { state, lists }: Pick<Outcome, "state" | "lists">,
  names: readonly string[],
): boolean {
  return state !== "gone" && lists !== undefined && !lists.some((name) => names.includes(name));
}

/**
 * URLs that name one page (`urlKey`) are one URL here: its line has the form that was met last.
 *
 * @param run outcomes of this run, and whether it read the listing to its end
 * @param written entries of this run
 * @param earlier entries of the archive that this run did not write
 * @param before the ledger of the archive
 */
export function mergeLedger<T extends Listed>(
  run: Pick<Run, "outcomes" | "complete"> & Partial<Pick<Run, "languages" | "lists">>,
  written: readonly Listed[],
  earlier: readonly T[],
  before: readonly Outcome[],
): MergedLedger<T> {
  const lines = new Map<string, RunOutcome>(
    run.outcomes.map((outcome) => [urlKey(outcome.url), outcome]),
  );
  const listed = lines.size;
  const urls = ownUrls(earlier, before);
  const renamed = new Set(written.flatMap((entry) => entry.aliases.map(urlKey)));
  const withdrawn = new Set(
    run.outcomes.filter((one) => one.withdrawn === true).map(({ url }) => urlKey(url)),
  );
  const kept = earlier.filter(({ id, sourceUrl }) => {
    const own = [...(urls.get(id) ?? [])];
    if (own.some((key) => withdrawn.has(key)) || renamed.has(urlKey(sourceUrl))) return false;
    // One of its URLs leads to another entry now: the article has a new canonical URL.
    return !own.some((key) => {
      const { state, entry = id } = lines.get(key) ?? {};
      return entry !== id && state !== "gone";
    });
  });
  for (const { id, aliases } of kept)
    for (const key of [...(urls.get(id) ?? []), ...aliases.map(urlKey)]) attach(lines, key, id);
  const isWalked = walkedBy(run.languages ?? null, earlier, before);
  const names = run.lists?.map(({ name }) => name) ?? [];
  const alive = new Set([...written, ...kept].map(({ id }) => id));
  const leads = new Map(
    written.flatMap((entry) => entry.aliases.map((alias) => [urlKey(alias), entry])),
  );
  for (const line of before) {
    const key = urlKey(line.url);
    if (lines.has(key)) continue;
    const entry = leads.get(key);
    if (entry !== undefined) lines.set(key, duplicateOf(entry, line.url));
    else if (isDropped(line, names)) lines.set(key, dropped(line, alive));
    else lines.set(key, isWalked(line) ? carry(line, run.complete, alive) : line);
  }
  cover(lines, kept, run.complete);
  const ledger = [...lines.values()].map(plain).sort((a, b) => byCodeUnits(a.url, b.url));
  return { ledger, kept, carried: ledger.length - listed };
}

/** Whether the run walked the list of a line: that in the language of its entry, or of what was listed beside it. */
function walkedBy(
  languages: readonly string[] | null,
  earlier: readonly Listed[],
  before: readonly Outcome[],
): (line: Outcome) => boolean {
  if (languages === null) return () => true;
  const ofEntry = new Map(earlier.map(({ id, language }) => [id, language]));
  const ofListing = new Map<string, string>();
  const listingOf = (place: string | undefined) => place?.replace(/#\d+(?:@\d{14})?$/, "") ?? "";
  for (const { entry, listedOn } of before) {
    const language = ofEntry.get(entry ?? "");
    if (language !== undefined)
      for (const place of listedOn) ofListing.set(listingOf(place), language);
  }
  const primary = (tag: string) => tag.toLowerCase().split("-")[0];
  const walked = new Set(languages.map(primary));
  return ({ entry, listedOn }) => {
    const language = ofEntry.get(entry ?? "") ?? ofListing.get(listingOf(listedOn[0]));
    return language === undefined || walked.has(primary(language));
  };
}

/** Keys of URLs that were an entry's own: not those that duplicated it. */
function ownUrls(earlier: readonly Listed[], before: readonly Outcome[]) {
  const urls = new Map(earlier.map(({ id, sourceUrl }) => [id, new Set([urlKey(sourceUrl)])]));
  for (const { url, state, entry } of before)
    if (entry !== undefined && state !== "duplicate") urls.get(entry)?.add(urlKey(url));
  return urls;
}

/** Names the kept entry on a line of this run that brought no new version of it. */
function attach(lines: Map<string, RunOutcome>, key: string, entry: string): void {
  const line = lines.get(key);
  if (line === undefined || line.entry !== undefined) return;
  const gone = line.state === "failed" && (line.status === 404 || line.status === 410);
  lines.set(key, { ...line, state: gone ? "gone" : line.state, entry });
}

/** A line for a URL that leads to an entry which was written under another. */
function duplicateOf({ id, sourceUrl }: Listed, url: string): Outcome {
  return { url, state: "duplicate", reason: `of ${sourceUrl}`, entry: id, listedOn: [] };
}

/** A line for a URL of a list that the site file no longer has. */
function dropped({ url, entry, lists = [] }: Outcome, alive: ReadonlySet<string>): Outcome {
  const reason = `${DROPPED} (${lists.join(", ")})`;
  const held = entry !== undefined && alive.has(entry) ? { entry } : {};
  return { url, state: "excluded", reason, ...held, lists, listedOn: [] };
}

/** A line for a URL that this run did not list. */
function carry(line: Outcome, complete: boolean, alive: ReadonlySet<string>): Outcome {
  const { url, state, reason, entry: before } = line;
  const entry = before !== undefined && alive.has(before) ? { entry: before } : {};
  if (state === "gone") return { url, state, reason: reason ?? NOT_LISTED, ...entry, listedOn: [] };
  if (complete || state === "written" || state === "duplicate")
    return { url, ...missing(complete), ...entry, listedOn: [] };
  const { entry: _, ...rest } = line;
  return { ...rest, ...entry };
}

/** Why a URL that was listed before is not listed by this run. */
function missing(complete: boolean): Pick<Outcome, "state" | "reason"> {
  return complete
    ? { state: "gone", reason: NOT_LISTED }
    : { state: "not-reached", reason: NOT_READ };
}

/** Gives a line to every kept entry that has none, or that of another entry which is gone. */
function cover(lines: Map<string, RunOutcome>, kept: readonly Listed[], complete: boolean): void {
  const covered = new Set(
    [...lines.values()].map(({ state, entry }) => (state === "duplicate" ? undefined : entry)),
  );
  for (const { id, sourceUrl } of kept) {
    if (covered.has(id)) continue;
    const line = lines.get(urlKey(sourceUrl));
    lines.set(urlKey(sourceUrl), {
      ...(line ?? { url: sourceUrl, ...missing(complete), listedOn: [] }),
      entry: id,
    });
  }
}

const BARE = "url,state,entry,listedOn";

/** A line in the order of its keys, and nothing else. */
function plain(line: RunOutcome): Outcome {
  const { url, state, reason, code, entry, lists, listedOn, mementos } = line;
  // Most lines are so already.
  if (Object.keys(line).join() === BARE) return line;
  return {
    url,
    state,
    ...(reason === undefined || reason === "" ? {} : { reason }),
    ...(code === undefined ? {} : { code }),
    ...(entry === undefined ? {} : { entry }),
    ...(lists === undefined ? {} : { lists }),
    listedOn,
    ...(mementos === undefined ? {} : { mementos }),
  };
}
