/** What `fleet --on` does with a site, and why: decided before anything is stored or queued. Pure. */
import { EXIT, type ExitCode } from "../../error.js";
import { dueOf } from "../../fleet/schedule.js";
import type { FleetSite } from "../../fleet/sites.js";
import { isPlanLost, type Standing } from "./begin.js";

export interface Decision {
  readonly state: "begins" | "goes on" | "not due" | "waits for a person" | "error";
  readonly exitCode: ExitCode;
  readonly why: string;
  /** True where the snapshot before is given up. */
  readonly givesUp?: boolean;
}

/**
 * @param rules SHA-256 of the site and its options as they are now
 * @param now milliseconds since 1970
 */
export function decisionOn(
  { every }: Pick<FleetSite, "every">,
  standing: Standing | null,
  { rules, isAnyway, now }: { rules: string; isAnyway: boolean; now: number },
): Decision {
  const does = (state: Decision["state"], why: string, more: Partial<Decision> = {}) => ({
    ...{ state, why, exitCode: EXIT.complete },
    ...more,
  });
  if (standing === null) return does("begins", "never crawled");
  const { snapshot, plan, slices, stopped, end } = standing;
  const isChanged = plan.rules !== rules;
  if (end !== null) {
    const complete = end.exitCode !== EXIT.incomplete;
    const { isDue, why } = dueOf(
      every,
      { time: plan.at, complete, interrupted: false },
      false,
      now,
    );
    if (isDue) return does("begins", why);
    if (isChanged) return does("begins", "its site file or options have changed");
    return isAnyway ? does("begins", "it was asked for") : does("not due", why);
  }
  if (stopped === null) {
    const kept = isChanged ? "; its site file or options changed, which the next one takes" : "";
    return does("goes on", `snapshot ${snapshot.number} with slice ${slices}${kept}`);
  }
  if (isPlanLost(standing)) return does("begins", stopped.reason, { givesUp: true });
  // A person has changed the site file: that is an answer to what was found.
  if (isChanged) return does("begins", "with the new site file", { givesUp: true });
  return does("waits for a person", stopped.reason, { exitCode: stopped.exitCode });
}
