/**
 * The records of what a crawl got: of exchanges, of captures of web archives, of pages that a browser showed, of requests
 * that failed. Pure: `newId` gives the id of each record.
 */
import { STATUS_CODES } from "node:http";
import type { JournalLine } from "../../schema/capture.js";
import { postKey } from "../../url/post.js";
import { REVISIT } from "../../warc/cdxj.js";
import { isoTime } from "../../warc/date.js";
import { sha1, sha256 } from "../../warc/digest.js";
import type {
  FailedRequest,
  HttpExchange,
  RenderedPage,
  ReplayedCapture,
  RevisitTarget,
} from "../../warc/exchange.js";
import { parseHttp, statusOf } from "../../warc/http.js";
import { indexedRequest } from "../../warc/post.js";
import {
  type Field,
  fieldOf,
  headOf,
  headText,
  linesRecord,
  makeRecord,
  type WarcRecord,
} from "../../warc/record.js";

const PROFILES = {
  identical: "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
  notModified: "http://netpreserve.org/warc/1.1/revisit/server-not-modified",
};

const HTTP_RESPONSE: Field = ["Content-Type", "application/http; msgtype=response"];
const TRUNCATED: Field = ["WARC-Truncated", "length"];

/** Fields of our requests that may hold a secret. None is sent by default; none is kept in any case. */
const SECRET = /^(?:authorization|proxy-authorization|cookie)$/i;

/** What a capture keeps of one request: its records, the response first, and the line of the journal without their place. */
export type Kept = Omit<JournalLine, "offset" | "length" | "first"> & {
  readonly records: readonly WarcRecord[];
};

/** Of what is kept without a response. */
export const NO_RESPONSE = { status: 0, mime: "", digest: "", sha256: "0".repeat(64) };

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
 * @param info id of the warcinfo record
 */
export function exchangeRecords(exchange: HttpExchange, info: string, newId: () => string): Kept {
  const { cached, status, body, url, address, post } = exchange;
  const [id, requestId, metadataId] = [newId(), newId(), newId()];
  const date = isoTime(exchange.startedAt);
  const came = responseHead(exchange);
  const own = sha1(body);
  const isSame = status === 200 && body.length > 0 && own === cached?.digest;
  const original = status === 304 || isSame ? cached : null;
  const kind = original === null ? "response" : "revisit";
  const isNotModified = status === 304 && original !== null;
  const head = isNotModified ? original.head : came.bytes;
  const digest = original?.digest ?? own;
  const server: Field[] = address === null ? [] : [["WARC-IP-Address", address]];
  const concurrent: Field = ["WARC-Concurrent-To", id];
  const response = makeRecord(
    [
      ...headOf(kind, { id, date, url, info }),
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
    ...{ kind, id, date, url },
    ...(post && { post: { key: postKey(post), request: indexedRequest(post) } }),
    // Only responses with status 200 are repeated.
    status: original === null ? status : 200,
    // pywb takes a line with another type for an original, and shows an empty page.
    mime: original === null ? came.mime : REVISIT,
    digest,
    sha256: original?.sha256 ?? sha256(body),
  };
}

/**
 * Makes the records of a capture of a web archive: its response under its own URL and time, with the URL of the replay
 * as WARC-Source-URI (as cdx_toolkit writes it), and what the archive said of it. A record that the archive gave is kept
 * as it is. There is no request record: what was requested is another URL.
 */
export function replayedRecords(capture: ReplayedCapture, info: string, newId: () => string): Kept {
  const { url, time: date, source, status, headers, whole, record } = capture;
  const id = (record && fieldOf(record, "warc-record-id")) ?? newId();
  const body =
    record === undefined ? capture.body : (parseHttp(record.block)?.body ?? record.block);
  const digest = sha1(body);
  const own = headText(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`, Object.entries(headers));
  const response =
    record === undefined
      ? makeRecord(
          [
            ...headOf("response", { id, date, url, info }),
            ["WARC-Source-URI", source],
            ...(whole ? [] : [TRUNCATED]),
            ["WARC-Payload-Digest", digest],
            HTTP_RESPONSE,
          ],
          Buffer.concat([Buffer.from(own, "latin1"), body]),
        )
      : { ...record, fields: [...record.fields, ...sourceFields(source)] };
  const lines: Field[] = [
    ["replayedFrom", source],
    ["replayedAt", isoTime(capture.startedAt)],
    timeLine(capture),
    ...receivedLines(capture.head),
  ];
  const about = { id: newId(), date, url, info };
  const metadata = linesRecord("metadata", about, lines, [["WARC-Concurrent-To", id]]);
  const mime = mimeOf(headers["content-type"]);
  const kept = { id, date, url, source, status, mime, digest, sha256: sha256(body) };
  return { records: [response, metadata], kind: "response", ...kept };
}

/** Makes the record of a capture of a web archive that an earlier crawl has stored. @param source as in a `ReplayedCapture` */
export function repeatedRecords(
  source: string,
  target: RevisitTarget,
  info: string,
  newId: () => string,
): Kept {
  const id = newId();
  const { url, date, digest, sha256, head } = target;
  const message = parseHttp(head);
  const record = makeRecord(
    [
      ...headOf("revisit", { id, date, url, info }),
      ...revisitFields(200, target),
      ...sourceFields(source),
      ["WARC-Payload-Digest", digest],
      HTTP_RESPONSE,
    ],
    head,
  );
  const status = (message === null ? null : statusOf(message)) ?? 0;
  const kept = { id, date, url, source, status, mime: REVISIT, digest, sha256 };
  return { records: [record], kind: "revisit", ...kept };
}

/**
 * The record of a page that a browser rendered: a resource, since no server sent it so (WARC 1.1, section 6.4). Its own
 * URL is the Content-Location (RFC 9110, section 8.7).
 */
export function renderedRecords(
  { url, shownUrl, startedAt, body }: RenderedPage,
  info: string,
  newId: () => string,
): Kept {
  const [id, date, digest] = [newId(), isoTime(startedAt), sha1(body)];
  const record = makeRecord(
    [
      ...headOf("resource", { id, date, url, info }),
      ["WARC-Payload-Digest", digest],
      ["Content-Type", "text/html; charset=utf-8"],
      ["Content-Location", shownUrl],
    ],
    body,
  );
  const kept = { id, date, url, status: 200, mime: "text/html", digest, sha256: sha256(body) };
  return { records: [record], kind: "response", ...kept };
}

/** What is stored where no response came: a replay must fail as the crawl did. */
export function failureRecords(
  { url, post, startedAt, reason, state, retry }: FailedRequest,
  info: string,
  newId: () => string,
): Kept {
  const about = { id: newId(), date: isoTime(startedAt), url };
  const record = linesRecord("metadata", { ...about, info }, [
    ["fetchFailed", reason.replace(/\s+/g, " ")],
    ["fetchState", state],
    ["fetchRetry", String(retry)],
    ...(post === undefined ? [] : [["fetchRequest", postKey(post)] as const]),
  ]);
  return { records: [record], kind: "failure", ...about, ...NO_RESPONSE };
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
  return Buffer.concat([Buffer.from(headText(message.start, kept), "latin1"), message.body]);
}

/** Where a record of Common Crawl was, as cdx_toolkit says it. */
function sourceFields(source: string): Field[] {
  const [uri = "", range] = source.split(/#(?=bytes=\d+-\d+$)/);
  return [
    ["WARC-Source-URI", uri],
    ...(range === undefined ? [] : [["WARC-Source-Range", range] as const]),
  ];
}

function revisitFields(status: number, { url, date, id }: RevisitTarget): Field[] {
  return [
    ["WARC-Profile", status === 304 ? PROFILES.notModified : PROFILES.identical],
    ["WARC-Refers-To", id],
    ["WARC-Refers-To-Target-URI", url],
    ["WARC-Refers-To-Date", date],
  ];
}

/** How long an answer took. Times in milliseconds. */
function timeLine(times: { readonly startedAt: number; readonly endedAt: number }): Field {
  return ["fetchTimeMs", String(Math.max(0, times.endedAt - times.startedAt))];
}

/** A response whose place in the record has another one: the original of "not modified", a capture that is replayed. */
function receivedLines(head: Uint8Array): Field[] {
  const message = parseHttp(head);
  if (message === null) return [];
  const headers = message.fields.map(([name, value]) => [`received-${name}`, value] as const);
  return [["received", message.start], ...headers];
}

/** Media type of a Content-Type, as an index has it. */
function mimeOf(type = ""): string {
  const mime = (type.toLowerCase().split(";", 1)[0] ?? "").trim();
  return /^[\w.+-]+\/[\w.+-]+$/.test(mime) ? mime : "unk";
}
