/** What a question to a web archive asks for beside its URL: a part of a file, or the capture nearest to a time. */
import { isoOf } from "../warc/date.js";
import { rangeOf } from "./range.js";

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
