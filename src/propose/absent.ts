/** Fields that a preset or a kind of list reads, and that no page has that was looked at. */
import { readArticle } from "../extract/article.js";
import { parsePage } from "../extract/tree.js";
import type { Page } from "../model.js";
import { fieldsInOrder } from "../site/site.js";
import type { Proposal } from "./proposal.js";
import { listingOf, siteOfProposal } from "./reads.js";

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
