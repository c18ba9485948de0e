/** Which site a command means. Found before the command itself is loaded: a mistake in a site file costs no parser and no crawler. */
import { basename } from "node:path";
import process from "node:process";
import type { Site } from "../site.js";
import { findSite, type SiteChoice } from "../site-file.js";

/** The site of a command that walks one. @throws {CliError} exit code 2 */
export function siteToWalk(target: string | undefined, choice: SiteChoice): Promise<Site> {
  return findSite(target, choice, process.cwd());
}

export interface PageSiteChoice extends SiteChoice {
  /** A built-in site or a site file. */
  readonly site?: string;
  /** Address of a saved file. */
  readonly url?: string;
}

/** The site by which one page is read, an address or a file. @throws {CliError} exit code 2 */
export function siteOfPage(page: string, choice: PageSiteChoice): Promise<Site> {
  if (choice.site !== undefined || choice.preset === undefined)
    return siteToWalk(choice.site, choice);
  const address = /^https?:\/\//i.test(page) ? page : choice.url;
  // A saved page whose address is not told still has relative links: they get one that leads nowhere.
  return siteToWalk(address ?? `http://saved.invalid/${basename(page)}`, choice);
}
