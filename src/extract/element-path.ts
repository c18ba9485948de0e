/** Where an element is on its page, in the words of a selector. */
import type { Element } from "domhandler";
import { parentOf } from "./nodes.js";

/** Elements that are named, at most: the element, and those around it. */
const STEPS = 3;

/** A selector for an element and the boxes around it: `main > nav.pages > a.next`. It may match more. */
export function elementPath(node: Element): string {
  const steps: string[] = [];
  for (let at: Element | null = node; at !== null && steps.length < STEPS; at = parentOf(at)) {
    if (at.name === "body" || at.name === "html") break;
    steps.unshift(stepOf(at));
    if (at.attribs.id) break;
  }
  return steps.join(" > ");
}

function stepOf({ name, attribs }: Element): string {
  const plain = (word: string) => /^[A-Za-z_][\w-]*$/.test(word);
  const id = attribs.id !== undefined && plain(attribs.id) ? `#${attribs.id}` : "";
  const classes = (attribs.class ?? "").split(/\s+/).filter(plain).slice(0, 2);
  return `${name}${id}${classes.map((one) => `.${one}`).join("")}`;
}
