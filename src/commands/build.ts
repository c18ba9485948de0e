/** `sitelift build`: the archive of a crawl from its capture, without the network. */
import { resolve } from "node:path";
import { openArchive } from "../archive/write/archive.js";
import { replaySource } from "../capture/read/replay.js";
import { type CapturedRun, openCaptures } from "../capture/read/runs.js";
import { Requisites } from "../crawl/requisites.js";
import { realDisk } from "../disk/disk.js";
import { checkJson } from "../disk/read.js";
import { timeOfName } from "../disk/timestamp.js";
import { CliError, EXIT, type ExitCode } from "../error.js";
import { type CaptureRun, captureRun } from "../schema/capture.js";
import type { Site } from "../site/site.js";
import { adjust } from "./adjust.js";
import { startMissing } from "./build/start.js";
import type { BuildOptions, RunOptions } from "./command-line.js";
import { endEvent } from "./end-event.js";
import { judgeRun } from "./judge.js";
import { type End, notify } from "./notify.js";
import { Progress } from "./progress.js";
import { closeRun, readSite } from "./read-and-close.js";
import { readDecisions } from "./read-decisions.js";
import { showReport } from "./report.js";
import { keepRunFiles, rulesHash } from "./run-history.js";
import { Terminal } from "./terminal.js";
import { tuneV8 } from "./tune.js";
import { PROGRAM } from "./version.js";

/** @param time of the snapshots: a build that is repeated with the same one writes the same bytes */
export async function build(
  captures: readonly string[],
  site: Site,
  options: BuildOptions,
  terminal: Terminal = new Terminal(options),
  time = new Date().toISOString(),
): Promise<ExitCode> {
  return (await buildAll(captures, site, options, terminal, time)).exitCode;
}

/** Builds, and then tells of it. */
export async function buildAndNotify(
  captures: readonly string[],
  site: Site,
  options: BuildOptions,
  terminal: Terminal = new Terminal(options),
): Promise<ExitCode> {
  const end = await buildAll(captures, site, options, terminal, new Date().toISOString());
  if (options.notify !== undefined) await notify(options.notify, end, terminal);
  return end.exitCode;
}

/** @returns the last event of the last run */
async function buildAll(
  captures: readonly string[],
  site: Site,
  options: BuildOptions,
  terminal: Terminal,
  time: string,
): Promise<End> {
  tuneV8();
  await using opened = await openCaptures(captures, options.at);
  const { runs, damages, notes } = opened;
  if (runs.length === 0)
    throw new CliError(`no capture was made until ${options.at}`, { hint: "Name a later day." });
  for (const note of notes) {
    terminal.event({ event: "note", message: note });
    terminal.warn(note);
  }
  for (const damage of damages) {
    terminal.event({ event: "damage", message: damage });
    terminal.warn(`damage: ${damage}; what else is there is used`);
  }
  let end: End = { event: "end", exitCode: damages.length > 0 ? EXIT.findings : EXIT.complete };
  for (const [at, run] of runs.entries()) {
    if (runs.length > 1) terminal.event({ event: "capture", capture: run.name });
    if (runs.length > 1) terminal.print(terminal.colours.dim(run.name));
    const isLast = at === runs.length - 1;
    const place = { time, isFirst: at === 0, isLast, worst: end.exitCode, damages };
    end = await buildRun(run, site, options, terminal, place);
  }
  return end;
}

/**
 * Walks one crawl again. The archive goes from the state after one crawl to that after the next, as it did then.
 *
 * @returns its last event, with the worst exit code so far
 */
async function buildRun(
  { name, responses, answers, run, time: capturedAt }: CapturedRun,
  given: Site,
  chosen: RunOptions,
  terminal: Terminal,
  { time, isFirst, isLast, worst, damages }: Place,
): Promise<End> {
  const {
    ignoreRobots: ignoredRobots = false,
    archive: archives = null,
    ...crawled
  } = optionsOf(run);
  // Without --no-articles and --no-media, the command line says nothing of them; a site that follows no row needs none.
  const follows = [given, ...given.lists].some(({ article }) => article.follow);
  const articles = !follows || (crawled.articles !== false && chosen.articles !== false);
  const media = crawled.media !== false && chosen.media !== false;
  const options = { ...crawled, ...chosen, articles, media };
  const { dryRun = false } = options;
  const adjusted = adjust(given, options);
  // It loads what requests, which no other build needs.
  const from = archives && { run: archives, ...(await import("../mementos/open.js")) };
  const site = from?.archivedSite(adjusted) ?? adjusted;
  const folder = resolve(options.out ?? `output/${site.name}`);
  const decisions = await readDecisions(folder, options.overrides, realDisk);
  const progress = new Progress(terminal);
  await using archive = await openArchive(folder, {
    site: site.name,
    generator: PROGRAM,
    origins: site.origins,
    own: site.own,
    dryRun,
    snapshot: {
      time,
      captured: timeOfName(capturedAt),
      rules: rulesHash(given, decisions, options),
    },
  });
  const onEvent: Progress["fetching"] = (event) => progress.fetching(event);
  const stored = { clock: NO_CLOCK, answers, offline: true };
  const captured = from?.archivesSource(site, { run: from.run, ...stored });
  const source = captured ?? replaySource({ site, responses, onEvent });
  const deadLinks = archives?.mendLinks ? captured?.deadLinks : undefined;
  const disk = realDisk;
  const requisites = new Requisites(site, { media });
  const sources = { source, deadLinks, requisites };
  const reading = { site, folder, disk, options, archive, decisions, progress, ...sources };
  const read = await readSite({ ...reading, ignoredRobots });
  const { unreachable } = read.walk;
  if (unreachable !== null) {
    const left = isFirst || dryRun ? "Nothing was written." : NOT_LATER;
    const why = { reason: unreachable, damages, left };
    throw await startMissing({ name, responses }, site.start, why);
  }
  const never = { isInterrupted: () => false, capture: null };
  const report = await closeRun({ ...reading, ignoredRobots }, read, never);
  const own = judgeRun(report, options);
  // The graver a code, the higher it is.
  const exitCode = own > worst ? own : worst;
  if (!dryRun) await keepRunFiles(folder, archive.disk, exitCode);
  if (isLast) showReport(terminal, report, exitCode, options, { isDamaged: damages.length > 0 });
  else if (own !== EXIT.complete)
    terminal.warn(`${name} alone ends with exit code ${own}; build it alone to see why`);
  return endEvent(report, exitCode);
}

/** Where a capture is among those that are built. */
interface Place {
  /** Of its snapshot, as ISO 8601. */
  readonly time: string;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** The worst exit code before it. */
  readonly worst: ExitCode;
  /** Of all captures, one sentence each. */
  readonly damages: readonly string[];
}

/** Nothing is waited for in a replay. */
const NO_CLOCK = { now: () => 0, sleep: async () => {} };

const NOT_LATER = "The archive holds the captures before it.";

/** The options of the crawl: without them, the replay would walk further than the crawl did. */
function optionsOf(
  run: string | null,
): RunOptions & Partial<Pick<CaptureRun, "ignoreRobots" | "archive">> {
  const given = checkJson(run ?? "null", captureRun).value;
  if (given === undefined) return { requisites: "none" };
  const { limit, since, languages, articles, media, ignoreRobots, requisites, archive } = given;
  return {
    ...(limit === null ? {} : { limit }),
    ...(since === null ? {} : { since }),
    articles,
    media,
    ignoreRobots,
    requisites,
    ...(archive === undefined ? {} : { archive }),
    ...(languages === null ? {} : { languages }),
  };
}
