/** Fetches the images and attachments of entries: a few at a time, each once. */
import pLimit from "p-limit";
import type { MediaResponse, Page, Source } from "../model.js";

/** A file to fetch: URLs to try in order. */
interface MediaRequest {
  readonly candidates: readonly string[];
}

/** Stores a response; gives the reason when it is refused. */
type Take<R> = (request: R, url: string, page: Page) => Promise<string | null>;

/** What became of one file, for progress. */
export type FileEvent<Kind extends string> = {
  readonly event: Kind;
  readonly url: string;
  /** Why it was not stored; null when it was. */
  readonly reason: string | null;
  readonly done: number;
  readonly of: number;
};
export type MediaEvent = FileEvent<"media">;

/**
 * Requests every file from a source; the first candidate that comes and is taken ends its request. Requests with the
 * same first candidate, as several sizes of one image are, share one response. Bytes go to `take` at once and are not
 * kept.
 *
 * @param concurrency how many are in flight at a time
 * @param again true when every file is fetched whole, whatever is stored
 * @param fail called with the reason where no candidate was taken, but for what a stopped run did not request
 */
export async function fetchMedia<R extends MediaRequest>({
  requests,
  source,
  concurrency,
  again = false,
  take,
  fail,
  onEvent,
}: {
  readonly requests: readonly R[];
  readonly source: Source;
  readonly concurrency: number;
  readonly again?: boolean | undefined;
  readonly take: Take<R>;
  readonly fail: (request: R, reason: string) => void;
  readonly onEvent?: (event: MediaEvent) => void;
}): Promise<void> {
  let done = 0;
  const ask = async (url: string) => source.media?.(url, again);
  await fewAtATime(byFirstCandidate(requests), concurrency, async (group) => {
    const first = group[0]?.candidates[0];
    const response = first === undefined ? undefined : await ask(first);
    for (const request of group) {
      const reason = await firstTaken(request, response, ask, take);
      if (reason === "stopped") continue;
      if (reason !== null) fail(request, reason.why);
      const url = request.candidates.at(-1) ?? "";
      const why = reason?.why ?? null;
      onEvent?.({ event: "media", url, reason: why, done: ++done, of: requests.length });
    }
  });
}

function byFirstCandidate<R extends MediaRequest>(requests: readonly R[]): readonly R[][] {
  const groups = new Map<string | undefined, R[]>();
  for (const request of requests) {
    const group = groups.get(request.candidates[0]);
    if (group) group.push(request);
    else groups.set(request.candidates[0], [request]);
  }
  return [...groups.values()];
}

/** @param first what its first candidate was answered */
async function firstTaken<R extends MediaRequest>(
  request: R,
  first: MediaResponse | undefined,
  ask: (url: string) => Promise<MediaResponse | undefined>,
  take: Take<R>,
): Promise<{ readonly why: string } | "stopped" | null> {
  let why = "this source has no images and attachments";
  for (const [k, url] of request.candidates.entries()) {
    const response = k === 0 ? first : await ask(url);
    if (response === undefined) break;
    if ("failure" in response) {
      if (response.failure === null) return "stopped";
      why = response.failure.reason;
      continue;
    }
    const refused = await take(request, url, response.page);
    if (refused === null) return null;
    why = refused;
  }
  return { why };
}

/** Does work on many things, a few at a time. Rejects with the first error, when what is in flight has come to rest; nothing begins after one. */
export async function fewAtATime<T>(
  all: readonly T[],
  concurrency: number,
  work: (one: T, at: number) => Promise<void>,
): Promise<void> {
  const limit = pLimit(concurrency);
  let isBroken = false;
  const running = all.map((one, at) =>
    limit(async () => {
      if (isBroken) return;
      await work(one, at).catch((error: unknown) => {
        isBroken = true;
        throw error;
      });
    }),
  );
  for (const one of await Promise.allSettled(running))
    if (one.status === "rejected") throw one.reason;
}
