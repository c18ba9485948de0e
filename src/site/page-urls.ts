/** URLs of listing pages: the numbers in them, and those of other pages of the list. Pure. */
import { parseUrl } from "../text.js";
import { canonicalUrl, setQuery, urlKey } from "../url/url.js";
import type { Site } from "./site.js";

/**
 * The canonical form of a listing page's URL: without its pager parameter where that says the
 * first page, since Drupal links to its first page without one. `/articles`, `/articles?` and
 * `/articles?page=0` are one page. Anything but an http URL is returned as it is.
 */
export function listingUrl(url: string, given: string | null = null): string {
  const parameter = given ?? "page";
  const canonical = canonicalUrl(url);
  if (canonical === null) return url;
  if (!canonical.includes("?")) return canonical;
  const parsed = new URL(canonical);
  // `0,0` is the first page of each of two pagers.
  if (!/^[0,]*$/.test(pagerValue(parsed, parameter) ?? "-")) return canonical;
  setQuery(parsed, (piece) => !new URLSearchParams(piece).has(parameter));
  return parsed.href;
}

type Listed = Pick<Site, "listing">;

/** The same by the parameter of a site. */
export function pageUrl(url: string, { listing }: Listed): string {
  return listingUrl(url, listing.pageParameter);
}

/** The URL of a site's first listing page, as its pager would link to it. */
export function startOf(site: Listed & Pick<Site, "start">): string {
  return pageUrl(site.start, site);
}

/** True for the URL of a site's first listing page. */
export function isStart(url: string, site: Listed & Pick<Site, "start">): boolean {
  return urlKey(pageUrl(url, site)) === urlKey(startOf(site));
}

/**
 * Zero-based number of a listing page, from `?page=N`.
 *
 * @param element which pager of the page counts, from 0: Drupal writes the numbers of several into
 *   one parameter, `?page=0,2`
 * @returns 0 when the parameter is missing or no whole number, as Drupal takes it
 */
export function pageIndex(url: string, parameter = "page", element = 0): number {
  const parsed = parseUrl(url);
  if (parsed === null) return 0;
  const value = pagerValue(parsed, parameter)?.split(",")[element] ?? "";
  const index = /^\d+$/.test(value) ? Number(value) : 0;
  return Number.isSafeInteger(index) ? index : 0;
}

/**
 * Which pager of a page counts its list, from 0: the one whose number differs between the page's
 * URL and the links of that pager.
 *
 * @param targets links of one pager
 */
export function pagerElement(url: string, targets: readonly string[], parameter: string): number {
  const numbers = (link: string) => {
    const parsed = parseUrl(link);
    const value = parsed === null ? undefined : pagerValue(parsed, parameter);
    return (value ?? "").split(",").map((text) => (/^\d+$/.test(text) ? Number(text) : 0));
  };
  const here = numbers(url);
  for (const target of targets) {
    const there = numbers(target);
    const length = Math.max(here.length, there.length);
    for (let element = 0; element < length; element++)
      if ((here[element] ?? 0) !== (there[element] ?? 0)) return element;
  }
  return 0;
}

/**
 * The URL of another page of a list.
 *
 * @param index zero-based, as in `?page=N`
 * @param element which pager of the page counts, from 0
 */
export function atPage(url: string, parameter: string, index: number, element = 0): string {
  const parsed = new URL(url);
  const numbers = (pagerValue(parsed, parameter) ?? "").split(",");
  while (numbers.length <= element) numbers.push("0");
  numbers[element] = String(index);
  setQuery(parsed, (piece) => !new URLSearchParams(piece).has(parameter));
  const pager = `${encodeURIComponent(parameter)}=${numbers.map((text) => text || "0").join(",")}`;
  parsed.search = [parsed.search.slice(1), pager].filter((piece) => piece !== "").join("&");
  return listingUrl(parsed.href, parameter);
}

/**
 * The URL of the listing page after another one, where no link gives it: the number that
 * counts the pages, or their rows, counts on as it did before (`/news/page/2`, `?start=20`).
 *
 * @param previous the listing page before; null when it is not known
 * @returns null when no number counts
 */
export function urlAfter(previous: string | null, url: string): string | null {
  const from = new URL(url).origin.length;
  const numbers = [...url.slice(from).matchAll(/\d{1,9}/g)].reverse();
  for (const { 0: digits, index } of numbers) {
    const [start, end] = [url.slice(0, from + index), url.slice(from + index + digits.length)];
    const value = Number(digits);
    const isAlike = previous?.startsWith(start) && previous.endsWith(end);
    const middle = isAlike ? (previous ?? "").slice(start.length, -end.length || undefined) : "";
    if (/^\d{1,9}$/.test(middle) && Number(middle) < value)
      return `${start}${value + value - Number(middle)}${end}`;
  }
  const [last] = numbers;
  if (last === undefined) return null;
  const value = Number(last[0]);
  // The first page has no number: the second is number 1 or 2, or begins after the rows of the first.
  const step = value <= 2 ? 1 : value;
  const at = from + last.index;
  return `${url.slice(0, at)}${value + step}${url.slice(at + last[0].length)}`;
}

/** The folder of a page, whatever its numbers: `/news/2021/03/` is like `/news/2019/12/`. */
export function folderOf(url: string): string {
  return new URL(url).pathname.replace(/[^/]*\/?$/, "").replace(/\d+/g, "0");
}

/** PHP takes the last of several parameters of one name. */
function pagerValue(url: URL, parameter: string): string | undefined {
  return url.searchParams.getAll(parameter).at(-1);
}
