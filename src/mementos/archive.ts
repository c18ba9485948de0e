/** One web archive, asked over the network or out of what an earlier run stored of it. */
import { REDIRECTS } from "../http/completeness.js";
import { FetchError } from "../http/fetch-error.js";
import type { WireResponse } from "../http/wire/receive.js";
import { digitsOf } from "../warc/date.js";
import { Asker, sample, saysNoCaptures, Unanswered } from "./ask.js";
import {
  DIALECTS,
  type Dialect,
  type Question,
  questionUrl,
  replayUrl,
  timegateUrl,
} from "./dialects.js";
import { type Capture, exclusion, type NoCapture, readReplay } from "./replay.js";
import {
  type IndexAnswer,
  type IndexRow,
  readRows,
  replayed,
  timeOf,
  UnknownForm,
} from "./rows.js";

export class RemoteArchive extends Asker {
  /**
   * Asks the index.
   *
   * @throws {Unanswered} when nothing came, or something else than rows
   * @throws {Stopped} when the run was stopped before
   */
  async list(question: Question): Promise<IndexAnswer> {
    const url = questionUrl(this.archive, question);
    const dialect = DIALECTS[this.archive.kind];
    const found = await this.read(
      url,
      "index",
      (response) => exclusion(response) ?? rowsIn(response, dialect),
    );
    if (typeof found === "string") throw new Unanswered(this.archive.name, url, found, true);
    return found;
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
    const { response, capture } = await this.answer(
      source,
      "replay",
      (response) => {
        const read = readReplay(response, asked);
        if ("response" in read) return read;
        if (read.state === "unknown") throw new FetchError(`${read.reason} came`, { status: 200 });
        return null;
      },
      asked,
    );
    return capture === null ? readReplay(response, asked) : { ...capture, response };
  }

  /** Time of the capture nearest to a time, by the time gate or the redirect to it; null when there is none. @throws {Unanswered} */
  async nearest(url: string, time: string): Promise<string | null> {
    const { timegate } = this.archive;
    if (timegate !== undefined) return this.#gate(timegateUrl(timegate, time, url));
    const read = await this.fetch({ url, time });
    if ("response" in read) return digitsOf(read.time);
    if (read.state === "elsewhere") return read.time;
    if (read.state === "none") return null;
    throw new Unanswered(this.archive.name, url, read.reason, read.state === "excluded");
  }

  /** Asks a time gate (RFC 7089, section 4): it redirects to a capture, or answers as one. */
  async #gate(asked: string): Promise<string | null> {
    const found = await this.read(asked, "index", (response) => {
      const { status, headers } = response;
      const excluded = exclusion(response);
      if (excluded !== null) return { excluded };
      if (status === 404) return { time: null };
      const own = timeOf(headers["memento-datetime"]);
      const led = REDIRECTS.has(status) ? replayed(headers.location ?? "")?.time : undefined;
      const time = own ?? led ?? null;
      if (time === null)
        throw new FetchError(`HTTP ${status} came, which leads to no capture`, { status });
      return { time };
    });
    if ("time" in found) return found.time;
    throw new Unanswered(this.archive.name, asked, found.excluded, true);
  }
}

/** @throws {FetchError} when an answer holds no rows */
export function rowsIn({ status, headers, body }: WireResponse, dialect: Dialect): IndexAnswer {
  // pywb says so where it has no row; of a TimeMap it means the same.
  if ((status === 404 && dialect.form === "links") || saysNoCaptures({ status, body }))
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
