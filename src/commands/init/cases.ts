/** The first cases of a proposed site: its listing page, and the article that was read. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { newCasesFolder } from "../../cases/folder.js";
import { type NewCase, type RecordedCase, recordCase } from "../../cases/record.js";
import { CliError } from "../../error.js";
import type { Page } from "../../model.js";
import type { Site } from "../../site/site.js";

/**
 * Makes the cases; nothing is written yet.
 *
 * @param siteFile absolute path of the site file, which need not exist yet
 * @returns none if the site has cases already
 */
export async function firstCases(
  site: Site,
  siteFile: string,
  listing: Page,
  article: Page | null,
): Promise<RecordedCase[]> {
  const root = resolve(newCasesFolder(site));
  if (existsSync(root)) return [];
  const common = { site, root, readBy: { site: siteFile }, recorded: new Date().toISOString() };
  const cases = [await scrubbedCase({ ...common, kind: "listing", pages: [listing] })];
  if (article === null) return cases;
  return [...cases, await pageCase({ ...common, kind: "article", pages: [article] }, listing)];
}

/** An article with its row; one of another page of the list is recorded without. */
export function pageCase(options: NewCase, listing: Page): Promise<RecordedCase> {
  return unlessRefused({ ...options, listing }, options, scrubbedCase);
}

/** Without tokens and e-mail addresses, unless the page then reads otherwise. */
export function scrubbedCase(options: NewCase): Promise<RecordedCase> {
  return unlessRefused({ ...options, scrub: true }, options, recordCase);
}

async function unlessRefused(
  first: NewCase,
  second: NewCase,
  record: (options: NewCase) => Promise<RecordedCase>,
): Promise<RecordedCase> {
  try {
    return await record(first);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return record(second);
  }
}
