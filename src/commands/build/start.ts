/** Why captures cannot be walked from the start of a site, and what to do. */
import type { CapturedRun } from "../../capture/read/runs.js";
import { CliError, EXIT } from "../../error.js";
import { count, few } from "../../text.js";

/** Damages that are named again; all were told before. */
const MOST = 3;

/**
 * @param reason why it has none
 * @param damages of the captures, one sentence each
 * @param left what became of the archive
 */
export async function startMissing(
  { name, responses }: Pick<CapturedRun, "name" | "responses">,
  start: string,
  { reason, damages, left }: { reason: string; damages: readonly string[]; left: string },
): Promise<CliError> {
  const isHeld = responses.holds(new URL(start));
  const isDamage = reason.includes("damaged") || (!isHeld && damages.length > 0);
  const own = damages.filter((damage) => damage.includes(start));
  const named = own.length > 0 ? own : damages;
  return new CliError(`${name} cannot be walked from ${start}: ${reason}`, {
    exitCode: EXIT.incomplete,
    details: isDamage ? few(named, MOST) : [],
    hint: `${isDamage ? damageHint(isHeld) : isHeld ? AS_IT_CAME : await pagesHint(responses)} ${left}`,
  });
}

function damageHint(isHeld: boolean): string {
  const where = isHeld
    ? "The start page is what is damaged"
    : "The start page may have been where it is damaged";
  return `${where}: restore the capture from a copy, or build from another one of this site.`;
}

const AS_IT_CAME =
  "The capture holds this page as it came then, and nothing can be read from it: build from another capture, crawl again, or give the site file another `start`.";

async function pagesHint(responses: CapturedRun["responses"]): Promise<string> {
  const pages = await responses.pages();
  const [first, second] = pages;
  if (first === undefined) return "It holds no page at all: name another capture.";
  const some = second === undefined ? first : `${first} and ${second}`;
  return `It holds ${count(pages.length, "page")}, such as ${some}, and not this one. --site names the site whose list begins at one of them; where it is this site, another capture of it has the start page.`;
}
