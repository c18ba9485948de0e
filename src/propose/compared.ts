/** A proposal compared with more pages than it was made from: what does not hold there is not sure. */
import { readArticle } from "../extract/article.js";
import { parsePage } from "../extract/tree.js";
import type { Page } from "../model.js";
import { urlKey } from "../url.js";
import { SAYS } from "./pager.js";
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
  let isProved = false;
  if (second !== null) {
    const { rows, next } = listingOf(second, site);
    const { articles } = proposal.reads;
    const there = new Set(rows.flatMap(({ url }) => (url === null ? [] : urlKey(url))));
    if (rows.length === 0) doubts.set("rows", `they match nothing on the next page, ${second.url}`);
    else if (articles.length > 0 && articles.every((url) => there.has(urlKey(url))))
      doubts.set("next", `the next page, ${second.url}, has the same rows`);
    else isProved = next === null || urlKey(next) !== urlKey(proposal.site.start ?? "");
  }
  if (site.article.follow && others.length > 0) {
    const read = others.map((page) => readArticle(parsePage(page, site), site).readings);
    const lacking = read.filter(({ body }) => body === undefined).length;
    if (lacking > 0)
      doubts.set("body", `${lacking} of ${read.length} other articles have none there`);
  }
  const choices = proposal.choices.map((choice): Choice => {
    // What a link says is little: that it led on shows that it was right.
    if (choice.part === "next" && isProved && choice.reason.startsWith(SAYS))
      return { ...choice, sure: true, reason: `${choice.reason}, and the page has other rows` };
    const reason = doubts.get(choice.part);
    return reason === undefined || picks[choice.part] !== undefined
      ? choice
      : { ...choice, sure: false, reason };
  });
  return { ...proposal, choices };
}
