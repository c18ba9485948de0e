/** What an archive will hold after a run, and where: planned before a byte of it changes. Pure. */
import { checkBalance, type Imbalance } from "../../schema/ledger.js";
import type { Run, RunOutcome } from "../../schema/run-report.js";
import { isPortableName } from "../../schema/words.js";
import { byCodeUnits } from "../../text.js";
import type { ArchivedEntry, ArchiveIndex, StagedEntry } from "../nouns.js";
import { type MergedLedger, mergeLedger } from "./merge-ledger.js";

export interface Plan extends MergedLedger<ArchivedEntry> {
  /** Entries of the run, and earlier ones that stay: sorted by id. */
  readonly entries: readonly (StagedEntry | ArchivedEntry)[];
  /** Path of the content file of each, by id. */
  readonly paths: ReadonlyMap<string, string>;
  /** What does not add up. */
  readonly balance: readonly Imbalance[];
}

/** Merges the ledger, decides which earlier entries stay, and gives every entry its path. */
export function plan(run: Run, written: readonly StagedEntry[], index: ArchiveIndex): Plan {
  const ids = new Set(written.map(({ id }) => id));
  const earlier = [...index.entries.values()].filter(({ id }) => !ids.has(id));
  const merged = mergeLedger(run, written, earlier, index.ledger);
  const entries = [...written, ...merged.kept].sort((a, b) => byCodeUnits(a.id, b.id));
  const paths = contentPaths(entries);
  // The ledger has one line for a URL that the run gave twice; the check must see both.
  const lines = [...merged.ledger, ...repeated(run.outcomes)];
  const balance = checkBalance(lines, run.listed + merged.carried, new Set(paths.keys()));
  return { ...merged, entries, paths, balance };
}

function repeated(outcomes: readonly RunOutcome[]): RunOutcome[] {
  const seen = new Set<string>();
  return outcomes.filter(({ url }) => seen.size === seen.add(url).size);
}

/** What the path of an entry depends on. */
type Named = Pick<ArchivedEntry, "id" | "slug" | "language" | "date">;

/**
 * Path of each entry's content file, by id. Entries with one name in one folder (case and Unicode
 * form set aside, as on common file systems) all get a suffix from their ids, so that the order in which
 * they were met does not matter. The ids of such entries are cut to six characters, or whole when six
 * are not enough.
 */
export function contentPaths(entries: readonly Named[]): Map<string, string> {
  const suffix = new Map(entries.map(({ id }) => [id, 0]));
  const pathOf = (entry: Named) => contentPath(entry, suffix.get(entry.id) ?? 0);
  for (let clashes = true; clashes; ) {
    clashes = false;
    const names = entries.map((entry) => fold(pathOf(entry)));
    const counts = new Map<string, number>();
    for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
    for (const [at, { id }] of entries.entries()) {
      if (counts.get(names[at] ?? "") === 1) continue;
      const length = suffix.get(id) ?? 0;
      if (length < id.length) clashes = true;
      suffix.set(id, length === 0 ? 6 : id.length);
    }
  }
  return new Map(entries.map((entry) => [entry.id, pathOf(entry)]));
}

function contentPath({ id, slug, language, date }: Named, suffix: number): string {
  // Some language tags (con, nul, prn) are names that Windows keeps for devices.
  const folder = isPortableName(language) ? language : `${language}_`;
  const name = suffix === 0 ? slug : `${slug}-${id.slice(0, suffix)}`;
  // Joined, since V8 keeps the parts of a text that was put together by a template.
  return ["content/", folder, "/", date?.slice(0, 4) ?? "undated", "/", name, ".md"].join("");
}

function fold(path: string): string {
  return path.normalize("NFC").toUpperCase().toLowerCase().normalize("NFC");
}
