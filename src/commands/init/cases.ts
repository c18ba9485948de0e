/** The first cases of a proposed site: its listing page, and the article that was looked at. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { newCasesFolder } from "../../cases/folder.js";
import { type RecordedCase, type RecordOptions, recordCase } from "../../cases/record.js";
import { CliError } from "../../error.js";
import type { Page } from "../../model.js";
import type { Site } from "../../site/site.js";

/**
 * Makes the cases; nothing is written yet.
 *
 * @param siteFile whole path of the site file, which need not be there yet
 * @returns none where the site has cases already
 */
export async function firstCases(
  folder: string,
  site: Site,
  siteFile: string,
  listing: Page,
  article: Page | null,
): Promise<RecordedCase[]> {
  const root = join(folder, newCasesFolder(site));
  if (existsSync(root)) return [];
  const common = { site, root, readBy: { site: siteFile }, recorded: new Date().toISOString() };
  const cases = [await clean({ ...common, kind: "listing", pages: [listing] })];
  if (article === null) return cases;
  const one = { ...common, kind: "article" as const, pages: [article] };
  try {
    cases.push(await clean({ ...one, listing }));
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    // An article of another page of the list is read without a row.
    cases.push(await clean(one));
  }
  return cases;
}

/** Without tokens and addresses, unless the page then reads otherwise. */
async function clean(options: RecordOptions): Promise<RecordedCase> {
  try {
    return await recordCase({ ...options, scrub: true });
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return recordCase(options);
  }
}
