/** Pages that lead on by themselves: what a site writes where its server cannot redirect. Pure. */
import type { Page } from "../model.js";
import { parseUrl } from "../text.js";
import { refreshOf } from "../url/refresh.js";
import { urlKey } from "../url/url.js";

/** Seconds after which a page leads on that is not there to be read; pages that load themselves again wait longer. */
const LONGEST = 5;
const HEAD = 16 * 1024;
/** What a browser that runs scripts does not take for elements. */
const NO_ELEMENTS = /<!--[\s\S]*?(?:-->|$)|<(noscript|script|style|title)\b[\s\S]*?(?:<\/\1|$)/gi;
const META = /<meta\b(?:[^>"']|"[^"]*"|'[^']*')*>/gi;

/** The page that a page leads to by itself; null for one that stays. */
export function leadsOnTo({ url, headers, body }: Page): string | null {
  const head = Buffer.from(body.buffer, body.byteOffset, Math.min(body.byteLength, HEAD));
  const html = head.toString("utf8").split(/<body\b/i, 1)[0] ?? "";
  const said = [headers.refresh ?? [], /refresh/i.test(html) ? metaRefreshes(html) : []].flat();
  if (said.length === 0) return null;
  const base = parseUrl(attribute(/<base\b[^>]*>/i.exec(html)?.[0] ?? "", "href"), url)?.href;
  for (const content of said) {
    const refresh = refreshOf(content, base ?? url);
    if (refresh === null || refresh.delay > LONGEST) continue;
    refresh.url.hash = "";
    return urlKey(refresh.url.href) === urlKey(url) ? null : refresh.url.href;
  }
  return null;
}

function metaRefreshes(html: string): string[] {
  const metas = html.replace(NO_ELEMENTS, "").match(META) ?? [];
  return metas
    .filter((meta) => attribute(meta, "http-equiv").toLowerCase() === "refresh")
    .map((meta) => attribute(meta, "content"));
}

function attribute(tag: string, name: string): string {
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, "i").exec(tag);
  const [, double, single, bare] = found ?? [];
  return (double ?? single ?? bare ?? "").trim().replaceAll("&amp;", "&");
}
