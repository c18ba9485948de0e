/**
 * `npm run test:deep` runs what `npm test` runs with larger strides and smaller sizes: every call of the disk, the
 * largest pages, every pager. It is run once before a release.
 */
import process from "node:process";

export const DEEP = process.env.DEEP === "1";

/** One of so many is asked, and which are is left to chance: over many runs it is all of them. */
export function stride(wide: number): { readonly first: number; readonly step: number } {
  const step = DEEP ? 1 : wide;
  return { first: Number(process.env.FIRST ?? 1 + Math.floor(Math.random() * step)), step };
}
