/** A proposal compared with more pages than it was made from: what does not hold there is not sure. */
import { readArticle } from "../extract/article.js";
import { parsePage } from "../extract/tree.js";
import type { Page } from "../model.js";
import { urlKey } from "../url.js";
import type { Choice, Part, Picks, Proposal } from "./proposal.js";
import { listingOf, siteOfProposal } from "./reads.js";

/** @param others pages of other articles. @param second the second page of the list; null without one */
export function compared(
  proposal: Proposal,
  others: readonly Page[],
  second: Page | null,
  picks: Picks,
): Proposal {
  const site = siteOfProposal(proposal.site);
  const doubts = new Map<Part, string>();
  const [doubt] = proposal.reads.doubts;
  if (doubt !== undefined) doubts.set("rows", doubt);
  if (second !== null) {
    const { rows } = listingOf(second, site);
    const known = new Set(proposal.reads.articles.map(urlKey));
    if (rows.length === 0) doubts.set("rows", `they match nothing on the next page, ${second.url}`);
    else if (rows.every(({ url }) => url !== null && known.has(urlKey(url))))
      doubts.set("next", `the next page, ${second.url}, has the same rows`);
  }
  if (site.article.follow && others.length > 0) {
    const read = others.map((page) => readArticle(parsePage(page, site), site).readings);
    const lacking = read.filter(({ body }) => body === undefined).length;
    if (lacking > 0)
      doubts.set("body", `${lacking} of ${read.length} other articles have none there`);
  }
  const choices = proposal.choices.map((choice): Choice => {
    const reason = doubts.get(choice.part);
    return reason === undefined || picks[choice.part] !== undefined
      ? choice
      : { ...choice, sure: false, reason };
  });
  return { ...proposal, choices };
}
