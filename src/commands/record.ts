/** `sitelift record`: saves pages as cases, each with its result as the expectation. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { CaseKind } from "../cases/case.js";
import { newCasesFolder } from "../cases/folder.js";
import { type RecordedCase, recordCase, refuseExisting } from "../cases/record.js";
import { CliError, EXIT } from "../error.js";
import { readArticle } from "../extract/article.js";
import { readListing } from "../extract/listing.js";
import { parsePage } from "../extract/tree.js";
import type { Page } from "../model.js";
import { siteFileOf } from "../site/load.js";
import type { Site } from "../site/site.js";
import { count, isUrl } from "../text.js";
import type { RecordOptions } from "./command-line/cases.js";
import type { End } from "./end.js";
import { kindOf } from "./inspect.js";
import { isCapture, openPages, type Pages, pageOf, walkFrom } from "./record/pages.js";
import { knowsStart, nameOfSite } from "./site.js";
import { here, Terminal } from "./terminal.js";

export async function record(
  site: Site,
  targets: readonly string[],
  options: RecordOptions,
): Promise<End> {
  const terminal = new Terminal(options);
  const root = resolve(options.out ?? newCasesFolder(site));
  checkOptions(root, targets, options);
  await using pages = await openPages(site, targets, options);
  const recorded: RecordedCase[] = [];
  for (const target of pages.targets)
    recorded.push(await recordTarget(site, target, options, root, pages));
  const names = recorded.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined)
    throw new CliError(`two of the pages would become the case ${twice}`, {
      hint: "Record them one by one, each with a --name.",
    });
  const existing = options.force ? [] : recorded.filter(({ folder }) => existsSync(folder));
  const fresh = recorded.filter((one) => !existing.includes(one));
  if (fresh.length === 0) for (const { name } of existing) refuseExisting(root, name);
  for (const one of fresh) {
    await one.write(options.force);
    printCase(terminal, one);
  }
  for (const { name } of existing) {
    terminal.event({ event: "exists", case: name });
    terminal.warn(
      `not recorded: there is already a case ${name} in ${root}; --force overwrites it`,
    );
  }
  const exitCode = existing.length > 0 ? EXIT.findings : EXIT.complete;
  terminal.print("Check expected.json and expected.md: they are what the case expects.");
  return { exitCode, counts: { cases: fresh.length } };
}

/** What can be checked before a page is read. */
function checkOptions(root: string, targets: readonly string[], options: RecordOptions): void {
  const { name, walk, listing } = options;
  const url = options.url ?? [];
  if (name !== undefined && !/^[\p{L}\p{N}_][\p{L}\p{N}._-]*$/u.test(name))
    throw new CliError(`"${name}" is not a valid name of a case`, {
      hint: "Expected letters, digits, hyphens, dots and underscores.",
    });
  if (name !== undefined && !options.force) refuseExisting(root, name);
  const captures = targets.filter(isCapture);
  if (captures.length > 0 && captures.length < targets.length)
    throw new CliError(`${captures[0]} is a capture, and other targets are not`, {
      hint: "Record pages of captures and other pages with one command each.",
    });
  const isMany = (captures.length > 0 ? url : targets).length > 1;
  if (isMany && (name !== undefined || listing !== undefined))
    throw new CliError("--name and --listing are for one page, and several were given", {
      hint: "Record them one by one.",
    });
  if (captures.length > 0) return;
  if (url.length > 1 || (url.length > 0 && targets.length > 1))
    throw new CliError("--url is for one saved page, and several were given", {
      hint: "Record them one by one. For a capture, give one --url for each page.",
    });
  const saved = targets.find((target) => !isUrl(target));
  if (walk && saved !== undefined)
    throw new CliError(`--walk begins at a URL, and "${saved}" is not one`, {
      hint: "Expected the URL of the first listing page, or a capture.",
    });
}

async function recordTarget(
  site: Site,
  target: string,
  options: RecordOptions,
  root: string,
  pages: Pages,
): Promise<RecordedCase> {
  const { name, trim, scrub } = options;
  const recorded = new Date().toISOString();
  const common = { site, readBy: readBy(target, options), root, recorded, name, trim, scrub };
  if (options.walk)
    return recordCase({ ...common, kind: "walk", pages: await walkFrom(target, site, pages) });
  const page = await pageOf(target, site, options, pages);
  const kind: CaseKind = options.as ?? kindOfPage(page, site, knowsStart(options));
  const named = options.listing;
  const listing = named === undefined ? undefined : await pageOf(named, site, options, pages);
  if (listing !== undefined && kind !== "article")
    throw new CliError(`--listing is for an article, and ${page.url} is a listing page`);
  return recordCase({ ...common, kind, pages: [page], listing });
}

function kindOfPage(page: Page, site: Site, isNamed: boolean): "listing" | "article" {
  const tree = parsePage(page, site);
  const listing = readListing(tree, site);
  const { parts = [] } = listing;
  if (parts.length > 0)
    throw new CliError(
      `${page.url} is an index of ${count(parts.length, "sitemap")}: it has no rows of its own`,
      {
        hint: `Record one of them, such as ${parts[0]}.`,
      },
    );
  return kindOf(page, tree, isNamed ? page.url : null, site, listing, readArticle(tree, site)).kind;
}

/** How a case finds its site again. */
function readBy(target: string, options: RecordOptions) {
  const { site, preset, language } = nameOfSite(target, { ...options, url: options.url?.[0] });
  const file = siteFileOf(site);
  // The list that a site file is followed by is part of its name.
  const list = /\.\w+(#[^#]*)$/.exec(site ?? "")?.[1] ?? "";
  return { site: file === null ? (site ?? "") : file + list, preset, language };
}

function printCase(terminal: Terminal, { folder, about, result, bytes, scrubbed }: RecordedCase) {
  const { bold, dim, yellow } = terminal.colours;
  const where = here(folder);
  const { kind, site } = about;
  terminal.event({ event: "recorded", case: where, kind, site, bytes, scrubbed });
  terminal.print(`${bold(where)}  ${kind}, ${bytes.kept} bytes`);
  if (about.trimmed) terminal.print(dim(`  trimmed from ${bytes.fetched} bytes`));
  for (const [rule, times] of Object.entries(scrubbed))
    terminal.print(dim(`  scrubbed ${rule}: ${count(times, "time")}`));
  for (const [key, value] of Object.entries(result.fields)) {
    if (value === null || (typeof value === "object" && Object.keys(value).length === 0)) continue;
    const shown = Array.isArray(value) ? count(value.length, "piece") : JSON.stringify(value);
    terminal.print(`  ${key}: ${shown.slice(0, 100)}`);
  }
  if (result.body !== null)
    terminal.print(`  ${join(where, "expected.md")}: ${result.body.length} characters`);
  for (const problem of result.problems) terminal.print(yellow(`  ${problem}`));
}
