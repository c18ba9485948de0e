/** A response as a capture holds it, from its WARC record. */

import { parseUrl } from "../../text.js";
import { ofRendered } from "../../url/post.js";
import { headersOf, parseResponse, statusOf } from "../../warc/http.js";
import type { FoundRecord } from "../../warc/reading.js";
import { fieldOf, linesOf, uriOf } from "../../warc/record.js";
import type { WarcFile } from "./files.js";

/** One response, or why there is none: a `failure` was one when it was captured, a `damage` came later. */
export interface CapturedResponse {
  readonly kind: "response" | "resource" | "revisit" | "failure" | "damage";
  /** As the record has it. */
  readonly url: string;
  readonly date: string;
  readonly id: string;
  readonly file: WarcFile;
  /** True when sitelift made the file, which keeps header and body as they came. */
  readonly ours: boolean;
  /** Where the record is in the file. */
  readonly offset: number;
  readonly length: number;
  /** 0 for a failure or a damage. */
  readonly status: number;
  /** Content type; null when there is none. */
  readonly type: string | null;
  /** Payload digest as written; null when there is none. */
  readonly digest: string | null;
  /** Record of the request that it answers, where it says so; null otherwise. */
  readonly request: string | null;
  /** URL of the replay that gave it, where it is a capture of a web archive in a capture of sitelift; null otherwise. */
  readonly source: string | null;
  /** False where the server sent more than the record has. */
  readonly whole: boolean;
  /** Of a revisit: what it refers to, as far as it says. */
  readonly refersTo: {
    readonly id: string | null;
    readonly url: string | null;
    readonly date: string | null;
  } | null;
  readonly failure: {
    readonly reason: string;
    readonly state: "failed" | "excluded";
    readonly retry: boolean;
  } | null;
}

/**
 * The response that a record holds; null for a record of another kind, one without URL, a response without
 * HTTP header, and a block that is too large to be read.
 */
export function capturedResponse(
  record: FoundRecord,
  file: WarcFile,
  ours: boolean,
): CapturedResponse | null {
  const common = record.size === record.block.length ? commonOf(record, file, ours) : null;
  if (common === null) return null;
  const message = parseResponse(record.block);
  const status = message === null ? null : statusOf(message);
  switch (fieldOf(record, "warc-type")) {
    case "response": {
      // What came by another protocol, as a name server's answer does, is the block itself.
      if (!isHttp(record))
        return { ...common, kind: "resource", status: 200, type: fieldOf(record, "content-type") };
      if (message === null || status === null) return null;
      const type = headersOf(message.fields)["content-type"] ?? null;
      return { ...common, kind: "response", status, type };
    }
    case "resource":
      return { ...common, kind: "resource", status: 200, type: fieldOf(record, "content-type") };
    case "revisit": {
      const refersTo = {
        id: fieldOf(record, "warc-refers-to"),
        url: uriOf(record, "warc-refers-to-target-uri"),
        date: fieldOf(record, "warc-refers-to-date"),
      };
      return { ...common, kind: "revisit", status: status ?? 200, refersTo };
    }
    case "metadata": {
      const lines = linesOf(record);
      const reason = lines.get("fetchFailed");
      if (reason === undefined) return null;
      const state = lines.get("fetchState") === "excluded" ? "excluded" : "failed";
      const failure = { reason, state, retry: lines.get("fetchRetry") === "true" } as const;
      // The name of a POST, which its URL is a part of.
      const url = lines.get("fetchRequest") ?? common.url;
      return { ...common, url, kind: "failure", failure };
    }
    default:
      return null;
  }
}

/** True for a record that holds an HTTP message, as it says or shows; some programs say nothing of what it holds. */
export function isHttp(record: FoundRecord): boolean {
  const type = fieldOf(record, "content-type") ?? "application/http";
  const start = Buffer.from(record.block.subarray(0, 5)).toString("latin1");
  return /^application\/http\b/i.test(type) || start === "HTTP/";
}

/** True for the first part of a record that goes on in others (WARC 1.1, section 7): they are not put together. */
export function isSegment(record: FoundRecord): boolean {
  return fieldOf(record, "warc-segment-number") !== null;
}

/** What a response does not say unless its record does. */
export const UNSAID = {
  type: null,
  request: null,
  source: null,
  whole: true,
  refersTo: null,
  failure: null,
} as const;

/** What every record says; null for one without URL. */
function commonOf(record: FoundRecord, file: WarcFile, ours: boolean) {
  const url = uriOf(record, "warc-target-uri");
  if (url === null) return null;
  return {
    ...UNSAID,
    url,
    date: fieldOf(record, "warc-date") ?? "",
    id: fieldOf(record, "warc-record-id") ?? "",
    file,
    ours,
    offset: record.offset,
    length: record.length,
    status: 0,
    digest: fieldOf(record, "warc-payload-digest"),
    request: fieldOf(record, "warc-concurrent-to"),
    source: ours ? sourceOf(record) : null,
    whole: fieldOf(record, "warc-truncated") === null && !isSegment(record),
  };
}

/** What gave a capture of a web archive: the URL of a replay, or that of a file with the range in it; null for others. */
export function sourceOf(record: FoundRecord): string | null {
  const uri = uriOf(record, "warc-source-uri");
  const range = fieldOf(record, "warc-source-range");
  return uri === null || range === null ? uri : `${uri}#${range}`;
}

/**
 * In a capture that sitelift made, request and metadata records follow their response and name it: one that follows
 * another response shows which one is lost. Null when none is lost.
 */
export function lostBefore(
  record: FoundRecord,
  last: CapturedResponse | undefined,
  file: WarcFile,
): CapturedResponse | null {
  const id = fieldOf(record, "warc-concurrent-to");
  const common = commonOf(record, file, true);
  if (id === null || common === null || (last?.id === id && last.url === plainUrl(common.url)))
    return null;
  return { ...common, id, digest: null, kind: "damage" };
}

/** A URL as it is requested, or the name of a rendered page; null for what no crawl requests. */
export function plainUrl(text: string): string | null {
  if (ofRendered(text) !== null) return text;
  const url = parseUrl(text);
  if (url === null) return null;
  if (url.protocol !== "http:" && url.protocol !== "https:") return null;
  // A part of a file, as it is asked of Common Crawl, is not the file, and a time gate has an answer for each time;
  // nothing else keeps its fragment.
  if (!/^#(?:bytes=\d+-\d+|datetime=\d{14})$/.test(url.hash)) url.hash = "";
  return url.href;
}
