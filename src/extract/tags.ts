/**
 * The tags of a page in the order of its source, without a tree: for what does not depend on where an element is.
 * Linear in the length of the page.
 */
import { unescapeMarkup } from "../text.js";

export interface Tag {
  /** In lower case. */
  readonly name: string;
  /** Names in lower case, entities decoded; of two with one name the first. */
  readonly attributes: ReadonlyMap<string, string>;
  /** What a script or a style element holds; "" for all others. */
  readonly text: string;
}

/** Elements whose content has no tags (https://html.spec.whatwg.org/#parsing-html-fragments); `noscript` has some. */
const RAW = ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"];
const OPEN = /<(?:!--|([a-z][^\s/>]*))/gi;
const ATTRIBUTE = /[\s/]*([^\s/>][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]*)))?/y;
const CLOSE = /[\s/]*>/y;

const closings = new Map(RAW.map((name) => [name, new RegExp(`</${name}`, "gi")]));

export function* tagsOf(html: string): Generator<Tag, void, undefined> {
  const open = new RegExp(OPEN);
  for (let match = open.exec(html); match !== null; match = open.exec(html)) {
    const name = match[1]?.toLowerCase();
    if (name === undefined) {
      // `<!-->` is a whole comment.
      const end = html.indexOf("-->", open.lastIndex - 2);
      if (end < 0) return;
      open.lastIndex = end + 3;
      continue;
    }
    const { attributes, end } = attributesAt(html, open.lastIndex);
    open.lastIndex = end;
    const closing = closings.get(name);
    if (closing === undefined) {
      yield { name, attributes, text: "" };
      continue;
    }
    closing.lastIndex = end;
    const after = closing.exec(html)?.index ?? html.length;
    const holds = name === "script" || name === "style";
    yield { name, attributes, text: holds ? html.slice(end, after) : "" };
    open.lastIndex = after;
  }
}

function attributesAt(html: string, at: number) {
  const attributes = new Map<string, string>();
  for (;;) {
    CLOSE.lastIndex = at;
    if (CLOSE.test(html)) return { attributes, end: CLOSE.lastIndex };
    ATTRIBUTE.lastIndex = at;
    const match = ATTRIBUTE.exec(html);
    if (match === null) return { attributes, end: html.length };
    const [, name = "", double, single, bare] = match;
    const key = name.toLowerCase();
    if (!attributes.has(key)) attributes.set(key, unescapeMarkup(double ?? single ?? bare ?? ""));
    at = ATTRIBUTE.lastIndex;
  }
}
