/** The link, type and summary of a row: the score of each candidate for each part. */
import type { Element } from "domhandler";
import { readDate } from "../dates/date.js";
import { isElement, isInside, textOf, traverse } from "../extract/nodes.js";
import { linkTarget } from "../extract/tree.js";
import { sameOrigin } from "../url/url.js";
import { candidateOf, type RowCandidate, type RowsOfPage, vagueness } from "./candidates.js";
import type { Choice } from "./proposal.js";
import { choiceOf, median, type Points, rank, share, sumOf } from "./rank.js";

/** Proposes the link to the article: that of the title, else the first of the row. */
export function proposeLink({ tree, rows, picks }: RowsOfPage, title: string | null) {
  const isLink = rows.every(({ name }) => name === "a");
  const ofTitle =
    title === null
      ? []
      : [
          ...(/(?:^|[ >])a$|\./.test(title) ? [`${title}[href]`] : []),
          `${title} a[href]`,
          `a[href]:has(${title})`,
        ];
  const candidates = (isLink ? [":scope"] : [...ofTitle, "a[href]"]).map((value) => {
    const nodes = isLink ? rows : candidateOf(tree, rows, value).nodes;
    const texts = nodes.map((node) => node && linkTarget(tree, node.attribs.href));
    const found = texts.filter((target) => target !== null).length;
    const own = texts.filter((target) => target !== null && sameOrigin(target, tree.url)).length;
    return { value, matched: share(found, rows.length), texts, found, own };
  });
  const most = Math.max(...candidates.map(({ own }) => own));
  const ranking = rank(
    candidates,
    // Where one link of a row leads to another site and one to this, that one is the article's.
    ({ found, own }) =>
      found === 0 || own * 2 < most ? null : { links: found >= 0.8 * rows.length ? 1 : 0 },
    picks.link,
  );
  if (ranking === null) return null;
  const { value, found } = ranking.best;
  const reason = value === "a[href]" ? "the first link of the row" : "the link of the title";
  // A row without a link is an article that is only in the list.
  const options = found === rows.length ? [] : ranking.options;
  return { ...choiceOf("link", ranking, reason, true), options };
}

const TYPE_HINT = /type|categor|(?:^|[-_.])cat(?:$|[-_])|label|kind|section|topic|badge|tag/i;
/** Names of those who wrote an article: no kind of article. */
const AUTHOR = /author|byline|vcard|writer|(?:^|\.)(?:fn|by)$/i;
const SUMMARY_HINT = /summary|teaser|excerpt|intro|lead|desc|body|text|content|abstract|snippet/i;

/** First matches of the fields that were chosen already, one list a field. */
export type ChosenNodes = readonly RowCandidate["nodes"][];

/** @returns null if most rows have no short word of a few kinds */
export function proposeType(page: RowsOfPage, chosen: ChosenNodes): Choice | null {
  const score = ({ value, several, nodes }: RowCandidate, words: readonly string[]) => {
    const hinted = TYPE_HINT.test(value);
    if (!hinted && AUTHOR.test(value)) return null;
    // Words that differ by their numbers alone are counts: "2 min read", "5 comments".
    const kinds = new Set(hinted ? words : words.map((word) => word.replace(/\d+/g, "0"))).size;
    if (median(words.map(({ length }) => length)) > 40 || words.some((word) => word.length > 80))
      return null;
    if (words.every((word) => !/\p{L}/u.test(word)) || words.some(isDate)) return null;
    // A word that is the same in every row is a button, unless its class says otherwise.
    if (!hinted && (kinds < 2 || kinds > Math.max(2, words.length / 2))) return null;
    if (kinds === 1 && words.length > 1 && !/(?:type|category|cat|kind)$/i.test(value)) return null;
    const share = several / page.rows.length;
    // A label beside the word, which screen readers alone may read out: "Categories News".
    if (nodes.filter((node) => node !== null && listsLinks(node)).length * 5 > words.length)
      return null;
    const labelled =
      nodes.filter((node) => node !== null && labelsLink(node)).length / words.length;
    const points = {
      "its name": hinted ? 3 : 0.5,
      "words that differ": kinds > 1 ? 1 : 0,
      "a plain selector": -vagueness(value) / 8,
      "more than one in a row": -share,
      "words beside its link": -labelled,
    };
    return sumOf(points) > 0 ? points : null;
  };
  return proposeText("type", page, chosen, score, (hinted) =>
    hinted ? "its class says so" : "a short word of few kinds in most rows",
  );
}

/** True for an element that holds several links: tags, or more than one category. */
function listsLinks(node: Element): boolean {
  let links = 0;
  traverse([node], (child) => {
    if (isElement(child) && child.name === "a") links++;
    return links < 2;
  });
  return links > 1;
}

/** True for an element that holds one link, and words beside it. */
function labelsLink(node: Element): boolean {
  const links = node.children.filter((child) => isElement(child) && child.name === "a");
  return links.length === 1 && textOf(links).length < textOf([node]).length;
}

/** @returns null if the rows have no text beside the title */
export function proposeSummary(page: RowsOfPage, chosen: ChosenNodes): Choice | null {
  const score = ({ value }: RowCandidate, words: readonly string[]) => {
    const length = median(words.map((word) => word.length));
    const hinted = SUMMARY_HINT.test(value) || /(?:^|[ >])p$/.test(value);
    if (length < 30) return null;
    return {
      "its name": hinted ? 2 : 1,
      "length of its words": Math.min(1, length / 300),
      "a plain selector": -vagueness(value) / 8,
    };
  };
  return proposeText("summary", page, chosen, score, () => "the text beside the title");
}

function proposeText(
  part: "type" | "summary",
  { candidates, rows, picks }: RowsOfPage,
  chosen: ChosenNodes,
  score: (candidate: RowCandidate, words: readonly string[]) => Points | null,
  reason: (hinted: boolean) => string,
): Choice | null {
  const free = candidates.filter((candidate) => !overlaps(candidate, chosen));
  const ranking = rank(
    free,
    (candidate) => {
      const words = candidate.texts.filter((text) => text !== null && text !== "") as string[];
      return words.length * 2 < rows.length ? null : score(candidate, words);
    },
    picks[part],
  );
  if (ranking === null) return null;
  const { value } = ranking.best;
  const hinted = (part === "type" ? TYPE_HINT : SUMMARY_HINT).test(value) || value === "p";
  const options = [...ranking.options, { value: "", matched: "none", samples: [] }];
  return { ...choiceOf(part, ranking, reason(hinted), hinted), options };
}

function isDate(word: string): boolean {
  return "date" in readDate(word, { formats: ["M/d/yyyy", "d/M/yyyy", "d.M.yyyy"], locales: [] });
}

/** True if a candidate is, holds or is in a node of another field. */
function overlaps({ nodes }: RowCandidate, chosen: ChosenNodes): boolean {
  return chosen.some((others) =>
    nodes.some((node, index) => {
      const other = others[index] ?? null;
      if (node === null || other === null) return false;
      return isInside(node, new Set([other])) || isInside(other, new Set([node]));
    }),
  );
}
