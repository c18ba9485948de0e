/** JSON-LD of schema.org in a page: what it says of the article. Pure. */
import { parseShallow } from "../text.js";
import { htmlWords } from "./data-tree.js";

const ARTICLE = /(?:^|[/#:])(?:\w*Article|BlogPosting|LiveBlogPosting|Report|SocialMediaPosting)$/;
/** Most values of one script that are looked at. */
const MOST = 20_000;

/**
 * The value of a key of the first article that a script describes: also in lists, in `@graph`, and below a page whose main
 * entity it is.
 *
 * @returns an empty string where there is none, or the script is not JSON
 */
export function articleValue(script: string, key: string): string {
  const value = articleIn(read(script), key);
  return value === null ? "" : htmlWords(value);
}

/** Some sites wrap it in comments or sections, and write line breaks into its texts. */
function read(script: string): unknown {
  const text = script
    .replace(/^\s*(?:<!--|\/\/\s*<!\[CDATA\[|<!\[CDATA\[)/, "")
    .replace(/(?:-->|\/\/\s*\]\]>|\]\]>)\s*;?\s*$/, "")
    .replace(/;\s*$/, "");
  for (const one of [text, text.replace(/[\u0000-\u001f]+/g, " ").replace(/,(\s*[}\]])/g, "$1")])
    try {
      return parseShallow(one);
    } catch {
      // The next one.
    }
  return null;
}

function articleIn(whole: unknown, key: string): string | null {
  for (const article of articles(whole)) {
    const found = wordsOf(article[key]);
    if (found !== null) return found;
  }
  return null;
}

export function articleCount(script: string): number {
  return [...articles(read(script))].length;
}

function* articles(whole: unknown): Generator<Record<string, unknown>> {
  const todo: unknown[] = [whole];
  for (let at = 0; at < Math.min(todo.length, MOST); at++) {
    const value = todo[at];
    if (Array.isArray(value)) todo.push(...value);
    else if (typeof value === "object" && value !== null) {
      const { "@type": type } = value as Record<string, unknown>;
      const types = Array.isArray(type) ? type : [type];
      if (types.some((one) => typeof one === "string" && ARTICLE.test(one)))
        yield value as Record<string, unknown>;
      todo.push(...Object.values(value));
    }
  }
}

function wordsOf(value: unknown): string | null {
  if (typeof value === "string" || typeof value === "number") return String(value).trim() || null;
  if (Array.isArray(value)) return wordsOf(value[0]);
  if (typeof value !== "object" || value === null) return null;
  const { name, "@value": literal } = value as Record<string, unknown>;
  return wordsOf(name ?? literal ?? null);
}
