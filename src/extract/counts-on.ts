/** Page numbers in the URLs of a list: which link counts on from a page. Pure. */
import { pageIndex, pagerElement } from "../site/page-urls.js";

/** Names of parameters that count pages or rows. */
const COUNTS =
  /^(?:.*(?:pag|seite|strana|sayfa|oldal|offset).*|p|pg|pn|start|from|skip|first|begin|limitstart|str|stran|sida|side|sivu|halaman|trang|page_?no|pointer)$/i;
/** Names of parameters that choose a time or a kind. */
const CHOOSES =
  /year|annee|jahr|month|mois|monat|day|jour|tag|date|^[ymd]$|lang|sort|order|view|type|cat|size|limit|per/i;

/** Names of parameters that say how many rows a page has. */
const SIZES = /per[-_]?page|page[-_]?size|^(?:limit|size|count|rows?|show|max[-_]?results)$/i;
/** Names of parameters that choose one page of a site: WordPress without permalinks has `?page_id=2` in its menu. */
const IDS = /(?:[-_]|page|post|item|node|news|article)id$/i;
/** Names of parameters that say where a page ends, beside one that says where it begins. */
const ENDS = /^(?:to|end|last|until)$/i;

/** The path of a URL, whatever its numbers. */
export function shapeOf(url: string): string {
  return pathOf(url).replace(/\d+/g, "0");
}

/** True when a URL is that of the page, but for a number that counts on: `?page=2`, `/page/2`, `/2/`. */
export function countsOn(
  target: string,
  url: string,
  isStart: boolean,
  name: string | null,
): boolean {
  const [path, own] = [pathOf(target), pathOf(url)];
  if (path !== own) return isStart ? isSecond(path, own) : isOneMore(path, own);
  if (name !== null) {
    // After the first page, a pager that counts another list of the page counts from its own first.
    const element = isStart ? 0 : pagerElement(url, [target], name);
    const index = pageIndex(url, name, element);
    return (isStart || index > 0) && pageIndex(target, name, element) === index + 1;
  }
  const [to, from] = [new URL(target).searchParams, new URL(url).searchParams];
  const differs = [...to].filter(([name, value]) => from.get(name) !== value);
  const [[parameter = "", value = ""] = [], ...others] = differs.filter(
    ([name]) => differs.length === 1 || !ENDS.test(name),
  );
  if (others.length > 0 || !/^\d{1,9}$/.test(value) || SIZES.test(parameter)) return false;
  const before = from.get(parameter);
  if (IDS.test(parameter) && before === null) return false;
  if (COUNTS.test(parameter))
    return (isStart || before !== null) && Number(value) > Number(before ?? 0);
  if (CHOOSES.test(parameter)) return false;
  // Of a name that means nothing here, only the next number does.
  return before === null ? isStart && value === "2" : Number(value) === Number(before) + 1;
}

/** True when a URL is that of the page, but for a parameter that chooses a time, a kind or an order. */
export function chooses(target: string, url: string): boolean {
  if (pathOf(target) !== pathOf(url)) return false;
  const [to, from] = [new URL(target).searchParams, new URL(url).searchParams];
  const differs = [...to].filter(([name, value]) => from.get(name) !== value);
  return differs.every(([name]) => SIZES.test(name) || (CHOOSES.test(name) && !COUNTS.test(name)));
}

/** True when a path is that of the first page followed by a 2, after a file name or without one. */
function isSecond(path: string, first: string): boolean {
  const stem = first.replace(/\/?(?:index|default)?\.[a-z]{3,5}$/i, "");
  const rest = path.startsWith(stem) ? path.slice(stem.length) : "";
  return (
    /^[-_/,;]*(?:[a-z]{1,12}[-_/:,;=]?)?0*2(?:\/index)?(?:\.[a-z]{3,5})?$/i.test(rest) &&
    /^[-_/.,;a-z]/i.test(rest)
  );
}

/** True when a path ends with a number that is one greater than that of another, and is the same but for it. */
function isOneMore(path: string, other: string): boolean {
  const [to, from] = [path, other].map((one) =>
    /^(.*?)(\d+)((?:\/index)?(?:\.[a-z]{3,5})?)$/i.exec(one),
  );
  if (to == null || from == null) return false;
  return to[1] === from[1] && to[3] === from[3] && Number(to[2]) === Number(from[2]) + 1;
}

function pathOf(url: string): string {
  return new URL(url).pathname.replace(/\/+$/, "");
}
