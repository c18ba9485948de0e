/** `sitelift crawl`: walk, fetch, extract, convert, validate, write, and account for every URL. */
import { diskCost } from "../capture/layout.js";
import { Requisites } from "../crawl/requisites.js";
import { type Disk, realDisk } from "../disk/disk.js";
import { CliError, EXIT } from "../error.js";
import { type Clock, systemClock } from "../http/clock.js";
import { type Hosts, liveSource } from "../http/live.js";
import type { Lanes } from "../http/polite/lanes.js";
import { archivedSite, archivesSource } from "../mementos/open.js";
import { firstPageAdvice } from "../schema/failure-code.js";
import type { RunReport } from "../schema/run-report.js";
import type { Site } from "../site/site.js";
import { count } from "../text.js";
import type { CrawlOptions } from "./command-line/crawl.js";
import { type End, endOfRun } from "./end.js";
import { listenForInterrupt } from "./interrupt.js";
import { openHosts } from "./office.js";
import { adjust } from "./run/adjust.js";
import { archiveRunOf, planArchives, showRequests } from "./run/from-archive.js";
import { allForbidden, isArchiveFailure, judgeRun, lacksAnswers } from "./run/judge.js";
import { beginCapture, type Capturing, type Part } from "./run/open-capture.js";
import { openRun } from "./run/open-run.js";
import { Progress } from "./run/progress.js";
import { closeRun, type Reading, readSite } from "./run/read-and-close.js";
import { showReport } from "./run/report.js";
import { keepRunFiles } from "./run/run-history.js";
import { tuneV8 } from "./run/tune.js";
import { Terminal } from "./terminal.js";

export async function crawl(
  site: Site,
  options: CrawlOptions,
  terminal = new Terminal(options),
): Promise<End> {
  // For this process alone, and not for every `crawlSite`.
  tuneV8();
  await using office = await openHosts([site.start]);
  return (await crawlSite(site, options, terminal, office)).end;
}

/** What a crawl works with: the network, disk and clock of this machine, unless others are handed in. */
export interface World {
  /** Where host names are served, for sites that are not on the network. */
  readonly hosts?: Hosts;
  readonly disk?: Disk;
  readonly clock?: Clock;
  /** Stops the crawl as Ctrl-C does; then that is not listened for. */
  readonly signal?: AbortSignal;
  /** Lanes that it shares with other crawls at the same time. */
  readonly lanes?: Lanes;
  /** Of a crawl that is done in parts: which part this is. */
  readonly part?: Part;
}

export interface Crawled {
  /** Its last event. */
  readonly end: End;
  /** Null where web archives were only asked what they have, and of a part after which others come. */
  readonly report: RunReport | null;
}

/** Crawls one site. */
export async function crawlSite(
  loaded: Site,
  options: CrawlOptions,
  terminal: Terminal,
  { hosts = {}, disk = realDisk, clock = systemClock, signal: given, lanes, part }: World = {},
): Promise<Crawled> {
  const run = archiveRunOf(loaded, options);
  const walked = adjust(loaded, options);
  const site = run === null ? walked : archivedSite(walked);
  const { ignoreRobots = false, dryRun = false, waitForRobots } = options;
  const progress = new Progress(terminal);
  if (run !== null && dryRun) {
    const end = await planArchives(site, run, { clock, hosts }, terminal, progress);
    return { end, report: null };
  }
  using interrupt = listenForInterrupt(terminal, given);
  const { signal } = interrupt;
  const time = new Date(clock.now()).toISOString();
  await using opened = await openRun(loaded, site, options, progress, { time }, disk);
  const { folder, archive } = opened;
  await using capturing = await beginCapture(folder, site, options, archive.disk, { run, part });
  const { capture, live, answers } = capturing;
  if (capture !== null && capture.resumed > 0)
    terminal.warn(`resuming ${capture.path}: ${count(capture.resumed, "response")} already stored`);
  const onEvent: Progress["fetching"] = (event) => {
    part?.onEvent(event);
    progress.fetching(event);
  };
  const manners = { ignoreRobots, waitForRobots };
  const wire = { hosts, clock, signal, onEvent };
  const archives =
    run === null
      ? null
      : archivesSource(site, { run, ...wire, answers, recorder: capture ?? undefined });
  await using source = archives ?? liveSource({ site, lanes, ...wire, ...live, ...manners });
  const reading: Reading = {
    ...{ ...opened, source },
    requisites: new Requisites(site, { media: options.media !== false }),
    also: capture === null ? [] : [capture],
    ignoredRobots: ignoreRobots,
    deadLinks: run?.mendLinks ? archives?.deadLinks : undefined,
  };
  const read = await readSite(reading);
  if (part !== undefined && signal.aborted) return { end: CUT_OFF, report: null };
  const unreachable = read.walk.unreachable ?? allForbidden(read.walk);
  if (unreachable !== null && !signal.aborted) throw await notCrawled(site, capture, unreachable);
  const closed = await closeRun(reading, read, { signal, capture, clock });
  const lacks = run !== null && lacksAnswers(closed);
  const judged = judgeRun(closed, options);
  const worst = lacks && judged < EXIT.incomplete ? EXIT.incomplete : judged;
  const exitCode = signal.aborted ? EXIT.interrupted : worst;
  const isOpen = part?.again === true && exitCode === EXIT.incomplete;
  // The next run resumes what was interrupted, and asks again what an archive did not answer.
  if (!signal.aborted && !lacks && !isOpen)
    await capture?.finish(closed.ids, closed.requisites?.cost ?? null);
  if (lacks) terminal.warn(`${capture?.path} keeps what came; the next run goes on from there`);
  const cost = capture === null ? null : await diskCost(folder, capture.path, archive.disk);
  const report = { ...closed, disk: cost };
  if (!dryRun) await keepRunFiles(folder, archive.disk, exitCode);
  if (archives !== null) showRequests(terminal, archives.sums());
  showReport(terminal, report, exitCode, options);
  return { end: endOfRun(report, exitCode), report };
}

/** The end of a part after which others come. */
const CUT_OFF: End = { exitCode: EXIT.interrupted };

/** Why nothing came of a crawl. Its capture goes, unless it holds what an earlier run stored. */
async function notCrawled({ start }: Site, capture: Capturing["capture"], reason: string) {
  if (isArchiveFailure(reason))
    return new CliError(`${start} cannot be read: ${reason}`, {
      exitCode: EXIT.incomplete,
      hint: `The archive is unchanged; ${capture?.path} keeps what came, and the next run goes on from there.`,
    });
  await capture?.discard();
  const advice = reason.startsWith("robots.txt: cannot be read")
    ? "--wait-for-robots 1h goes on asking for an hour."
    : firstPageAdvice(reason);
  const more = advice === null ? "" : ` ${advice}`;
  return new CliError(`${start} cannot be crawled: ${reason}`, {
    exitCode: EXIT.unreachable,
    hint:
      capture === null || capture.resumed === 0
        ? `Nothing was written.${more}`
        : `The archive is unchanged; ${capture.path} keeps what was stored, and the next run resumes it.${more}`,
  });
}
