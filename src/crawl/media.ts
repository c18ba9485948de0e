/** Fetches the images and attachments that entries wish for: a few at a time, each once. */
import pLimit from "p-limit";
import type { Page, Source } from "../model.js";

/** What is wished for: addresses to try in order. */
interface Wish {
  readonly candidates: readonly string[];
}

/** What became of one wish, for progress. */
export type MediaEvent = {
  readonly event: "media";
  readonly url: string;
  /** Why it was not stored; null when it was. */
  readonly reason: string | null;
  readonly done: number;
  readonly of: number;
};

/**
 * Asks a source for every wish; the first candidate that comes and is taken fulfils it. Bytes go to
 * `take` at once and are not kept. What an answer is worth is the taker's word.
 *
 * @param most how many are in hand at a time
 * @param take stores an answer; gives the reason when it is refused
 * @param fail told why a wish came to nothing; not told of what a stopped run did not ask for
 */
export async function fetchMedia<W extends Wish>({
  wishes,
  source,
  most,
  take,
  fail,
  onEvent,
}: {
  readonly wishes: readonly W[];
  readonly source: Source;
  readonly most: number;
  readonly take: (wish: W, address: string, page: Page) => Promise<string | null>;
  readonly fail: (wish: W, reason: string) => void;
  readonly onEvent?: (event: MediaEvent) => void;
}): Promise<void> {
  const limit = pLimit(most);
  let done = 0;
  let broken = false;
  const fulfil = async (wish: W) => {
    if (broken) return;
    const reason = await ask(wish, source, take).catch((error: unknown) => {
      broken = true;
      throw error;
    });
    if (reason === "stopped") return;
    if (reason !== null) fail(wish, reason.why);
    const url = wish.candidates.at(-1) ?? "";
    const why = reason?.why ?? null;
    onEvent?.({ event: "media", url, reason: why, done: ++done, of: wishes.length });
  };
  const running = wishes.map((wish) => limit(() => fulfil(wish)));
  // When an error ends the run, what is in hand comes to rest first.
  for (const { status, reason } of (await Promise.allSettled(running)) as PromiseRejectedResult[])
    if (status === "rejected") throw reason;
}

async function ask<W extends Wish>(
  wish: W,
  source: Source,
  take: (wish: W, address: string, page: Page) => Promise<string | null>,
): Promise<{ readonly why: string } | "stopped" | null> {
  let why = "this source has no images and attachments";
  for (const address of wish.candidates) {
    const answer = await source.media?.(address);
    if (answer === undefined) break;
    if ("failure" in answer) {
      if (answer.failure === null) return "stopped";
      why = answer.failure.reason;
      continue;
    }
    const refused = await take(wish, address, answer.page);
    if (refused === null) return null;
    why = refused;
  }
  return { why };
}
