/** One web archive, asked over the network or out of what an earlier run stored of it. */
import type { Answers, StoredAnswer } from "../capture/read/answers.js";
import type { Clock } from "../http/clock.js";
import { isPassing } from "../http/completeness.js";
import type { FetchEvent } from "../http/events.js";
import { FetchError } from "../http/fetch-error.js";
import { parseRetryAfter } from "../http/polite/retry-after.js";
import { decodeBody } from "../http/wire/decode.js";
import { MEDIA_LIMITS, type WireResponse } from "../http/wire/receive.js";
import type { Transport } from "../http/wire/transport.js";
import type { WebArchive } from "../schema/web-archive.js";
import type { FailedRequest, HttpExchange, ReplayedCapture } from "../warc/exchange.js";
import { type Dialect, dialectOf, type Question, questionUrl, replayUrl } from "./dialects.js";
import { Pace } from "./pace.js";
import { type Capture, exclusion, type NoCapture, readReplay } from "./replay.js";
import { type IndexAnswer, type IndexRow, readRows, timeOf, UnknownForm } from "./rows.js";

/** Stores what is asked and answered. An error that it throws ends the run. */
export interface AnswerRecorder {
  exchange(exchange: HttpExchange): Promise<void>;
  failure(failed: FailedRequest): Promise<void>;
  replayed(capture: ReplayedCapture): Promise<void>;
}

/** What answers requests: the network, or files. */
export interface ArchiveWire {
  /** @throws {FetchError} when no answer came */
  get(url: string, headers: Readonly<Record<string, string>>): ReturnType<Transport["get"]>;
  close(): Promise<void>;
}

export interface ArchiveOptions {
  readonly clock: Clock;
  readonly userAgent: string;
  readonly answers: Answers;
  /** Null where nothing may be requested: then what is not stored is missing. */
  readonly wire: ArchiveWire | null;
  readonly recorder?: AnswerRecorder | undefined;
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
/** Statuses of an archive that is busy, besides those of any server (EDGI's client). */
const BUSY = new Set([413, 421, 599]);

/** An answer of an archive: its body decoded, and as it was sent. */
type Came = Awaited<ReturnType<Transport["get"]>> & { readonly sent: Uint8Array };

export class RemoteArchive {
  readonly archive: WebArchive;
  readonly #options: ArchiveOptions;
  readonly #pace: Readonly<Record<"index" | "replay", Pace>>;
  /** One request at a time, over one connection. */
  #turn: Promise<unknown> = Promise.resolve();
  #unanswered = 0;
  /** Why it is not asked any more; null while it is. */
  down: string | null = null;
  /** Requests that were made. */
  requests = 0;

  constructor(archive: WebArchive, options: ArchiveOptions) {
    this.archive = archive;
    this.#options = options;
    const { index, replay } = archive.perMinute;
    this.#pace = {
      index: new Pace(index, options.clock),
      replay: new Pace(replay, options.clock),
    };
  }

  /** Milliseconds that requests take at the pace that is kept. */
  time(requests: Readonly<Record<"index" | "replay", number>>): number {
    return (
      requests.index * this.#pace.index.interval + requests.replay * this.#pace.replay.interval
    );
  }

  /**
   * Asks the index.
   *
   * @throws {Unanswered} when nothing came, or something else than rows
   * @throws {Stopped} when the run was stopped before
   */
  async list(question: Question): Promise<IndexAnswer> {
    const url = questionUrl(this.archive, question);
    const { name } = this.archive;
    const dialect = dialectOf(this.archive);
    const { response } = await this.#answer(url, "index", (response) => {
      if (exclusion(response) === null) rowsIn(response, dialect);
      return null;
    });
    const excluded = exclusion(response);
    if (excluded !== null) throw new Unanswered(name, url, excluded, true);
    return rowsIn(response, dialect);
  }

  /**
   * Asks for a capture.
   *
   * @throws {Unanswered} when nothing came, or what may not be an answer of a web archive
   * @throws {Stopped} when the run was stopped before
   */
  async fetch({ url, time }: Pick<IndexRow, "url" | "time">): Promise<Capture | NoCapture> {
    const source = replayUrl(this.archive, time, url);
    const asked = { url, time, source };
    const { response, capture } = await this.#answer(source, "replay", (response) => {
      const read = readReplay(response, asked);
      if ("response" in read) return read;
      if (read.state === "unknown") throw new FetchError(`${read.reason} came`, { status: 200 });
      return null;
    });
    return capture === null ? readReplay(response, asked) : { ...capture, response };
  }

  /** Time of the capture nearest to a time, by the redirect to it; null when there is none. @throws {Unanswered} */
  async nearest(url: string, time: string): Promise<string | null> {
    const read = await this.fetch({ url, time });
    if ("response" in read) return read.time.replace(/\D/g, "");
    if (read.state === "elsewhere") return read.time;
    if (read.state === "none") return null;
    throw new Unanswered(this.archive.name, url, read.reason, read.state === "excluded");
  }

  /**
   * The stored answer, or that of the archive, which is stored.
   *
   * @param judge gives the capture that an answer is, null for another answer; throws a FetchError for what is none
   */
  async #answer(
    url: string,
    what: "index" | "replay",
    judge: (response: WireResponse) => Capture | null,
  ): Promise<StoredAnswer> {
    const stored = await this.#options.answers.find(url).catch((error: unknown) => {
      if (!(error instanceof FetchError)) throw error;
      throw new Unanswered(this.archive.name, url, error.message);
    });
    if (stored?.capture === null)
      return { ...stored, response: { ...stored.response, body: decoded(stored.response) } };
    if (stored !== null) return stored;
    if (this.#options.wire === null)
      throw new Unanswered(this.archive.name, url, "the capture holds no answer");
    const asked = this.#turn.then(() => this.#ask(url, what, judge));
    this.#turn = asked.catch(() => undefined);
    return asked;
  }

  async #ask(
    url: string,
    what: "index" | "replay",
    judge: (response: WireResponse) => Capture | null,
  ): Promise<StoredAnswer> {
    const { recorder, clock } = this.#options;
    const startedAt = clock.now();
    try {
      const { body, sent, traffic, ...raw } = await this.#attempts(url, what);
      const response = { ...raw, body };
      const capture = judge(response);
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
    const headers = { "user-agent": userAgent, accept: "*/*", "accept-encoding": "gzip" };
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
        if (isArchived || !(isPassing(status) || BUSY.has(status)))
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
}

/** An archive that does not answer: it is not asked again in this run. */
class NoAnswer extends FetchError {}

/** @throws {FetchError} when an answer holds no rows */
function rowsIn({ status, headers, body }: WireResponse, dialect: Dialect): IndexAnswer {
  // pywb says so where it has no row; of a TimeMap it means the same.
  if (status === 404 && (dialect.form === "links" || /no captures found/i.test(textOf(body))))
    return { rows: [], read: 0, dropped: 0, resumeKey: null };
  if (status !== 200) throw new FetchError(`HTTP ${status} came (${sample(body)})`, { status });
  try {
    return readRows(body, dialect, timeOf(headers.date));
  } catch (error) {
    if (!(error instanceof UnknownForm)) throw error;
    const reason = `an answer in an unknown form came: ${error.message} (${sample(body)})`;
    throw new FetchError(reason, { status, cause: error });
  }
}

function decoded({ body, headers }: WireResponse): Uint8Array {
  return decodeBody(body, headers["content-encoding"], MEDIA_LIMITS.decodedBytes);
}

function textOf(body: Uint8Array): string {
  return new TextDecoder().decode(body.subarray(0, 1000));
}

/** The first words of an answer. */
function sample(body: Uint8Array): string {
  const words = textOf(body)
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  return words === "" ? `${body.length} bytes` : `"${words.slice(0, 80)}"`;
}
