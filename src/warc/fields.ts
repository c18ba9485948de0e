/** Records of a crawl, as far as all have it in common: WARC 1.1 (ISO 28500:2017), section 6. Pure. */
import type { RevisitTarget } from "./exchange.js";
import { parseHttp } from "./http.js";
import { type Field, makeRecord, type WarcRecord } from "./record.js";

const PROFILES = {
  identical: "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
  notModified: "http://netpreserve.org/warc/1.1/revisit/server-not-modified",
};

export const HTTP_RESPONSE: Field = ["Content-Type", "application/http; msgtype=response"];
export const TRUNCATED: Field = ["WARC-Truncated", "length"];

/** What a capture keeps of one answer. */
export interface Kept {
  /** The response first. */
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

/** What a record is about; without a URL, the crawl as a whole. */
interface About {
  readonly id: string;
  readonly date: string;
  readonly url?: string;
  /** Id of the warcinfo record. */
  readonly info?: string;
}

/** The fields that a record begins with. */
export function headOf(type: string, { id, date, url, info }: About): Field[] {
  return [
    ["WARC-Type", type],
    ["WARC-Record-ID", id],
    ["WARC-Date", date],
    ...(url === undefined ? [] : [["WARC-Target-URI", url] as const]),
    ...(info === undefined ? [] : [["WARC-Warcinfo-ID", info] as const]),
  ];
}

/** A record of lines `name: value` about the crawl or about another record. */
export function linesRecord(
  type: "warcinfo" | "metadata",
  about: About,
  lines: readonly Field[],
  more: readonly Field[] = [],
): WarcRecord {
  const text = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const fields = [...headOf(type, about), ...more];
  return makeRecord([...fields, ["Content-Type", "application/warc-fields"]], Buffer.from(text));
}

export function revisitFields(status: number, { url, date, id }: RevisitTarget): Field[] {
  return [
    ["WARC-Profile", status === 304 ? PROFILES.notModified : PROFILES.identical],
    ["WARC-Refers-To", id],
    ["WARC-Refers-To-Target-URI", url],
    ["WARC-Refers-To-Date", date],
  ];
}

/** How long an answer took. Times in milliseconds. */
export function timeLine(times: { readonly startedAt: number; readonly endedAt: number }): Field {
  return ["fetchTimeMs", String(Math.max(0, times.endedAt - times.startedAt))];
}

/** A response whose place in the record has another one: the original of "not modified", a capture that is replayed. */
export function receivedLines(head: Uint8Array): Field[] {
  const message = parseHttp(head);
  if (message === null) return [];
  const headers = message.fields.map(([name, value]) => [`received-${name}`, value] as const);
  return [["received", message.start], ...headers];
}

/** Media type of a Content-Type, as an index has it. */
export function mimeOf(type = ""): string {
  const mime = (type.toLowerCase().split(";", 1)[0] ?? "").trim();
  return /^[\w.+-]+\/[\w.+-]+$/.test(mime) ? mime : "unk";
}
