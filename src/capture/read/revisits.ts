/** Answers of a capture as the wire would give them: codings as they came, revisits resolved. */

import { FetchError } from "../../http/fetch-error.js";
import { decodeBody } from "../../http/wire/decode.js";
import { DEFAULT_LIMITS, type WireResponse } from "../../http/wire/receive.js";
import { dechunk, headersOf, parseHttp, statusOf } from "../../warc/http.js";
import { type FoundRecord, readRecord, WarcDamage } from "../../warc/reading.js";
import { fieldOf } from "../../warc/record.js";
import type { Held } from "./scan.js";

/** Every answer of several files, for revisits to be resolved in. */
export class Pool {
  readonly #byId = new Map<string, Held>();
  readonly #byMoment = new Map<string, Held>();
  readonly #byDigest = new Map<string, Held>();

  add(held: Held): void {
    if (held.kind === "loss" || held.kind === "revisit") return;
    if (held.id !== "") this.#byId.set(held.id, held);
    if (held.kind === "damage") return;
    this.#byMoment.set(moment(held.url, held.date), held);
    if (held.digest !== null) this.#byDigest.set(held.digest.toLowerCase(), held);
  }

  /**
   * The answer that a revisit stands for: by record, by address and date, or by digest alone (wget
   * names nothing else that leads there); null when it is in none of the files.
   */
  original({ refersTo, url, digest }: Held): Held | null {
    const named = refersTo?.id == null ? undefined : this.#byId.get(refersTo.id);
    const same = digest === null ? undefined : this.#byDigest.get(digest.toLowerCase());
    if (named !== undefined) return named.kind === "damage" ? (same ?? named) : named;
    const at = refersTo?.date == null ? null : moment(refersTo.url ?? url, refersTo.date);
    const then = at === null ? undefined : this.#byMoment.get(at);
    return then ?? same ?? null;
  }
}

/** Replay tools compare 14 digits of a date, and one address with or without its `s`. */
function moment(url: string, date: string): string {
  return `${url.replace(/^https?:/, "")} ${date.replace(/\D/g, "").slice(0, 14)}`;
}

/**
 * The answer that a record holds.
 *
 * @throws {FetchError} when it is damaged, only a part of what the server sent, or refers to what is
 * not there
 */
export async function answerOf(held: Held, pool: Pool): Promise<WireResponse> {
  if (held.loss !== null) {
    const { reason, state, retry } = held.loss;
    throw new FetchError(reason, { state, retry });
  }
  const record = await recordOf(held);
  if (held.kind === "resource") {
    const type = fieldOf(record, "content-type");
    const headers = type === null ? {} : { "content-type": type };
    return { status: 200, headers, body: record.block, whole: true };
  }
  if (held.kind === "response") return answerIn(record, held.ours);
  const original = pool.original(held);
  if (original === null) throw unresolved(held);
  const before = await answerOf(original, pool);
  // "Not modified" says nothing of the page but that; an equal payload came with a header of its own.
  if (held.status === 304 || record.block.length === 0) return before;
  const { status, headers } = answerIn(record, true);
  const { body, whole } = before;
  return { status, headers: held.ours ? headers : honest(headers, body), body, whole };
}

async function recordOf({ file, offset }: Held): Promise<FoundRecord> {
  try {
    return await readRecord(file.bytes, offset);
  } catch (error) {
    if (!(error instanceof WarcDamage)) throw error;
    throw new FetchError(`the capture is damaged here: ${error.message}`, { cause: error });
  }
}

function unresolved({ refersTo, url }: Held): FetchError {
  const at = refersTo?.date == null ? "" : ` of ${refersTo.date}`;
  return new FetchError(
    `the capture repeats an answer${at} for ${refersTo?.url ?? url}, which no capture given here holds`,
    { state: "not-reached" },
  );
}

/**
 * The answer in a record of an answer.
 *
 * @param ours true when the header can be believed to be that of the body
 * @throws {FetchError} when it has no header
 */
export function answerIn(record: FoundRecord, ours: boolean): WireResponse {
  const message = parseHttp(record.block);
  const status = message === null ? null : statusOf(message);
  if (message === null || status === null)
    throw new FetchError("the capture holds an answer without a header");
  const { "transfer-encoding": coding, ...headers } = headersOf(message.fields);
  const isChunked = /\bchunked\b/i.test(coding ?? "");
  // Some programs take the chunks apart and leave the header as it was.
  const body = (isChunked ? dechunk(message.body) : null) ?? message.body;
  const truncated = fieldOf(record, "warc-truncated");
  const believed = ours ? headers : honest(headers, body);
  return { status, headers: believed, body, whole: truncated === null };
}

/** Some programs store the body decoded under the header of the encoded one: what cannot be decoded and begins as a page is one. */
function honest(
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
): Readonly<Record<string, string>> {
  const { "content-encoding": coding, ...others } = headers;
  if (coding === undefined || !/^\s*(?:\xef\xbb\xbf)?\s*</.test(startOf(body))) return headers;
  try {
    decodeBody(body, coding, DEFAULT_LIMITS.decodedBytes);
    return headers;
  } catch {
    return others;
  }
}

function startOf(body: Uint8Array): string {
  return Buffer.from(body.subarray(0, 256)).toString("latin1");
}
