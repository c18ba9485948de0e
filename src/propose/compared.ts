/** A proposal compared with more pages than it was made from: what does not hold there is not sure, and what none of them has is said. */
import { readArticle } from "../extract/article.js";
import { parsePage } from "../extract/tree.js";
import type { Page } from "../model.js";
import { fieldsInOrder } from "../site/site.js";
import { urlKey } from "../url/url.js";
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

/**
 * A proposal whose site file says, with a least share of 0, that a field may be in no article. A crawl does not report
 * then that its selectors match nothing, and still reads the field where an article has it.
 *
 * @param articles none where no article was looked at: whether it has what only it may have is not known then
 */
export function withAbsent(
  proposal: Proposal,
  lists: readonly Page[],
  articles: readonly Page[],
): Proposal {
  const site = siteOfProposal(proposal.site);
  const seen = [
    ...lists.flatMap((page) => listingOf(page, site).rows),
    ...articles.map((page) => readArticle(parsePage(page, site), site)),
  ];
  const isWhole = articles.length > 0 || !site.article.follow;
  const absent = fieldsInOrder(site).flatMap(([name, { required, listing, article }]) => {
    const isRead = listing.length > 0 || (article.length > 0 && site.article.follow);
    if (required || !isRead || (article.length > 0 && !isWhole)) return [];
    return seen.some(({ readings }) => readings[name] !== undefined) ? [] : name;
  });
  if (absent.length === 0) return proposal;
  const { missing } = proposal;
  const untold = absent.filter((name) => !missing.some((line) => line.startsWith(`${name}: `)));
  const where = articles.length > 0 ? "the list and the articles have" : "the list has";
  return {
    ...proposal,
    site: {
      ...proposal.site,
      health: { ...Object.fromEntries(absent.map((name) => [name, 0])), ...proposal.site.health },
    },
    missing: [...missing, ...untold.map((name) => `${name}: ${where} none that is known`)],
  };
}
