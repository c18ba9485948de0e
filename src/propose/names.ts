/** Which names of an element can be relied upon: those that a site's author gave it, and that stay. */
import type { Element } from "domhandler";

/** Classes that tell the place of an element among others, or how things stand with it today. */
const CHANGING =
  /^(?:odd|even|first|last|active|current|selected|open|closed|hidden|visible|sticky|is-.*|has-.*|js-.*|.*-(?:odd|even|first|last|active)|clearfix|hentry|status-.*|(?:category|tag|post_tag|format|author)-.*|w-.*|h-.*|[mp][trblxy]?-.*|[dg]-.*|(?:col|cols|row|text|bg|flex|grid|items|justify|font|leading|tracking|rounded|shadow|border|gap|space|max|min|size|align|float|pull|push|offset|order|views-align)-.*)$/i;
/** Prefixes of tools that make class names of their own. */
const GENERATED = /^(?:css|sc|jsx|jss|svelte|astro|emotion|chakra|mui|ng|data-v)-/i;
const PLAIN = /^-?[A-Za-z_][\w-]*$/;

/** True for a name that no build and no database has made, and that says nothing of the moment. */
function isStable(name: string): boolean {
  if (!PLAIN.test(name) || name.length > 60) return false;
  if (CHANGING.test(name) || GENERATED.test(name)) return false;
  const pieces = name.split(/[-_]+/).filter((piece) => piece !== "");
  // `post-1138` is one post, `views-row-1` the first row; `_3xYz1` and `title__aB3dE` are hashes.
  return pieces.every((piece, index) => !/^\d+$/.test(piece) && !isHash(piece, index > 0));
}

function isHash(piece: string, behind: boolean): boolean {
  if (piece.length < 5)
    return behind && piece.length === 4 && /\d/.test(piece) && /[A-Z]/.test(piece);
  if (/\d/.test(piece)) return !/^[a-z]+\d{1,2}$/i.test(piece) || /^[a-f\d]{6,}$/i.test(piece);
  if (/^[a-f]{6,}$/.test(piece)) return true;
  // Two changes of case in a short piece are no camel case: `aBcDe`, `bdVaJa`.
  return piece.length <= 8 && (piece.match(/[a-z][A-Z]/g) ?? []).length > 1;
}

/** The stable classes of an element, as written. */
export function classesOf(element: Element): string[] {
  const names = element.attribs.class?.split(/\s+/) ?? [];
  return [...new Set(names.filter((name) => name !== "" && isStable(name)))];
}

/** Selectors of an element by itself, the shortest and most telling first. */
export function ownSelectors(element: Element): string[] {
  const { name, attribs } = element;
  const classes = classesOf(element).map((one) => `.${one}`);
  const property = attribs.itemprop ?? attribs.property;
  return [
    ...(attribs.id !== undefined && isStable(attribs.id) ? [`#${attribs.id}`] : []),
    ...classes,
    ...classes.map((one) => name + one),
    ...classes.slice(1).map((one) => (classes[0] ?? "") + one),
    ...(property !== undefined && /^[\w:]+$/.test(property)
      ? [`[${attribs.itemprop === undefined ? "property" : "itemprop"}='${property}']`]
      : []),
    // The head of a table is another matter.
    ...(name === "tr" ? ["tbody > tr"] : []),
    name,
  ];
}

/** What a menu, a footer or a side block is called. */
const CHROME =
  /(?:^|[-_ ])(?:nav|navbar|navigation|menu|menus|footer|header|masthead|sidebar|aside|breadcrumbs?|pager|pagination|paging|language|switcher|share|social|comments?|related|widgets?|cookies?|banner|toolbar|search|newsletter|skip)(?:$|[-_ ])/i;
const CHROME_TAGS = new Set(["nav", "footer", "header", "aside", "form"]);

/** True when an element or one around it is a menu, footer or side block of the page. */
export function isChrome(element: Element): boolean {
  for (let at: Element | null = element; at !== null; at = at.parent as Element | null) {
    if (at.type !== "tag" || at.name === "body" || at.name === "main") return false;
    // An article may have a header of its own.
    if (CHROME_TAGS.has(at.name) && !(at.name === "header" && within(at, "article"))) return true;
    if (CHROME.test(`${at.attribs.class ?? ""} ${at.attribs.id ?? ""}`)) return true;
  }
  return false;
}

function within(element: Element, name: string): boolean {
  for (let at = element.parent as Element | null; at !== null; at = at.parent as Element | null)
    if (at.name === name) return true;
  return false;
}
