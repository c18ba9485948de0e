/** What WordPress puts at the end of an excerpt, and in the place of a text that asks for a password. Pure. */
import { type AnyNode, type Element, isText } from "domhandler";
import type { Warning } from "../model.js";
import type { Site } from "../site/site.js";
import { parseUrl } from "../text.js";
import { urlKey } from "../url/url.js";
import { isElement, sourceText, textOf } from "./nodes.js";
import { forget, select } from "./select.js";
import { linkTarget, type Tree } from "./tree.js";

/** Excerpts by the markup of WordPress: of its themes, of its feeds, of its API. */
const EXCERPTS = {
  pages: ".wp-block-post-excerpt__excerpt, .entry-summary, .entry-content:not(:has(> * + *)) > p",
  feed: ":scope > description, :scope > summary",
  "wp-json": ":scope > excerpt > rendered",
};
/** In a feed that is the whole archive, an excerpt in the place of a text has to show that it is one. */
const BESIDE_TEXT = ":scope:has(> content-encoded, > content) > :is(description, summary)";
const TEXTS = ":scope > description, :scope > content-encoded, :scope > content, :scope > summary";
/** `[&hellip;]` of WordPress, and `[...]` of themes. */
const CUT = /\s*\[\s*(?:…|\.{3})\s*\]\s*$/;

/**
 * Cuts off what WordPress adds to the end of an excerpt, in any language: a link to the article ("Continue reading"), the sign
 * that it was cut ("[…]"), and in feeds a sentence with a link to the article and one to the site ("The post … appeared first
 * on …"). It is known by where its links lead, and cut off before a row is read.
 *
 * @param url of the article; null where its row names none
 * @returns a warning where something was cut off
 */
export function cutExcerptEnd(
  tree: Tree,
  row: Element,
  url: string | null,
  { listing: { kind }, article: { follow } }: Pick<Site, "listing" | "article">,
): Warning[] {
  if (kind !== "pages" && kind !== "feed" && kind !== "wp-json") return [];
  const removed: string[] = [];
  const cut = (node: AnyNode) => {
    removed.push(textOf([node]));
    tree.$(node).remove();
    forget(tree.$, [node]);
  };
  if (url !== null && kind === "feed")
    for (const text of select(tree.$, row, TEXTS)) {
      const last = lastOf(text);
      if (last !== undefined && isElement(last) && namesSource(tree, last, url)) cut(last);
    }
  for (const excerpt of select(
    tree.$,
    row,
    kind === "feed" && !follow ? BESIDE_TEXT : EXCERPTS[kind],
  )) {
    const inner = innermost(excerpt);
    const more = lastOf(inner);
    if (
      more !== undefined &&
      isElement(more) &&
      leadsTo(tree, more, url) &&
      textOf([inner]) !== textOf([more])
    )
      cut(more);
    const end = lastOf(innermost(inner));
    if (end === undefined || !isText(end) || !CUT.test(end.data)) continue;
    removed.push(CUT.exec(end.data)?.[0].trim() ?? "");
    end.data = end.data.replace(CUT, "");
    forget(tree.$, [end]);
  }
  if (removed.length === 0) return [];
  const message = `what WordPress adds to an excerpt was left out: ${removed.map((words) => `"${words}"`).join(", ")}`;
  return [{ code: "excerpt-end", message }];
}

/** The last node with words. */
function lastOf({ children }: Element): AnyNode | undefined {
  return children.findLast((node) =>
    isText(node) ? sourceText([node]).trim() !== "" : textOf([node]) !== "",
  );
}

/** An excerpt is one paragraph, in an element of its own or not. */
function innermost(element: Element): Element {
  const last = lastOf(element);
  return last !== undefined && isElement(last) && last.name === "p" ? innermost(last) : element;
}

function leadsTo(tree: Tree, { name, attribs }: Element, url: string | null): boolean {
  const target = name === "a" ? linkTarget(tree, attribs.href) : null;
  return target !== null && url !== null && urlKey(target.replace(/#.*$/, "")) === urlKey(url);
}

/** True for a paragraph of a link to the article, one to the site, and a few words. */
function namesSource(tree: Tree, paragraph: Element, url: string): boolean {
  const [article, site, ...more] = select(tree.$, paragraph, "a[href]");
  if (article === undefined || site === undefined || more.length > 0) return false;
  const home = parseUrl(linkTarget(tree, site.attribs.href) ?? "");
  const isHome = home !== null && home.host === parseUrl(url)?.host && isAbove(home.pathname, url);
  const words = textOf([paragraph]).length - textOf([article]).length - textOf([site]).length;
  return isHome && leadsTo(tree, article, url) && words <= MOST_WORDS;
}

/** Characters of the sentence around its links, in any language. */
const MOST_WORDS = 80;

/** A site may be in a folder of its host. */
function isAbove(path: string, url: string): boolean {
  const own = parseUrl(url)?.pathname ?? "";
  const folder = path.replace(/\/?$/, "/");
  return own.startsWith(folder) && own !== folder;
}

/** The form for a password, in its pages and feeds. */
const FORM = "form[action*='action=postpass']";
/** What its API says of a post with one. */
const PROTECTED = ":scope > content > protected:contains(true)";

/** True for a page that has a form for a password in the place of the text, which its preset removes. */
export function pageAsksPassword({ $, removed }: Tree): boolean {
  return select($, null, FORM).length > 0 || $([...removed]).is(`:has(${FORM})`);
}

/** True for such a row of a feed or an answer. */
export function rowAsksPassword({ $ }: Tree, row: Element): boolean {
  return [FORM, PROTECTED].some((selector) => select($, row, selector).length > 0);
}
