/** The language and the direction of a page, and of the article on it where that has its own. */
import type { AnyNode, Element } from "domhandler";
import type { Warning } from "../model.js";
import { LANGUAGE_TAG } from "../schema/words.js";
import { isElement, parentOf } from "./nodes.js";
import { select } from "./select.js";
import type { Tree } from "./tree.js";

/** Language of the document: `lang`, else XHTML's `xml:lang`, else what sites use in its place. */
export function readLanguage(tree: Tree, warnings: Warning[] = []): string | null {
  const root = attributesOf(tree, "html");
  const body = attributesOf(tree, "body");
  const tags = [
    root.lang,
    root["xml:lang"],
    body.lang,
    attributesOf(tree, "meta[http-equiv='content-language' i]").content,
    // Drupal 7's i18n module names the language in a class of the body.
    /(?:^|\s)i18n-([a-z-]+)(?:\s|$)/.exec(body.class ?? "")?.[1],
  ];
  const [own = ""] = tags;
  if (own.trim() !== "" && languageTag(own) === null)
    warnings.push({
      code: "language-ignored",
      message: `the page says lang="${own.slice(0, 40)}", which is not a language tag, and it is ignored`,
    });
  // An empty attribute says that the language is not known: another may know it.
  return tags.map(languageTag).find((tag) => tag !== null) ?? null;
}

/** The language that the body of an article has within its page, by the nearest `lang`; null where the page's counts. */
export function languageIn(body: AnyNode | null): string | null {
  for (const { attribs } of aroundText(body)) {
    const tag = languageTag(attribs.lang ?? attribs["xml:lang"]);
    if (tag !== null) return tag;
  }
  return null;
}

/** The direction of the body by the nearest `dir`, else that of the page; null where neither says it. */
export function readDirection(tree: Tree, body: AnyNode | null): "ltr" | "rtl" | null {
  return directionIn(body, attributesOf(tree, "html").dir ?? attributesOf(tree, "body").dir);
}

/** The one box that holds all of the text of some nodes, as those of an API are; null where there are more. */
export function boxOf(nodes: readonly AnyNode[]): AnyNode | null {
  const [only, ...others] = nodes.filter((node) => isElement(node) || isWords(node));
  return others.length > 0 ? null : (only ?? null);
}

/** The direction of a body by the nearest `dir`. @param page that of its page */
export function directionIn(body: AnyNode | null, page?: string): "ltr" | "rtl" | null {
  for (const dir of [...aroundText(body)].map(({ attribs }) => attribs.dir).concat(page ?? [])) {
    const own = dir?.trim().toLowerCase();
    if (own !== undefined) return own === "rtl" || own === "ltr" ? own : null;
  }
  return null;
}

/** Boxes within boxes that hold nothing else. */
const MOST_BOXES = 8;

/** The elements around all of the text of a body, from the innermost to those below the page's own. */
function* aroundText(body: AnyNode | null): Generator<Element> {
  let at = body !== null && isElement(body) ? body : body && parentOf(body);
  for (let depth = 0; at !== null && depth < MOST_BOXES; depth++) {
    const within: AnyNode[] = at.children.filter((node) => isElement(node) || isWords(node));
    const [only] = within;
    if (within.length !== 1 || only === undefined || !isElement(only)) break;
    at = only;
  }
  for (; at !== null && at.name !== "html" && at.name !== "body"; at = parentOf(at)) yield at;
}

function isWords(node: AnyNode): boolean {
  return node.type === "text" && node.data.trim() !== "";
}

/** Attributes of the first element that a selector matches. */
function attributesOf({ $ }: Tree, selector: string): Partial<Element["attribs"]> {
  return select($, null, selector)[0]?.attribs ?? {};
}

/**
 * A well-formed BCP 47 tag with the usual case of its parts (RFC 5646, 2.1.1); null for anything else. No
 * language has a code of more than three letters: `english` and `utf8` are not tags.
 */
export function languageTag(tag: string | undefined): string | null {
  const own = tag?.trim().replaceAll("_", "-") ?? "";
  if (!LANGUAGE_TAG.test(own) || /^[a-z]{4}/i.test(own) || /^utf-?\d/i.test(own)) return null;
  const parts = own.split("-");
  return parts
    .map((part, index) => {
      if (index > 0 && part.length === 2) return part.toUpperCase();
      if (index > 0 && part.length === 4 && /^[a-z]+$/i.test(part))
        return part.slice(0, 1).toUpperCase() + part.slice(1).toLowerCase();
      return part.toLowerCase();
    })
    .join("-");
}
