/** CDXJ: one line for each response of a capture, sorted (CDXJ 0.1.0, https://specs.webrecorder.net/cdxj/0.1.0/). Pure. */
import { parseJson, parseUrl } from "../text.js";
import { digitsOf, isoOf } from "./date.js";
import { type IndexedRequest, indexedUrl } from "./post.js";

export interface CdxjLine {
  readonly url: string;
  /** Of a request other than a GET. */
  readonly request?: IndexedRequest | undefined;
  /** Date of the record, `YYYY-MM-DDThh:mm:ssZ`. */
  readonly date: string;
  /** Media type, or `REVISIT`. */
  readonly mime: string;
  readonly status: number;
  /** Payload digest, `sha1:` and base32. */
  readonly digest: string;
  /** SHA-256 of the payload, in hexadecimal: ours, other programs pass it over. */
  readonly sha256: string;
  /** Place of the gzip member. */
  readonly offset: number;
  readonly length: number;
  readonly filename: string;
}

/** Media type of a revisit in an index. */
export const REVISIT = "warc/revisit";

/** Where a response is in a WARC file, and its digests. */
export type WarcPlace = Pick<CdxjLine, "offset" | "date" | "digest" | "sha256"> &
  Partial<Pick<CdxjLine, "length">>;

/** A line with its line feed. Values are text where other programs write text. */
export function cdxjText(line: CdxjLine): string {
  const { url, request, date, mime, status, digest, sha256, offset, length, filename } = line;
  const values = {
    url,
    mime,
    status: String(status),
    digest,
    length: String(length),
    offset: String(offset),
    filename,
    sha256,
    ...request,
  };
  return `${sortKey(requestedUrl(line))} ${digitsOf(date)} ${JSON.stringify(values)}\n`;
}

/** What a response is looked up by: the URL, with the body of a request other than a GET. */
export function requestedUrl({ url, request }: Pick<CdxjLine, "url" | "request">): string {
  return request === undefined ? url : indexedUrl(url, request);
}

/**
 * Reads a line, of this program or another: some write 17 digits of time and numbers as numbers, and leave out what
 * they do not know, which is "" or NaN here. Null for what is not a line of CDXJ.
 */
export function parseCdxj(text: string): CdxjLine | null {
  const [, stamp = "", json = ""] = /^\S+ (\d{14})(?:\d{3})? (\{.*\})$/.exec(text) ?? [];
  const found = parseJson(json) as Record<string, unknown> | undefined;
  if (found === undefined) return null;
  const word = (name: string) => (typeof found[name] === "string" ? found[name] : "");
  const number = (name: string) => {
    const value = found[name];
    return typeof value === "number" || /^\d+$/.test(word(name)) ? Number(value) : Number.NaN;
  };
  const line = {
    url: word("url"),
    date: isoOf(stamp),
    mime: word("mime"),
    status: number("status"),
    digest: word("digest"),
    sha256: word("sha256"),
    offset: number("offset"),
    length: number("length"),
    filename: word("filename"),
    ...(/^(?:GET)?$/.test(word("method"))
      ? {}
      : { request: { method: word("method"), requestBody: word("requestBody") } }),
  };
  return line.url !== "" && line.filename !== "" && line.offset >= 0 ? line : null;
}

/**
 * The URL with its host reversed, so that those of one site sort together: `http://www.example.org/a?b`
 * becomes `org,example)/a?b`. As warcio.js and cdxj-indexer make it: lower case, no `www.`, no
 * scheme, parameters sorted.
 */
export function sortKey(url: string): string {
  const lower = url.replace(/^(https?:\/\/)www\d*\./i, "$1").toLowerCase();
  const parsed = /^https?:/.test(lower) ? parseUrl(lower) : null;
  if (parsed === null) return encodeURI(url);
  const { hostname, port, pathname, search } = parsed;
  const query = search === "" ? "" : `?${search.slice(1).split("&").sort().join("&")}`;
  return `${hostname.split(".").reverse().join(",")}${port === "" ? "" : `:${port}`})${pathname}${query}`;
}
