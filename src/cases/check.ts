/** Checks every case below a folder against what is expected of it. */

import { realpathSync } from "node:fs";
import { dirname, extname } from "node:path";
import { belowThreshold, HealthCount, unmatchedFields } from "../crawl/health.js";
import { CliError } from "../error.js";
import type { Health } from "../schema/health.js";
import { findSite, siteFileOf } from "../site/load.js";
import { tried } from "../site/selector-words.js";
import type { Site } from "../site/site.js";
import { count } from "../text.js";
import type { Case, CaseFile, CaseResult, Expectation } from "./case.js";
import { compare, failed, type Verdict } from "./compare.js";
import { type Found, findCases, readCaseFolder, readExpected, strayFiles } from "./folder.js";
import { readCase } from "./read.js";

export interface CheckedCase extends Found {
  /** Null when the folder holds no whole case. */
  readonly about: CaseFile | null;
  readonly site: Site | null;
  readonly saved: Case | null;
  readonly expected: Expectation | null;
  readonly result: CaseResult | null;
  readonly verdicts: readonly Verdict[];
}

export interface Suite {
  readonly root: string;
  readonly cases: readonly CheckedCase[];
  /** For each site, what its selectors did over all of its cases. */
  readonly health: ReadonlyMap<string, Health>;
  /** Fields found in fewer articles than the site file demands, one sentence each. */
  readonly thresholds: readonly string[];
  /** Selectors that must match and matched nothing in any case, one sentence each. */
  readonly drift: readonly string[];
  readonly counts: {
    readonly cases: number;
    readonly failedCases: number;
    readonly fields: number;
    readonly failedFields: number;
  };
}

export interface CheckOptions {
  /** Reads the cases instead of the sites that they name. */
  readonly site?: Site | undefined;
  /** Only this field. */
  readonly field?: string | undefined;
}

/**
 * @throws {CliError} exit code 1 when there is no case, or none with the field: nothing was proved.
 *   Exit code 2 when a site cannot be found
 */
export async function checkCases(root: string, options: CheckOptions): Promise<Suite> {
  const found = findCases(root);
  if (found.length === 0)
    throw new CliError(`there is no case below ${root}`, {
      exitCode: 1,
      hint: "`sitelift record` saves a page as a case.",
    });
  const sites = new Map<string, Promise<Site>>();
  const checked: CheckedCase[] = [];
  for (const one of chosen(found, options.site)) checked.push(await check(one, options, sites));
  return sumUp(root, narrowed(checked, options.field));
}

/** If a site is given: the cases of that name, or all if none has it. */
function chosen(found: readonly Found[], site: Site | undefined): readonly Found[] {
  if (site === undefined) return found;
  const named = found.filter((one) => {
    try {
      return readCaseFolder(one).about.site === site.name;
    } catch {
      return true;
    }
  });
  return named.length === 0 ? found : named;
}

async function check(found: Found, options: CheckOptions, sites: Map<string, Promise<Site>>) {
  let saved: Case;
  let expected: Expectation | null;
  try {
    saved = readCaseFolder(found);
    expected = readExpected(found);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    const verdicts = [failed("case", [error.message, ...error.details].join("; "))];
    const nothing = { about: null, site: null, saved: null, expected: null, result: null };
    return { ...found, ...nothing, verdicts };
  }
  const { about } = saved;
  const site = options.site ?? (await siteOf(found, about, sites));
  const result = await readCase(saved, site);
  const stray = strayFiles(found.folder, about).map((name) =>
    failed("case", `orphaned expectation: ${name} belongs to nothing`),
  );
  const verdicts = [...stray, ...compare(expected, result)];
  return { ...found, about, site, saved, expected, result, verdicts };
}

/** The site that a case names, loaded once. */
function siteOf({ folder }: Found, { readBy }: CaseFile, sites: Map<string, Promise<Site>>) {
  const file = siteFileOf(readBy.site, folder);
  // A case may come from elsewhere, and code that it names would run.
  if (file !== null && extname(file) !== ".json" && !isInFolder(file, "."))
    throw new CliError(`${file} is code outside the working folder, and a case may not run it`, {
      hint: "Run the command in the folder of the site file, or name the file with --site.",
    });
  const list = /#[^#]*$/.exec(readBy.site)?.[0] ?? "";
  const target = file === null ? readBy.site : file + list;
  const key = JSON.stringify([target, readBy.preset, readBy.language]);
  const site = sites.get(key) ?? findSite(target, readBy, folder);
  sites.set(key, site);
  return site;
}

/** True for a file in a folder itself, not in one below it. */
function isInFolder(file: string, folder: string): boolean {
  try {
    return dirname(realpathSync(file)) === realpathSync(folder);
  } catch {
    return false;
  }
}

/** Cases with one field alone; what is wrong with a case itself stays. */
function narrowed(checked: readonly CheckedCase[], field: string | undefined): CheckedCase[] {
  if (field === undefined) return [...checked];
  const left = checked.map((one) => ({
    ...one,
    verdicts: one.verdicts.filter((verdict) => verdict.field === field || verdict.field === "case"),
  }));
  if (left.some(({ verdicts }) => verdicts.some((verdict) => verdict.field === field)))
    return left.filter(({ verdicts }) => verdicts.length > 0);
  const known = new Set(checked.flatMap(({ verdicts }) => verdicts.map((one) => one.field)));
  throw new CliError(`no case has a field "${field}"`, {
    exitCode: 1,
    hint: `Fields of these cases: ${[...known].join(", ")}.`,
  });
}

function sumUp(root: string, checked: readonly CheckedCase[]): Suite {
  const cases = checked.map((one) =>
    one.verdicts.length > 0 ? one : { ...one, verdicts: [failed("case", "ran nothing")] },
  );
  const counts = new Map<string, { site: Site; count: HealthCount }>();
  for (const { site, result } of cases) {
    if (site === null || result === null) continue;
    const known = counts.get(site.name) ?? { site, count: new HealthCount(site) };
    counts.set(site.name, known);
    for (const sighting of result.sightings) known.count.see(sighting);
  }
  const health = new Map([...counts].map(([name, { count }]) => [name, count.health()]));
  const perSite = <T>(of: (site: Site, health: Health) => T[]) =>
    [...counts.values()].flatMap(({ site, count }) => of(site, count.health()));
  return {
    root,
    cases,
    health,
    thresholds: perSite((site, seen) => belowThreshold(seen, site)),
    drift: perSite((site, seen) => deadSelectors(site, seen, cases)),
    counts: {
      cases: cases.length,
      failedCases: cases.filter(hasFailed).length,
      fields: cases.flatMap(({ verdicts }) => verdicts).length,
      failedFields: cases.flatMap(failuresOf).length,
    },
  };
}

/** What failed in a case. */
export function failuresOf({ verdicts }: Pick<CheckedCase, "verdicts">): readonly Verdict[] {
  return verdicts.filter(({ passed }) => !passed);
}

export function hasFailed(one: Pick<CheckedCase, "verdicts">): boolean {
  return failuresOf(one).length > 0;
}

/** The sum of all checked cases, in words. */
export function sumWords({ counts }: Suite): string {
  const { cases, failedCases, fields, failedFields } = counts;
  return `${count(cases, "case")}, ${failedCases} failed; ${count(fields, "field")}, ${failedFields} failed`;
}

/** What must match and matched nothing in any case: rows in the listings, required fields anywhere. */
function deadSelectors(site: Site, health: Health, cases: readonly CheckedCase[]): string[] {
  const own = cases.filter((one) => one.site?.name === site.name);
  const lists = own.filter(({ about }) => about?.kind !== "article");
  const hasRows = lists.some(({ result }) => (result?.sightings.length ?? 0) > 0);
  const rows =
    !hasRows && lists.some(({ expected }) => namesRows(expected))
      ? [
          `listing.rows matched nothing in ${count(lists.length, "case")} ${tried(site.listing.rows)}`,
        ]
      : [];
  // Rows whose articles are not among the cases need have no body of their own.
  const { drift } = unmatchedFields(health, site, (name) => {
    const { listing = [], article = [] } = site.fields[name] ?? {};
    return lists.length < own.length || (listing.length > 0 && article.length === 0);
  });
  return [...rows, ...drift];
}

function namesRows(expected: Expectation | null): boolean {
  const { rows, articles } = expected?.fields ?? {};
  return [rows, articles].some((list) => Array.isArray(list) && list.length > 0);
}
