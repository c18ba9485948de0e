/** Which site a command means. Found before the command itself is loaded: a mistake in a site file costs no parser and no crawler. */
import { basename } from "node:path";
import process from "node:process";
import { findSite, hasConfigFile, type SiteChoice } from "../site/load.js";
import type { Site } from "../site/site.js";

/** Host of a saved page whose address is not known: it still has relative links, and they lead nowhere. */
export const NOWHERE = "saved.invalid";

/** The site of a command that walks one. @throws {CliError} exit code 2 */
export function siteToWalk(target: string | undefined, choice: SiteChoice): Promise<Site> {
  return findSite(target, choice, process.cwd());
}

export interface PageSiteChoice extends SiteChoice {
  /** A built-in site or a site file. */
  readonly site?: string | undefined;
  /** Address of a saved file. */
  readonly url?: string | undefined;
}

/**
 * The site by which one page is read, an address or a file. Where none is named and the working
 * folder has none, the page is read by the preset for Drupal 7.
 *
 * @throws {CliError} exit code 2
 */
export function siteOfPage(page: string, choice: PageSiteChoice): Promise<Site> {
  const { site, ...named } = nameOfSite(page, choice);
  return siteToWalk(site, named);
}

/** How the site of a page is found: what is named, else the site file of the working folder, else a preset. */
export function nameOfSite(
  page: string,
  choice: PageSiteChoice,
): SiteChoice & { site?: string | undefined } {
  const { site, language, preset = hasConfigFile(process.cwd()) ? undefined : "drupal7" } = choice;
  if (site !== undefined) return { site, language, preset: choice.preset };
  if (preset === undefined) return { language };
  const address = /^https?:\/\//i.test(page) ? page : choice.url;
  const nowhere = `http://${NOWHERE}/${encodeURIComponent(basename(page))}`;
  return { site: address ?? nowhere, language, preset };
}
