/** The title of a row: the score of each candidate. */
import type { Element } from "domhandler";
import { ownTexts } from "../extract/field.js";
import { isElement, textOf } from "../extract/nodes.js";
import { labelUpTo } from "../extract/onward.js";
import { closest, select } from "../extract/select.js";
import type { Tree } from "../extract/tree.js";
import { type RowCandidate, type RowsOfPage, vagueness } from "./candidates.js";
import { holdsDate } from "./format.js";
import type { Choice } from "./proposal.js";
import { choiceOf, median, type Points, rank, sumOf, times } from "./rank.js";

const TITLE_HINT = /title|headline|heading|subject/i;
/** Figures with signs between them alone. */
const FIGURES = /^[([]?\d{1,4}([-/.年月]\d{1,2}){1,2}[日.]?[)\]]?$/;
const HEADING = /(?:^|[ >.])h[1-6]$/;

/** How the title of a row is read. */
export interface TitleProposal {
  readonly choice: Choice;
  readonly selector: string;
  /** True to read the element's own words: it holds the date too. */
  readonly own: boolean;
  /** The titles, one a row; null where there is none. */
  readonly texts: RowCandidate["texts"];
  readonly nodes: RowCandidate["nodes"];
}

interface TitleCandidate extends RowCandidate {
  readonly selector: string;
  readonly own: boolean;
  /** True where a date is among its words. */
  readonly isDated: boolean;
}

/** @returns null if no part of the rows has words of its own in each */
export function proposeTitle({ tree, rows, candidates, picks }: RowsOfPage): TitleProposal | null {
  const ranking = rank(
    candidates.flatMap(waysOf).concat(waysOf(rowItself(rows)).filter(({ own }) => own)),
    (candidate) => titleScore(tree, candidate, rows.length),
    picks.title,
    // Two selectors of one node are not a choice.
    (one, first) => one.texts.join("\n") !== first.texts.join("\n"),
  );
  if (ranking === null) return null;
  const { selector, own, texts, nodes } = ranking.best;
  const reason = HEADING.test(selector)
    ? "a heading in each row"
    : TITLE_HINT.test(selector)
      ? "its class says so"
      : "words that differ in each row, and a link";
  const choice = choiceOf("title", ranking, reason, ranking.leads(1.2));
  return { choice, selector, own, texts, nodes };
}

function rowItself(rows: readonly Element[]): RowCandidate {
  const texts = rows.map((row) => textOf([row]));
  return { value: ":scope", matched: "", texts, nodes: rows, found: rows.length, several: 0 };
}

/** An element by all of its words; by its own alone where the others are a date: `<a><time>3 May 2021</time> Title</a>`. */
function waysOf(candidate: RowCandidate): TitleCandidate[] {
  const { value: selector, nodes, texts } = candidate;
  const dates = nodes.map((node) => (node === null ? [] : datesIn(node)));
  const isDated = dates.filter((found) => found.length > 0).length * 2 > nodes.length;
  const whole = { ...candidate, selector, own: false, isDated };
  if (!isDated) return [whole];
  const owns = nodes.map((node) => node && textOf(ownTexts([node])));
  // What other elements hold would be lost.
  const isAll = nodes.every((node, at) => {
    const rest = owns[at] ?? "";
    const dated = (dates[at] ?? []).map((one) => textOf([one])).join("");
    return node === null || squeezed(rest + dated).length === squeezed(texts[at] ?? "").length;
  });
  if (!isAll) return [whole];
  const value = `${selector} (own words)`;
  return [whole, { ...candidate, value, texts: owns, selector, own: true, isDated: false }];
}

function squeezed(text: string): string {
  return text.replace(/\s+/g, "");
}

/** Children that are a date, or figures as a day and a month are: "05-22". */
function datesIn({ children }: Element): Element[] {
  return children.filter(isElement).filter((child) => {
    const text = labelUpTo([child], 41);
    return text.length <= 40 && (child.name === "time" || FIGURES.test(text) || holdsDate(text));
  });
}

function titleScore(
  tree: Tree,
  { selector: value, nodes, texts, found, several, isDated, own }: TitleCandidate,
  total: number,
): Points | null {
  // The articles of a change list may be called by a version alone: "3.40.1".
  const words = texts.filter((text): text is string => text !== null && /\p{L}|\d\D\d/u.test(text));
  if (words.filter((word) => /\d{4}/.test(word) && !/\p{L}/u.test(word)).length * 2 > total)
    return null;
  const length = median(words.map((text) => text.length));
  const distinct = new Set(words).size / Math.max(1, words.length);
  if (words.length < 0.8 * total || length < 3 || length > 300 || (total > 2 && distinct < 0.6))
    return null;
  const linked = nodes.filter((node) => node !== null && isLinked(tree, node)).length / total;
  const points = {
    "a heading": HEADING.test(value) ? 3 : 0,
    "its name": TITLE_HINT.test(value) ? 2 : 0,
    links: 2 * linked,
    "length of a title": length >= 12 && length <= 160 ? 1 : 0,
    "words that differ": distinct,
    "rows that have it": found / total,
    "more than one in a row": (-several / total) * 2,
    "a plain selector": -vagueness(value) / 4,
  };
  if (sumOf(points) <= 0) return null;
  // An element that holds a heading or a date is more than the title.
  const isMore = isDated || (!own && nodes.some((node) => node !== null && holdsMore(node)));
  return times(points, "more than a title in it", isMore ? 1 / 3 : 1);
}

/** True if the node is a link, is in one, or holds one with all of its words. */
function isLinked(tree: Tree, node: Element): boolean {
  if (closest(node, "a[href]") !== null) return true;
  const inner = select(tree.$, node, "a[href]");
  return inner.length > 0 && textOf(inner) === textOf([node]);
}

function holdsMore({ name, children }: Element): boolean {
  const blocks = /^(?:h[1-6]|p|ul|ol|table|time|div)$/;
  return !/^h[1-6]$/.test(name) && children.some((one) => isElement(one) && blocks.test(one.name));
}
