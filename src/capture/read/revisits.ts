/** Responses of a capture as the wire would give them: codings as they came, revisits resolved. */
import { FetchError } from "../../http/fetch-error.js";
import { decodeBody } from "../../http/wire/decode.js";
import { DEFAULT_LIMITS, type WireResponse } from "../../http/wire/receive.js";
import { dechunk, headersOf, parseHttp, statusOf } from "../../warc/http.js";
import { type FoundRecord, readRecord, WarcDamage } from "../../warc/reading.js";
import { fieldOf } from "../../warc/record.js";
import type { CapturedResponse } from "./captured-response.js";

/** The responses of several files, by what a revisit may say of the one that it repeats. */
export class RevisitIndex {
  readonly #byId = new Map<string, CapturedResponse>();
  readonly #byDate = new Map<string, CapturedResponse>();
  readonly #byDigest = new Map<string, CapturedResponse>();

  add(response: CapturedResponse): void {
    const { kind, id, url, date, digest } = response;
    if (kind === "failure" || kind === "revisit") return;
    if (id !== "") this.#byId.set(id, response);
    if (kind === "damage") return;
    this.#byDate.set(urlAndDate(url, date), response);
    if (digest !== null) this.#byDigest.set(digest.toLowerCase(), response);
  }

  /**
   * The response that a revisit repeats: by record, by URL and date, or by digest alone (wget names
   * nothing else that leads there); null when it is in none of the files.
   */
  original({ refersTo, url, digest }: CapturedResponse): CapturedResponse | null {
    const named = refersTo?.id == null ? undefined : this.#byId.get(refersTo.id);
    const same = digest === null ? undefined : this.#byDigest.get(digest.toLowerCase());
    if (named !== undefined) return named.kind === "damage" ? (same ?? named) : named;
    const at = refersTo?.date == null ? null : urlAndDate(refersTo.url ?? url, refersTo.date);
    const then = at === null ? undefined : this.#byDate.get(at);
    return then ?? same ?? null;
  }
}

/** Replay tools compare 14 digits of a date, and one URL with or without its `s`. */
function urlAndDate(url: string, date: string): string {
  return `${url.replace(/^https?:/, "")} ${date.replace(/\D/g, "").slice(0, 14)}`;
}

/**
 * A captured response as the wire gave it.
 *
 * @throws {FetchError} when it is damaged, only a part of what the server sent, or refers to a response
 * that is not there
 */
export async function responseOf(
  captured: CapturedResponse,
  revisits: RevisitIndex,
): Promise<WireResponse> {
  if (captured.failure !== null) {
    const { reason, state, retry } = captured.failure;
    throw new FetchError(reason, { state, retry });
  }
  const record = await recordOf(captured);
  if (captured.kind === "resource") {
    const type = fieldOf(record, "content-type");
    const headers = type === null ? {} : { "content-type": type };
    return { status: 200, headers, body: record.block, whole: true };
  }
  if (captured.kind === "response") return responseIn(record, captured.ours);
  const original = revisits.original(captured);
  if (original === null) throw unresolved(captured);
  const before = await responseOf(original, revisits);
  // "Not modified" says nothing of the page but that; an equal payload came with a header of its own.
  if (captured.status === 304 || record.block.length === 0) return before;
  const { status, headers } = responseIn(record, true);
  const { body, whole } = before;
  return { status, headers: captured.ours ? headers : honest(headers, body), body, whole };
}

async function recordOf({ file, offset }: CapturedResponse): Promise<FoundRecord> {
  try {
    return await readRecord(file.bytes, offset);
  } catch (error) {
    if (!(error instanceof WarcDamage)) throw error;
    throw new FetchError(`the capture is damaged here: ${error.message}`, { cause: error });
  }
}

function unresolved({ refersTo, url }: CapturedResponse): FetchError {
  const at = refersTo?.date == null ? "" : ` of ${refersTo.date}`;
  return new FetchError(
    `the capture repeats a response${at} for ${refersTo?.url ?? url}, which no capture given here holds`,
    { state: "not-reached" },
  );
}

/**
 * The response in a response or revisit record.
 *
 * @param ours true when the header is known to be that of the body
 * @throws {FetchError} when it has no header
 */
export function responseIn(record: FoundRecord, ours: boolean): WireResponse {
  const message = parseHttp(record.block);
  const status = message === null ? null : statusOf(message);
  if (message === null || status === null)
    throw new FetchError("the capture holds a response without a header");
  const { "transfer-encoding": coding, ...headers } = headersOf(message.fields);
  const isChunked = /\bchunked\b/i.test(coding ?? "");
  // Some programs remove the chunk framing and leave the header as it was.
  const body = (isChunked ? dechunk(message.body) : null) ?? message.body;
  const whole = fieldOf(record, "warc-truncated") === null;
  return { status, headers: ours ? headers : honest(headers, body), body, whole };
}

/** Some programs store the body decoded under the header of the encoded one: what cannot be decoded and begins as a page is one. */
function honest(
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
): Readonly<Record<string, string>> {
  const { "content-encoding": coding, ...others } = headers;
  const start = Buffer.from(body.subarray(0, 256)).toString("latin1");
  if (coding === undefined || !/^\s*(?:\xef\xbb\xbf)?\s*</.test(start)) return headers;
  try {
    decodeBody(body, coding, DEFAULT_LIMITS.decodedBytes);
    return headers;
  } catch {
    return others;
  }
}
