/** What an element of a page shows, and where it leads. */
import { type AnyNode, type Element, isText } from "domhandler";
import { BREAKING, isElement, names } from "./nodes.js";
import { labelUpTo } from "./onward.js";

/** Elements that are rows of a list, and those that are where their class says so. */
const ROWS = names("li article tr");
const BOXES = names("div section");
const ROW_NODES = 200;
export const PLAYERS = names("iframe video audio object embed");

/** What leads to the article before or after another: `nav-previous` of WordPress, `read-next` of Ghost. */
const NEIGHBOUR = /(?:^|[\s_-])(?:prev|previous|next)(?:$|[\s_-])/i;

/** The label beside a link to such an article, in the languages of most sites: "← Previous:". Wrong ones do no harm: it counts where the links lead. */
const BESIDE =
  /(?<!\p{L})(?:prev|previous|older|newer|next|vorherig\p{L}*|vorig\p{L}*|zurück|nächst\p{L}*|précédente?s?|suivante?s?|anterior(?:es)?|siguientes?|próxim[ao]s?|seguintes?|precedente|successiv[oa]|предыдущ\p{L}*|следующ\p{L}*|попередн\p{L}*|наступн\p{L}*|önceki|sonraki|poprzedni\p{L}*|następn\p{L}*|předchozí|další|föregående|nästa|forrige|næste|neste|volgende|edellinen|seuraava|oldingi|keyingi|ال?سابق\p{L}*|ال?تالي\p{L}*)(?!\p{L})|[上下]一[篇页頁]|[前次]の|이전|다음/iu;
const MOST_BESIDE = 40;

/** Characters outside the links of such an element: a label. A box `next-steps` with a text of its own is none. */
const MOST_LABEL = 60;

/**
 * Where all words of an element lead: it is a link to a page, a row of a list that has one, or it leads to the article
 * before or after this one, with a label beside the link.
 */
export function linkOf(element: Element, isPassage: boolean): string | null {
  const own = hrefOf(element);
  if (own !== null || isPassage) return own;
  const isNeighbour = leadsBeside(element);
  if (!isNeighbour && !isRow(element)) return null;
  let only: string | null = null;
  let label = 0;
  const todo: AnyNode[] = [element];
  for (let left = ROW_NODES; todo.length > 0; left--) {
    const node = todo.pop();
    // A row of so many nodes is none; and rows within rows would be looked through again and again.
    if (left === 0) return null;
    if (isNeighbour && node !== undefined && isText(node)) label += node.data.trim().length;
    if (label > MOST_LABEL) return null;
    if (node === undefined || !isElement(node)) continue;
    const href = hrefOf(node);
    if (href !== null && only !== null && href !== only && !isNeighbour) return null;
    only ??= href;
    if (isNeighbour && href !== null) continue;
    for (const child of node.children) todo.push(child);
  }
  return only;
}

export function isPlain({ name, attribs }: Element): boolean {
  if (attribs.class !== undefined || BREAKING.has(name)) return false;
  return name !== "a" && name !== "img" && !PLAYERS.has(name);
}

/** The page that a link leads to, as written. */
function hrefOf({ name, attribs }: Element): string | null {
  const href = name === "a" ? attribs.href?.trim() : undefined;
  return href === undefined || href === "" || /^(?:#|javascript:|mailto:|tel:)/i.test(href)
    ? null
    : href;
}

function leadsBeside({ attribs, children }: Element): boolean {
  if (NEIGHBOUR.test(attribs.class ?? "")) return true;
  const links = children.filter((node) => isElement(node) && node.name === "a");
  if (links.length === 0) return false;
  if (links.some((node) => isElement(node) && NEIGHBOUR.test(node.attribs.rel ?? ""))) return true;
  const label = labelUpTo(
    children.filter((node) => !links.includes(node)),
    MOST_BESIDE + 1,
  );
  return label.length <= MOST_BESIDE && (BESIDE.test(label) || /^[«»‹›←→<>|·\s]+$/.test(label));
}

/** True when an element of the same kind is next to it. */
function isRow(element: Element): boolean {
  if (!ROWS.has(element.name) && (!BOXES.has(element.name) || kindOf(element) === "")) return false;
  return isLike(element, beside(element, "prev")) || isLike(element, beside(element, "next"));
}

function isLike(element: Element, other: Element | null): boolean {
  return other !== null && other.name === element.name && kindOf(other) === kindOf(element);
}

/** The first name of its class, as far as a number in it. */
function kindOf({ attribs: { class: names } }: Element): string {
  if (names === undefined) return "";
  const end = names.search(/(?<=\S)\s|\d/);
  return end < 0 ? names : names.slice(0, end);
}

function beside(element: Element, way: "prev" | "next"): Element | null {
  for (let at = element[way]; at !== null; at = at[way]) if (isElement(at)) return at;
  return null;
}

/** The URLs of an image, as written; null for one that shows nothing. */
export function imageOf({ attribs }: Element): string | null {
  const { src = "", srcset = "", width, height } = attribs;
  const urls = [src, srcset, attribs["data-src"] ?? ""].join(" ").trim();
  return urls === "" || (isDot(width) && isDot(height)) ? null : urls;
}

function isDot(size: string | undefined): boolean {
  return size === "0" || size === "1";
}

/** The URL that a player plays, as written; null for one that plays nothing. */
export function playedBy({ attribs, children }: Element): string | null {
  const inner = children.find((node): node is Element => isElement(node) && node.name === "source");
  const url = attribs.src ?? attribs["data-src"] ?? attribs.data ?? inner?.attribs.src ?? "";
  return url === "" || url === "about:blank" || isDot(attribs.width) ? null : url;
}
