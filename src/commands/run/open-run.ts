/** What a crawl and a build begin with alike: the archive, and what people decided about single articles. */
import { resolve } from "node:path";
import { type Archive, openArchive } from "../../archive/write/archive.js";
import type { Override } from "../../crawl/overrides.js";
import { type Disk, realDisk } from "../../disk/disk.js";
import type { Site } from "../../site/site.js";
import type { CrawlOptions } from "../command-line/crawl.js";
import { PROGRAM } from "../version.js";
import type { Progress } from "./progress.js";
import { readDecisions } from "./read-decisions.js";
import { rulesHash } from "./run-history.js";

export interface OpenRun {
  readonly site: Site;
  readonly folder: string;
  readonly disk: Disk;
  readonly options: CrawlOptions;
  readonly archive: Archive;
  readonly decisions: readonly Override[];
  readonly progress: Progress;
}

export function folderOf({ name }: Pick<Site, "name">, { out }: Pick<CrawlOptions, "out">): string {
  return resolve(out ?? `output/${name}`);
}

/**
 * @param loaded the site before options changed it
 * @param at times of the snapshot: of the run, and of the capture that is built
 */
export async function openRun(
  loaded: Site,
  site: Site,
  options: CrawlOptions,
  progress: Progress,
  at: { readonly time: string; readonly captured?: string | null },
  disk = realDisk,
): Promise<OpenRun & AsyncDisposable> {
  const folder = folderOf(site, options);
  const decisions = await readDecisions(folder, options.overrides, disk);
  const archive = await openArchive(folder, {
    site: site.name,
    generator: PROGRAM,
    origins: site.origins,
    own: site.own,
    dryRun: options.dryRun ?? false,
    snapshot: { ...at, rules: rulesHash(loaded, decisions, options) },
    disk,
  });
  return {
    ...{ site, folder, disk, options, archive, decisions, progress },
    [Symbol.asyncDispose]: () => archive[Symbol.asyncDispose](),
  };
}
