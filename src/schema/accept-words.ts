/** How a site file accepts a finding. Pure. */
import type { Finding } from "../model.js";

/** What to add to `accept` of a site file, as JSON and TypeScript read it. */
export function acceptWords({ finding, place, count }: Omit<Finding, "message">): string {
  const counted = count === null ? "" : `, "count": ${count}`;
  return `{ "finding": "${finding}", "place": ${JSON.stringify(place)}${counted}, "reason": "…" }`;
}
