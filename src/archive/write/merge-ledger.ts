/** Merges the outcomes of one run into the ledger: an entry once written stays until a newer version replaces it. */

import type { Outcome } from "../../model.js";
import type { Run, RunOutcome } from "../../schema/run-report.js";
import { byCodeUnits } from "../../text.js";
import { urlKey } from "../../url.js";
import type { Held } from "../nouns.js";

export interface Settled {
  /** Whole ledger, sorted by address, one line each. */
  readonly ledger: readonly Outcome[];
  /** Ids of earlier entries that stay. */
  readonly kept: ReadonlySet<string>;
  /** Lines that this run did not give. */
  readonly carried: number;
}

const NOT_READ = "the listing was not read to its end";
const NOT_LISTED = "no longer listed";

/**
 * Addresses that name one page (`urlKey`) are one address here: its line has the form that was met last.
 *
 * @param run outcomes of this run, and whether it read the listing to its end
 * @param written entries of this run
 * @param earlier entries of the archive that this run did not write
 * @param before the ledger of the archive
 */
export function settle(
  run: Pick<Run, "outcomes" | "complete"> & Partial<Pick<Run, "languages">>,
  written: readonly Held[],
  earlier: readonly Held[],
  before: readonly Outcome[],
): Settled {
  const lines = new Map<string, RunOutcome>(
    run.outcomes.map((outcome) => [urlKey(outcome.url), outcome]),
  );
  const listed = lines.size;
  const addresses = ownAddresses(earlier, before);
  const renamed = new Set(written.flatMap((entry) => entry.aliases.map(urlKey)));
  const withdrawn = new Set(
    run.outcomes.filter((one) => one.withdrawn === true).map(({ url }) => urlKey(url)),
  );
  const kept = earlier.filter(
    ({ id, sourceUrl }) =>
      ![...(addresses.get(id) ?? [])].some((key) => withdrawn.has(key)) &&
      !renamed.has(urlKey(sourceUrl)) &&
      !isReplaced(id, addresses.get(id) ?? [], lines),
  );
  const isWalked = walkedBy(run.languages ?? null, earlier, before);
  for (const { id, aliases } of kept)
    for (const key of [...(addresses.get(id) ?? []), ...aliases.map(urlKey)])
      attach(lines, key, id);
  const alive = new Set([...written, ...kept].map(({ id }) => id));
  const leads: ReadonlyMap<string, Held> = new Map(
    written.flatMap((one) => one.aliases.map((alias) => [urlKey(alias), one])),
  );
  for (const line of before) {
    const key = urlKey(line.url);
    if (lines.has(key)) continue;
    const entry = leads.get(key);
    if (entry === undefined && !isWalked(line)) {
      lines.set(key, line);
      continue;
    }
    lines.set(
      key,
      entry === undefined
        ? carry(line, run.complete, alive)
        : { url: line.url, state: "duplicate", ...reasonAndEntry(entry), listedOn: [] },
    );
  }
  cover(lines, kept, run.complete);
  const ledger = [...lines.values()].map(plain).sort((a, b) => byCodeUnits(a.url, b.url));
  return { ledger, kept: new Set(kept.map(({ id }) => id)), carried: ledger.length - listed };
}

/** Whether the run walked the list that a line is of: the list in the language of its entry, or of what was listed beside it. */
function walkedBy(
  languages: readonly string[] | null,
  earlier: readonly Held[],
  before: readonly Outcome[],
): (line: Outcome) => boolean {
  if (languages === null) return () => true;
  const ofEntry = new Map(earlier.map(({ id, language }) => [id, language]));
  const ofListing = new Map<string, string>();
  const listingOf = (place: string | undefined) => place?.replace(/#\d+$/, "") ?? "";
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

/** Keys of addresses that were an entry's own: not those that duplicated it. */
function ownAddresses(earlier: readonly Held[], before: readonly Outcome[]) {
  const addresses = new Map(earlier.map(({ id, sourceUrl }) => [id, new Set([urlKey(sourceUrl)])]));
  for (const { url, state, entry } of before)
    if (entry !== undefined && state !== "duplicate") addresses.get(entry)?.add(urlKey(url));
  return addresses;
}

/** True when an address of the entry now leads to another one: the article has a new canonical address. */
function isReplaced(
  id: string,
  addresses: Iterable<string>,
  lines: ReadonlyMap<string, Outcome>,
): boolean {
  for (const key of addresses) {
    const line = lines.get(key);
    if (line?.entry !== undefined && line.entry !== id && line.state !== "gone") return true;
  }
  return false;
}

/** Names the kept entry on a line of this run that brought no new version of it. */
function attach(lines: Map<string, RunOutcome>, key: string, entry: string): void {
  const line = lines.get(key);
  if (line === undefined || line.entry !== undefined) return;
  const gone = line.state === "failed" && (line.status === 404 || line.status === 410);
  lines.set(key, { ...line, state: gone ? "gone" : line.state, entry });
}

/** An address that leads to an entry which was written under another. */
function reasonAndEntry({ id, sourceUrl }: Held) {
  return { reason: `of ${sourceUrl}`, entry: id };
}

/** A line for an address that this run did not list. */
function carry(line: Outcome, complete: boolean, alive: ReadonlySet<string>): Outcome {
  const { url, state, reason } = line;
  const entry = line.entry !== undefined && alive.has(line.entry) ? { entry: line.entry } : {};
  if (state === "gone") return { url, state, reason: reason ?? NOT_LISTED, ...entry, listedOn: [] };
  if (complete) return { url, state: "gone", reason: NOT_LISTED, ...entry, listedOn: [] };
  if (state === "written" || state === "duplicate")
    return { url, state: "not-reached", reason: NOT_READ, ...entry, listedOn: [] };
  const { entry: _, ...rest } = line;
  return { ...rest, ...entry };
}

/** Gives a line to every kept entry that has none, as after a run that was cut off between two files. */
function cover(lines: Map<string, RunOutcome>, kept: readonly Held[], complete: boolean): void {
  const covered = new Set(
    [...lines.values()].map(({ state, entry }) => (state === "duplicate" ? undefined : entry)),
  );
  for (const { id, sourceUrl } of kept) {
    if (covered.has(id)) continue;
    const line = lines.get(urlKey(sourceUrl));
    if (line !== undefined) lines.set(urlKey(sourceUrl), { ...line, entry: id });
    else
      lines.set(urlKey(sourceUrl), {
        url: sourceUrl,
        ...(complete
          ? { state: "gone" as const, reason: NOT_LISTED }
          : { state: "not-reached" as const, reason: NOT_READ }),
        entry: id,
        listedOn: [],
      });
  }
}

/** A line in the order of its keys, and nothing else. */
function plain({ url, state, reason, entry, listedOn }: RunOutcome): Outcome {
  return {
    url,
    state,
    ...(reason === undefined || reason === "" ? {} : { reason }),
    ...(entry === undefined ? {} : { entry }),
    listedOn,
  };
}
