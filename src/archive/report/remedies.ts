/** What to decide about articles that are missing and gaps of a list, by what helps. Pure. */
import type { Code } from "../../model.js";
import type { Walk } from "../../schema/run-report.js";
import { count } from "../../text.js";

const accept = (reason: string) =>
  `"accept": [{ "finding": "article-failed", "place": "URL", "reason": "${reason}" }]`;

/** What to decide about articles that are missing. */
export const REMEDIES: Readonly<
  Record<
    "again" | Code,
    { title: (articles: string) => string; advice: string; type: string | null }
  >
> = {
  again: {
    title: (articles) => `${articles} could not be read`,
    advice: "Run the same command again: it asks for these alone, and for what has changed.",
    // The command of the run.
    type: null,
  },
  gone: {
    title: (articles) => `${articles} of the list that the site does not have`,
    advice:
      "Another run finds the same. Tell who runs the site, or look for them in a web archive. Where they are lost, `accept` of the site file says so, once for each:",
    type: accept("not on the site any more"),
  },
  refused: {
    title: (articles) => `${articles} that the site refuses`,
    advice:
      "Another run finds the same. Open one in a browser: it may need a login, or the site may not want crawlers; ask its owner. Where it stays so, `accept` of the site file says so, once for each:",
    type: accept("not public"),
  },
  unusable: {
    title: (articles) => `${articles} that came and cannot be read`,
    advice:
      "Another run finds the same. Look at one with `sitelift inspect`. What is not an article, such as a file, is accepted in the site file, once for each:",
    type: accept("no article"),
  },
  list: {
    title: (articles) => `${articles} that the site file leaves out`,
    advice: "Correct `listing` of the site file:",
    type: "sitelift inspect URL --site SITE",
  },
  "not-captured": {
    title: (articles) => `${articles} that the capture lacks`,
    advice:
      "Building again gives the same. Restore a damaged capture from a copy, name every capture of the archive, or crawl again:",
    type: null,
  },
  "not-archived": {
    title: (articles) => `${articles} without a good capture`,
    advice:
      "Name another web archive in `archive` of the site file, or ask those who may still have them. Where nobody has, `accept` of the site file says so:",
    type: accept("in no web archive"),
  },
};

/** What to do about gaps of a list, before accepting them. */
export function gapAdvice({ gaps, lasting }: Pick<Walk, "gaps" | "lasting">): string {
  if (lasting.length < gaps.length) return "Run the same command again.";
  if (lasting.includes("list"))
    return "Another run finds the same: look at the page, and correct `listing` of the site file.";
  return `Another run finds the same: ${count(gaps.length, "page")} of the list cannot be had from the site.`;
}
