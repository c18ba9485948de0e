/** `sitelift crawl`: walk, fetch, extract, convert, validate, write, and account for every address. */

import { resolve } from "node:path";
import process from "node:process";
import { openArchive } from "../archive/write/archive.js";
import { type Disk, realDisk } from "../disk/disk.js";
import { CliError, EXIT, type ExitCode } from "../error.js";
import { type Clock, systemClock } from "../http/clock.js";
import { type Hosts, liveSource } from "../http/live.js";
import type { Site } from "../site/site.js";
import { count } from "../text.js";
import type { CrawlOptions } from "./command-line.js";
import { keepHeapSmall } from "./memory.js";
import { beginCapture } from "./open-capture.js";
import { readDecisions } from "./overrides.js";
import { Progress } from "./progress.js";
import { closeRun, type Reading, readSite } from "./read-and-close.js";
import { showReport } from "./report.js";
import { adjust, allForbidden, judgeRun } from "./run.js";
import { Terminal } from "./terminal.js";
import { PROGRAM } from "./version.js";

export async function crawl(site: Site, options: CrawlOptions): Promise<ExitCode> {
  // Here alone: a flag is that of the whole process, which is another's where this is not the command.
  keepHeapSmall();
  if (site.name === "demo" || site.name.startsWith("demo-")) {
    const { withOffice } = await import("./office.js");
    return withOffice(0, (hosts) => crawlSite(site, options, new Terminal(options), { hosts }));
  }
  return crawlSite(site, options, new Terminal(options));
}

/** What a crawl works with: the network, disk and clock of this machine, unless others are handed in. */
export interface World {
  /** Where host names are served, for sites that are not on the network. */
  readonly hosts?: Hosts;
  readonly disk?: Disk;
  readonly clock?: Clock;
}

/** Crawls one site. */
export async function crawlSite(
  given: Site,
  options: CrawlOptions,
  terminal: Terminal,
  { hosts = {}, disk = realDisk, clock = systemClock }: World = {},
): Promise<ExitCode> {
  const site = politely(adjust(given, options), options);
  const folder = resolve(options.out ?? `output/${site.name}`);
  const decisions = await readDecisions(folder, options.overrides, disk);
  const interrupt = listenForInterrupt(terminal);
  const archive = await openArchive(folder, {
    site: site.name,
    generator: PROGRAM,
    origins: site.origins,
    dryRun: options.dryRun ?? false,
    snapshot: { time: new Date(clock.now()).toISOString() },
    disk,
  }).catch(interrupt.giveUp);
  const { capture, live, close } = await beginCapture(folder, site, options, archive.disk)
    .catch(async (error: unknown) => {
      await archive.close();
      throw error;
    })
    .catch(interrupt.giveUp);
  const progress = new Progress(terminal);
  if (capture !== null && capture.resumed > 0)
    terminal.warn(`resuming ${capture.path}: ${count(capture.resumed, "response")} already stored`);
  const source = liveSource({
    site,
    hosts,
    clock,
    ...live,
    ignoreRobots: options.ignoreRobots ?? false,
    signal: interrupt.signal,
    onEvent: (event) => progress.fetching(event),
  });
  const reading: Reading = {
    ...{ site, folder, disk, options, source, archive, decisions, progress },
    also: capture === null ? [] : [capture],
    ignoredRobots: options.ignoreRobots ?? false,
  };
  try {
    const read = await readSite(reading);
    const unreachable = read.walk.unreachable ?? allForbidden(read.walk);
    if (unreachable !== null && !interrupt.signal.aborted) {
      await capture?.discard();
      throw new CliError(`${site.start} cannot be crawled: ${unreachable}`, {
        exitCode: EXIT.unreachable,
        hint: "Nothing was written; an archive of an earlier run is as it was.",
      });
    }
    const report = await closeRun(reading, read, {
      isInterrupted: () => interrupt.signal.aborted,
      capture: capture?.path ?? null,
    });
    // The next run resumes what was interrupted.
    if (!interrupt.signal.aborted) await capture?.finish(report.ids);
    const exitCode = interrupt.signal.aborted ? EXIT.interrupted : judgeRun(report, options);
    showReport(terminal, report, exitCode);
    return exitCode;
  } finally {
    interrupt.stop();
    await source.close?.();
    await close();
    await archive.close();
  }
}

/** What the command line says of the pace goes before what the site file says. */
function politely(site: Site, { delay, concurrency }: CrawlOptions): Site {
  const { politeness } = site;
  return {
    ...site,
    politeness: {
      delay: delay ?? politeness.delay,
      concurrency: concurrency ?? politeness.concurrency,
    },
  };
}

/** First Ctrl-C: finish what is in hand and write it. Second: stop at once. */
function listenForInterrupt(terminal: Terminal) {
  const controller = new AbortController();
  const listen = () => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    terminal.warn("interrupted: finishing what is in hand; press Ctrl-C again to stop at once");
    controller.abort();
  };
  process.on("SIGINT", listen);
  process.on("SIGTERM", listen);
  const stop = () => {
    process.off("SIGINT", listen);
    process.off("SIGTERM", listen);
  };
  const giveUp = (error: unknown): never => {
    stop();
    throw error;
  };
  return { signal: controller.signal, stop, giveUp };
}
