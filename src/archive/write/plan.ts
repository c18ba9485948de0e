/** What an archive will hold after a run, and where: planned before a byte of it changes. Pure. */
import type { Disk } from "../../disk/disk.js";
import type { Staging } from "../../disk/staging.js";
import { checkBalance, type Imbalance } from "../../schema/ledger.js";
import type { Run, RunOutcome } from "../../schema/run-report.js";
import { isPortableName } from "../../schema/words.js";
import { byCodeUnits, count } from "../../text.js";
import type {
  ArchivedEntry,
  ArchiveIndex,
  ArchiveOptions,
  LastSnapshot,
  StagedEntry,
} from "../nouns.js";
import type { MediaStore } from "./media/store.js";
import { type MergedLedger, mergeLedger } from "./merge-ledger.js";

export interface Plan extends MergedLedger<ArchivedEntry> {
  /** Entries of the run, and earlier ones that stay: sorted by id. */
  readonly entries: readonly (StagedEntry | ArchivedEntry)[];
  /** Path of the content file of each, by id. */
  readonly paths: ReadonlyMap<string, string>;
  /** What does not add up. */
  readonly balance: readonly Imbalance[];
}

/** The end of a run: what it staged and found, and the archive that takes it. */
export interface Closing {
  readonly root: string;
  readonly disk: Disk;
  readonly options: WriteOptions;
  readonly index: ArchiveIndex;
  readonly last: LastSnapshot | null;
  readonly run: Run;
  readonly plan: Plan;
  readonly media: MediaStore;
  readonly staging: Staging;
}

/** Options with their defaults. */
export type WriteOptions = ArchiveOptions & Required<Pick<ArchiveOptions, "origins" | "own">>;

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

/**
 * Leaves out entries of which a run read the row alone, where the archive has what their article page said: as after
 * `crawl --no-articles` into an archive with articles. What they replaced would be lost from the next export.
 *
 * @param matched with the entries of the run, under their ids in the archive
 * @returns the same with those that are written, and the notes of the run with one of what stays
 */
export function fullerOnly<T extends { readonly written: readonly StagedEntry[] }>(
  matched: T,
  { notes }: Pick<Run, "notes">,
  { entries }: Pick<ArchiveIndex, "entries">,
) {
  const isPoorer = ({ id, isRowOnly }: StagedEntry) =>
    isRowOnly && entries.get(id)?.isRowOnly === false;
  const poorer = matched.written.filter(isPoorer);
  if (poorer.length === 0) return { ...matched, notes };
  const [stay, they] =
    poorer.length === 1 ? ["stays as it is", "it"] : ["stay as they are", "they"];
  const note = `${count(poorer.length, "entry", "entries")} of the archive ${stay}: ${they} came from article pages, and this run read of them the rows of the list alone, which say less; whether ${they} changed was not looked at. Crawl with the articles for newer versions, or into another folder for the rows alone`;
  const written = matched.written.filter((entry) => !isPoorer(entry));
  return { ...matched, written, notes: [...notes, note] };
}
