/**
 * Feeds and JSON as trees, which selectors read as they read a page: an element for each XML element or JSON key, one
 * for each member of a JSON list, names in lower case. Text that is HTML becomes nodes.
 */
import { type CheerioAPI, load } from "cheerio";
import { type AnyNode, type ChildNode, Document, Element, isText, Text } from "domhandler";
import { dataName } from "../site/data-path.js";
import { parseShallow } from "../text.js";
import { parseParts } from "./bounded-parser.js";
import { collapse, isElement, parentOf, sourceText, textOf, traverse } from "./nodes.js";

export interface DataTree {
  readonly $: CheerioAPI;
  /** Names of lists that are there and empty. */
  readonly emptyLists: ReadonlySet<string>;
}

/** Most values of one answer. */
const MOST_VALUES = 300_000;
/** HTML in a text: a tag, or a character reference. */
const HTML = /<(?:\/?[a-z][^<>]*|!--[\s\S]*?--)>|&(?:#\d+|#x[\da-f]+|[a-z][a-z\d]+);/i;
/** Texts that are URLs by themselves: `www.example.org` and `n/a` are words. */
const URL_TEXT = /^(?:https?:\/\/|\/)\S+$/i;
/** Elements of feeds that hold a URL as their text. */
const URLS = new Set(["link", "guid", "id", "loc", "url", "feedburner-origlink"]);

/**
 * What a response holds that is not a web page: the name of the first element of an XML format of lists, or `json`; null
 * for anything else. A server may print notices before it.
 */
export function dataFormat(text: string): string | null {
  const start = text.slice(0, 16 * 1024).replace(/^[\s\ufeff]+/, "");
  if (/^[{[]/.test(start)) return "json";
  if (/<html[\s>]|<!doctype\s+html/i.test(start.slice(0, 2_000))) return null;
  const [, name = ""] =
    /<((?:[\w-]+:)?(?:rss|feed|rdf|urlset|sitemapindex))[\s>]/i.exec(start) ?? [];
  return name === "" ? null : name.toLowerCase();
}

/** Takes HTML that is in a feed or an answer, before it is a part of the tree. */
export type Clean = ($: CheerioAPI) => void;

/** @throws {Error} when it has too many values */
export function xmlTree(text: string, clean?: Clean): DataTree {
  const options = { lowerCaseTags: true, lowerCaseAttributeNames: true };
  const root = load(text, { xml: options }).root()[0] as unknown as Document;
  const isAtom = dataFormat(text)?.endsWith("feed") ?? false;
  const leaves: Element[] = [];
  let made = 0;
  // A list that is changed while it is walked: what is put in is not walked again.
  const todo: (Document | Element)[] = [root];
  for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
    // Sections of plain text are text.
    const children = node.children.flatMap((child) =>
      child.type === "cdata" ? child.children : isText(child) || isElement(child) ? [child] : [],
    );
    adopt(node, children);
    const inner = children.filter(isElement);
    made += inner.length;
    if (made > MOST_VALUES) throw new Error(`it has more than ${MOST_VALUES} elements`);
    if (node instanceof Document) {
      todo.push(...inner);
      continue;
    }
    node.name = dataName(node.name);
    if (isAtom && node.attribs.type === "xhtml") adopt(node, xhtmlOf(node));
    else if (inner.length > 0) todo.push(...inner.reverse());
    else leaves.push(node);
  }
  for (const leaf of leaves) {
    const words = sourceText(leaf.children);
    const url = words.trim();
    const isUrl = (leaf.name === "link" ? URL_TEXT : /^https?:\/\//i).test(url);
    if (leaf.attribs.href === undefined) {
      if (URLS.has(leaf.name) && isUrl) leaf.attribs.href = url;
      else if (leaf.name === "link" && url !== "") leaf.attribs[WRITTEN] = url;
    }
    const { type, mode } = leaf.attribs;
    // The text of Atom says what it is; that of RSS does not (https://www.rssboard.org/rss-encoding-examples).
    const isHtml = isAtom && mode === undefined ? /html/i.test(type ?? "") : HTML.test(words);
    if (isHtml) adopt(leaf, htmlNodes(words, clean));
  }
  return { $: load(root), emptyLists: new Set() };
}

/** The content of the `div` that holds XHTML, its names without a prefix. */
function xhtmlOf(node: Element): ChildNode[] {
  traverse([node], (one) => {
    if (isElement(one)) one.name = one.name.replace(/^.*:/, "");
    return true;
  });
  const [div, ...others] = node.children.filter(isElement);
  return div?.name === "div" && others.length === 0 ? div.children : node.children;
}

/**
 * @param change what is done to the answer first
 * @throws {Error} when it is not JSON, or has too many values or levels
 */
export function jsonTree(
  text: string,
  change: (value: unknown) => unknown = (v) => v,
  clean?: Clean,
): DataTree {
  const emptyLists = new Set<string>();
  let made = 0;
  const countOne = () => {
    if (++made > MOST_VALUES) throw new Error(`it has more than ${MOST_VALUES} values`);
  };
  const emptyOf = (name: string) => {
    countOne();
    return elementOf(name, []);
  };
  const nodesOf = (name: string, value: unknown): Element[] => {
    if (value === null || value === undefined) return [];
    if (Array.isArray(value)) {
      if (value.length === 0) emptyLists.add(name);
      // A list within a list has no name of its own.
      return value.flatMap((one) => {
        if (Array.isArray(one)) return [elementOf(name, nodesOf("item", one))];
        // Paths count the members: one without a value has its place.
        return one === null ? [emptyOf(name)] : nodesOf(name, one);
      });
    }
    countOne();
    if (typeof value !== "object") return [leafOf(name, String(value), clean)];
    const children = Object.entries(value).flatMap(([key, one]) => nodesOf(dataName(key), one));
    return [elementOf(name, children)];
  };
  const whole = change(parseShallow(quoteNumbers(text.replace(/^\ufeff/, ""))));
  const top = Array.isArray(whole) ? elementOf("json", nodesOf("item", whole)) : null;
  const root = new Document([]);
  adopt(root, top === null ? nodesOf("json", whole) : [top]);
  return { $: load(root), emptyLists };
}

/**
 * JSON whose numbers are texts as they are written: a number of JavaScript loses the digits after the sixteenth or so,
 * and the last zero of `1.10`. One with an exponent becomes figures, where it has few enough of them.
 */
function quoteNumbers(text: string): string {
  let isInside = false;
  return text.replace(TOKEN, (token) => {
    if (token === '"') isInside = !isInside;
    if (isInside || token === '"' || token.startsWith("\\")) return token;
    const isShort = /e/i.test(token) && token.length < 18 && Number.isFinite(Number(token));
    return `"${isShort ? Number(token) : token}"`;
  });
}

/** An escape, a quote or a number (RFC 8259, section 6). */
const TOKEN = /\\[\s\S]|"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?/gi;

/** Attribute of a leaf: its text as it is written, where that is not a URL by itself. */
export const WRITTEN = "sitelift-written";

/** Where an element of a feed or an answer leads, as written; a path such as `news/1` counts where a site file calls it a link. */
export function hrefOf({ attribs }: Element): string | undefined {
  return attribs.href ?? attribs[WRITTEN];
}

/** Plain text as HTML: a paragraph for each block of lines, as an empty line parts them. */
export function paragraphsOf(text: string): ChildNode[] {
  const blocks = text.split(/\r?\n(?:[ \t]*\r?\n)+/).filter((block) => block.trim() !== "");
  return blocks.map((block) => {
    const lines = block.trim().split(/\r?\n/);
    const nodes = lines.flatMap((line, at): ChildNode[] =>
      at === 0 ? [new Text(line)] : [elementOf("br", []), new Text(line)],
    );
    return elementOf("p", nodes);
  });
}

function leafOf(name: string, text: string, clean?: Clean): Element {
  const isPlain = name === "content_text" || !HTML.test(text);
  const leaf = elementOf(name, isPlain ? [new Text(text)] : htmlNodes(text, clean));
  leaf.attribs[URL_TEXT.test(text) ? "href" : WRITTEN] = text;
  return leaf;
}

function elementOf(name: string, children: ChildNode[]): Element {
  const element = new Element(name, {}, []);
  adopt(element, children);
  return element;
}

/** The words of a text, read as HTML where it has tags or character references. */
export function htmlWords(text: string): string {
  return HTML.test(text) ? textOf(htmlNodes(text)) : collapse(text);
}

function htmlNodes(html: string, clean?: Clean): ChildNode[] {
  const $ = load(parseParts(html), null, false);
  clean?.($);
  const root = $.root()[0];
  return root === undefined ? [] : (root.children as ChildNode[]);
}

function adopt(parent: Document | Element, children: ChildNode[]): void {
  parent.children = children;
  let before: ChildNode | null = null;
  for (const child of children) {
    child.parent = parent;
    child.prev = before;
    child.next = null;
    if (before !== null) before.next = child;
    before = child;
  }
}

/** The value of an attribute of an element, or of the nearest around it that has one. */
export function inherited(node: AnyNode, attribute: string): string[] {
  const found: string[] = [];
  for (let at = isElement(node) ? node : parentOf(node); at !== null; at = parentOf(at)) {
    const value = at.attribs[attribute];
    if (value !== undefined) found.unshift(value);
  }
  return found;
}
