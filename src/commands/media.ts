/** Images and attachments on the command line: fetched after the walk, and counted against a budget. */

import type { Archive } from "../archive/write/archive.js";
import type { Account } from "../archive/write/run-account.js";
import { fetchMedia, type MediaEvent } from "../crawl/media.js";
import type { Source } from "../model.js";
import type { Site } from "../site/site.js";
import type { RunOptions } from "./command-line.js";
import { isOver } from "./threshold.js";

/** Fetches what the entries of a run show or offer and the archive lacks. */
export async function collectMedia(
  archive: Archive,
  source: Source,
  site: Site,
  options: RunOptions,
  onEvent: (event: MediaEvent) => void,
): Promise<void> {
  if (options.media === false || options.dryRun) return;
  await fetchMedia({
    wishes: await archive.wishes(options.refetchMedia),
    source,
    most: site.politeness.concurrency,
    take: (wish, address, page) => archive.media(wish, address, page),
    fail: (wish, reason) => archive.missed(wish, reason),
    onEvent,
  });
}

/** True when more images and attachments are missing than may be. */
export function lacksMedia({ closing }: Account, options: RunOptions): boolean {
  if (closing === null || options.media === false) return false;
  const { files, failed } = closing.media;
  return isOver(failed.length, files + failed.length, options.maxFailedMedia);
}
