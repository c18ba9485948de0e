/** Responses of a capture as the wire would give them: codings as they came, revisits resolved. */
import { FetchError } from "../../http/fetch-error.js";
import { canDecode, decodeBody } from "../../http/wire/decode.js";
import type { WireResponse } from "../../http/wire/receive.js";
import { digestKey, hasDigest } from "../../warc/digest.js";
import { dechunk, type HttpMessage, headersOf, parseResponse, statusOf } from "../../warc/http.js";
import { type FoundRecord, WarcDamage } from "../../warc/reading.js";
import { fieldOf } from "../../warc/record.js";
import { type CapturedResponse, isSegment } from "./captured-response.js";
import type { ResponseTable } from "./response-table.js";

/** Why there is no response where a record was damaged. */
export const DAMAGED = "the capture is damaged where its response was";

/** For what a damage of the file made unreadable. @throws {FetchError} in its place */
export function damagedHere(error: unknown): never {
  if (!(error instanceof WarcDamage)) throw error;
  const options = { code: "not-captured", cause: error } as const;
  throw new FetchError(`the capture is damaged here: ${error.message}`, options);
}

/**
 * The response that a revisit repeats: by record, by URL and date, or by digest alone (wget names nothing else that
 * leads there); null when it is in none of the files.
 */
async function originalOf(
  { refersTo, url, digest }: CapturedResponse,
  table: ResponseTable,
): Promise<CapturedResponse | null> {
  const same = digest === null ? undefined : table.byDigest(digest);
  const read = async (row: number | undefined) => (row === undefined ? null : table.read(row));
  const named = refersTo?.id == null ? undefined : table.byId(refersTo.id);
  if (named !== undefined) {
    if (table.at(named).kind !== "damage") return table.read(named);
    if (same === undefined) throw new FetchError(DAMAGED, { code: "not-captured" });
    return table.read(same);
  }
  const then =
    refersTo?.date == null ? undefined : table.byDate(refersTo.url ?? url, refersTo.date);
  return read(then ?? same);
}

/**
 * A captured response as the wire gave it.
 *
 * @throws {FetchError} when it is damaged, only a part of what the server sent, or refers to a response
 * that is not there
 */
export async function responseOf(
  captured: CapturedResponse,
  table: ResponseTable,
): Promise<WireResponse> {
  if (captured.failure !== null) {
    const { reason, state, retry } = captured.failure;
    // So is a page recorded that came in the browser with another status.
    const [, status] = /^HTTP (\d{3})$/.exec(reason) ?? [];
    throw new FetchError(reason, { state, retry, status: status ? Number(status) : null });
  }
  const record = await table.record(captured).catch(damagedHere);
  if (captured.kind === "resource") {
    const type = fieldOf(record, "content-type");
    const place = fieldOf(record, "content-location");
    const headers = {
      ...(type === null ? {} : { "content-type": type }),
      ...(place === null ? {} : { "content-location": place }),
    };
    return { status: 200, headers, body: record.block, whole: true };
  }
  if (captured.kind === "response") return responseIn(record, captured.ours);
  const original = await originalOf(captured, table);
  if (original === null) throw unresolved(captured);
  await checkDigest(captured, original, table);
  const before = await responseOf(original, table);
  // "Not modified" says nothing of the page but that; an equal payload came with a header of its own.
  if (captured.status === 304 || record.block.length === 0) return before;
  const { status, headers } = responseIn(record, true);
  const { body, whole } = before;
  return { status, headers: captured.ours ? headers : honest(headers, body), body, whole };
}

/**
 * A revisit that gives another digest than the record it names has is one of another response: which, nobody knows.
 * Programs write a digest in several forms, and differ in what they take for the payload.
 *
 * @throws {FetchError} when it is
 */
async function checkDigest(
  revisit: CapturedResponse,
  original: CapturedResponse,
  table: ResponseTable,
): Promise<void> {
  const { digest, refersTo } = revisit;
  if (digest === null || digestKey(digest) === digestKey(original.digest ?? "")) return;
  // The answer "not modified" has no payload, and some programs say so.
  if (hasDigest(new Uint8Array(), digest) !== false) return;
  const { block } = await table.record(original).catch(damagedHere);
  const message = parseResponse(block);
  const { payloads, isAll } = message === null ? NO_PAYLOADS : payloadsOf(message);
  if (!isAll || [...payloads, block].some((payload) => hasDigest(payload, digest) !== false))
    return;
  throw new FetchError(
    `the capture repeats the record ${refersTo?.id ?? original.id}, and that has another payload digest`,
    { code: "not-captured" },
  );
}

const NO_PAYLOADS = { payloads: [], isAll: true };

function unresolved({ refersTo, url }: CapturedResponse): FetchError {
  const at = refersTo?.date == null ? "" : ` of ${refersTo.date}`;
  return new FetchError(
    `the capture repeats a response${at} for ${refersTo?.url ?? url}, which no capture given here holds`,
    { state: "not-reached", code: "not-captured" },
  );
}

/**
 * The response in a response or revisit record.
 *
 * @param ours true when the header is known to be that of the body
 * @throws {FetchError} when it has no header
 */
export function responseIn(record: FoundRecord, ours: boolean): WireResponse {
  const message = parseResponse(record.block);
  const status = message === null ? null : statusOf(message);
  if (message === null || status === null)
    throw new FetchError("the capture holds a response without a header", { code: "not-captured" });
  const { "transfer-encoding": coding, ...headers } = headersOf(message.fields);
  const isChunked = /\bchunked\b/i.test(coding ?? "");
  // Some programs remove the chunk framing and leave the header as it was.
  const body = (isChunked ? dechunk(message.body) : null) ?? message.body;
  const whole = fieldOf(record, "warc-truncated") === null && !isSegment(record);
  const cookies = message.fields.flatMap(([name, value]) =>
    name.toLowerCase() === "set-cookie" ? [value] : [],
  );
  const came = { status, headers: ours ? headers : honest(headers, body), body, whole };
  return cookies.length === 0 ? came : { ...came, cookies };
}

/** Some programs store the body decoded under the header of the encoded one: what cannot be decoded and begins as a page is one. */
function honest(
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
): Readonly<Record<string, string>> {
  const { "content-encoding": coding, ...others } = headers;
  const start = Buffer.from(body.subarray(0, 256)).toString("latin1");
  if (coding === undefined || !/^\s*(?:\xef\xbb\xbf)?\s*</.test(start)) return headers;
  return decoded(body, coding) === null ? others : headers;
}

/**
 * What programs take for the payload: the body as it was sent, without its chunks, or decoded as well. `isAll` is false
 * where it cannot be decoded here, which is no fault of the capture.
 */
export function payloadsOf({ body, fields }: HttpMessage) {
  const coding = headersOf(fields)["content-encoding"];
  const plain = dechunk(body);
  const whole = decoded(plain ?? body, coding);
  const payloads = [body, plain, whole].filter((payload) => payload !== null);
  return { payloads, isAll: canDecode(coding) };
}

/** Most bytes of a body of another program, decoded. */
const MOST_DECODED = 64 * 1024 * 1024;

/** Null where it cannot be decoded. */
function decoded(body: Uint8Array, coding: string | undefined): Uint8Array | null {
  try {
    return decodeBody(body, coding, MOST_DECODED);
  } catch {
    return null;
  }
}
