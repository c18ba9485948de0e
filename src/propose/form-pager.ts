/** A pager that is a form: buttons, and links whose script sends one. What is proposed is right for this page; the next one has to show it. */
import type { Element } from "domhandler";
import { scriptCall, sends } from "../extract/forms.js";
import { isElement, isInside, parentOf, textOf } from "../extract/nodes.js";
import { sayingOf } from "../extract/onward-words.js";
import type { Tree } from "../extract/tree.js";
import type { Choice, Picks } from "./proposal.js";
import { nextChoice } from "./rank.js";
import { elementsOf, exactSelector } from "./selectors.js";

export interface FormPager {
  readonly choice: Choice | null;
  readonly next?: { readonly submit: string };
  /** Why the next page is not known; null when it is. */
  readonly problem: string | null;
}

const CONTROLS = "a, button, input[type=submit i], input[type=image i], input[type=button i]";

/** @returns null where nothing looks like the way on */
export function proposeForm(
  tree: Tree,
  rows: ReadonlySet<Element>,
  picks: Picks,
): FormPager | null {
  const controls = elementsOf(tree, CONTROLS).filter((node) => !isInside(node, rows));
  const sending = controls.filter((node) => sends(tree, node) !== null);
  const said = sending.find((node) => /^(?:next|arrow)$/.test(sayingOf(wordsOf(node)) ?? ""));
  const following = said ?? sending.find((node) => afterNumber(node) !== null);
  if (following === undefined) {
    const more = controls.find((node) => sayingOf(wordsOf(node)) === "more" && isBare(node));
    if (more === undefined) return null;
    const problem = `"${wordsOf(more)}" loads more and names no URL: see in a browser which request it sends, and name that in listing.next ({ post, body }, or { template })`;
    return { choice: null, problem };
  }
  const selector =
    said === undefined ? besideNumber(tree, following) : exactSelector(tree, [following]);
  const call = scriptCall(following);
  const words = wordsOf(following);
  if (selector === null || sends(tree, following) === "script")
    return {
      choice: null,
      problem: `"${words}" sends a form${call === null ? "" : ` by its script ${call.name}(${call.values.join(", ")})`}: name it in listing.next, as { submit, set }`,
    };
  const submit = picks.next || selector;
  const reason = `it sends a form${call === null ? "" : ` by ${call.name}`}: look at the second page too`;
  const choice = {
    ...nextChoice(submit, "1 control", words, reason),
    sure: picks.next !== undefined,
  };
  return { choice, next: { submit }, problem: null };
}

function wordsOf(node: Element): string {
  const { value = "", title = "", alt = "", ...attribs } = node.attribs;
  return (textOf([node]) || value || (attribs["aria-label"] ?? "") || title || alt).trim();
}

/** A control that only a script follows. */
function isBare({ name, attribs }: Element): boolean {
  return name !== "a" || /^(?:#|javascript:|$)/i.test((attribs.href ?? "").trim());
}

/** The number of this page, right before a link to the next number; null where there is none. */
function afterNumber(node: Element): Element | null {
  const own = /^\d{1,5}$/.exec(wordsOf(node));
  const parent = parentOf(node);
  if (own === null || parent === null) return null;
  for (const at of /^(?:td|li)$/.test(parent.name) ? [parent] : [node]) {
    const beside = parentOf(at)?.children.filter(isElement) ?? [];
    const before = beside[beside.indexOf(at) - 1];
    const isHere = before !== undefined && textOf([before]).trim() === String(Number(own[0]) - 1);
    if (
      isHere &&
      before.name !== "a" &&
      !before.children.some((one) => isElement(one) && one.name === "a")
    )
      return before;
  }
  return null;
}

/** `.pager span + a`: the link after the number of this page, on any page. */
function besideNumber(tree: Tree, node: Element): string | null {
  const before = afterNumber(node);
  const box = before === null ? null : parentOf(before);
  const place = box === null ? null : exactSelector(tree, [box]);
  if (before === null || place === null) return null;
  const inner = before.children.find(isElement)?.name;
  const step =
    parentOf(node) === box
      ? `${before.name} + ${node.name}`
      : `${before.name}${inner === undefined ? ":not(:has(a))" : `:has(> ${inner}:not(a))`} + ${before.name} > ${node.name}`;
  const selector = `${place} > ${step}`;
  return elementsOf(tree, selector)[0] === node ? selector : null;
}
