/**
 * The pager of a listing page: what leads to the next page, of all that looks to a crawl as if it did. Markup decides;
 * words are the last resort, and then the choice is not sure.
 */
import type { Element } from "domhandler";
import { leadSentence } from "../extract/lead-words.js";
import { type Way, waysOn } from "../extract/leads.js";
import { isElement, isInside, textOf } from "../extract/nodes.js";
import { iconOf, isRelNext, labelOf, nextName, saysOf } from "../extract/onward.js";
import { sayingOf } from "../extract/onward-words.js";
import { select } from "../extract/select.js";
import type { Tree } from "../extract/tree.js";
import { sameOrigin } from "../url/url.js";
import { type FormPager, proposeForm } from "./form-pager.js";
import {
  numbersOutside,
  type PageNumbers,
  pageNumbers,
  zeroBasedParameter,
} from "./page-numbers.js";
import type { Choice, Picks } from "./proposal.js";
import { nextChoice } from "./rank.js";
import { exactSelector } from "./selectors.js";

/** How the reason begins where only words say that a link leads on. */
export const SAYS = "it says";

export interface PagerProposal {
  /** Null when there is no pager. */
  readonly choice: Choice | null;
  readonly listing: PageNumbers["listing"] & {
    readonly next?: string | FormPager["listing"]["next"];
  };
  /** URL of the first page; null if this is the first, or if it is not known. */
  readonly first: string | null;
  /** Why the next page is not known; null when it is, or when there is no pager. */
  readonly problem: string | null;
}

/** Proposes the pager; links in rows are not part of it. */
export function proposePager(tree: Tree, rows: readonly Element[], picks: Picks): PagerProposal {
  const inRows = new Set(rows);
  const numbers = numbersOutside(tree, inRows);
  const parameter = zeroBasedParameter(tree.url, numbers);
  const accepts = (target: string) => sameOrigin(target, tree.url);
  const all = waysOn(tree, rows, { url: tree.url, isStart: true, parameter, accepts });
  const pages = pageNumbers(tree, inRows, numbers, parameter, all);
  const { container, shown, links, listing } = pages;
  const linkTo = (page: number) => links.find(({ number }) => number === page);
  const following = shown === 0 ? undefined : linkTo(shown + 1);
  const first = shown > 1 ? (linkTo(1)?.target ?? null) : null;
  // Where the pages have numbers, these say which of them is the next, and what leads back.
  const isCounted = ({ node }: Way) => /^\d+$/.test(labelOf(node)) || saysOf(node) === "back";
  const ways = links.length === 0 ? all : all.filter((way) => !isCounted(way));
  const none = { choice: null, listing, first, problem: null };
  const found = nextOf(tree, ways, container, following === undefined);
  if (found !== null) {
    const { selector, target, reason, sure } = found;
    const next = picks.next || selector;
    const agrees = following === undefined || following.target === target;
    const problem = agrees
      ? null
      : `${selector} leads to ${target}, but number ${following.number} to ${following.target}`;
    const choice = {
      ...nextChoice(next, "1 link", target, reason),
      sure: (sure && agrees) || picks.next !== undefined,
    };
    return { choice, listing: { ...listing, next }, first, problem };
  }
  if (following !== undefined) {
    const reason = "the number after that of this page";
    const choice = nextChoice(listing.pageLinks ?? "", "1 link", following.target, reason);
    return { ...none, choice };
  }
  const form = links.length === 0 ? proposeForm(tree, ways, picks) : null;
  if (form !== null)
    return { ...none, choice: form.choice, listing: { ...listing, ...form.listing } };
  // A control that names its URL is followed where the site file has no other way.
  const isRead = ways.some(({ lead }) => lead.kind === "control" && lead.url !== null);
  if (ways[0] !== undefined && !isRead) return { ...none, problem: leadSentence(ways[0].lead) };
  if (links.length === 0 || shown > 0) return none;
  const problem =
    "there are numbered links, and nothing says which page this is: name it in listing.current";
  return { ...none, problem };
}

interface Next {
  readonly selector: string;
  readonly target: string;
  readonly reason: string;
  readonly sure: boolean;
}

type Link = Pick<Next, "target"> & Pick<Way, "node">;

/**
 * @param container the pager; null when none was found
 * @param isLast true where no number says which page is the next
 */
function nextOf(
  tree: Tree,
  ways: readonly Way[],
  container: Element | null,
  isLast: boolean,
): Next | null {
  const links = ways.flatMap(({ node, lead }) =>
    lead.kind === "link" && lead.url !== null ? { node, target: lead.url } : [],
  );
  const pager = container === null ? null : new Set([container]);
  const inside = links.filter(({ node }) => pager !== null && isInside(node, pager));
  const related = links.find(({ node }) => isRelNext(node));
  const spoken = (pager === null ? links : inside).find(saysNext);
  const other = isLast ? links.find(({ node }) => saysOf(node) !== "back") : undefined;
  return (
    byClass(tree, links, inside) ??
    byRelation(related) ??
    byWords(tree, spoken) ??
    byWords(tree, other)
  );
}

/** True when a link says "next page" in one of the languages that are read, or is an arrow. */
function saysNext({ node }: Link): boolean {
  const saying = saysOf(node);
  return saying === "next" || saying === "arrow";
}

function byClass(tree: Tree, links: readonly Link[], inside: readonly Link[]): Next | null {
  const isNamed = (link: Link) => {
    const found = nextName(link.node);
    // WordPress calls the older posts so, others the page before.
    return found !== null && (!/previous/i.test(found.name) || saysNext(link));
  };
  const named = links.filter(isNamed);
  const inPager = inside.find(isNamed);
  const best = inPager ?? named[0];
  if (best === undefined) return null;
  const same = named.filter(({ target }) => target === best.target);
  const nodes = same.map(({ node }) => node);
  const selector = classSelector(tree, best.node) ?? exactSelector(tree, nodes);
  if (selector === null) return null;
  // Outside a pager the class may be a carousel's; a page of this list has the same path.
  const isHere = new URL(best.target).pathname === new URL(tree.url).pathname;
  const isAlone = saysNext(best) ? same.length === named.length : isHere && named.length === 1;
  const sure = inPager !== undefined || isAlone;
  return { selector, target: best.target, reason: "its class says so", sure };
}

/** The class that says "next", on the link or on its item. */
function classSelector(tree: Tree, node: Element): string | null {
  const found = nextName(node);
  if (found === null) return null;
  const { holder, name } = found;
  const ways = holder === node ? [`a.${name}`] : [`.${name} > a`, `${holder.name}.${name} > a`];
  return ways.find((way) => leadsThere(tree, way, node)) ?? null;
}

/** True where all that a selector matches leads to where a link leads. */
function leadsThere(tree: Tree, selector: string, { attribs }: Element): boolean {
  const found = select(tree.$, null, selector);
  return found.length > 0 && found.every((one) => one.attribs.href === attribs.href);
}

function byRelation(link: Link | undefined): Next | null {
  if (link === undefined) return null;
  const selector = `${link.node.name}[rel~='next']`;
  return { selector, target: link.target, reason: 'rel="next"', sure: true };
}

function byWords(tree: Tree, link: Link | undefined): Next | null {
  if (link === undefined) return null;
  const { node, target } = link;
  const exact = exactSelector(tree, [node]);
  // A class that nothing else has is a name; a path or a class of buttons is at other links of other pages.
  const isName = exact !== null && /^\.[\w-]+$/.test(exact);
  const selector = isName ? exact : (bySaying(tree, node) ?? exact);
  // A selector of all links of the pager is right on the first page only.
  if (selector === null || /(?:^|[ >])a$/.test(selector)) return null;
  const words = labelOf(node);
  const reason = words === "" ? `${SAYS} so by an icon` : `${SAYS} "${words}"`;
  return { selector, target, reason, sure: false };
}

/** A link by what it says, where that is in no other link; an arrow is in many. */
function bySaying(tree: Tree, node: Element): string | null {
  const image = node.children.filter(isElement).find(({ name }) => name === "img");
  const { title, "aria-label": label } = node.attribs;
  const icon = iconOf(node);
  const ways = [
    ["a:contains(?)", textOf([node])],
    ["a[aria-label=?]", label],
    ["a[title=?]", title],
    ["a:has(> img[alt=?])", image?.attribs.alt],
  ].flatMap(([way = "", words = ""]) =>
    /^(?:next|more)$/.test(sayingOf(words) ?? "")
      ? way.replace("?", () => JSON.stringify(words))
      : [],
  );
  // Tailwind's names have signs that mean something else in a selector: `i-mdi:chevron-right`.
  if (icon !== null && /^[\w-]+$/.test(icon)) ways.push(`a:has(> .${icon})`);
  return ways.find((way) => leadsThere(tree, way, node)) ?? null;
}
