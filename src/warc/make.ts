/** The records of a crawl: WARC 1.1 (ISO 28500:2017), section 6. Pure; ids are parameters. */
import { STATUS_CODES } from "node:http";
import { postKey } from "../post.js";
import { sha1, sha256 } from "./digest.js";
import type {
  FailedRequest,
  HttpExchange,
  RenderedPage,
  ReplayedCapture,
  RevisitTarget,
} from "./exchange.js";
import { parseHttp, statusOf } from "./http.js";
import { type Field, makeRecord, type WarcRecord } from "./record.js";

const PROFILES = {
  identical: "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
  notModified: "http://netpreserve.org/warc/1.1/revisit/server-not-modified",
};

/** Fields of our requests that may hold a secret. None is sent by default; none is kept in any case. */
const SECRET = /^(?:authorization|proxy-authorization|cookie)$/i;

/** Date of a record: to the second, since replay tools compare 14 digits. @param time milliseconds since 1970 */
export function warcDate(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

/** A record of lines `name: value` about the crawl or about another record. */
export function fieldsRecord(
  type: "warcinfo" | "metadata",
  about: {
    readonly id: string;
    readonly date: string;
    readonly more?: readonly Field[];
    readonly lines: readonly Field[];
  },
): WarcRecord {
  const { id, date, more = [], lines } = about;
  const text = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return makeRecord(
    [
      ["WARC-Type", type],
      ["WARC-Record-ID", id],
      ["WARC-Date", date],
      ...more,
      ["Content-Type", "application/warc-fields"],
    ],
    Buffer.from(text),
  );
}

/** What a capture keeps of one exchange. */
export interface Kept {
  /** The response, its request, and when it came. */
  readonly records: readonly WarcRecord[];
  readonly type: "response" | "revisit";
  /** Of a revisit, the status of the response that it repeats. */
  readonly status: number;
  readonly mime: string;
  /** Payload digest of the response, or of the one that it repeats. */
  readonly digest: string;
  /** SHA-256 of that payload. */
  readonly sha256: string;
}

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
  ids: readonly [response: string, request: string, metadata: string],
  info: string,
): Kept {
  const { cached, status, body, url, startedAt, endedAt } = exchange;
  const [id, requestId, metadataId] = ids;
  const date = warcDate(startedAt);
  const came = responseHead(exchange);
  const own = sha1(body);
  const isSame = status === 200 && body.length > 0 && own === cached?.digest;
  const original = status === 304 || isSame ? cached : null;
  const type = original === null ? "response" : "revisit";
  const isNotModified = status === 304 && original !== null;
  const head = isNotModified ? original.head : came.bytes;
  const digest = original?.digest ?? own;
  const common = (type: string, record: string): Field[] => [
    ["WARC-Type", type],
    ["WARC-Record-ID", record],
    ["WARC-Date", date],
    ["WARC-Target-URI", url],
    ["WARC-Warcinfo-ID", info],
    ...(exchange.address === null ? [] : ([["WARC-IP-Address", exchange.address]] as const)),
  ];
  const response = makeRecord(
    [
      ...common(type, id),
      ...(original === null ? [] : revisitFields(status, original)),
      ...(exchange.whole ? [] : ([["WARC-Truncated", "length"]] as const)),
      ["WARC-Payload-Digest", digest],
      ["Content-Type", "application/http; msgtype=response"],
    ],
    original === null ? Buffer.concat([head, body]) : head,
  );
  const request = makeRecord(
    [
      ...common("request", requestId),
      ["WARC-Concurrent-To", id],
      ["Content-Type", "application/http; msgtype=request"],
    ],
    withoutSecrets(exchange.request),
  );
  const metadata = fieldsRecord("metadata", {
    id: metadataId,
    date,
    more: [
      ["WARC-Target-URI", url],
      ["WARC-Warcinfo-ID", info],
      ["WARC-Concurrent-To", id],
    ],
    lines: [
      ["fetchTimeMs", String(Math.max(0, endedAt - startedAt))],
      ...(isNotModified ? receivedLines(came.bytes) : []),
    ],
  });
  return {
    records: [response, request, metadata],
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
 * Makes the records of a capture of a web archive: its response under its own URL and time, with the URL of the replay
 * as WARC-Source-URI (as cdx_toolkit writes it), and what the archive said of it. A record that the archive gave is kept as it is. There is no request record: what
 * was requested is another URL.
 *
 * @param ids of the response and the metadata
 */
export function replayedRecords(
  capture: ReplayedCapture,
  [id, metadataId]: readonly [response: string, metadata: string],
  info: string,
): Kept {
  const { url, time, source, startedAt, endedAt, status, headers, whole, head, record } = capture;
  const body =
    record === undefined ? capture.body : (parseHttp(record.block)?.body ?? record.block);
  const digest = sha1(body);
  const lines = Object.entries(headers);
  const own = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`,
    ...lines.map(([name, value]) => `${name}: ${value}`),
    "",
    "",
  ].join("\r\n");
  const common = (type: string, record: string): Field[] => [
    ["WARC-Type", type],
    ["WARC-Record-ID", record],
    ["WARC-Date", time],
    ["WARC-Target-URI", url],
    ["WARC-Warcinfo-ID", info],
  ];
  const response =
    record === undefined
      ? makeRecord(
          [
            ...common("response", id),
            ["WARC-Source-URI", source],
            ...(whole ? [] : ([["WARC-Truncated", "length"]] as const)),
            ["WARC-Payload-Digest", digest],
            ["Content-Type", "application/http; msgtype=response"],
          ],
          Buffer.concat([Buffer.from(own, "latin1"), body]),
        )
      : withSource(record, source);
  const metadata = fieldsRecord("metadata", {
    id: metadataId,
    date: time,
    more: [
      ["WARC-Target-URI", url],
      ["WARC-Warcinfo-ID", info],
      ["WARC-Concurrent-To", id],
    ],
    lines: [
      ["replayedFrom", source],
      ["replayedAt", warcDate(startedAt)],
      ["fetchTimeMs", String(Math.max(0, endedAt - startedAt))],
      ...receivedLines(head),
    ],
  });
  const mime = mimeOf(headers["content-type"]);
  const kept = { status, mime, digest, sha256: sha256(body) };
  return { records: [response, metadata], type: "response", ...kept };
}

/** Makes the record of a capture of a web archive that an earlier crawl has stored. @param source as in a `ReplayedCapture` */
export function repeatedRecords(
  { source, target }: { readonly source: string; readonly target: RevisitTarget },
  id: string,
  info: string,
): Kept {
  const { url, date, digest, sha256, head } = target;
  const message = parseHttp(head);
  const record = makeRecord(
    [
      ["WARC-Type", "revisit"],
      ["WARC-Record-ID", id],
      ["WARC-Date", date],
      ["WARC-Target-URI", url],
      ["WARC-Warcinfo-ID", info],
      ...revisitFields(200, target),
      ...sourceFields(source),
      ["WARC-Payload-Digest", digest],
      ["Content-Type", "application/http; msgtype=response"],
    ],
    head,
  );
  const status = message === null ? null : statusOf(message);
  return {
    records: [record],
    type: "revisit",
    status: status ?? 0,
    mime: "warc/revisit",
    digest,
    sha256,
  };
}

/** A record of Common Crawl, and where it was, as cdx_toolkit says it. */
function withSource(record: WarcRecord, source: string): WarcRecord {
  return { ...record, fields: [...record.fields, ...sourceFields(source)] };
}

function sourceFields(source: string): Field[] {
  const [uri = "", range] = source.split(/#(?=bytes=\d+-\d+$)/);
  return [
    ["WARC-Source-URI", uri],
    ...(range === undefined ? [] : [["WARC-Source-Range", range] as const]),
  ];
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
      ["WARC-Type", "resource"],
      ["WARC-Record-ID", id],
      ["WARC-Date", warcDate(startedAt)],
      ["WARC-Target-URI", url],
      ["WARC-Warcinfo-ID", info],
      ["WARC-Payload-Digest", digest],
      ["Content-Type", "text/html; charset=utf-8"],
      ["Content-Location", shownUrl],
    ],
    body,
  );
  const kept = { status: 200, mime: "text/html", digest, sha256: sha256(body) };
  return { records: [record], type: "response", ...kept };
}

function revisitFields(status: number, { url, date, id }: RevisitTarget): Field[] {
  return [
    ["WARC-Profile", status === 304 ? PROFILES.notModified : PROFILES.identical],
    ["WARC-Refers-To", id],
    ["WARC-Refers-To-Target-URI", url],
    ["WARC-Refers-To-Date", date],
  ];
}

/** A response whose place in the record has another one: the original of "not modified", a capture that is replayed. */
function receivedLines(head: Uint8Array): Field[] {
  const message = parseHttp(head);
  if (message === null) return [];
  const headers = message.fields.map(([name, value]) => [`received-${name}`, value] as const);
  return [["received", message.start], ...headers];
}

/** A revisit with the status and headers of its original: the captures of sitelift once held the 304 that came. */
export function withHead({ fields }: WarcRecord, head: Uint8Array): WarcRecord {
  const kept = fields.filter(([name]) => !/^(?:warc-block-digest|content-length)$/i.test(name));
  return makeRecord(kept, head);
}

/** What is stored where no response came: a replay must fail as the crawl did. */
export function failureRecord(failed: FailedRequest, id: string, info: string): WarcRecord {
  const { url, post, startedAt, reason, state, retry } = failed;
  return fieldsRecord("metadata", {
    id,
    date: warcDate(startedAt),
    more: [
      ["WARC-Target-URI", url],
      ["WARC-Warcinfo-ID", info],
    ],
    lines: [
      ["fetchFailed", reason.replace(/\s+/g, " ")],
      ["fetchState", state],
      ["fetchRetry", String(retry)],
      ...(post === undefined ? [] : ([["fetchRequest", postKey(post)]] as const)),
    ],
  });
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

/** Media type of a Content-Type, as an index has it. */
function mimeOf(type = ""): string {
  const mime = (type.toLowerCase().split(";", 1)[0] ?? "").trim();
  return /^[\w.+-]+\/[\w.+-]+$/.test(mime) ? mime : "unk";
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
