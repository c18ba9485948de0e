/** The proof of a repaired site file: every captured page and every case is read as it was. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { CapturedRun } from "../../capture/read/runs.js";
import { type CheckedCase, checkCases, hasFailed } from "../../cases/check.js";
import { findCases, newCasesFolder } from "../../cases/folder.js";
import { readArticle } from "../../extract/article.js";
import { readListing } from "../../extract/listing.js";
import { parsePage, type Tree } from "../../extract/tree.js";
import type { Readings } from "../../model.js";
import type { Site } from "../../site/site.js";
import { few } from "../../text.js";
import { urlKey } from "../../url/url.js";
import { storedPage } from "../captured-page.js";

interface Compared {
  /** How many are read as before. */
  readonly read: number;
  /** What is read otherwise, one sentence each, at most three, and how many more. */
  readonly broken: readonly string[];
}

/** Reads every HTML page of a capture by both site files. */
export async function brokenPages(run: CapturedRun, was: Site, is: Site): Promise<Compared> {
  const path = (url: string) => urlKey(url).split("?")[0];
  const start = path(was.start);
  const broken: string[] = [];
  let read = 0;
  for (const url of await run.responses.pages()) {
    const stored = await storedPage(url, was, run);
    if (!("page" in stored)) continue;
    const tree = parsePage(stored.page, was);
    const values = path(url) === start ? rowsOf : articleOf;
    const field = differing(values(tree, was), values(tree, is));
    if (field === null) read++;
    else broken.push(`${url} of the capture is read otherwise: ${field}`);
  }
  return { read, broken: few(broken, 3) };
}

type Values = Readonly<Record<string, string>>;

function rowsOf(tree: Tree, site: Site): Values {
  const { rows, next } = readListing(tree, site);
  const all = rows.map(({ url, readings }) => [url, valuesOf(readings)]);
  return { rows: JSON.stringify(all), next: String(next) };
}

function articleOf(tree: Tree, site: Site): Values {
  return valuesOf(readArticle(tree, site).readings);
}

function valuesOf(readings: Readings): Values {
  return Object.fromEntries(Object.entries(readings).map(([name, { raw }]) => [name, raw]));
}

function differing(before: Values, now: Values): string | null {
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...names].find((name) => before[name] !== now[name]) ?? null;
}

/** Checks the cases of a site by both site files. */
export async function brokenCases(was: Site, is: Site): Promise<Compared> {
  const passing = await passingCases(was);
  if (passing.length === 0) return { read: 0, broken: [] };
  const { cases } = await checkCases(resolve(newCasesFolder(was)), { site: is });
  const names = new Set(passing.map(({ name }) => name));
  const broken = cases
    .filter((one) => names.has(one.name) && hasFailed(one))
    .map(({ name, verdicts }) => {
      const fields = verdicts.filter(({ passed }) => !passed).map(({ field }) => field);
      return `the case ${name} fails: ${fields.join(", ")}`;
    });
  return { read: passing.length - broken.length, broken: few(broken, 3) };
}

/** Cases of a site that pass by its site file. */
export async function passingCases(site: Site): Promise<CheckedCase[]> {
  const root = resolve(newCasesFolder(site));
  if (!existsSync(root) || findCases(root).length === 0) return [];
  return (await checkCases(root, { site })).cases.filter((one) => !hasFailed(one));
}
