/** A small site as web archives hold it: listing pages and articles of a given time. */
import type { SiteInput } from "../../src/site/site.js";
import type { MockCapture } from "./mock.js";

export const START = "http://news.example/news";

export const pageUrl = (page: number) => (page === 1 ? START : `${START}?page=${page - 1}`);
export const articleUrl = (name: string) => `http://news.example/a/${name}`;

/** @param last number of the last listing page */
function listing(page: number, last: number, names: readonly string[]): string {
  const rows = names.map(
    (name) =>
      `<li class="row"><a href="/a/${name}">Title of ${name}</a> <i>2021-05-0${(name.length % 9) + 1}</i></li>`,
  );
  const next = page < last ? `<a class="next" href="${pageUrl(page + 1)}">next</a>` : "";
  return `<html><head><title>News</title></head><body><ul>${rows.join("")}</ul>
<p class="pager">${next}<b>${page} of ${last}</b></p></body></html>`;
}

export function article(name: string, more = ""): string {
  return `<html><head><title>${name}</title></head><body><h1>Title of ${name}</h1>
<div class="body"><p>All that there is to say of ${name}.${more}</p></div></body></html>`;
}

export const listed = (
  page: number,
  last: number,
  time: string,
  names: readonly string[],
): MockCapture => ({
  url: pageUrl(page),
  time,
  body: listing(page, last, names),
});

export const written = (
  name: string,
  time: string,
  more: Partial<MockCapture> = {},
): MockCapture => ({
  url: articleUrl(name),
  time,
  body: article(name),
  ...more,
});

export function siteOf(archive: SiteInput["archive"], more: Partial<SiteInput> = {}): SiteInput {
  return {
    name: "news",
    start: START,
    language: "en",
    listing: {
      rows: ".row",
      next: ".next",
      current: ".pager b",
      pageParameter: "page",
    },
    fields: {
      title: { listing: "a", article: "h1" },
      date: { listing: "i", formats: ["yyyy-MM-dd"] },
      body: { article: ".body" },
    },
    ...(archive === undefined ? {} : { archive }),
    ...more,
  };
}
