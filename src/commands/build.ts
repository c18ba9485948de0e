/** `sitelift build`: the archive of a crawl from its capture, without the network. */
import { lastSnapshot } from "../archive/snapshots.js";
import { replaySource } from "../capture/read/replay.js";
import { type CapturedRun, openCaptures } from "../capture/read/runs.js";
import { Requisites } from "../crawl/requisites.js";
import { realDisk } from "../disk/disk.js";
import { checkJson } from "../disk/read.js";
import { timeOfName } from "../disk/timestamp.js";
import { CliError, EXIT } from "../error.js";
import { NO_CLOCK } from "../http/offline.js";
import { type CaptureRun, captureRun } from "../schema/capture.js";
import type { RunReport } from "../schema/run-report.js";
import type { Site } from "../site/site.js";
import {
  findKept,
  HeldTerminal,
  type Kept,
  keepWalk,
  keyOfWalk,
  NotedProgress,
  restage,
} from "./build/kept.js";
import { startMissing } from "./build/start.js";
import type { BuildOptions, CrawlOptions } from "./command-line/crawl.js";
import { type End, endOfRun } from "./end.js";
import { adjust } from "./run/adjust.js";
import { type EndedCapture, judgeRun } from "./run/judge.js";
import { folderOf, openRun } from "./run/open-run.js";
import type { Progress } from "./run/progress.js";
import { type Closing, closeRun, namesOf, readSite } from "./run/read-and-close.js";
import { readDecisions } from "./run/read-decisions.js";
import { showFaults, showReport } from "./run/report.js";
import { keepRunFiles } from "./run/run-history.js";
import { tuneV8 } from "./run/tune.js";
import { Terminal } from "./terminal.js";

/** What is built, and how it is told. */
interface Build {
  readonly captures: readonly string[];
  readonly site: Site;
  readonly options: BuildOptions;
  readonly terminal: Terminal;
  /** Of the snapshots, as ISO 8601: a build that is repeated with the same one writes the same bytes. */
  readonly time: string;
  /** Under which what is read is kept for the next build; null where it is not. */
  readonly key: string | null;
}

export async function build(
  captures: readonly string[],
  site: Site,
  options: BuildOptions,
  terminal: Terminal = new Terminal(options),
  time = new Date().toISOString(),
): Promise<End> {
  tuneV8();
  const key = await keyOf(captures, site, options);
  const of: Build = { captures, site, options, terminal, time, key };
  return (await buildKept(of)) ?? (await buildCaptures(of));
}

/** Null where a build is not to be kept: decisions about single articles may name what the archive knows. */
async function keyOf(captures: readonly string[], site: Site, options: BuildOptions) {
  // A file that is named may be a pipe, which can be read once.
  if (options.overrides !== undefined) return null;
  const decisions = readDecisions(folderOf(site, options), undefined, realDisk);
  const isPlain = await decisions.then(({ length }) => length === 0).catch(() => false);
  return isPlain ? keyOfWalk(captures, site, options) : null;
}

/** Builds again what was built of the same captures; null where they are to be read. */
async function buildKept(of: Build): Promise<End | null> {
  if (of.key === null) return null;
  const held = new HeldTerminal(of.options);
  try {
    const kept = await findKept(folderOf(of.site, of.options), of.key);
    if (kept === null) return null;
    const { notes } = kept;
    tellOf(notes, [], held);
    const place = { isFirst: true, isLast: true, before: [], damages: [], notes };
    return await buildRun({ kept, held }, of, place);
  } catch (error) {
    if (held.isShown) throw error;
    return null;
  }
}

function tellOf(notes: readonly string[], damages: readonly string[], terminal: Terminal): void {
  for (const note of notes) terminal.note(note);
  for (const damage of damages) {
    terminal.event({ event: "damage", message: damage });
    terminal.warn(`damage: ${damage}; what else is there is used`);
  }
}

async function buildCaptures(of: Build): Promise<End> {
  const { captures, options, terminal } = of;
  await using opened = await openCaptures(captures, options.at);
  const { runs, damages, notes } = opened;
  if (runs.length === 0)
    throw new CliError(`no capture was made until ${options.at}`, { hint: "Name a later day." });
  tellOf(notes, damages, terminal);
  if (runs[0] !== undefined) await warnOfLaterRun(of, runs[0]);
  const isKept = runs.length === 1 && damages.length === 0;
  const before: EndedCapture[] = [];
  let end: End = { exitCode: EXIT.complete };
  for (const [at, run] of runs.entries()) {
    if (runs.length > 1) terminal.event({ event: "capture", capture: run.name });
    if (runs.length > 1) terminal.print(terminal.colours.dim(run.name));
    const isLast = at === runs.length - 1;
    const place = { isFirst: at === 0, isLast, before, damages, notes };
    end = await buildRun(run, isKept ? of : { ...of, key: null }, place);
  }
  return end;
}

/** Each capture is one more run, after those that the archive holds, whatever its time. */
async function warnOfLaterRun(
  { site, options, terminal }: Build,
  first: CapturedRun,
): Promise<void> {
  if (options.dryRun) return;
  const folder = folderOf(site, options);
  // What is wrong with a snapshot is said where the archive is opened.
  const last = await lastSnapshot(folder, realDisk).catch(() => null);
  const captured = last?.snapshot.captured;
  const begun = timeOfName(first.time);
  if (captured == null || begun === null || captured.slice(0, 19) <= begun.slice(0, 19)) return;
  const message = `${folder} holds a run of ${captured}, and the capture of ${begun} is of before it: its history will say that newer articles went and came back; give --out a new folder, or build the newest capture alone`;
  tellOf([message], [], terminal);
}

/**
 * Walks one crawl again, or takes what was kept of it. The archive goes from the state after one crawl to that after the
 * next, as it did then.
 *
 * @returns its last event, with the worst exit code so far
 */
async function buildRun(
  of: CapturedRun | KeptRun,
  { site: given, options: chosen, terminal, time, key }: Build,
  { isFirst, isLast, before, damages, notes }: Place,
): Promise<End> {
  const { name, run, time: capturedAt } = "kept" in of ? of.kept : of;
  const { ignoreRobots: ignoredRobots = false, archive: archives, ...crawled } = optionsOf(run);
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
  const progress = new NotedProgress("kept" in of ? of.held : terminal);
  const at = { time, captured: timeOfName(capturedAt) };
  await using opened = await openRun(given, site, options, progress, at);
  const { folder, archive } = opened;
  const base = { ...opened, ignoredRobots };
  let report: RunReport;
  if ("kept" in of) {
    const { read, ...closing } = await restage(of.kept, archive, progress);
    report = await closeRun({ ...base, ...closing }, read);
    of.held.showOn(terminal);
  } else {
    const { responses, answers } = of;
    const onEvent: Progress["fetching"] = (event) => progress.fetching(event);
    const stored = { clock: NO_CLOCK, answers, offline: true };
    const captured = from?.archivesSource(site, { run: from.run, ...stored });
    const source = captured ?? replaySource({ site, responses, onEvent });
    const deadLinks = archives?.mendLinks ? captured?.deadLinks : undefined;
    const reading = { ...base, source, deadLinks, requisites: new Requisites(site, { media }) };
    const known = archive.known(namesOf(site));
    const read = await readSite(reading);
    const { walk } = read;
    if (walk.unreachable !== null) {
      const left = isFirst || dryRun ? "Nothing was written." : NOT_LATER;
      const why = { reason: walk.unreachable, damages, left };
      throw await startMissing({ name, responses }, site.start, why);
    }
    const keep: Closing["keep"] = async (staged, requisites) => {
      if (key === null || from !== undefined) return;
      const kept = { name, time: capturedAt, run, notes, walk, requisites, staged };
      await keepWalk(archive.readings, key, progress, known, kept);
    };
    report = await closeRun(reading, read, { keep });
  }
  const own = judgeRun(report, options);
  const isDamaged = damages.length > 0;
  // The graver a code, the higher it is.
  const graver = before.filter((one) => one.exitCode > own);
  const codes = [
    own,
    isDamaged ? EXIT.findings : EXIT.complete,
    ...before.map((one) => one.exitCode),
  ];
  const [exitCode = own] = codes.toSorted((a, b) => b - a);
  if (!dryRun) await keepRunFiles(folder, archive.disk, exitCode);
  if (isLast) showReport(terminal, report, exitCode, options, { isDamaged, graver });
  else if (own !== EXIT.complete) showFaults(terminal, report, { name, exitCode: own });
  before.push({ name, exitCode: own });
  return endOfRun(report, exitCode);
}

/** Where a capture is among those that are built. */
interface Place {
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** Those before it, to which it adds itself. */
  readonly before: EndedCapture[];
  /** Of all captures, one sentence each. */
  readonly damages: readonly string[];
  readonly notes: readonly string[];
}

/** A run of which it is known what a walk comes to, and where what it shows waits until that is proved. */
interface KeptRun {
  readonly kept: Kept;
  readonly held: HeldTerminal;
}

const NOT_LATER = "The archive holds the captures before it.";

/** The options of the crawl: without them, the replay would walk further than the crawl did. */
function optionsOf(run: string | null): CrawlOptions & Partial<Pick<CaptureRun, "archive">> {
  const given = checkJson(run ?? "null", captureRun).value;
  if (given === undefined) return { requisites: "none" };
  const { site: _, ...options } = given;
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null));
}
