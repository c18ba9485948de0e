/** What a crawl and a build do alike: read a site into an archive, and close the books. */

import type { Archive } from "../archive/write/archive.js";
import type { Account } from "../archive/write/run-account.js";
import { walkLanguages } from "../crawl/languages.js";
import { Overrides } from "../crawl/overrides.js";
import type { Walk } from "../crawl/walk.js";
import type { Disk } from "../disk/disk.js";
import type { ExitCode } from "../error.js";
import type { Sink, Source } from "../model.js";
import type { Site } from "../site/site.js";
import type { RunOptions } from "./command-line.js";
import { healthBefore, selectorFindings } from "./health.js";
import { collectMedia } from "./media.js";
import { type Progress, report } from "./report.js";
import { judgeRun } from "./run.js";
import type { Terminal } from "./terminal.js";

export interface Reading {
  readonly site: Site;
  readonly folder: string;
  readonly disk: Disk;
  readonly options: RunOptions;
  readonly source: Source;
  readonly archive: Archive;
  /** Sinks beside the archive. */
  readonly also?: readonly Sink[];
  readonly decisions: ConstructorParameters<typeof Overrides>[0];
  readonly ignoredRobots: boolean;
  readonly progress: Progress;
}

/** Walks the lists of a site into its archive. */
export async function readSite({ site, options, source, archive, ...given }: Reading) {
  const known = archive.known();
  const overrides = new Overrides(given.decisions, site, known);
  const seen = await walkLanguages({
    overrides,
    languages: options.languages ?? null,
    site,
    source,
    sinks: [archive, ...(given.also ?? [])],
    limit: options.limit ?? null,
    since: options.since ?? null,
    known,
    onEvent: (event) => given.progress.read(event),
  });
  return { seen, overrides };
}

/** Fetches images and attachments, and lets the archive change. @returns what came of it, and how to tell it */
export async function closeRun(
  reading: Reading,
  { seen, overrides }: { seen: Walk; overrides: Overrides },
  { interrupted, capture }: { interrupted: () => boolean; capture: string | null },
): Promise<{
  account: Account;
  exitCode: ExitCode;
  tell: (terminal: Terminal, exitCode: ExitCode) => void;
}> {
  const { site, folder, disk, options, source, archive, ignoredRobots, progress } = reading;
  await collectMedia(archive, source, site, options, (event) => progress.media(event));
  const before = await healthBefore(folder, disk);
  const selectors = selectorFindings(before, seen, site);
  const { outcomes, listed, complete, moved, gaps, drift, notes } = seen;
  const isStopped = interrupted();
  // What a part of the list lacks says nothing of the rest: the next whole run is held against a whole one.
  const isPart =
    seen.cutOff || isStopped || options.since !== undefined || options.articles === false;
  const health = isPart ? (before ?? seen.health) : seen.health;
  const account = await archive.commit({
    ...{ outcomes, listed, complete, moved, gaps, drift, notes, health },
    languages: seen.languages,
    unusedOverrides: overrides.unused(),
    unmatched: selectors.unmatched,
    ignoredRobots,
    interrupted: isStopped,
    capture,
  });
  return {
    account,
    exitCode: judgeRun(seen, account, options, selectors),
    tell: (terminal, exitCode) =>
      report(terminal, { site, folder, seen, account, selectors, exitCode, ignoredRobots }),
  };
}
