/** Finds the site that a user names: a built-in name, a site file, or a bare URL with a preset. */

import { existsSync } from "node:fs";
import { basename, extname, resolve } from "node:path";
import { CliError } from "../error.js";
import { isUrl, nearest, parseUrl, percentDecode } from "../text.js";
import { slugify } from "../url/slug.js";
import { demo, demoLists } from "./presets/demo.js";
import { UNESCO_LANGUAGES, UNESCO_OFFICES } from "./presets/unesco.js";
import { PRESETS } from "./presets.js";
import { resolveSite } from "./resolve.js";
import type { Site, SiteInput } from "./site.js";
import { readSiteFile } from "./site-file.js";

const WORKING_FOLDER = ".";
const EXTENSIONS = [".ts", ".mts", ".js", ".mjs", ".json"];

export interface SiteChoice {
  readonly preset?: string | undefined;
  readonly language?: string | undefined;
}

/** True for the name of a file that a site can be loaded from. */
export function isSiteFile(name: string): boolean {
  return EXTENSIONS.includes(extname(name)) && !name.endsWith(".d.ts");
}

/**
 * @param target a built-in name, a path to a site file or a URL; undefined looks for
 *   `sitelift.config.*` in the working folder
 * @param folder that paths start from: the working folder, unless another one is named
 * @throws {CliError} exit code 2, when there is none or it is not valid
 */
export async function findSite(
  target: string | undefined,
  choice: SiteChoice,
  folder = WORKING_FOLDER,
): Promise<Site> {
  const [file, list] = target?.split(LIST_MARK) ?? [];
  if (list !== undefined) return listOf(await findSite(file, choice, folder), list);
  if (target === undefined) return loadSiteFile(configFile(folder));
  if (isUrl(target)) return resolveSite(bareSite(target, choice.preset), PRESETS, target);
  const builtIn = builtInSite(target, choice.language);
  if (builtIn !== null) return resolveSite(builtIn, PRESETS, target);
  if (EXTENSIONS.includes(extname(target))) return loadSiteFile(resolve(folder, target));
  const near = nearest(target, ["demo", "demo-lists", "unesco-beijing"]);
  throw new CliError(`"${target}" is neither a built-in site, a site file nor a URL`, {
    hint: `${near === null ? "" : `Did you mean "${near}"? `}Built in: demo, demo-lists, unesco-<office>. A site file ends in ${EXTENSIONS.join(", ")}; a URL begins with http:// or https://.`,
  });
}

/** The site of an archive: all its lists. @throws {CliError} exit code 2 */
export async function findWholeSite(...named: Parameters<typeof findSite>): Promise<Site> {
  const site = await findSite(...named);
  if (site.list === null) return site;
  // What the other lists name would be gone from the archive.
  throw new CliError(`"${site.list}" is one of several lists, and an archive holds them all`, {
    hint: "Name the site file alone.",
  });
}

/** Names of built-in sites that a pattern such as `unesco-*` may mean. */
export function builtInNames(): readonly string[] {
  return ["demo", "demo-lists", ...UNESCO_OFFICES.map((office) => `unesco-${office}`)];
}

/** What parts a site file from the name of one of its lists: `site.ts#events`. A URL may have a fragment. */
const LIST_MARK = /(?<=\.(?:m?[jt]s|json))#/;

/** One list as a site of its own. @throws {CliError} exit code 2, when the site has no such list */
function listOf({ lists }: Site, name: string): Site {
  const found = lists.find(({ list }) => list === name);
  if (found !== undefined) return { ...found, lists: [] };
  const names = lists.map(({ list }) => list).join(", ");
  throw new CliError(`the site has no list "${name}"`, {
    hint: lists.length === 0 ? "Its site file has no `lists`." : `Its lists: ${names}.`,
  });
}

/** The site by which a page is read. @throws {CliError} exit code 2, when it has several lists and none is named */
export function oneList(site: Site): Site {
  if (site.lists.length === 0) return site;
  const names = site.lists.map(({ list }) => list).join(", ");
  throw new CliError("the site has several lists, each with its own rules", {
    hint: `Name one after the site file, such as --site site.ts#${site.lists[0]?.list}. Its lists: ${names}.`,
  });
}

export function siteFrom(input: SiteInput, from: string): Site {
  return resolveSite(input, PRESETS, from);
}

/** The site file of a target; null when that is a built-in site or a URL. */
export function siteFileOf(target: string | undefined, folder = WORKING_FOLDER): string | null {
  if (target === undefined) return configFile(folder);
  if (LIST_MARK.test(target)) return siteFileOf(target.split(LIST_MARK)[0], folder);
  const isFile = !isUrl(target) && EXTENSIONS.includes(extname(target));
  return isFile ? resolve(folder, target) : null;
}

/** True when a folder holds a site file that is found without its name. */
export function hasConfigFile(folder = WORKING_FOLDER): boolean {
  return configIn(folder) !== undefined;
}

function configIn(folder: string): string | undefined {
  const paths = EXTENSIONS.map((extension) => resolve(folder, `sitelift.config${extension}`));
  return paths.find((path) => existsSync(path));
}

function configFile(folder: string): string {
  const found = configIn(folder);
  if (found !== undefined) return found;
  throw new CliError("no site was named, and the working folder has no sitelift.config.*", {
    hint: "Name a site (`sitelift crawl demo`), a site file, or a URL with --preset drupal7.",
  });
}

function bareSite(url: string, preset: string | undefined): SiteInput {
  if (preset === undefined) {
    throw new CliError(`no preset or site file for ${url}`, {
      hint: `Add --preset with the name of its system (${Object.keys(PRESETS).join(", ")}), or let \`sitelift init\` write a site file.`,
    });
  }
  if (parseUrl(url) === null) {
    throw new CliError(`"${url}" is not a URL`, {
      hint: "Expected something like https://example.org/articles.",
    });
  }
  return { name: siteNameOf(url), preset, start: url };
}

/** A name for the site of a URL: its host and path. */
export function siteNameOf(url: string): string {
  const { hostname, pathname } = new URL(url);
  const name = slugify(`${hostname} ${percentDecode(pathname)}`)
    .normalize("NFKD")
    .replace(/[^a-z0-9-]+/g, "");
  return name.slice(0, 64).replace(/^-+|-+$/g, "") || "site";
}

/** The sites that are built in; null when the name is not one of theirs. */
function builtInSite(name: string, language: string | undefined): SiteInput | null {
  const known = (languages: readonly string[]) => {
    if (language === undefined || languages.includes(language)) return language ?? "en";
    throw new CliError(`${name} has no pages in "${language}"`, {
      hint: `Its languages: ${languages.join(", ")}.`,
    });
  };
  if (name === "demo-lists") {
    known(["en"]);
    return demoLists();
  }
  if (name === "demo") return demo(known(["en", "fr", "ar"]));
  const office = /^unesco-([a-z][a-z0-9-]*)$/.exec(name)?.[1];
  if (office === undefined) return null;
  const chosen = known(UNESCO_LANGUAGES);
  return {
    name: chosen === "en" ? name : `${name}-${chosen}`,
    preset: "unesco",
    language: chosen,
    start: `https://${chosen}.unesco.org/fieldoffice/${office}/articles`,
  };
}

/** @throws {CliError} exit code 2, when it is missing, cannot be read or is not valid */
async function loadSiteFile(path: string): Promise<Site> {
  const { input, pointed } = await readSiteFile(path);
  try {
    return resolveSite(input, PRESETS, basename(path));
  } catch (error) {
    throw error instanceof CliError ? pointed(error) : error;
  }
}
