/**
 * parse5 within bounds: without two searches of it that take the square of a hostile page's length, with a limit to what a
 * page may grow to. The tree is the same.
 */
import { Element, isText, Text } from "domhandler";
import { html, Parser, type Token, Tokenizer } from "parse5";
import { adapter, type Htmlparser2TreeAdapterMap } from "parse5-htmlparser2-tree-adapter";

type Nodes = Htmlparser2TreeAdapterMap;

/** From so many attributes on, names are looked up in a set; parse5 compares each with all before it. */
const MANY = 32;

class LinearTokenizer extends Tokenizer {
  #tag: Token.Token | null = null;
  #names = new Set<string>();

  protected override _leaveAttrName(): void {
    const tag = this.currentToken as Token.TagToken;
    if (tag.attrs.length < MANY) {
      super._leaveAttrName();
      return;
    }
    if (this.#tag !== tag) {
      this.#tag = tag;
      this.#names = new Set(tag.attrs.map(({ name }) => name));
    }
    // HTML keeps the first of a name.
    if (this.#names.has(this.currentAttr.name)) return;
    this.#names.add(this.currentAttr.name);
    tag.attrs.push(this.currentAttr);
  }
}

class LinearParser extends Parser<Nodes> {
  #paragraphs = 0;

  constructor(...given: ConstructorParameters<typeof Parser<Nodes>>) {
    super(...given);
    this.tokenizer = new LinearTokenizer(this.options, this);
    const open = this.openElements;
    const search = open.hasInButtonScope.bind(open);
    // Each block closes a paragraph that is open, for which parse5 looks through all that is open.
    open.hasInButtonScope = (tag) => (tag !== html.TAG_ID.P || this.#paragraphs > 0) && search(tag);
  }

  override onItemPush(node: Nodes["parentNode"], tag: number, isTop: boolean): void {
    if ("name" in node && node.name === "p") this.#paragraphs++;
    super.onItemPush(node, tag, isTop);
  }

  override onItemPop(node: Nodes["parentNode"], isTop: boolean): void {
    if ("name" in node && node.name === "p") this.#paragraphs--;
    super.onItemPop(node, isTop);
  }
}

export function parseDocument(text: string, treeAdapter = boundedTree()): Nodes["document"] {
  return LinearParser.parse(text, { treeAdapter });
}

/** @returns what a template element would hold */
export function parseParts(text: string, treeAdapter = boundedTree()): Nodes["documentFragment"] {
  const parser = LinearParser.getFragmentParser(null, { treeAdapter });
  parser.tokenizer.write(text, true);
  return parser.getFragment();
}

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

/** Builds one tree, node for node that of Cheerio in a third of the memory. @throws {Error} when a page grows or nests beyond bounds */
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
