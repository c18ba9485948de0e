/** A list of one page, as the site file says, that gets a pager. */
import { expect, test } from "vitest";
import { article, crawlServed, FIELDS, type Route } from "./site.js";

const ROWS =
  '<li class="row"><a href="/a/1">One</a></li><li class="row"><a href="/a/2">Two</a></li>';

test.each([
  ["without a pager is nothing to note", "", false],
  ["with a pager is noted", '<a rel="next" href="/list?page=2">Next</a>', true],
])("a list that has one page by its site file, %s", async (_, pager, isNoted) => {
  const route: Route = ({ url }) => {
    if (url.startsWith("/a/")) return article(url);
    return url === "/list" ? `<ul>${ROWS}</ul>${pager}` : 404;
  };
  const run = await crawlServed(route, (origin) => ({
    start: `${origin}/list`,
    listing: { rows: ".row", next: [] },
    fields: FIELDS,
  }));
  expect(run.code, run.stderr).toBe(0);
  expect(/"next": \[\] says that the list has one page, and \S+page=2 looks/.test(run.stderr)).toBe(
    isNoted,
  );
});
