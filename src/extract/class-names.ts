/** Class names that a site's author gave to a kind of thing: they are the same on every page of the site. */
import type { Element } from "domhandler";

/** Classes for the position of an element among others, for its state, or for its looks. */
const CHANGING =
  /^(?:odd|even|first|last|active|current|selected|open|closed|hidden|visible|sticky|is-.*|has-.*|js-.*|.*-(?:odd|even|first|last|active)|clearfix|hentry|status-.*|(?:category|tag|post_tag|format|author)-.*|w-.*|h-.*|[mp][trblxy]?-.*|[dg]-.*|(?:col|cols|row|text|bg|flex|grid|items|justify|font|leading|tracking|rounded|shadow|border|gap|space|max|min|size|align|float|pull|push|offset|order|views-align)-.*)$/i;
/** Classes of every second row, which has another colour: `altRow`, `TableRowAlternating`. */
const STRIPE =
  /^(?:alt|alternat(?:e|ing)|.*(?:row|item)[-_]?(?:alt|odd|even|alternat(?:e|ing))|(?:alt|odd|even|alternat(?:e|ing))[-_]?(?:row|item))$/i;
/** Prefixes of tools that make class names of their own. */
const GENERATED = /^(?:css|sc|jsx|jss|svelte|astro|emotion|chakra|mui|ng|data-v)-/i;
const PLAIN = /^-?[A-Za-z_][\w-]*$/;

/** True for a name that no build and no database has made, and that says nothing of the moment. */
export function isStable(name: string): boolean {
  if (!PLAIN.test(name) || name.length > 60) return false;
  if (CHANGING.test(name) || STRIPE.test(name) || GENERATED.test(name)) return false;
  const pieces = name.split(/[-_]+/).filter((piece) => piece !== "");
  // `post-1138` is one post, `views-row-1` the first row; `_3xYz1` and `title__aB3dE` are hashes.
  return pieces.every((piece, index) => !/^\d+$/.test(piece) && !isHash(piece, index > 0));
}

function isHash(piece: string, isLater: boolean): boolean {
  if (piece.length < 5)
    return isLater && piece.length === 4 && /\d/.test(piece) && /[A-Z]/.test(piece);
  if (/\d/.test(piece)) return !/^[a-z]+\d{1,2}$/i.test(piece) || /^[a-f\d]{6,}$/i.test(piece);
  if (/^[a-f]{6,}$/.test(piece)) return true;
  // Two changes of case in a short piece are not camel case: `aBcDe`, `bdVaJa`.
  return piece.length <= 8 && (piece.match(/[a-z][A-Z]/g) ?? []).length > 1;
}

/** The stable classes of an element, as written. */
export function classesOf({ attribs }: Element): string[] {
  return stableNames(attribs.class ?? "");
}

/** The stable names of a `class` attribute. */
export function stableNames(given: string): string[] {
  return [...new Set(given.split(/\s+/).filter((name) => name !== "" && isStable(name)))];
}
