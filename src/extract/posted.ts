/** Listing pages that answer to POST: what asks for the page after another one, by the site file. Pure. */
import type { Post } from "../model.js";
import type { PostRules, Site } from "../site/site.js";
import { canonicalUrl } from "../url.js";
import { readWords } from "./field.js";
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

/** The request after another one that counts; null after the last one, and for one that the site file does not make. */
export function postAfter(post: Post, site: Site): Post | null {
  const rules = site.listing.counted?.post;
  const known = rules === undefined ? null : valuesIn(post, rules);
  return rules === undefined || known === null ? null : countedOn(known, rules, site, false);
}

type Values = Readonly<Record<string, string>>;

function countedOn(known: Values, rules: PostRules, site: Site, isFirst: boolean): Post | null {
  const { counted } = site.listing;
  if (counted === null) return null;
  const number = isFirst ? counted.from : Number(known.n) + counted.step;
  if (!Number.isSafeInteger(number) || (counted.until !== null && number > counted.until))
    return null;
  return filled(rules, { ...known, n: String(number) }, site);
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

const PLACE = /\{([A-Za-z]\w*)\}/g;

function filled({ url, body, type }: PostRules, values: Values, site: Site): Post {
  const isJson = type === JSON_TYPE;
  const write = (value: string) =>
    isJson ? JSON.stringify(value).slice(1, -1) : encodeURIComponent(value);
  const target = canonicalUrl(url, site.start) ?? site.start;
  const text = body.replace(PLACE, (_, name: string) => write(values[name] ?? ""));
  return { url: target, body: text, type, isAjax: true };
}

const JSON_TYPE = "application/json";

/** What was written into a body; null where it is not one of the site file's. */
function valuesIn({ body: sent, type: sentType }: Post, { body, type }: PostRules): Values | null {
  if (sentType !== type) return null;
  const isJson = type === JSON_TYPE;
  const names: string[] = [];
  const pattern = body
    .split(PLACE)
    .map((part, at) => {
      if (at % 2 === 0) return part.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
      names.push(part);
      return isJson ? '((?:[^"\\\\]|\\\\.)*?)' : "([^&]*)";
    })
    .join("");
  const found = new RegExp(`^${pattern}$`, "s").exec(sent);
  if (found === null) return null;
  const read = (text: string) =>
    isJson ? (JSON.parse(`"${text}"`) as string) : decodeURIComponent(text);
  return Object.fromEntries(names.map((name, at) => [name, read(found[at + 1] ?? "")]));
}
