/** Requests for listing pages by POST, as the site file writes them, and what was written into one. No page is needed. Pure. */
import type { Post } from "../model.js";
import type { PostRules, Site } from "../site/site.js";
import { canonicalUrl } from "../url/url.js";

export type Values = Readonly<Record<string, string>>;

/** The request after another one that counts; null after the last one, and for one that the site file does not make. */
export function postAfter(post: Post, site: Site): Post | null {
  const rules = site.listing.counted?.post;
  const known = rules === undefined ? null : valuesIn(post, rules);
  return rules === undefined || known === null ? null : countedOn(known, rules, site, false);
}

export function countedOn(
  known: Values,
  rules: PostRules,
  site: Site,
  isFirst: boolean,
): Post | null {
  const { counted } = site.listing;
  if (counted === null) return null;
  const number = isFirst ? counted.from : Number(known.n) + counted.step;
  if (!Number.isSafeInteger(number) || (counted.until !== null && number > counted.until))
    return null;
  return filled(rules, { ...known, n: String(number) }, site);
}

const PLACE = /\{([A-Za-z]\w*)\}/g;

export function filled({ url, body, type }: PostRules, values: Values, site: Site): Post {
  const isJson = type === JSON_TYPE;
  const write = (value: string) =>
    isJson ? JSON.stringify(value).slice(1, -1) : encodeURIComponent(value);
  const target = canonicalUrl(url, site.start) ?? site.start;
  const text = body.replace(PLACE, (_, name: string) => write(values[name] ?? ""));
  return { url: target, body: text, type, isAjax: true };
}

const JSON_TYPE = "application/json";

/** What was written into a body; null where it is not one of the site file's. */
export function valuesIn(
  { body: sent, type: sentType }: Post,
  { body, type }: PostRules,
): Values | null {
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
