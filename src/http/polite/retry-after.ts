/** What a host says of the time of its next request. Pure. */
import type { WireResponse } from "../wire/receive.js";

/** Longest Retry-After that is waited for; nobody watches a crawl for hours. */
export const MAX_RETRY_AFTER = 300_000;

/**
 * Milliseconds that a Retry-After asks for (RFC 9110, section 10.2.3): seconds, or an HTTP date.
 *
 * @returns never negative; null when there is none or it cannot be read
 */
export function parseRetryAfter(value: string | undefined, now: number): number | null {
  const text = value?.trim() ?? "";
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  // Every form of an HTTP date holds a name of a day and a time.
  if (!/^[A-Za-z]{3,9},? .*\d\d:\d\d:\d\d/.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at - now) ? null : Math.max(0, at - now);
}

/** Why a URL is not asked again in this run: it asks for a longer time than is waited for. Null when it does not. */
export function refusal({
  status,
  headers,
}: Pick<WireResponse, "status" | "headers">): string | null {
  // By the server's own clock, so that a replay finds the same.
  const asked = parseRetryAfter(headers["retry-after"], Date.parse(headers.date ?? ""));
  return (status === 429 || status === 503) && asked !== null && asked > MAX_RETRY_AFTER
    ? `HTTP ${status}, and no request is wanted in the next ${seconds(asked)}`
    : null;
}

/** Rounded up. */
export function seconds(ms: number): string {
  return `${Math.ceil(ms / 1000)} s`;
}
