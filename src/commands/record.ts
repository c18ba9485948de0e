/** `sitelift record`: saves pages as cases, each with what came of it as its expectation. */
import { join, relative, resolve } from "node:path";
import process from "node:process";
import type { CaseKind } from "../cases/case.js";
import { type RecordedCase, recordCase, refuseStanding } from "../cases/record.js";
import { listingOnly } from "../cases/walk.js";
import { CliError, EXIT, type ExitCode } from "../error.js";
import { readArticle } from "../extract/article.js";
import { readListing } from "../extract/listing.js";
import { parsePage } from "../extract/tree.js";
import type { Page } from "../model.js";
import type { Site } from "../site.js";
import { siteFileOf } from "../site-file.js";
import type { Fetcher, Hosts } from "../sources/live.js";
import { kindOf, locate, readSaved } from "./inspect.js";
import { nameOfSite, type PageSiteChoice } from "./site.js";
import { count, Terminal } from "./terminal.js";

export interface RecordCommandOptions extends PageSiteChoice {
  readonly name?: string;
  readonly out?: string;
  readonly as?: "listing" | "article";
  readonly listing?: string;
  readonly walk?: boolean;
  readonly trim?: boolean;
  readonly scrub?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
}

export async function record(
  site: Site,
  targets: readonly string[],
  options: RecordCommandOptions,
): Promise<ExitCode> {
  const terminal = new Terminal(options);
  const root = resolve(options.out ?? `fixtures/cases/${site.name}`);
  checkOptions(root, targets, options);
  const recorded = await withPages(site, targets, options, async (pageOf, hosts) => {
    const cases: RecordedCase[] = [];
    for (const target of targets)
      cases.push(await recordTarget(site, target, options, root, pageOf, hosts));
    return cases;
  });
  const names = recorded.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined)
    throw new CliError(`two of the pages would be the case ${twice}`, {
      hint: "Record them one by one, each with a --name.",
    });
  if (!options.force) for (const { name } of recorded) refuseStanding(root, name);
  for (const one of recorded) {
    await one.write({ force: options.force ?? false });
    tell(terminal, one);
  }
  terminal.event({ event: "end", exitCode: EXIT.complete, counts: { cases: recorded.length } });
  terminal.say(
    "Look at expected.json and expected.md: what stands there is what the case demands.",
  );
  return EXIT.complete;
}

/** What can be told without a page. */
function checkOptions(
  root: string,
  targets: readonly string[],
  options: RecordCommandOptions,
): void {
  const { name, url, walk, listing } = options;
  if (name !== undefined && !/^[\p{L}\p{N}_][\p{L}\p{N}._-]*$/u.test(name))
    throw new CliError(`"${name}" cannot name a case`, {
      hint: "Expected letters, digits, hyphens, dots and underscores.",
    });
  if (targets.length > 1 && (name !== undefined || url !== undefined || listing !== undefined))
    throw new CliError("--name, --url and --listing belong to one page, and several were given", {
      hint: "Record them one by one.",
    });
  const saved = targets.find((target) => !isAddress(target));
  if (walk && saved !== undefined)
    throw new CliError(`--walk begins at an address, and "${saved}" is none`, {
      hint: "Expected the address of the first listing page.",
    });
  if (name !== undefined && !options.force) refuseStanding(root, name);
}

function isAddress(target: string): boolean {
  return /^https?:\/\//i.test(target);
}

async function recordTarget(
  site: Site,
  target: string,
  options: RecordCommandOptions,
  root: string,
  pageOf: (target: string) => Promise<Page>,
  hosts: Hosts,
): Promise<RecordedCase> {
  const { name, trim = false, scrub = false } = options;
  const common = {
    site,
    readBy: readBy(target, options),
    root,
    recorded: new Date().toISOString(),
    trim,
    scrub,
    ...(name === undefined ? {} : { name }),
  };
  if (options.walk) {
    const started = { ...site, start: target, origins: [...site.origins, new URL(target).origin] };
    const pages = await fetchWalk(started, hosts);
    return recordCase({ ...common, kind: "walk", pages });
  }
  const page = await pageOf(target);
  const kind: CaseKind = options.as ?? kindOfPage(page, site);
  const listing = options.listing === undefined ? undefined : await pageOf(options.listing);
  if (listing !== undefined && kind !== "article")
    throw new CliError(`--listing belongs to an article, and ${page.url} is a listing page`);
  return recordCase({
    ...common,
    kind,
    pages: [page],
    ...(listing === undefined ? {} : { listing }),
  });
}

function kindOfPage(page: Page, site: Site): "listing" | "article" {
  const tree = parsePage(page, site.remove);
  return kindOf(page.url, site, readListing(tree, site), readArticle(tree, site));
}

/** How a case finds its site again. */
function readBy(target: string, options: RecordCommandOptions) {
  const { site, preset, language } = nameOfSite(target, options);
  const file = siteFileOf(site, process.cwd());
  return {
    site: file ?? site ?? "",
    ...(preset === undefined ? {} : { preset }),
    ...(language === undefined ? {} : { language }),
  };
}

/** Gives pages by address or by file; the network is opened when the first address is asked for, and closed at the end. */
async function withPages<T>(
  site: Site,
  targets: readonly string[],
  options: RecordCommandOptions,
  run: (pageOf: (target: string) => Promise<Page>, hosts: Hosts) => Promise<T>,
): Promise<T> {
  const addresses = [...targets, options.listing ?? ""].filter(isAddress);
  const known = {
    ...site,
    origins: [...site.origins, ...addresses.map((url) => new URL(url).origin)],
  };
  return withHosts(addresses, async (hosts) => {
    let fetcher: Fetcher | null = null;
    const fetch = async (url: string) => {
      const { openFetcher } = await import("../sources/live.js");
      fetcher ??= openFetcher(known, { hosts });
      return fetcher.fetch(url);
    };
    try {
      return await run(
        async (target) =>
          isAddress(target) ? fetch(target) : savedPage(target, site, options.url),
        hosts,
      );
    } finally {
      await (fetcher as Fetcher | null)?.close();
    }
  });
}

/** Runs with the embedded office where one of some addresses is its. */
export async function withHosts<T>(
  addresses: readonly string[],
  run: (hosts: Hosts) => Promise<T>,
): Promise<T> {
  const { DEMO_HOST } = await import("../presets/demo.js");
  if (!addresses.some((url) => new URL(url).hostname === DEMO_HOST)) return run({});
  const { withOffice } = await import("./demo.js");
  return withOffice(0, run);
}

function savedPage(path: string, site: Site, url: string | undefined): Page {
  const { page, warnings } = locate(readSaved(path), site, url);
  const lost = warnings.find(({ code }) => code === "no-address");
  if (lost === undefined) return page;
  throw new CliError(`${path} does not say where it was fetched from`, {
    hint: "Tell its address with --url: links are read from there.",
  });
}

/** Every listing page of a walk, in the order in which they were first asked for. */
async function fetchWalk(site: Site, hosts: Hosts): Promise<Page[]> {
  const [{ liveSource }, { walk }] = await Promise.all([
    import("../sources/live.js"),
    import("../pipeline.js"),
  ]);
  const live = liveSource({ site, hosts });
  const pages = new Map<string, Page>();
  const walking = walk({
    site: listingOnly(site),
    sinks: [],
    source: {
      run: (frontier, arrive, doubt) =>
        live.run(
          frontier,
          (arrival) => {
            if ("page" in arrival) pages.set(arrival.visit.url, arrival.page);
            return arrive(arrival);
          },
          doubt,
        ),
    },
  });
  const seen = await walking.finally(() => live.close?.());
  const reason = seen.unreachable ?? seen.gaps[0];
  if (pages.size > 0 && reason === undefined) return [...pages.values()];
  throw new CliError(`the walk from ${site.start} has gaps, and makes no case: ${reason ?? ""}`, {
    exitCode: EXIT.unreachable,
    hint: "Record it again when the site answers.",
  });
}

function tell(terminal: Terminal, { folder, about, result, bytes, scrubbed }: RecordedCase): void {
  const { bold, dim, yellow } = terminal.colours;
  const where = relative(process.cwd(), folder) || ".";
  const { kind, site } = about;
  terminal.event({ event: "recorded", case: where, kind, site, bytes, scrubbed });
  terminal.say(`${bold(where)}  ${kind}, ${bytes.kept} bytes`);
  if (about.trimmed) terminal.say(dim(`  trimmed from ${bytes.fetched} bytes`));
  for (const [rule, times] of Object.entries(scrubbed))
    terminal.say(dim(`  scrubbed ${rule}: ${count(times, "time")}`));
  for (const [key, value] of Object.entries(result.fields)) {
    if (value === null || (typeof value === "object" && Object.keys(value).length === 0)) continue;
    const shown = Array.isArray(value) ? count(value.length, "piece") : JSON.stringify(value);
    terminal.say(`  ${key}: ${shown.slice(0, 100)}`);
  }
  if (result.body !== null)
    terminal.say(`  ${join(where, "expected.md")}: ${result.body.length} characters`);
  for (const problem of result.problems) terminal.say(yellow(`  ${problem}`));
}
