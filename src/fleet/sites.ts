/** The sites that a user names for a fleet: by a fleet file, a folder, names or patterns. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, extname, join, resolve } from "node:path";
import { hashOf } from "../disk/read.js";
import { CliError } from "../error.js";
import type { Pace, Paces } from "../http/polite/lanes.js";
import { builtInNames, findWholeSite, isSiteFile, type SiteChoice } from "../site/load.js";
import type { Site } from "../site/site.js";
import { textOfFile } from "../site/site-file.js";
import { byCodeUnits, didYouMean, isUrl, parseUrl } from "../text.js";
import { slugify } from "../url/slug.js";
import {
  type FleetFile,
  type FleetSiteInput,
  type Period,
  parseFleet,
  wrongFleet,
} from "./file.js";

/** One site of a fleet. The site itself is loaded when its turn comes: there may be thousands. */
export interface FleetSite {
  readonly name: string;
  readonly start: string;
  /** Host of its start URL; empty where the site could not be loaded. */
  readonly host: string;
  /** Every host that its site file names. */
  readonly hosts: ReadonlySet<string>;
  readonly pace: Pace;
  readonly every: Period | null;
  readonly options: FleetOptions;
  /** SHA-256 of the site and its options; empty where the site could not be loaded. */
  readonly rules: string;
  /** Why it cannot be crawled: its site file is missing or not valid. Null where it can. */
  readonly problem: CliError | null;
  /** @throws {CliError} exit code 2 */
  readonly load: () => Promise<Site>;
}

/** What is said of a site beside its site file. */
export type FleetOptions = Omit<FleetSiteInput, "site" | "name" | "preset" | "language" | "every">;

export interface Fleet {
  /** Folder of the archives, absolute. */
  readonly out: string;
  readonly atOnce: number;
  readonly paces: Paces;
  readonly sites: readonly FleetSite[];
}

const AT_ONCE = 8;
/** Where a site could not be loaded, nothing is asked. */
const NO_PACE: Pace = { delay: 0, concurrency: 1 };

/**
 * Finds the sites of a fleet. One whose site file is not valid stays, with its problem: the others are crawled.
 *
 * @param targets one fleet file (.yaml), or folders of site files, names and patterns
 * @param cwd the working folder
 * @throws {CliError} exit code 2, where the fleet file is not valid, names nothing, or names one archive twice
 */
export async function findFleet(targets: readonly string[], cwd: string): Promise<Fleet> {
  const [file] = targets.filter(isFleetFile);
  if (file !== undefined && targets.length > 1)
    throw new CliError(`${file} is a fleet file, which is given alone`, {
      hint: "List the other sites in it, or give names of sites without it.",
    });
  const path = file === undefined ? cwd : resolve(cwd, file);
  const read =
    file === undefined
      ? { fleet: { sites: [...targets] } as FleetFile, placeOf: () => "" }
      : parseFleet(textOfFile(path, "fleet file"), basename(path));
  const { fleet, placeOf } = read;
  const base = file === undefined ? cwd : dirname(path);
  const { out, atOnce = AT_ONCE, hosts = {}, sites: given, ...common } = fleet;
  const problems: string[] = [];
  const wrong = (at: number, words: string) => {
    const place = placeOf(`sites.${at}`);
    problems.push(place === "" ? words : `${words} (${place})`);
  };
  const sites: FleetSite[] = [];
  const takenBy = new Map([
    ["index.html", ""],
    ["index.json", ""],
  ]);
  for (const [at, item] of given.entries()) {
    const one = { ...common, ...(typeof item === "string" ? { site: item } : item) };
    const found = targetsOf(one.site, base);
    if (typeof found === "string") wrong(at, found);
    else if (found.length > 1 && one.name !== undefined)
      wrong(at, `${one.site}: name is for one site, and this is ${found.length}`);
    else
      for (const target of found) {
        const site = await fleetSite(target, one, base);
        const other = takenBy.get(site.name);
        if (other === undefined) sites.push(site);
        else
          wrong(
            at,
            `${target}: the archive "${site.name}" ${other === "" ? "cannot have this name" : `is that of ${other} already`}; give it another \`name\``,
          );
        takenBy.set(site.name, other ?? target);
      }
  }
  if (problems.length > 0 && file !== undefined) throw wrongFleet(basename(path), problems);
  if (problems.length > 0) throw new CliError(problems.join("; "));
  const folder = out === undefined ? resolve(cwd, "output") : resolve(base, out);
  return { out: folder, atOnce, paces: hosts, sites };
}

function isFleetFile(target: string): boolean {
  return [".yaml", ".yml"].includes(extname(target).toLowerCase());
}

/** Names and paths that a name, a path or a pattern stands for; a sentence where there is none. */
function targetsOf(named: string, base: string): string[] | string {
  if (isUrl(named)) return [named];
  if (named.includes("*")) {
    const isPath = isSiteFile(named) || named.includes("/");
    const names = isPath ? namesIn(join(base, dirname(named))) : builtInNames();
    const pattern = patternOf(isPath ? basename(named) : named);
    const found = names.filter((name) => pattern.test(name));
    if (found.length > 0) return found.map((name) => (isPath ? join(dirname(named), name) : name));
    return `${named}: ${isPath ? "no site file has such a name" : "no built-in site has such a name; a pattern of site files ends in .ts, .js or .json"}`;
  }
  const path = resolve(base, named);
  if (!existsSync(path) || !statSync(path).isDirectory()) return [named];
  const found = namesIn(path).map((name) => join(named, name));
  return found.length > 0 ? found : `${named}: the folder has no site file`;
}

function namesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => isSiteFile(name) && !name.startsWith("."));
  return names.sort(byCodeUnits);
}

/** A name in which `*` stands for any letters. */
function patternOf(named: string): RegExp {
  const parts = named.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`);
}

async function fleetSite(
  target: string,
  { site: _, name, preset, language, every, ...options }: FleetSiteInput,
  base: string,
): Promise<FleetSite> {
  const choice: SiteChoice = { preset, language };
  const load = () => findWholeSite(target, choice, base);
  const rest = { every: every ?? null, options, load };
  try {
    const found = await load();
    const { name: own, start, politeness: pace } = found;
    const [host, hosts] = [new URL(start).hostname, hostsOf(found)];
    const rules = hashOf(JSON.stringify([found, options]));
    return { ...rest, name: name ?? own, start, host, hosts, pace, rules, problem: null };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    const stem = basename(target).replace(/\.\w+$/, "");
    const slug = slugify(stem) || "site";
    const unknown = { start: "", host: "", hosts: new Set<string>(), pace: NO_PACE, rules: "" };
    return { ...rest, ...unknown, name: name ?? slug, problem: error };
  }
}

function hostsOf({ start, origins, media, lists, languages }: Site): Set<string> {
  const urls = [
    ...[start, ...origins, ...media.origins],
    ...lists.flatMap((list) => [list.start, ...list.origins, ...list.media.origins]),
    ...Object.values(languages).flatMap((one) => one.origins ?? []),
  ];
  return new Set(urls.flatMap((url) => parseUrl(url)?.hostname ?? []));
}

/**
 * The sites of a fleet that some names or patterns mean.
 *
 * @throws {CliError} exit code 2, naming those that mean none
 */
export function only(sites: readonly FleetSite[], wanted: readonly string[]): FleetSite[] {
  const names = sites.map(({ name }) => name);
  for (const one of wanted) {
    if (names.some((name) => patternOf(one).test(name))) continue;
    throw new CliError(`--only ${one}: the fleet has no site of this name`, {
      hint: didYouMean(one, names, "Names are those of the archives."),
    });
  }
  return sites.filter(({ name }) => wanted.some((one) => patternOf(one).test(name)));
}
