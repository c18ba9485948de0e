/** Sitemaps (https://www.sitemaps.org/protocol.html): the URLs that they name, without a tree. Pure. */
import { unescapeMarkup } from "../text.js";

/** Comments and sections of plain text, and the elements that matter; images and videos have a prefix of their own. */
const PART =
  /<!--[\s\S]*?(?:-->|$)|<([\w-]+:)?loc(?:\s[^<>]*)?>([^<]*(?:<!\[CDATA\[[\s\S]*?(?:\]\]>|$)[^<]*)*)|<([\w-]+:)?(urlset|sitemapindex)[\s>]/gi;

/** URLs of one sitemap or index, as the protocol has it. */
const MOST_URLS = 50_000;

/**
 * @returns the URLs as they are written, of pages or, in an index, of further sitemaps. The dates beside them are those
 *   of the last change, and are not read. `left` counts those beyond the most that one file may have.
 */
export function readSitemap(text: string): {
  readonly isIndex: boolean;
  readonly urls: string[];
  readonly left?: number;
} {
  let isIndex = false;
  let own: string | undefined;
  const urls: string[] = [];
  let left = 0;
  for (const [, prefix, words, rootPrefix, root] of text.matchAll(PART)) {
    if (root !== undefined) {
      isIndex = root.toLowerCase() === "sitemapindex";
      own = rootPrefix;
    } else if (words !== undefined && prefix === own) {
      const url = plain(words);
      if (url !== "" && urls.length < MOST_URLS) urls.push(url);
      else if (url !== "") left++;
    }
  }
  return { isIndex, urls, ...(left > 0 ? { left } : {}) };
}

function plain(words: string): string {
  return words
    .split(/<!\[CDATA\[([\s\S]*?)(?:\]\]>|$)/)
    .map((piece, at) => (at % 2 === 1 ? piece : unescapeMarkup(piece)))
    .join("")
    .trim();
}
