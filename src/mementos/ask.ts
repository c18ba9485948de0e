/** Requests to one web archive: at its pace, tried again where that may help, and stored with what came. */
import type { Answers, AskedMemento, StoredAnswer } from "../capture/read/answers.js";
import type { Capture as Recording } from "../capture/write/writer.js";
import type { Clock } from "../http/clock.js";
import { isPassing } from "../http/completeness.js";
import type { FetchEvent } from "../http/events.js";
import { FetchError } from "../http/fetch-error.js";
import { parseRetryAfter } from "../http/polite/retry-after.js";
import { decodeBody } from "../http/wire/decode.js";
import { MEDIA_LIMITS } from "../http/wire/limits.js";
import type { WireResponse } from "../http/wire/receive.js";
import type { Transport } from "../http/wire/transport.js";
import type { WebArchive } from "../schema/web-archive.js";
import type { Paces } from "./pace.js";
import { requestHeaders } from "./range.js";
import { type Capture, exclusion, isBadRecord, startOf } from "./replay.js";

/** Stores what is asked and answered. An error that it throws ends the run. */
type AnswerRecorder = Pick<Recording, "exchange" | "failure" | "replayed" | "repeated">;

/** What answers requests: the network, or files. */
export interface ArchiveWire {
  /** @throws {FetchError} when no answer came */
  get(url: string, headers: Readonly<Record<string, string>>): ReturnType<Transport["get"]>;
  close(): Promise<void>;
}

export interface ArchiveOptions {
  readonly clock: Clock;
  readonly userAgent: string;
  /** What is stored: it is not asked for again. */
  readonly answers: Answers;
  /** Null where nothing may be requested: then what is not stored is missing. */
  readonly wire: ArchiveWire | null;
  readonly recorder?: AnswerRecorder | undefined;
  /** Shared by all that is asked of one host. */
  readonly paces: Paces;
  /** Attempts at a question; six by default. */
  readonly attempts?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: FetchEvent) => void) | undefined;
}

/** A question that an archive did not answer. */
export class Unanswered extends Error {
  override readonly name = "Unanswered";
  /** False where the archive does not want to show it, and another run would get the same. */
  readonly excluded: boolean;

  /** @param came what came in the place of an answer */
  constructor(archive: string, asked: string, came: string, excluded = false) {
    super(excluded ? `${archive}: ${came}` : `${archive}: asked ${asked}, and ${came}`);
    this.excluded = excluded;
  }
}

/** Attempts at a question that is not answered; the first retry comes at once, then after 2 s, 4 s, 8 s and so on. */
const ATTEMPTS = 6;
const FIRST_WAIT = 2_000;
/** Least time that an archive is left alone after "too many requests". None says how long (2023). */
const PAUSE = 60_000;
const LONGEST_PAUSE = 600_000;
/** So many of them in a row, and so many questions without an answer, and it is not asked any more. */
const MOST_PAUSES = 3;
const MOST_UNANSWERED = 3;
const MOST_FORBIDDEN = 3;
const BLOCKED =
  "it answers HTTP 403 to everything: it may have blocked this IP address, as Arquivo.pt does for good where it was asked too often; write to it before you ask again";
/** Statuses of an archive that is busy, besides those of any server (EDGI's client). */
const BUSY = new Set([413, 421, 599]);

/** An answer of an archive: its body decoded, and as it was sent. */
type Came = Awaited<ReturnType<Transport["get"]>> & { readonly sent: Uint8Array };

/** The capture that an answer is, null for another answer. @throws {FetchError} for what is none */
type Judge = (response: WireResponse) => Capture | null | Promise<Capture | null>;

/** Asks one archive. */
export class Asker {
  readonly archive: WebArchive;
  readonly #options: ArchiveOptions;
  readonly #pace: Paces;
  /** One request at a time, over one connection. */
  #turn: Promise<unknown> = Promise.resolve();
  #unanswered = 0;
  /** Answers 403 in a row that give no reason. */
  #forbidden = 0;
  /** What was answered last. */
  #answered: { readonly url: string; readonly what: "index" | "replay" } | null = null;
  /** Why it is not asked any more; null while it is. */
  down: string | null = null;
  /** Requests that were made, and captures that earlier crawls had stored. */
  requests = 0;
  reused = 0;

  constructor(archive: WebArchive, options: ArchiveOptions) {
    this.archive = archive;
    this.#options = options;
    this.#pace = options.paces;
  }

  /** Milliseconds that requests take at the pace that is kept. */
  time(requests: Readonly<Record<"index" | "replay", number>>): number {
    return (
      requests.index * this.#pace.index.interval + requests.replay * this.#pace.replay.interval
    );
  }

  protected warn(message: string): void {
    this.#options.onEvent?.({ event: "warning", message });
  }

  /** True for an answer "forbidden" that is about whoever asks, and not about what was asked for. */
  protected isBlock(_body: Uint8Array): boolean {
    return false;
  }

  /** The stored answer, or that of the archive, which is stored. @param row the capture that is asked for */
  protected async answer(
    url: string,
    what: "index" | "replay",
    judge: Judge,
    row?: Pick<AskedMemento, "url" | "time">,
  ): Promise<StoredAnswer> {
    const stored = await this.#options.answers.find(url).catch((error: unknown) => {
      if (!(error instanceof FetchError)) throw error;
      throw new Unanswered(this.archive.name, url, error.message);
    });
    if (stored?.capture === null)
      return { ...stored, response: { ...stored.response, body: decoded(stored.response) } };
    if (stored !== null) return stored;
    const known = row === undefined ? null : await this.#earlier({ ...row, source: url });
    if (known !== null) return known;
    if (this.#options.wire === null)
      throw new Unanswered(this.archive.name, url, "the capture holds no answer");
    const asked = this.#turn.then(() => this.#ask(url, what, judge));
    this.#turn = asked.catch(() => undefined);
    return asked;
  }

  /** What an answer says. @param read throws a `FetchError` for what is not an answer */
  protected async read<T>(
    url: string,
    what: "index" | "replay",
    read: (response: WireResponse) => T,
  ): Promise<T> {
    const judge = (response: WireResponse) => {
      read(response);
      return null;
    };
    return read((await this.answer(url, what, judge)).response);
  }

  /** A capture was made once: it is not asked for again, whichever run has stored it. */
  async #earlier(asked: AskedMemento): Promise<StoredAnswer | null> {
    const { answers, recorder } = this.#options;
    const found = (await answers.earlier?.(asked)) ?? null;
    if (found === null) return null;
    await recorder?.repeated(asked.source, found.target);
    this.reused++;
    return found;
  }

  async #ask(url: string, what: "index" | "replay", judge: Judge): Promise<StoredAnswer> {
    const { recorder, clock } = this.#options;
    const startedAt = clock.now();
    try {
      const { body, sent, traffic, ...raw } = await this.#attempts(url, what);
      const response = { ...raw, body };
      const capture = await judge(response);
      this.#unanswered = 0;
      const times = { startedAt: traffic.startedAt, endedAt: clock.now() };
      if (capture === null) {
        await recorder?.exchange({ url, ...traffic, ...times, ...raw, body: sent, cached: null });
        return { response, capture };
      }
      const { response: own, ...about } = capture;
      await recorder?.replayed({ ...about, ...own, ...times, source: url, head: traffic.response });
      return { response: own, capture };
    } catch (error) {
      if (!(error instanceof FetchError)) throw error;
      const reason = error.message;
      await recorder?.failure({ url, startedAt, reason, state: "failed", retry: false });
      // What one response is like, too large or damaged, says nothing of the others.
      const isOfOne = this.archive.kind === "files" || !(error instanceof NoAnswer);
      if (!isOfOne) this.down ??= reason;
      else if (error.status !== null && ++this.#unanswered >= MOST_UNANSWERED) this.down ??= reason;
      throw new Unanswered(this.archive.name, url, reason);
    }
  }

  /** @throws {FetchError} when no answer came */
  async #attempts(url: string, what: "index" | "replay"): Promise<Came> {
    const { wire, onEvent, clock, signal, userAgent, attempts = ATTEMPTS } = this.#options;
    const { name } = this.archive;
    if (wire === null || this.down !== null)
      throw new NoAnswer(`it is not asked any more: ${this.down}`);
    const headers = { "user-agent": userAgent, ...requestHeaders(url) };
    for (let [attempt, pauses] = [1, 0]; ; ) {
      await this.#pace[what].take(signal);
      this.requests++;
      onEvent?.({ event: "request", url, role: "archive", attempt });
      let reason: string;
      let status: number | null = null;
      try {
        const response = await wire.get(url, headers);
        ({ status } = response);
        // What a site answered then says nothing of the archive.
        const isArchived = response.headers["memento-datetime"] !== undefined;
        if (status === 403 && this.isBlock(response.body))
          throw new NoAnswer(
            `it blocks this IP address for now: HTTP 403 came (${sample(response.body)})`,
          );
        const isBare = status === 403 && !isArchived && exclusion(response) === "HTTP 403";
        this.#forbidden = isBare ? this.#forbidden + 1 : 0;
        if (this.#forbidden >= MOST_FORBIDDEN) await this.#expectAnswer(wire, userAgent);
        if (status < 400) this.#answered = { url, what };
        const isOfOne = what === "index" ? saysNoCaptures(response) : isBadRecord(response);
        if (isArchived || isOfOne || !(isPassing(status) || BUSY.has(status)))
          return { ...response, sent: response.body, body: decoded(response) };
        reason = `HTTP ${status}`;
        if (status === 429) {
          const asked = parseRetryAfter(response.headers["retry-after"], clock.now()) ?? 0;
          const waitMs = Math.max(PAUSE, asked);
          if (++pauses === Math.min(MOST_PAUSES, attempts) || waitMs > LONGEST_PAUSE)
            throw new NoAnswer(
              `it wants fewer requests: HTTP 429${asked > 0 ? `, and none in the next ${Math.ceil(asked / 1000)} s` : pauses === 1 ? "" : ` ${pauses} times`}`,
            );
          for (const pace of Object.values(this.#pace)) pace.pauseUntil(clock.now() + waitMs);
          onEvent?.({ event: "wait", host: name, waitMs, reason: "HTTP 429, too many requests" });
          continue;
        }
      } catch (error) {
        if (!(error instanceof FetchError) || !error.retry) throw error;
        reason = error.message;
      }
      if (attempt === attempts) {
        const often = attempt === 1 ? reason : `${reason}, ${attempt} times`;
        throw status === null ? new NoAnswer(often) : new FetchError(often, { status });
      }
      const waitMs = attempt === 1 ? 0 : FIRST_WAIT * 2 ** (attempt - 2);
      onEvent?.({ event: "retry", url, reason, attempt: attempt++, attempts, waitMs });
      await clock.sleep(waitMs, signal);
    }
  }

  /**
   * Asks once more for what was answered before: an archive that excludes single URLs without a word still gives it. The
   * answer is in the capture already.
   *
   * @throws {NoAnswer} where it is forbidden now
   */
  async #expectAnswer(wire: ArchiveWire, userAgent: string): Promise<void> {
    if (this.#answered === null) throw new NoAnswer(BLOCKED);
    const { url, what } = this.#answered;
    await this.#pace[what].take(this.#options.signal);
    this.requests++;
    const { status } = await wire.get(url, { "user-agent": userAgent, ...requestHeaders(url) });
    if (status === 403) throw new NoAnswer(BLOCKED);
    this.#forbidden = 0;
  }
}

/** An archive that does not answer: it is not asked again in this run. */
class NoAnswer extends FetchError {}

function decoded({ body, headers }: WireResponse): Uint8Array {
  return decodeBody(body, headers["content-encoding"], MEDIA_LIMITS.decodedBytes);
}

/** True where an index says that it has nothing: that of the National Library of Australia does so with status 500. */
export function saysNoCaptures({ status, body }: Pick<WireResponse, "status" | "body">): boolean {
  return (status === 404 || status === 500) && /no captures/i.test(startOf(body));
}

/** The first words of an answer. */
export function sample(body: Uint8Array): string {
  const words = startOf(body)
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  return words === "" ? `${body.length} bytes` : `"${words.slice(0, 80)}"`;
}
