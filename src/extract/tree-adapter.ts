/** The tree that parse5 builds for Cheerio, node for node the same, in a third of the memory, and within bounds. */
import { Element, isText, Text } from "domhandler";
import { adapter } from "parse5-htmlparser2-tree-adapter";

type Adapter = typeof adapter;

/** Attributes by name, without the keys of a prototype; unlike `Object.create(null)` no hash table each. */
const Attributes = function (this: Record<string, string>) {} as unknown as {
  new (): Record<string, string>;
  prototype: object;
};
Attributes.prototype = Object.create(null);

/** Text of one node comes word by word, and V8 keeps the pieces: so often they are made one string. */
const FLAT = 16 * 1024;

/**
 * Most elements of a page. An inline element that is left open is opened again in each block that
 * follows, as HTML demands: 4,000 times `<b id=…><p>` grow to eight million, in 13 s.
 */
const MOST_ELEMENTS = 300_000;
/**
 * Most steps along the open elements, which parse5 looks through for each that it opens: 20,000 within
 * one another. Browsers open 512 and no more.
 */
const MOST_STEPS = 200_000_000;

/** Builds one tree. @throws {Error} when a page grows or nests beyond bounds */
export function boundedTree(): Adapter {
  let made = 0;
  let depth = 0;
  let steps = 0;
  return {
    ...leanTree,
    createElement(name, namespace, attributes) {
      if (++made > MOST_ELEMENTS)
        throw new Error(`its markup grows to more than ${MOST_ELEMENTS} elements`);
      return leanTree.createElement(name, namespace, attributes);
    },
    onItemPush() {
      steps += ++depth;
      if (steps > MOST_STEPS) throw new Error(`its markup nests too deeply to be read (${depth})`);
    },
    onItemPop() {
      depth--;
    },
  };
}

export const leanTree: Adapter = {
  ...adapter,
  createElement(name, namespace, attributes) {
    // Only attributes of SVG and MathML have a namespace of their own.
    if (attributes.some((one) => one.namespace !== undefined || one.prefix !== undefined))
      return adapter.createElement(name, namespace, attributes);
    const attribs = new Attributes();
    for (const one of attributes) attribs[one.name] = one.value;
    const element = new Element(name, attribs, []);
    element.namespace = namespace;
    return element;
  },
  appendChild(parent, node) {
    if (parent.children.length > 0) return adapter.appendChild(parent, node);
    // A list that grows makes room for sixteen; most elements have one child.
    parent.children = [node];
    node.parent = parent;
  },
  adoptAttributes(recipient, attributes) {
    recipient["x-attribsNamespace"] ??= Object.create(null);
    recipient["x-attribsPrefix"] ??= Object.create(null);
    adapter.adoptAttributes(recipient, attributes);
  },
  insertText(parent, text) {
    const last = parent.children.at(-1);
    if (last === undefined || !isText(last)) return leanTree.appendChild(parent, new Text(text));
    const before = last.data.length;
    last.data += text;
    // Reading a character makes one string of the pieces.
    if (Math.floor(before / FLAT) !== Math.floor(last.data.length / FLAT)) last.data.charCodeAt(0);
  },
};
