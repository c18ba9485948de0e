/** Which entries of a run say less than those of the archive, and do not replace them. Pure. */
import type { Run } from "../../schema/run-report.js";
import { count } from "../../text.js";
import type { ArchiveIndex, StagedEntry } from "../nouns.js";

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
