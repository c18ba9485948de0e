/** `sitelift build`: the archive of a crawl from its capture, without the network. */
import { resolve } from "node:path";
import { openArchive } from "../archive/write/archive.js";
import { replaySource } from "../capture/read/replay.js";
import { type CapturedRun, openCaptures } from "../capture/read/runs.js";
import type { Walk } from "../crawl/walk.js";
import { realDisk } from "../disk/disk.js";
import { checkJson } from "../disk/read.js";
import { CliError, EXIT, type ExitCode } from "../error.js";
import { captureRun } from "../schema/capture.js";
import type { Site } from "../site/site.js";
import type { RunOptions } from "./command-line.js";
import { readDecisions } from "./overrides.js";
import { Progress } from "./progress.js";
import { closeRun, type Reading, readSite } from "./read-and-close.js";
import { showReport } from "./report.js";
import { adjust, judgeRun } from "./run.js";
import { Terminal } from "./terminal.js";
import { PROGRAM } from "./version.js";

export async function build(
  captures: readonly string[],
  site: Site,
  options: RunOptions,
  terminal: Terminal = new Terminal(options),
): Promise<ExitCode> {
  const { runs, damages, close } = await openCaptures(captures);
  try {
    for (const damage of damages) {
      terminal.event({ event: "damage", message: damage });
      terminal.warn(`damage: ${damage}; what else is there is used`);
    }
    let exitCode: ExitCode = EXIT.complete;
    for (const [at, run] of runs.entries()) {
      const isLast = at === runs.length - 1;
      if (runs.length > 1) terminal.event({ event: "capture", capture: run.name });
      if (runs.length > 1 && !terminal.json) terminal.print(terminal.colours.dim(run.name));
      exitCode = await buildRun(run, site, options, terminal, isLast);
    }
    return exitCode === EXIT.complete && damages.length > 0 ? EXIT.findings : exitCode;
  } finally {
    await close();
  }
}

/** Walks one crawl again. The archive goes from the state after one crawl to that after the next, as it did then. */
async function buildRun(
  { name, responses, run }: CapturedRun,
  given: Site,
  chosen: RunOptions,
  terminal: Terminal,
  isLast: boolean,
): Promise<ExitCode> {
  const told = toldThen(run);
  // Without --no-articles and --no-media, the command line says nothing of them.
  const articles = told.articles !== false && chosen.articles !== false;
  const media = told.media !== false && chosen.media !== false;
  const options = { ...told, ...chosen, articles, media };
  const site = adjust(given, options);
  const folder = resolve(options.out ?? `output/${site.name}`);
  const decisions = await readDecisions(folder, options.overrides, realDisk);
  const progress = new Progress(terminal);
  const archive = await openArchive(folder, {
    site: site.name,
    generator: PROGRAM,
    origins: site.origins,
    dryRun: options.dryRun ?? false,
    snapshot: { time: new Date().toISOString() },
  });
  const source = replaySource({ site, responses, onEvent: (event) => progress.fetching(event) });
  const reading: Reading = {
    ...{ site, folder, disk: realDisk, options, source, archive, decisions, progress },
    ignoredRobots: told.ignoreRobots ?? false,
  };
  try {
    const read = await readSite(reading);
    if (read.walk.unreachable !== null) throw startMissing(name, site, read.walk);
    const never = { isInterrupted: () => false, capture: null };
    const report = await closeRun(reading, read, never);
    const exitCode = judgeRun(report, options);
    if (isLast) showReport(terminal, report, exitCode);
    return exitCode;
  } finally {
    await archive.close();
  }
}

/** What the crawl was told: without it, the replay would walk further than the crawl did. */
function toldThen(run: string | null): RunOptions & { readonly ignoreRobots?: boolean } {
  const told = checkJson(run ?? "null", captureRun).value;
  if (told === undefined) return {};
  return {
    ...(told.limit === null ? {} : { limit: told.limit }),
    ...(told.since === null ? {} : { since: told.since }),
    articles: told.articles,
    media: told.media,
    ignoreRobots: told.ignoreRobots,
    ...(told.languages === null ? {} : { languages: told.languages }),
  };
}

function startMissing(name: string, site: Site, { unreachable }: Walk): CliError {
  return new CliError(`${name} cannot be walked from ${site.start}: ${unreachable}`, {
    exitCode: EXIT.incomplete,
    hint: "Is it a capture of this site? --site names the site, and its start address must be in the capture. Nothing was written.",
  });
}
