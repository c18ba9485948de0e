/** The template around the words: what a page looks like to a selector, as a hash. */
import { hash } from "node:crypto";
import type { AnyNode, Element } from "domhandler";
import { remembering } from "../text.js";
import { isElement } from "./nodes.js";

/** Attributes whose values a template sets; of all others only the names count. */
const TELLING = new Set(
  "class id role rel type property itemprop itemtype typeof datatype http-equiv".split(" "),
);

/** Class names that count an element among its siblings: a row that moves is not another template. */
const PLACE = /(^|[-_])(first|last|odd|even)$/;

/**
 * Hash of the markup of a node or a page, without its words.
 *
 * Counted are the elements with their classes, ids, types and names of attributes, each way to an element
 * once, in the order in which it is first met: a list that is longer, or a further paragraph, is the same
 * template. Not counted are text, URLs (and with them what busts caches), values of forms (and with
 * them their tokens), styles and scripts, and of names all numbers and hashes, such as in `view-dom-id-…`.
 *
 * @returns 16 hexadecimal digits
 */
export function templateFingerprint(root: AnyNode): string {
  // Each way from the root has a number; a way is known by that of its parent and by the element.
  const ways = new Map<string, number>();
  const todo: AnyNode[] = [root];
  const parents = [0];
  for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
    const parent = parents.pop() ?? 0;
    let way = parent;
    if (isElement(node)) {
      const key = `${parent} ${signature(node)}`;
      way = ways.get(key) ?? ways.size + 1;
      ways.set(key, way);
    } else if (node.type === "directive") ways.set(`${parent} ${node.data}`, ways.size + 1);
    const children = "children" in node ? node.children : [];
    for (let i = children.length - 1; i >= 0; i--) {
      const child = children[i];
      // A text has no markup.
      if (child === undefined || child.type === "text") continue;
      todo.push(child);
      parents.push(way);
    }
  }
  return hash("sha256", [...ways.keys()].join("\n")).slice(0, 16);
}

/** An element as a template knows it. */
function signature({ name, attribs }: Element): string {
  const counted: string[] = [];
  for (const attribute in attribs) {
    const values = TELLING.has(attribute) ? names(attribs[attribute] ?? "") : null;
    if (values === "") continue;
    counted.push(values === null ? attribute : `${attribute}=${values}`);
  }
  // In order. Most elements have one or two, which `sort` would copy.
  const [first = "", second = ""] = counted;
  if (counted.length > 2) counted.sort();
  else if (first > second && counted.length === 2) counted.reverse();
  return counted.length === 0 ? name : `${name} ${counted.join(" ")}`;
}

/** A form's token, as Drupal writes it into an id: base64 with capitals and numbers. */
const TOKEN = /(?=[\w-]*[A-Z])(?=[\w-]*\d)[\w-]{20,}/g;
/** A hash, or a number. */
const NUMBER = /(?<![a-z0-9])(?=[a-z]*\d)[a-z0-9]{8,}(?![a-z0-9])|\d+/gi;

/** Names of an attribute in one order, without those of a place, and without what differs from one page to the next. */
const names = remembering((value) =>
  value
    .split(/\s+/)
    .filter((name) => name !== "" && !PLACE.test(name))
    .map((name) => name.replace(TOKEN, "0").replace(NUMBER, "0"))
    .sort()
    .join(" "),
);
