/** A pager that is a form: buttons, and links whose script sends one. What is proposed is right for this page; the next one has to show it. */
import type { Element } from "domhandler";
import { scriptCall } from "../extract/forms.js";
import type { Way } from "../extract/leads.js";
import { isElement, parentOf, textOf } from "../extract/nodes.js";
import { labelOf, saysOf } from "../extract/onward.js";
import { select } from "../extract/select.js";
import type { Tree } from "../extract/tree.js";
import type { Choice, Picks } from "./proposal.js";
import { nextChoice } from "./rank.js";
import { exactSelector } from "./selectors.js";

export interface FormPager {
  readonly choice: Choice;
  readonly listing: { readonly next: { readonly submit: string } };
}

/** @returns null where no control is known to send the form that leads on */
export function proposeForm(tree: Tree, ways: readonly Way[], picks: Picks): FormPager | null {
  const sending = ways.flatMap(({ node, lead }) =>
    lead.sends === "form" && node.name !== "form" ? node : [],
  );
  const said = sending.find((node) => /^(?:next|arrow)$/.test(saysOf(node) ?? ""));
  const following = said ?? sending.find((node) => afterNumber(node) !== null);
  if (following === undefined) return null;
  const selector =
    said === undefined ? besideNumber(tree, following) : exactSelector(tree, [following]);
  if (selector === null) return null;
  const submit = picks.next || selector;
  const call = scriptCall(following);
  const reason = `it sends a form${call === null ? "" : ` by ${call.name}`}: look at the second page too`;
  const choice = nextChoice(submit, "1 control", labelOf(following), reason);
  return {
    choice: { ...choice, sure: picks.next !== undefined },
    listing: { next: { submit } },
  };
}

/** The number of this page, right before a link to the next number; null where there is none. */
function afterNumber(node: Element): Element | null {
  const own = /^\d{1,5}$/.exec(labelOf(node));
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
  return select(tree.$, null, selector)[0] === node ? selector : null;
}
