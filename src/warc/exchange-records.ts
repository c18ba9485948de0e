/** The records of what a crawl requested: of exchanges, of pages that a browser showed, of requests that failed. Pure; ids are parameters. */
import { postKey } from "../post.js";
import { warcDate } from "./date.js";
import { sha1, sha256 } from "./digest.js";
import type { FailedRequest, HttpExchange, RenderedPage } from "./exchange.js";
import {
  HTTP_RESPONSE,
  headOf,
  type Kept,
  linesRecord,
  mimeOf,
  receivedLines,
  revisitFields,
  TRUNCATED,
  timeLine,
} from "./fields.js";
import { parseHttp } from "./http.js";
import { type Field, makeRecord, type WarcRecord } from "./record.js";

/** Fields of our requests that may hold a secret. None is sent by default; none is kept in any case. */
const SECRET = /^(?:authorization|proxy-authorization|cookie)$/i;

/**
 * Makes the records of an exchange. A response that says "not modified", and one whose payload is that
 * of the last time, is a revisit of it, which names URL, date and record so that it can be resolved.
 * A viewer shows the status and headers of the revisit with the payload of its original, and nothing at all for a 304
 * (wabac 2.27, pywb 2.10): a "not modified" has those of its original, and what came is in its metadata record.
 *
 * The transfer coding is taken off: chunks are the framing of one connection, two responses with one
 * payload differ in them, and tools disagree whether a payload digest counts them. What the server
 * said of it stays as `X-Archive-Orig-Transfer-Encoding`. The content coding stays as it came.
 *
 * @param ids of the response, the request and the metadata
 * @param info id of the warcinfo record
 */
export function exchangeRecords(
  exchange: HttpExchange,
  [id, requestId, metadataId]: readonly [response: string, request: string, metadata: string],
  info: string,
): Kept {
  const { cached, status, body, url, address } = exchange;
  const date = warcDate(exchange.startedAt);
  const came = responseHead(exchange);
  const own = sha1(body);
  const isSame = status === 200 && body.length > 0 && own === cached?.digest;
  const original = status === 304 || isSame ? cached : null;
  const type = original === null ? "response" : "revisit";
  const isNotModified = status === 304 && original !== null;
  const head = isNotModified ? original.head : came.bytes;
  const digest = original?.digest ?? own;
  const server: Field[] = address === null ? [] : [["WARC-IP-Address", address]];
  const concurrent: Field = ["WARC-Concurrent-To", id];
  const response = makeRecord(
    [
      ...headOf(type, { id, date, url, info }),
      ...server,
      ...(original === null ? [] : revisitFields(status, original)),
      ...(exchange.whole ? [] : [TRUNCATED]),
      ["WARC-Payload-Digest", digest],
      HTTP_RESPONSE,
    ],
    original === null ? Buffer.concat([head, body]) : head,
  );
  const request = makeRecord(
    [
      ...headOf("request", { id: requestId, date, url, info }),
      ...server,
      concurrent,
      ["Content-Type", "application/http; msgtype=request"],
    ],
    withoutSecrets(exchange.request),
  );
  const lines = [timeLine(exchange), ...(isNotModified ? receivedLines(came.bytes) : [])];
  const about = { id: metadataId, date, url, info };
  return {
    records: [response, request, linesRecord("metadata", about, lines, [concurrent])],
    type,
    // Only responses with status 200 are repeated.
    status: original === null ? status : 200,
    // pywb takes a line with another type for an original, and shows an empty page.
    mime: original === null ? came.mime : "warc/revisit",
    digest,
    sha256: original?.sha256 ?? sha256(body),
  };
}

/**
 * The record of a page that a browser rendered: a resource, since no server sent it so (WARC 1.1, section 6.4). Its own
 * URL is the Content-Location (RFC 9110, section 8.7).
 */
export function renderedRecord(
  { url, shownUrl, startedAt, body }: RenderedPage,
  id: string,
  info: string,
): Kept {
  const digest = sha1(body);
  const record = makeRecord(
    [
      ...headOf("resource", { id, date: warcDate(startedAt), url, info }),
      ["WARC-Payload-Digest", digest],
      ["Content-Type", "text/html; charset=utf-8"],
      ["Content-Location", shownUrl],
    ],
    body,
  );
  const kept = { status: 200, mime: "text/html", digest, sha256: sha256(body) };
  return { records: [record], type: "response", ...kept };
}

/** What is stored where no response came: a replay must fail as the crawl did. */
export function failureRecord(failed: FailedRequest, id: string, info: string): WarcRecord {
  const { url, post, startedAt, reason, state, retry } = failed;
  return linesRecord("metadata", { id, date: warcDate(startedAt), url, info }, [
    ["fetchFailed", reason.replace(/\s+/g, " ")],
    ["fetchState", state],
    ["fetchRetry", String(retry)],
    ...(post === undefined ? [] : [["fetchRequest", postKey(post)] as const]),
  ]);
}

/** A revisit with the status and headers of its original: the captures of sitelift once held the 304 that came. */
export function withHead({ fields }: WarcRecord, head: Uint8Array): WarcRecord {
  const kept = fields.filter(([name]) => !/^(?:warc-block-digest|content-length)$/i.test(name));
  return makeRecord(kept, head);
}

/** The header of a response, interim ones (1xx) passed over: as it came, but for the transfer coding. */
function responseHead({ response, body }: HttpExchange): { bytes: Uint8Array; mime: string } {
  let [bytes, message] = [response, parseHttp(response)];
  while (message !== null && /^HTTP\/\S+ 1\d\d/.test(message.start))
    [bytes, message] = [message.body, parseHttp(message.body)];
  if (message === null) return { bytes, mime: "unk" };
  const head = bytes.subarray(0, bytes.length - message.body.length);
  const has = (wanted: string) => message.fields.find(([name]) => name.toLowerCase() === wanted);
  return {
    bytes: has("transfer-encoding") === undefined ? head : untransferred(head, body.length),
    mime: mimeOf(has("content-type")?.[1]),
  };
}

function untransferred(head: Uint8Array, length: number): Uint8Array {
  const lines = Buffer.from(head)
    .toString("latin1")
    .trimEnd()
    .split(/\r?\n/)
    .filter((line) => !/^content-length[ \t]*:/i.test(line))
    .map((line) => line.replace(/^transfer-encoding(?=[ \t]*:)/i, "X-Archive-Orig-$&"));
  return Buffer.from([...lines, `Content-Length: ${length}`, "", ""].join("\r\n"), "latin1");
}

function withoutSecrets(request: Uint8Array): Uint8Array {
  const message = parseHttp(request);
  if (message === null || !message.fields.some(([name]) => SECRET.test(name))) return request;
  const kept = message.fields.filter(([name]) => !SECRET.test(name));
  const lines = [message.start, ...kept.map(([name, value]) => `${name}: ${value}`), "", ""];
  return Buffer.concat([Buffer.from(lines.join("\r\n"), "latin1"), message.body]);
}
