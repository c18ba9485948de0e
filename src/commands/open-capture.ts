/** The capture of a crawl: where its exchanges are stored, and the responses that need no request. */
import { join } from "node:path";
import { CAPTURE_FILES, CAPTURES } from "../capture/layout.js";
import { openHttpCache } from "../capture/reuse/http-cache.js";
import { openResumed } from "../capture/reuse/resume.js";
import { type Capture, openCapture } from "../capture/write/writer.js";
import type { Disk } from "../disk/disk.js";
import { explainDisk } from "../disk/explain-disk.js";
import type { LiveOptions } from "../http/live.js";
import { defaultUserAgent } from "../http/user-agent.js";
import type { Site } from "../site/site.js";
import type { CrawlOptions } from "./command-line.js";
import { PROGRAM } from "./version.js";

export interface Capturing {
  /** Null in a dry run, which keeps nothing. */
  readonly capture: Capture | null;
  /** What the live source needs of it. */
  readonly live: Pick<LiveOptions, "recorder" | "cache" | "stored">;
  /** Never rejects; safe to call twice. */
  close(): Promise<void>;
}

/**
 * Begins the capture of a crawl, or goes on with the one that was cut off.
 *
 * @param folder the archive, which this run has locked
 * @throws {CliError} when the disk fails
 */
export async function beginCapture(
  folder: string,
  site: Site,
  options: CrawlOptions,
  disk: Disk,
): Promise<Capturing> {
  if (options.dryRun) return { capture: null, live: {}, close: async () => {} };
  const capture = await openCapture(folder, {
    run: {
      site: site.name,
      limit: options.limit ?? null,
      since: options.since ?? null,
      articles: site.article.follow,
      media: options.media !== false,
      languages: options.languages ?? null,
      ignoreRobots: options.ignoreRobots ?? false,
    },
    generator: PROGRAM,
    userAgent: defaultUserAgent(),
    disk,
  });
  const data = join(folder, capture.path, CAPTURE_FILES.data);
  const find = (url: string) => capture.find(url);
  const opened: { close(): Promise<void> }[] = [capture];
  const close = async () => {
    for (const one of opened.splice(0).reverse()) await one.close().catch(() => undefined);
  };
  try {
    const cache = options.selfContained
      ? null
      : await openHttpCache(join(folder, CAPTURES), { data, find }, disk);
    if (cache !== null) opened.push(cache);
    const live = { recorder: capture, cache: cache ?? undefined };
    if (capture.resumed === 0) return { capture, live, close };
    const resumed = await openResumed(data, cache, disk);
    opened.push(resumed);
    const stored = (url: URL) => resumed.next(url);
    return { capture, live: { ...live, stored }, close };
  } catch (error) {
    await close();
    throw explainDisk(error, folder);
  }
}
