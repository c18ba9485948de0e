/**
 * `npm run test:deep` runs what `npm test` runs with larger strides and smaller sizes: every call of the disk, the
 * largest pages, every pager. It is run once before a release.
 */
import process from "node:process";

export const DEEP = process.env.DEEP === "1";

/** How often a property is asked for: 25 times as often before a release. */
export const runs = (few: number): number => (DEEP ? 25 * few : few);

/** One of so many is asked, from the first or from what `FIRST` says: never by chance, so that a run can be repeated. */
export function stride(wide: number): { readonly first: number; readonly step: number } {
  const step = DEEP ? 1 : wide;
  return { first: Number(process.env.FIRST ?? 1), step };
}
