/** The title of a row and its link. */

import type { Element } from "domhandler";
import { isElement, textOf } from "../extract/nodes.js";
import { linkTarget, type Tree } from "../extract/tree.js";
import { type Candidate, candidateOf, plainness } from "./candidates.js";
import type { Choice, Option, Picks } from "./proposal.js";
import { median, samplesOf, share } from "./words.js";

const HINT = /title|headline|heading|subject/i;
const HEADING = /(?:^|[ >.])h[1-6]$/;

/** Proposes the title. @returns null when no part of the rows has words of its own in each */
export function proposeTitle(
  tree: Tree,
  rows: readonly Element[],
  candidates: readonly Candidate[],
  picks: Picks,
): Choice | null {
  const scored = candidates
    .map((candidate) => ({ candidate, score: scoreOf(tree, candidate, rows.length) }))
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score);
  const options = scored.slice(0, 4).map(({ candidate }) => optionOf(candidate, rows.length));
  const picked = options.find(({ value }) => value === picks.title);
  const best = picked ?? options[0];
  if (best === undefined) return null;
  const [first, second] = scored;
  // Two selectors of one node are no choice.
  const rival = scored.find(
    ({ candidate }) => candidate.texts.join("\n") !== first?.candidate.texts.join("\n"),
  );
  return {
    part: "title",
    ...best,
    reason: picked
      ? "chosen by you"
      : HEADING.test(best.value)
        ? "a heading in each row"
        : HINT.test(best.value)
          ? "its class says so"
          : "words that differ in each row, and a link",
    sure:
      picked !== undefined ||
      second === undefined ||
      (first?.score ?? 0) > 1.2 * (rival?.score ?? 0),
    options: rival === undefined ? [] : options,
  };
}

function optionOf({ selector, texts, found }: Candidate, total: number): Option {
  return { value: selector, matched: share(found, total), samples: samplesOf(texts) };
}

function scoreOf(
  tree: Tree,
  { selector, nodes, texts, found, several }: Candidate,
  total: number,
): number {
  const words = texts.filter((text): text is string => text !== null && /\p{L}/u.test(text));
  const length = median(words.map((text) => text.length));
  const distinct = new Set(words).size / Math.max(1, words.length);
  if (words.length < 0.8 * total || length < 3 || length > 300 || (total > 2 && distinct < 0.6))
    return 0;
  const linked = nodes.filter((node) => node !== null && isLinked(tree, node)).length / total;
  const score =
    (HEADING.test(selector) ? 3 : 0) +
    (HINT.test(selector) ? 2 : 0) +
    2 * linked +
    (length >= 12 && length <= 160 ? 1 : 0) +
    distinct +
    found / total -
    (several / total) * 2 -
    plainness(selector) / 4;
  // A text that holds a heading is more than the title.
  return nodes.some((node) => node !== null && holdsMore(node)) ? score / 3 : score;
}

/** The node is a link, lies in one, or holds one that has all of its words. */
function isLinked(tree: Tree, node: Element): boolean {
  if (tree.$(node).closest("a[href]").length > 0) return true;
  const inner = tree.$(node).find("a[href]").toArray().filter(isElement);
  return inner.length > 0 && textOf(inner) === textOf([node]);
}

function holdsMore(node: Element): boolean {
  const inside = node.children.filter(isElement);
  return (
    inside.some(({ name }) => /^(?:h[1-6]|p|ul|ol|table|time|div)$/.test(name)) &&
    !/^h[1-6]$/.test(node.name)
  );
}

/** Proposes the link to the article: that of the title, else the first of the row. */
export function proposeLink(
  tree: Tree,
  rows: readonly Element[],
  title: string | null,
  picks: Picks,
): Choice | null {
  const isLink = rows.filter(({ name }) => name === "a").length === rows.length;
  const ways = isLink
    ? [":scope"]
    : [
        ...(title === null ? [] : [`${title}[href]`, `${title} a[href]`, `a[href]:has(${title})`]),
        "a[href]",
      ];
  const options = ways.flatMap((selector): Option[] => {
    if (selector === `${title}[href]` && !/(?:^|[ >])a$|\./.test(title ?? "")) return [];
    const nodes = isLink ? rows : candidateOf(tree, rows, selector).nodes;
    const targets = nodes.map((node) =>
      node === null ? null : linkTarget(tree, node.attribs.href),
    );
    const found = targets.filter((target) => target !== null);
    if (found.length === 0) return [];
    return [
      { value: selector, matched: share(found.length, rows.length), samples: samplesOf(found) },
    ];
  });
  const count = ({ matched }: Option) => Number(matched.split(" ")[0]);
  const best =
    options.find(({ value }) => value === picks.link) ??
    options.find((option) => count(option) >= 0.8 * rows.length) ??
    options[0];
  if (best === undefined) return null;
  const full = count(best) === rows.length;
  return {
    part: "link",
    ...best,
    reason: best.value === "a[href]" ? "the first link of the row" : "the link of the title",
    sure: true,
    // A row without a link is an article that stands in the list alone.
    options: full ? [] : options,
  };
}
