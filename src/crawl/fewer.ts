/** The rule "fewer than before": a list or a field that shrinks all at once has more often lost its selector than its articles. Pure. */
import type { Finding } from "../model.js";
import type { Health } from "../schema/health.js";
import type { Site } from "../site/site.js";

/** What one run is compared by. */
export interface Yield {
  /** Rows of the lists; null where a run read a part of them, or it is not known. */
  readonly rows: number | null;
  readonly health: Health | null;
}

/** Articles that have to be missing: one alone is what editors do. */
const LEAST = 2;

/** What a whole run has fewer of than the whole run before it. */
export function fewerFindings(
  before: Yield,
  now: Yield,
  { fewer, start }: Pick<Site, "fewer" | "start">,
): Finding[] {
  if (fewer === null || now.rows === null) return [];
  const all: Finding[] = [];
  if (before.rows !== null && isFewer(before.rows, now.rows, fewer.rows * before.rows))
    all.push({
      finding: "fewer-rows",
      place: start,
      count: now.rows,
      message: `the list has ${now.rows} articles, and ${before.rows} in the run before (${percent(now.rows - before.rows, before.rows)})`,
    });
  for (const [name, { of, present }] of Object.entries(now.health ?? {})) {
    const old = before.health?.[name as keyof Health];
    if (old === undefined || old.of === 0 || of === 0) continue;
    const expected = (old.present / old.of) * of;
    if (isFewer(expected, present, fewer.coverage * of))
      all.push({
        finding: "fewer-values",
        place: name,
        count: present,
        message: `${name} was found in ${present} of ${of} articles, and in ${old.present} of ${old.of} in the run before`,
      });
  }
  return all;
}

/** Whether as many are missing as are too many, and more than one. A hundredth of one is what division leaves. */
function isFewer(before: number, now: number, most: number): boolean {
  const missing = before - now + 0.01;
  return missing >= LEAST && missing >= most;
}

function percent(part: number, whole: number): string {
  return `${Math.round((part / whole) * 100)} %`;
}
