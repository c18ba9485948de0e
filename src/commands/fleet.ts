/** `sitelift fleet`: many sites, one lane for each host, one archive for each site. */
import { setMaxListeners } from "node:events";
import { join, resolve } from "node:path";
import { explained, realDisk, unless } from "../disk/disk.js";
import { writeDurable } from "../disk/files.js";
import { makeFolder } from "../disk/folders.js";
import { STAGING } from "../disk/layout.js";
import { lockFolder } from "../disk/lock.js";
import { CliError, EXIT, type ExitCode, errorLines, wholeWords } from "../error.js";
import { HISTORY_LOST, readState } from "../fleet/archive-state.js";
import { estimate } from "../fleet/estimate.js";
import { indexFiles } from "../fleet/index-page.js";
import { type Ended, todoOf, withLoss, worstOf } from "../fleet/rows.js";
import type { Fleet, FleetSite } from "../fleet/sites.js";
import { inTurns } from "../fleet/turns.js";
import { systemClock } from "../http/clock.js";
import { Lanes } from "../http/polite/lanes.js";
import { isoTime } from "../warc/date.js";
import type { FleetOptions } from "./command-line/fleet.js";
import { crawlSite, type World } from "./crawl.js";
import { type End, endOf } from "./end.js";
import { Board } from "./fleet/board.js";
import { planSites, rowOfPlanned } from "./fleet/planned.js";
import { showEnd, showPlan } from "./fleet/show.js";
import { listenForInterrupt } from "./interrupt.js";
import { openHosts } from "./office.js";
import { tuneV8 } from "./run/tune.js";
import { Terminal } from "./terminal.js";
import { PROGRAM } from "./version.js";

/** Milliseconds between two index pages of a run that goes on: somebody may look at it. */
const INDEX_EVERY = 60_000;

export async function fleet(
  found: Fleet,
  options: FleetOptions,
  terminal = new Terminal(options),
): Promise<End> {
  // As `crawl` does, and why.
  tuneV8();
  const starts = found.sites.flatMap(({ start }) => (start === "" ? [] : [start]));
  await using office = await openHosts(starts);
  return await crawlFleet(found, options, terminal, office);
}

export async function crawlFleet(
  { sites, paces, ...found }: Fleet,
  options: FleetOptions,
  terminal: Terminal,
  world: World = {},
): Promise<End> {
  const { disk = realDisk, clock = systemClock } = world;
  const out = options.out === undefined ? found.out : resolve(options.out);
  const folderOf = ({ name }: FleetSite) => join(out, name);
  const lanes = world.lanes ?? new Lanes(clock, paces);
  const begun = clock.now();
  const plan = await planSites(sites, options, out, begun, disk);
  for (const { site, state } of plan)
    if (state.isHistoryLost) terminal.warn(`${site.name}: ${HISTORY_LOST}`);
  for (const host of Object.keys(paces).filter((name) => !sites.some((one) => one.hosts.has(name))))
    terminal.warn(
      `hosts: no site begins on ${host} or names it; ${/:\d+$/.test(host) ? "a host is named without its port" : "check its spelling"}`,
    );
  const chosen = plan.filter(({ site, due }) => due === null && site.isWanted);
  if (options.dryRun) {
    const due = chosen.map(({ site }) => site);
    return showPlan(terminal, plan, due, await estimate(due, folderOf, lanes, disk));
  }
  await explained(makeFolder(out, disk), out);
  const lock = await explained(lockFolder(out, disk), out);
  try {
    using interrupt = listenForInterrupt(terminal, world.signal);
    const { signal } = interrupt;
    // One of each site in hand; Node warns of more than ten.
    setMaxListeners(0, signal);
    const rows = () => plan.map(rowOfPlanned);
    const time = isoTime(begun);
    const writeIndex = async (exitCode: ExitCode) => {
      const run = { generator: PROGRAM, time, exitCode, sites: rows() };
      for (const [name, text] of indexFiles(run))
        await writeDurable(out, name, Buffer.from(text), lock.disk);
      await lock.disk.rmdir(join(out, STAGING)).catch(unless("ENOENT"));
    };
    const board = new Board(
      terminal,
      chosen.map(({ site }) => site),
    );
    let written = begun;
    await inTurns(
      chosen.map((one) => ({ ...one, host: one.site.host, one })),
      {
        atOnce: options.atOnce ?? found.atOnce,
        signal,
        run: async ({ one }) => {
          const { site } = one;
          const ended = await crawlOne(site, folderOf(site), board, { ...world, lanes, signal });
          one.ended = one.state.isHistoryLost ? withLoss(ended) : ended;
          one.state = await readState(folderOf(site), disk).catch(() => one.state);
          board.done(rowOfPlanned(one));
          if (clock.now() - written < INDEX_EVERY) return;
          written = clock.now();
          // What cannot be written now, the end tells.
          await writeIndex(worstOf(rows())).catch(() => {});
        },
      },
    );
    const exitCode = signal.aborted ? EXIT.interrupted : worstOf(rows());
    await explained(writeIndex(exitCode), out);
    const shown = plan.filter(({ site }) => site.isWanted).map(({ site }) => site.name);
    return showEnd(terminal, rows(), { shown: new Set(shown), exitCode, out });
  } finally {
    await lock.release();
  }
}

/** Crawls one site. What goes wrong with it is told, and stops no other. */
async function crawlOne(
  site: FleetSite,
  folder: string,
  board: Board,
  world: World & { readonly signal: AbortSignal },
): Promise<Ended> {
  using terminal = board.open(site);
  // What listens to a signal lives as long as that: the one of the fleet would keep every site that it has crawled.
  const own = new AbortController();
  const stop = () => own.abort();
  world.signal.addEventListener("abort", stop);
  if (world.signal.aborted) stop();
  try {
    if (site.problem !== null) throw site.problem;
    const options = { ...site.options, out: folder };
    const here = { ...world, signal: own.signal };
    const { end, report } = await crawlSite(await site.load(), options, terminal, here);
    terminal.event({ event: "site", ...end });
    const todo = todoOf(end.exitCode, site.name, report?.drift[0]);
    return { exitCode: end.exitCode, todo, isWritten: true };
  } catch (error) {
    const isKnown = error instanceof CliError;
    const end = endOf(error);
    const { exitCode, error: message } = end;
    terminal.event({ event: "site", ...end });
    const defect = `error: ${(error as Error).stack ?? message}`;
    for (const line of isKnown ? errorLines(error) : [defect]) terminal.warn(line);
    const todo = isKnown ? wholeWords(error) : `report this defect of sitelift: ${message}`;
    return { exitCode, todo, isWritten: false };
  } finally {
    world.signal.removeEventListener("abort", stop);
    stop();
  }
}
