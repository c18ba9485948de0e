/** Which site a command means. Found before the command itself is loaded: a mistake in a site file costs no parser and no crawler. */
import { basename } from "node:path";
import { findSite, hasConfigFile, oneList, type SiteChoice } from "../site/load.js";
import type { Site } from "../site/site.js";
import { isUrl } from "../text.js";

/** Host of a saved page whose URL is unknown: its relative links still resolve, and lead nowhere. */
export const NOWHERE = "saved.invalid";

/** True when a site begins at a saved page whose URL is unknown. */
export function isNowhere({ start }: Site): boolean {
  return new URL(start).hostname === NOWHERE;
}

/** The site that `--site` names, by which cases are read; undefined where each is read by its own. */
export async function siteOfCases({ site, ...choice }: PageSiteChoice): Promise<Site | undefined> {
  return site === undefined ? undefined : oneList(await findSite(site, choice));
}

export interface PageSiteChoice extends SiteChoice {
  /** A built-in site or a site file. */
  readonly site?: string | undefined;
  /** URL of a saved file. */
  readonly url?: string | undefined;
}

/** The site by which one page is read, a URL or a file. @throws {CliError} exit code 2 */
export async function siteOfPage(page: string, choice: PageSiteChoice): Promise<Site> {
  const { site, ...named } = nameOfSite(page, choice);
  return oneList(await findSite(site, named));
}

/** False when a page is read by a preset alone: then each is the start of its own site, which says nothing of it. */
export function knowsStart({ site, preset }: Omit<PageSiteChoice, "url">): boolean {
  return site !== undefined || (preset === undefined && hasConfigFile());
}

/** How the site of a page is found: by its name, else the site file of the working folder, else the preset for Drupal 7. */
export function nameOfSite(page: string, { site, language, url, ...choice }: PageSiteChoice) {
  if (site !== undefined) return { site, language, preset: choice.preset };
  const preset = choice.preset ?? (hasConfigFile() ? undefined : "drupal7");
  if (preset === undefined) return { language };
  const nowhere = `http://${NOWHERE}/${encodeURIComponent(basename(page))}`;
  return { site: isUrl(page) ? page : (url ?? nowhere), language, preset };
}
