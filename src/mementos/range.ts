/**
 * What a question to a web archive asks for beside its URL: a part of a file, or the capture nearest to a time. URLs of ours
 * name it in their fragment, which is never sent. Pure.
 */
import { FetchError } from "../http/fetch-error.js";
import type { WireResponse } from "../http/wire/receive.js";
import { isoOf } from "../warc/date.js";

/** Bytes of a file, the last one included. */
interface Range {
  readonly first: number;
  readonly last: number;
}

/** A URL with a range, by which the answer is stored. */
export function withRange(url: string, { first, last }: Range): string {
  return `${url}#bytes=${first}-${last}`;
}

/** The range of a URL; null when it has none. */
function rangeOf(url: string): Range | null {
  const [, first, last] = /#bytes=(\d+)-(\d+)$/.exec(url) ?? [];
  return last === undefined ? null : { first: Number(first), last: Number(last) };
}

/**
 * Checks that the range that was asked for came (RFC 9110, section 14.4).
 *
 * @returns size of the whole file; null where the server does not say it
 * @throws {FetchError} when it did not
 */
export function checkRange({ status, headers, body }: WireResponse, url: string): number | null {
  const asked = rangeOf(url);
  const [, first, last, size] =
    /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(headers["content-range"] ?? "") ?? [];
  const came = status === 206 ? `bytes ${first}-${last} came` : `HTTP ${status} came`;
  const isAsked =
    status === 206 &&
    Number(first) === asked?.first &&
    // The end of a file may be before that of the range.
    (Number(last) === asked.last || Number(last) === Number(size) - 1) &&
    body.length === Number(last) - Number(first) + 1;
  if (!isAsked) throw new FetchError(`${came} in the place of the range of the file`, { status });
  return size === "*" ? null : Number(size);
}

export function requestHeaders(url: string): Record<string, string> {
  const range = rangeOf(url);
  const datetime = /#datetime=(\d{14})$/.exec(url)?.[1];
  return {
    accept: "*/*",
    ...(datetime === undefined
      ? {}
      : { "accept-datetime": new Date(isoOf(datetime)).toUTCString() }),
    ...(range === null
      ? { "accept-encoding": "gzip" }
      : { "accept-encoding": "identity", range: `bytes=${range.first}-${range.last}` }),
  };
}
