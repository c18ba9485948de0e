/** The capture of a crawl: where its exchanges are stored, and the responses that need no request. */
import { join } from "node:path";
import { CAPTURE_FILES, CAPTURES } from "../../capture/layout.js";
import {
  type Answers,
  type AskedMemento,
  NO_ANSWERS,
  writtenAnswers,
} from "../../capture/read/answers.js";
import { openEarlierMementos, openHttpCache } from "../../capture/reuse/http-cache.js";
import { openResumed } from "../../capture/reuse/resume.js";
import { type Capture, openCapture } from "../../capture/write/writer.js";
import { type Disk, explainDisk } from "../../disk/disk.js";
import type { FetchEvent } from "../../http/events.js";
import type { LiveOptions } from "../../http/live.js";
import { defaultUserAgent } from "../../http/user-agent.js";
import type { Post } from "../../model.js";
import type { ArchiveRun } from "../../schema/web-archive.js";
import type { Site } from "../../site/site.js";
import type { CrawlOptions } from "../command-line/crawl.js";
import { PROGRAM } from "../version.js";

/** A part of a crawl: the next one goes on where it was stopped. */
export interface Part {
  /** How it goes on: with what came before as it came, errors too, or asking again for what failed. */
  readonly after: "continues" | "resumes";
  /** True where a further part asks again for what failed in this one: its capture stays open for that. */
  readonly again: boolean;
  /** Called before each request for what is not stored. */
  readonly onRequest: () => void;
  readonly onEvent: (event: FetchEvent) => void;
}

/** Disposing of it never rejects, and may be done twice. */
export interface Capturing extends AsyncDisposable {
  /** Null in a dry run, which keeps nothing. */
  readonly capture: Capture | null;
  /** Of a crawl from web archives, the answers that need no request. */
  readonly answers: Answers;
  readonly live: Pick<LiveOptions, "recorder" | "cache" | "stored">;
}

/**
 * Begins the capture of a crawl, or resumes the one that was cut off.
 *
 * @param folder the archive, which this run has locked
 * @param run the web archives that are read in the place of the site
 * @throws {CliError} when the disk fails
 */
export async function beginCapture(
  folder: string,
  site: Site,
  options: CrawlOptions,
  disk: Disk,
  {
    run: archive = null,
    part,
  }: { readonly run?: ArchiveRun | null; readonly part?: Part | undefined } = {},
): Promise<Capturing> {
  const opened: { close(): Promise<void> }[] = [];
  const close = async () => {
    for (const one of opened.splice(0).reverse()) await one.close().catch(() => undefined);
  };
  const open = <T extends { close(): Promise<void> }>(one: T): T => {
    opened.push(one);
    return one;
  };
  const begun = (capture: Capture | null, more: Partial<Capturing> = {}): Capturing => ({
    ...{ capture, answers: NO_ANSWERS, live: {} },
    ...more,
    [Symbol.asyncDispose]: close,
  });
  if (options.dryRun) return begun(null);
  const run = {
    site: site.name,
    limit: options.limit ?? null,
    since: options.since ?? null,
    articles: site.article.follow,
    media: options.media !== false,
    languages: options.languages ?? null,
    ignoreRobots: options.ignoreRobots ?? false,
    requisites: site.requisites.load,
    ...(archive === null ? {} : { archive }),
  };
  const userAgent = defaultUserAgent();
  const capture = open(
    await openCapture(folder, { run, generator: PROGRAM, userAgent, disk, after: part?.after }),
  );
  const captures = join(folder, CAPTURES);
  const data = join(folder, capture.path, CAPTURE_FILES.data);
  const present = { data, find: (url: string) => capture.find(url) };
  // Without what earlier crawls captured, all is asked for again, and stored whole.
  const isAlone = options.selfContained === true;
  try {
    if (archive !== null) {
      const earlier = isAlone ? null : open(await openEarlierMementos(captures, disk));
      const find = async (asked: AskedMemento) => (await earlier?.find(asked)) ?? null;
      return begun(capture, { answers: open(writtenAnswers(data, capture, disk, find)) });
    }
    const cache = isAlone ? undefined : open(await openHttpCache(captures, present, disk));
    const live = { recorder: capture, cache };
    if (capture.resumed === 0 && part === undefined) return begun(capture, { live });
    const resumed = open(await openResumed(data, cache ?? null, disk));
    const stored = async (url: URL, post?: Post) => {
      const known = await resumed.next(url, post);
      if (known === null) part?.onRequest();
      return known;
    };
    return begun(capture, { live: { ...live, stored } });
  } catch (error) {
    await close();
    throw explainDisk(error, folder);
  }
}
