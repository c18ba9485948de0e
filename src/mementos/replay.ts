/** What a replay gave: a capture, or why there is none. Pure. */
import { REDIRECTS } from "../http/completeness.js";
import type { WireResponse } from "../http/wire/receive.js";
import { parseUrl } from "../text.js";
import { isoOf } from "../warc/date.js";
import type { FoundRecord } from "../warc/reading.js";
import { replayed, timeOf } from "./rows.js";

/** A capture, its bytes and headers as they were then, as far as a replay tells. */
export interface Capture {
  /** As it was requested then. */
  readonly url: string;
  /** `YYYY-MM-DDThh:mm:ssZ`. */
  readonly time: string;
  readonly response: WireResponse;
  /** Of Common Crawl, the record itself. */
  readonly record?: FoundRecord;
}

/**
 * `elsewhere`: the archive leads to a capture of another time. `none`: it has none of this URL. `excluded`: it does not
 * show the URL. `unknown`: the answer is in a form that is not known.
 */
export type NoCapture =
  | { readonly state: "elsewhere"; readonly time: string | null }
  | { readonly state: "none" | "excluded" | "unknown"; readonly reason: string };

/**
 * Judges the answer to a request for a capture. A capture is what carries a `Memento-Datetime` (RFC 7089) within the
 * second that was asked for, whatever its status: nothing else is.
 *
 * @param body decoded
 */
export function readReplay(
  response: WireResponse,
  asked: { readonly url: string; readonly time: string; readonly source: string },
): Capture | NoCapture {
  const { status, headers } = response;
  const time = timeOf(headers["memento-datetime"]);
  if (time !== null) {
    const seconds = (Date.parse(isoOf(time)) - Date.parse(isoOf(asked.time))) / 1000;
    if (Math.abs(seconds) > 1) return { state: "elsewhere", time };
    return { url: asked.url, time: isoOf(time), response: original(response, asked) };
  }
  const reason = exclusion(response);
  if (reason !== null) return { state: "excluded", reason };
  if (REDIRECTS.has(status))
    return { state: "elsewhere", time: replayed(headers.location ?? "")?.time ?? null };
  if (status === 404) return { state: "none", reason: "HTTP 404" };
  if (isBadRecord(response)) return { state: "none", reason: "the archive cannot read its record" };
  return { state: "unknown", reason: `HTTP ${status} without Memento-Datetime` };
}

/**
 * True for an error of a replay about one record: pywb reads no status line such as `HTTP 200 Document follows`, which old ARC
 * files have (arquivo/pwa-technologies#1094). Asking again brings the same, and other captures are sound.
 */
export function isBadRecord({ status, body }: Pick<WireResponse, "status" | "body">): boolean {
  const words = /status line|StatusAndHeaders|ArchiveLoadFailed|invalid (?:W?ARC )?record/i;
  return status >= 500 && words.test(startOf(body));
}

/** What a body begins with, as text. */
export function startOf(body: Uint8Array): string {
  return new TextDecoder().decode(body.subarray(0, 4096));
}

/** Why an archive does not show a URL; null when it says nothing of the kind. */
export function exclusion({ status, headers, body }: WireResponse): string | null {
  const error = headers["x-archive-wayback-runtime-error"] ?? "";
  const start = startOf(body);
  const said = `${error} ${start}`;
  if (/AdministrativeAccessControl|Blocked Site/i.test(said)) return "the site is blocked there";
  if (/RobotAccessControl/i.test(said)) return "robots.txt excluded it there";
  if ((status === 200 || status === 403) && /URL has been excluded/i.test(start))
    return "the URL has been excluded there";
  return status === 403 || status === 451 ? `HTTP ${status}` : null;
}

/** Headers that are about the connection to the archive, or that a replay cannot know. */
const NOT_ORIGINAL =
  /^(?:connection|keep-alive|transfer-encoding|content-encoding|content-length|trailer|upgrade|proxy-.*|te)$/;
const PREFIX = "x-archive-orig-";

/** A response as the site gave it: headers under their own names, links to the archive undone. */
function original(
  { status, headers, body }: WireResponse,
  { url, source }: { readonly url: string; readonly source: string },
): WireResponse {
  const own: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith(PREFIX)) continue;
    const plain = name.slice(PREFIX.length);
    if (!NOT_ORIGINAL.test(plain)) own[plain] = value;
  }
  const type = headers["content-type"];
  if (type !== undefined) own["content-type"] ??= type;
  const location = headers.location ?? own.location;
  if (location !== undefined) own.location = originalLocation(location, source, url);
  // Some pages are in the archive as they went over the wire, and the replay passes that on.
  if (isGzip(body) && !/gzip|octet-stream|zip/i.test(type ?? "")) own["content-encoding"] = "gzip";
  // Where no coding made another length of it, the one that the site gave proves that all came, or that it did not.
  const wanted = Number(headers[`${PREFIX}content-length`] ?? Number.NaN);
  const isPlain = headers[`${PREFIX}content-encoding`] === undefined;
  const isCut = isPlain && wanted > body.length;
  if (isPlain && wanted === body.length) own["content-length"] = String(wanted);
  return { status, headers: own, body, whole: !isCut };
}

function isGzip(body: Uint8Array): boolean {
  return body[0] === 0x1f && body[1] === 0x8b;
}

/** Where a captured redirect led. The replay points it into the archive: absolute, relative or without a scheme. */
function originalLocation(location: string, source: string, url: string): string {
  const target = parseUrl(location, source);
  const inArchive = target === null ? null : replayed(target.href);
  return inArchive?.url ?? parseUrl(location, url)?.href ?? location;
}
