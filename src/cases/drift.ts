/** Whether a page that was fetched again is read as the saved one was: by the same selectors. */
import type { Page, Readings } from "../model.js";
import type { Site } from "../site/site.js";
import type { Case, CaseResult } from "./case.js";
import { compare } from "./compare.js";
import { readCase } from "./read.js";
import { scrubPages } from "./scrub.js";

export const DRIFT_CLASSES = ["same", "content", "template", "gone", "unreachable"] as const;
export type DriftClass = (typeof DRIFT_CLASSES)[number];

export interface Drift {
  readonly class: DriftClass;
  /** Why, one sentence each; what differs, or which selectors fail. */
  readonly reasons: readonly string[];
}

/**
 * Compares a saved case with its page as it is now. The template has changed where a selector that gave a
 * field gives it nowhere any more; other words from the same selectors are other content.
 *
 * @param page what the recorded URL responds with now
 */
export async function driftOf(saved: Case, page: Page, site: Site): Promise<Drift> {
  const before = await readCase(saved, site);
  const fetched = { ...saved, pages: [page] };
  // What was scrubbed from the saved page is not a difference.
  const again = saved.about.scrubbed ? scrubPages(fetched).saved : fetched;
  const now = await readCase(again, site);
  const kind = saved.about.kind === "article" ? "article" : "row";
  const reasons = [
    ...now.problems.filter((problem) => !before.problems.includes(problem)),
    ...Object.keys(site.fields).flatMap((name) => lostSelector(before, now, name, kind)),
    ...lostNext(before, now),
  ];
  if (reasons.length > 0) return { class: "template", reasons };
  const differing = compare(before, now).filter(({ passed }) => !passed);
  return differing.length === 0
    ? { class: "same", reasons: [] }
    : { class: "content", reasons: differing.map(({ field }) => `${field} differs`) };
}

/** The selector that gave a field most often, and gives it nowhere now. */
function lostSelector(
  before: CaseResult,
  now: CaseResult,
  name: keyof Readings,
  kind: "article" | "row",
): string[] {
  const was = winners(before, name, kind);
  const is = winners(now, name, kind);
  const [usual] = [...was].sort(([, a], [, b]) => b - a);
  if (usual === undefined || is.has(usual[0])) return [];
  const [selector, times] = usual;
  const elsewhere =
    is.size === 0 ? "nothing else gives it" : `${[...is.keys()].join(", ")} gives it`;
  const of = (result: CaseResult) => result.sightings.length;
  const unit =
    kind === "article" ? "the page" : `${of(now)} rows; it was ${times} of ${of(before)}`;
  return [`${name}: \`${selector}\` matched nothing on ${unit}; ${elsewhere}`];
}

/** How often each selector gave a field on the page that was fetched again. */
function winners({ sightings }: CaseResult, name: keyof Readings, kind: "article" | "row") {
  const wins = new Map<string, number>();
  for (const sighting of sightings) {
    const selector = sighting[kind]?.[name]?.selector;
    if (selector !== undefined) wins.set(selector, (wins.get(selector) ?? 0) + 1);
  }
  return wins;
}

/** A next link that is gone although the pager counts further. */
function lostNext(before: CaseResult, now: CaseResult): string[] {
  const [was, is] = [before.fields, now.fields];
  const isLast = is.pageNumber !== null && is.pageNumber === is.pageCount;
  if (typeof was.next !== "string" || is.next !== null || isLast) return [];
  return ["next: no selector finds the link to the next page, and the saved page has one"];
}
