/** Which failures another run would find again. Pure. */
import type { Code } from "../model.js";

/** A server that is slow or busy. */
const PASSING = new Set([408, 425, 429]);

/** @param status of a response that is not a page @returns undefined where another run may get one */
export function codeOfStatus(status: number): Code | undefined {
  if (status === 404 || status === 410) return "gone";
  const isRefusal = (status >= 400 && status < 500) || status === 501 || status === 505;
  return isRefusal && !PASSING.has(status) ? "refused" : undefined;
}

/** Findings that last until the site file says more, or accepts them. */
const OF_SITE_FILE = new Set([
  "list-too-long",
  "next-outside",
  "next-unfollowed",
  "page-leads-back",
]);

/** @param finding name of a finding about a part of a list */
export function codeOfFinding(finding: string): Code | undefined {
  return OF_SITE_FILE.has(finding) ? "list" : undefined;
}

/** What to do where the first page that was asked for does not come. @param reason of the failure @returns null where it says so itself */
export function firstPageAdvice(reason: string): string | null {
  if (/host name is not known/.test(reason)) return "Check the host in the URL.";
  const [, status] = /^HTTP (\d{3})\b/.exec(reason) ?? [];
  if (status === undefined) return null;
  const code = codeOfStatus(Number(status));
  if (code === "gone") return "Check the URL: the site has no such page.";
  return code === "refused"
    ? "Open it in a browser: it may need a login, or the site may not want crawlers; then ask its owner."
    : "The site has trouble or is busy: run the same command again later.";
}
