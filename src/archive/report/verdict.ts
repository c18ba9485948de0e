/** The verdict on a run, and which listed articles it lacks. Pure. */
import type { Holdings } from "../../schema/holdings.js";
import { type Account, missingOf, notInList } from "../../schema/run-report.js";
import { count } from "../../text.js";

interface Verdict {
  readonly word: "Complete" | "Complete, with findings" | "Incomplete" | "Template drift";
  readonly why: string;
}

/** What the run came to, whatever its command line allows. */
export function verdictOn(
  report: Account,
  decisions: readonly { readonly isFinding: boolean }[],
): Verdict {
  const open = decisions.filter(({ isFinding }) => isFinding).length;
  const points = pointsWords(decisions.length, open);
  if (report.drift.length > 0)
    return {
      word: "Template drift",
      why: `Selectors of the site file find nothing, or what cannot be right. Fix the site file before you use this archive.${points}`,
    };
  if (!report.complete || missed(report).length > 0)
    return {
      word: "Incomplete",
      why: report.complete
        ? `Not every listed article could be read.${points}`
        : `The listing was not read to its end, or rows may be missing.${points}`,
    };
  const read = `The listing was read to its end, ${rowsWords(report)}.`;
  return open > 0
    ? { word: "Complete, with findings", why: `${read}${points}` }
    : { word: "Complete", why: `${read} Every listed URL is accounted for.${points}` };
}

/** How many points are listed to decide, findings or not; a sentence after a space. */
function pointsWords(all: number, findings: number): string {
  if (all === 0) return "";
  const only = all === 1 ? ", a finding" : ", all findings";
  const among = findings === 0 ? "" : `, ${count(findings, "finding")} among them`;
  return ` ${count(all, "point")} to decide${all === findings ? only : among}.`;
}

/** What the findings of a list that was read to its end say of its rows. */
function rowsWords(report: Account): string {
  if (report.outside !== null) return "but every row links outside the site";
  if (notInList(report).length > 0)
    return "but the site's feed or sitemap names articles that it does not";
  if (report.fewer.length > 0) return "but there is less of something than in the run before";
  const isKnown = report.accepted.some(({ finding }) => !finding.startsWith("article-"));
  return `and no rows seem to be missing${isKnown ? " beyond what the site file accepts" : ""}`;
}

export type Unwritten = Holdings["notWritten"][number];

/** Listed articles that are missing, and that the site file does not accept. */
export function missed({ archive, ...report }: Account): readonly Unwritten[] {
  return missingOf(archive.notWritten, report);
}
