/** What a crawl and a build do alike: walk a site, fetch its media, commit the archive. */
import { join } from "node:path";
import { FILES } from "../archive/layout.js";
import type { Archive } from "../archive/write/archive.js";
import { selectorFindings } from "../crawl/health.js";
import { walkLanguages } from "../crawl/languages.js";
import { fetchMedia } from "../crawl/media.js";
import { type Override, Overrides } from "../crawl/overrides.js";
import type { Walk } from "../crawl/walk.js";
import { type Disk, explainDisk, unless } from "../disk/disk.js";
import { readJson } from "../disk/read.js";
import type { Sink, Source } from "../model.js";
import { type Health, health } from "../schema/health.js";
import type { RunReport } from "../schema/run-report.js";
import type { Site } from "../site/site.js";
import type { RunOptions } from "./command-line.js";
import type { Progress } from "./progress.js";
import { allOutside } from "./run.js";

export interface Reading {
  readonly site: Site;
  readonly folder: string;
  readonly disk: Disk;
  readonly options: RunOptions;
  readonly source: Source;
  readonly archive: Archive;
  /** Sinks beside the archive. */
  readonly also?: readonly Sink[];
  readonly decisions: readonly Override[];
  readonly ignoredRobots: boolean;
  readonly progress: Progress;
}

export interface Read {
  readonly walk: Walk;
  /** Overrides that named nothing that was read. */
  readonly unusedOverrides: readonly string[];
}

/** Walks the lists of a site into its archive. */
export async function readSite(reading: Reading): Promise<Read> {
  const { site, options, source, archive, also = [], progress } = reading;
  const known = archive.known();
  const overrides = new Overrides(reading.decisions, site, known);
  const walk = await walkLanguages({
    overrides,
    languages: options.languages ?? null,
    site,
    source,
    sinks: [archive, ...also],
    limit: options.limit ?? null,
    since: options.since ?? null,
    known,
    onEvent: (event) => progress.read(event),
  });
  return { walk, unusedOverrides: overrides.unused() };
}

/** Fetches images and attachments, and lets the archive change. */
export async function closeRun(
  reading: Reading,
  { walk, unusedOverrides }: Read,
  { isInterrupted, capture }: { isInterrupted: () => boolean; capture: string | null },
): Promise<RunReport> {
  const { site, folder, disk, options, archive, ignoredRobots } = reading;
  if (options.media !== false && !options.dryRun) await collectMedia(reading);
  const before = await healthBefore(folder, disk);
  const interrupted = isInterrupted();
  // What a part of the list lacks says nothing of the rest: the next whole run is compared with a whole one.
  const isPart =
    walk.cutOff || interrupted || options.since !== undefined || options.articles === false;
  return archive.commit({
    ...walk,
    interrupted,
    capture,
    ignoredRobots,
    unusedOverrides,
    outside: allOutside(walk),
    selectors: selectorFindings(before, walk, site),
    baseline: isPart ? (before ?? walk.health) : walk.health,
  });
}

/** Fetches what the entries of a run show or offer and the archive lacks. */
async function collectMedia({ site, options, source, archive, progress }: Reading): Promise<void> {
  await fetchMedia({
    requests: await archive.mediaRequests(options.refetchMedia),
    source,
    concurrency: site.politeness.concurrency,
    take: (request, url, page) => archive.media(request, url, page),
    fail: (request, reason) => archive.mediaFailed(request, reason),
    onEvent: (event) => progress.media(event),
  });
}

/**
 * What the selectors did in the run that wrote an archive; null when it is not known, or damaged.
 *
 * @throws {CliError} when the disk fails
 */
export async function healthBefore(folder: string, disk: Disk): Promise<Health | null> {
  const found = await readJson(join(folder, FILES.health), health, disk)
    .catch(unless("ENOENT"))
    .catch((error: unknown) => {
      throw explainDisk(error, folder);
    });
  return found?.value ?? null;
}
