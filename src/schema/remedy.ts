/** Which failures another run would find again. Pure. */
import type { Code } from "../model.js";

/** A server that is slow or busy. */
const PASSING = new Set([408, 425, 429]);

/** @param status of a response that is no page @returns undefined where another run may get one */
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
