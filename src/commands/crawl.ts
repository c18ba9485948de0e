/** `sitelift crawl`: walk, fetch, extract, convert, validate, write, and account for every address. */
import { join, resolve } from "node:path";
import process from "node:process";
import { CliError, EXIT, type ExitCode } from "../error.js";
import { walkLanguages } from "../languages.js";
import { Overrides } from "../overrides.js";
import { readOverrides } from "../overrides-file.js";
import type { Walk } from "../pipeline.js";
import type { Account } from "../sinks/account.js";
import { type Archive, openArchive } from "../sinks/archive.js";
import { OVERRIDES } from "../sinks/layout.js";
import type { Site } from "../site.js";
import { type Hosts, liveSource } from "../sources/live.js";
import { type Budget, isOver } from "./budget.js";
import { beginCapture } from "./capturing.js";
import { collectMedia, lacksMedia, type MediaOptions } from "./media.js";
import { keepHeapSmall } from "./memory.js";
import { Progress, report } from "./report.js";
import { Terminal } from "./terminal.js";
import { PROGRAM } from "./version.js";

export interface CrawlOptions extends MediaOptions {
  readonly out?: string;
  readonly preset?: string;
  readonly language?: string;
  /** Languages to walk, as the language switcher of the start page names them; all that it names. */
  readonly languages?: readonly string[] | "all";
  readonly limit?: number;
  readonly since?: string;
  readonly concurrency?: number;
  readonly delay?: number;
  readonly articles?: boolean;
  /** A file of decisions beside that of the archive. */
  readonly overrides?: string;
  readonly dryRun?: boolean;
  readonly maxRejected?: Budget;
  readonly ignoreRobots?: boolean;
  readonly json?: boolean;
}

export async function crawl(site: Site, options: CrawlOptions): Promise<ExitCode> {
  if (site.name === "demo" || site.name.startsWith("demo-")) {
    const { withOffice } = await import("./demo.js");
    return withOffice(0, (hosts) => crawlSite(site, options, new Terminal(options), hosts));
  }
  return crawlSite(site, options, new Terminal(options));
}

/** Crawls one site. @param hosts where host names are served, for sites that are not on the network */
export async function crawlSite(
  given: Site,
  options: CrawlOptions,
  terminal: Terminal,
  hosts: Hosts = {},
): Promise<ExitCode> {
  keepHeapSmall();
  const site = adjust(given, options);
  const folder = resolve(options.out ?? `output/${site.name}`);
  const decisions = readOverrides(join(folder, OVERRIDES), options.overrides);
  const interrupt = listenForInterrupt(terminal);
  const archive = await openArchive(folder, {
    site: site.name,
    generator: PROGRAM,
    origins: site.origins,
    dryRun: options.dryRun ?? false,
    snapshot: { time: new Date().toISOString() },
  });
  const { capture, live } = await beginCapture(folder, site, options).catch(closing(archive));
  const progress = new Progress(terminal);
  const source = liveSource({
    site,
    hosts,
    ...live,
    ignoreRobots: options.ignoreRobots ?? false,
    signal: interrupt.signal,
    onEvent: (event) => progress.fetching(event),
  });
  try {
    const known = archive.known();
    const overrides = new Overrides(decisions, site, known);
    const seen = await walkLanguages({
      overrides,
      languages: options.languages ?? null,
      site,
      source,
      sinks: capture === null ? [archive] : [archive, capture],
      limit: options.limit ?? null,
      since: options.since ?? null,
      known,
      onEvent: (event) => progress.read(event),
    });
    if (seen.unreachable !== null && !interrupt.signal.aborted) {
      await capture?.discard();
      throw new CliError(`${site.start} cannot be crawled: ${seen.unreachable}`, {
        exitCode: EXIT.unreachable,
        hint: "Nothing was written; an archive of an earlier run is as it was.",
      });
    }
    await collectMedia(archive, source, site, options, (event) => progress.media(event));
    const account = await archive.commit({
      outcomes: seen.outcomes,
      listed: seen.listed,
      complete: seen.complete,
      moved: seen.moved,
      languages: seen.walked,
      unusedOverrides: overrides.unused(),
      gaps: seen.gaps,
      drift: seen.drift,
      interrupted: interrupt.signal.aborted,
      capture: capture?.path ?? null,
    });
    // What was interrupted is gone on with by the next run.
    if (!interrupt.signal.aborted) await capture?.finish(account.ids);
    const exitCode = interrupt.signal.aborted ? EXIT.interrupted : judgeRun(seen, account, options);
    const ignoredRobots = options.ignoreRobots ?? false;
    report(terminal, { site, folder, seen, account, exitCode, ignoredRobots });
    return exitCode;
  } finally {
    interrupt.stop();
    await source.close?.();
    await capture?.close();
    await archive.close();
  }
}

/** Closes what was opened before an error is passed on. */
function closing(archive: Archive): (error: unknown) => Promise<never> {
  return async (error) => {
    await archive.close();
    throw error;
  };
}

/** What the command line says goes before what the site file says. */
function adjust(site: Site, options: CrawlOptions): Site {
  const { delay, concurrency } = site.politeness;
  return {
    ...site,
    origins: originsOf(site, options.languages ?? []),
    politeness: { delay: options.delay ?? delay, concurrency: options.concurrency ?? concurrency },
    article: { ...site.article, follow: site.article.follow && options.articles !== false },
  };
}

/** Origins of the site and of the languages that are walked. @throws {CliError} when that of the start is left out */
function originsOf(site: Site, languages: readonly string[] | "all"): readonly string[] {
  if (languages.length === 0) return site.origins;
  if (languages !== "all" && site.language !== "und" && !languages.includes(site.language))
    throw new CliError(`--languages leaves out ${site.language}, the language of the start page`, {
      hint: `Add ${site.language}, or choose another start with --language.`,
    });
  const chosen = Object.entries(site.languages).filter(
    ([language]) => languages === "all" || languages.includes(language),
  );
  return [...new Set([...site.origins, ...chosen.flatMap(([, { origins }]) => origins)])];
}

/** The exit code that a run deserves; the gravest finding decides. */
function judgeRun(seen: Walk, account: Account, options: CrawlOptions): ExitCode {
  const { counts } = account;
  if (seen.drift.length > 0) return EXIT.drift;
  const limited = seen.outcomes.filter(
    ({ state, reason }) => state === "not-reached" && reason?.startsWith("limit of "),
  );
  const missed =
    seen.outcomes.filter(({ state }) => state === "not-reached" || state === "failed").length -
    limited.length;
  if (missed > 0 || seen.gaps.length > 0) return EXIT.incomplete;
  const isFound =
    account.balance.length > 0 ||
    isOver(counts.rejected, account.listed, options.maxRejected) ||
    lacksMedia(account, options);
  return isFound ? EXIT.findings : EXIT.complete;
}

/** First Ctrl-C: finish what is in hand and write it. Second: stop at once. */
function listenForInterrupt(terminal: Terminal) {
  const controller = new AbortController();
  const listen = () => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    terminal.complain("interrupted: finishing what is in hand; press Ctrl-C again to stop at once");
    controller.abort();
  };
  process.on("SIGINT", listen);
  process.on("SIGTERM", listen);
  const stop = () => {
    process.off("SIGINT", listen);
    process.off("SIGTERM", listen);
  };
  return { signal: controller.signal, stop };
}
