/** Listing pages that answer to POST: what asks for the page after another one, by the site file. Pure. */
import type { Post } from "../model.js";
import type { PostRules, Site } from "../site/site.js";
import { readWords } from "./field.js";
import { countedOn, filled, type Values, valuesIn } from "./post-text.js";
import { firstMatch, type Tree } from "./tree.js";

/** A request for the next page; null after the last one. A text says what is missing to ask for it. */
export function nextPosted(tree: Tree, site: Site): Post | string | null {
  const { counted, cursor } = site.listing;
  const rules = counted?.post ?? cursor?.post;
  if (rules === undefined) return null;
  const known = tree.post === undefined ? valuesOf(tree, rules) : valuesIn(tree.post, rules);
  if (known === null || typeof known === "string") return known;
  if (counted !== null) return countedOn(known, rules, site, tree.post === undefined);
  const value = readWords(
    tree.answer === null ? tree : { ...tree, $: tree.answer },
    null,
    rules.cursor,
  );
  return value === null ? null : filled(rules, { ...known, cursor: value }, site);
}

/** What the first page gives to be sent along. A text says what it lacks. */
function valuesOf(tree: Tree, { values }: PostRules): Values | string {
  const found: Record<string, string> = {};
  for (const { name, select, attribute, match } of values) {
    const texts = firstMatch(tree.$, null, [select]).nodes.flatMap(
      // Scripts hold such values too, and have no words.
      (node) => (attribute === null ? tree.$(node).text().trim() : node.attribs[attribute]) ?? [],
    );
    const [value] = texts.flatMap((text) => partOf(text, match));
    if (value === undefined)
      return `listing.next.values.${name}, ${select}${match === null ? "" : ` with ${match}`}, gives nothing on the first page`;
    found[name] = value;
  }
  return found;
}

function partOf(text: string, match: string | null): string[] {
  if (match === null) return [text];
  const [all, part = all] = new RegExp(match, "u").exec(text) ?? [];
  return part === undefined ? [] : [part];
}
