/** Lists of pages that no link leads through. */
import { expect, test } from "vitest";
import type { CliError } from "../../src/error.js";
import { readListing } from "../../src/extract/listing.js";
import { parsePage } from "../../src/extract/tree.js";
import { resolveSite } from "../../src/site/resolve.js";
import { article, type Crawled, crawlServed, FIELDS, type Route } from "./site.js";

const row = (n: number) => `<li><a href="/a/${n}">Article ${n}</a></li>`;
const rows = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => row(from + at)).join("");

/** Seven articles, three a page. @param after what comes after the last page */
const site =
  (number: (url: URL) => number, after: Route): Route =>
  (ask) => {
    const url = new URL(ask.url, ask.origin);
    const n = /^\/a\/(\d+)$/.exec(url.pathname)?.[1];
    if (n !== undefined) return article(`Article ${n}`);
    if (!url.pathname.startsWith("/list")) return 404;
    const page = number(url);
    return page > 3 ? after(ask) : `<ul>${rows(page * 3 - 2, Math.min(7, page * 3))}</ul>`;
  };
const byPage = (url: URL) => Number(url.searchParams.get("page") ?? 1);
const byOffset = (url: URL) => Number(url.searchParams.get("start") ?? 0) / 3 + 1;
const byPath = (url: URL) => Number(/\/page\/(\d+)\/$/.exec(url.pathname)?.[1] ?? 1);
const EMPTY = "<ul></ul>";

function crawled(route: Route, next: object, start = "/list"): Promise<Crawled> {
  return crawlServed(route, (origin) => ({
    start: origin + start,
    listing: { rows: "li", next: next as never },
    fields: FIELDS,
  }));
}

test.each<[string, (url: URL) => number, object, Route]>([
  ["its pages by a parameter, to one without rows", byPage, { template: "?page={n}" }, () => EMPTY],
  [
    "its rows by a parameter, to a 404",
    byOffset,
    { template: "?start={n}", from: 3, step: 3 },
    () => 404,
  ],
  ["its pages in the path, to a 410", byPath, { template: "/list/page/{n}/" }, () => 410],
  [
    "its pages, to one that repeats the last",
    byPage,
    { template: "?page={n}" },
    () => `<ul>${row(7)}</ul>`,
  ],
  ["its pages, to a number that is given", byPage, { template: "?page={n}", until: 3 }, () => 500],
])("a list that counts %s is read to its end", async (_, number, next, after) => {
  const { code, entries, isRebuilt, stderr } = await crawled(site(number, after), next);
  expect(code, stderr).toBe(0);
  expect(entries).toHaveLength(7);
  expect(isRebuilt).toBe(true);
});

test.each<[string, (html: string, isLast: boolean) => ReturnType<Route>]>([
  [
    "HTML in a key of JSON",
    (html, isLast) => ({
      body: JSON.stringify({ data: { html }, more: !isLast }),
      type: "application/json",
    }),
  ],
  [
    "the commands of Drupal's views/ajax",
    (html) => ({
      body: JSON.stringify([
        { command: "settings", settings: {} },
        { command: "insert", data: { html } },
      ]),
      type: "application/json",
    }),
  ],
  [
    "nothing but a 0 after the last page, as WordPress's admin-ajax",
    (html, isLast) =>
      isLast ? { body: "0" } : { body: JSON.stringify({ data: { html } }), type: "text/html" },
  ],
])("further pages that come as %s are read to the end", async (what, answer) => {
  const route: Route = (ask) => {
    const page = Number(new URL(ask.url, ask.origin).searchParams.get("page"));
    if (!ask.url.startsWith("/more")) return site(byPage, () => EMPTY)(ask);
    return answer(rows(page * 3 - 2, Math.min(7, page * 3)), page > 3);
  };
  const fragment = what.startsWith("the commands") ? "item.data.html" : "data.html";
  const { code, stderr, entries, isRebuilt } = await crawlServed(route, (origin) => ({
    start: `${origin}/list`,
    listing: { rows: "li", fragment, next: { template: "/more?page={n}" } },
    fields: FIELDS,
  }));
  expect(code, stderr).toBe(0);
  expect(entries).toHaveLength(7);
  expect(isRebuilt).toBe(true);
});

test("an answer without the HTML that was asked for is not the end of the list", async () => {
  const route: Route = (ask) => {
    if (!ask.url.startsWith("/more")) return site(byPage, () => EMPTY)(ask);
    const page = Number(new URL(ask.url, ask.origin).searchParams.get("page"));
    const answer = page === 2 ? { data: { html: rows(4, 6) } } : { error: "rate limit exceeded" };
    return { body: JSON.stringify(answer), type: "application/json" };
  };
  const { code, account, entries } = await crawlServed(route, (origin) => ({
    start: `${origin}/list`,
    listing: { rows: "li", fragment: "data.html", next: { template: "/more?page={n}" } },
    fields: FIELDS,
  }));
  expect(code).toBe(3);
  expect(account.gaps?.join()).toContain("nothing at listing.fragment");
  expect(entries).toHaveLength(6);
});

test("a counted page that fails makes the run incomplete", async () => {
  const { code, account } = await crawled(
    site(byPage, () => 500),
    { template: "?page={n}" },
  );
  expect(code).toBe(3);
  expect(account.gaps?.join()).toContain("page=4 could not be read: HTTP 500");
});

test.each<[string, ReturnType<Route>, string]>([
  ["JSON", { body: '{"error":"busy"}', type: "application/json" }, "content type"],
  ["words", { body: "rate limit exceeded", type: "text/html" }, "no markup"],
])("a counted page that is %s is not the end of the list", async (_, after, reason) => {
  const { code, account } = await crawled(
    site(byPage, () => after),
    { template: "?page={n}" },
  );
  expect(code).toBe(3);
  expect(account.gaps?.join()).toContain(reason);
});

const around = (list: string, more = "") =>
  `<!DOCTYPE html><html><head><title>News</title></head><body><p>Report an error</p><main id="content">${list}</main>${more}</body></html>`;
const whole = (body: string) => ({ body, type: "text/html" });

test.each<[string, string]>([
  ["a sentence in the place of the rows", around("<p>No articles</p>")],
  ["an empty list beside other words", around("<ul></ul>", "<footer>Contact</footer>")],
])("a counted page with %s is the end of the list", async (_, last) => {
  const route: Route = (ask) => {
    const given = site(byPage, () => whole(last))(ask);
    return typeof given === "string" && ask.url.startsWith("/list") ? whole(around(given)) : given;
  };
  const { code, stderr, entries } = await crawled(route, { template: "?page={n}" });
  expect(code, stderr).toBe(0);
  expect(entries).toHaveLength(7);
});

test.each<[string, string, string]>([
  ["an error in its place", around("<p>An error occurred.</p>"), "it reads like an error"],
  [
    "an error of the database alone",
    "<b>Fatal error</b>: SQLSTATE[HY000]",
    "it reads like an error",
  ],
  ["an error in Russian", around("<p>Произошла ошибка</p>"), "it reads like an error"],
  [
    "another template",
    "<!DOCTYPE html><html><head><title>Hello</title></head><body><div class=door>Please sign in</div></body></html>",
    "nothing of what is around the rows",
  ],
])("a counted page without rows that is %s is a gap", async (_, last, reason) => {
  const route: Route = (ask) => {
    const given = site(byPage, () => whole(last))(ask);
    return typeof given === "string" && ask.url.startsWith("/list") ? whole(around(given)) : given;
  };
  const { code, account, isRebuilt } = await crawled(route, { template: "?page={n}" });
  expect(account.gaps?.join()).toContain(reason);
  expect(code).toBe(3);
  expect(isRebuilt).toBe(true);
});

test("a list whose second page is the first again is noted", async () => {
  const { code, stderr } = await crawled(
    site(
      () => 1,
      () => EMPTY,
    ),
    { template: "?page={n}" },
  );
  expect(code, stderr).toBe(0);
  expect(stderr).toContain("page=2 has the rows of the first page");
});

test.each([
  ["1'234", 1234],
  ["1’234 articles", 1234],
  ["1 to 10 of 12 345", 12345],
  ["١٬٢٣٤", 1234],
  ["३२७", 327],
  ["many", undefined],
])("the total %s is read as %s", (printed, total) => {
  const url = "https://example.org/list";
  const input = { name: "t", start: url, listing: { rows: "li", total: ".all" }, fields: FIELDS };
  const site = resolveSite(input, {}, "test");
  const body = Buffer.from(`<p class="all">${printed}</p><li><a href="/a">A</a></li>`);
  const headers = { "content-type": "text/html; charset=utf-8" };
  const page = { url, requestedUrl: url, status: 200, headers, body };
  expect(readListing(parsePage(page, site), site).total).toBe(total);
});

test("a counted page that is short and not the last is a finding", async () => {
  const route: Route = (ask) => {
    const full = site(byPage, () => EMPTY)(ask);
    return ask.url === "/list?page=2" ? `<ul>${row(4)}</ul>` : full;
  };
  const { code, account } = await crawled(route, { template: "?page={n}" });
  expect(code).toBe(3);
  expect(account.gaps?.join()).toContain("has 1 rows where the others have 3");
});

test("a list that says how many articles it has is held to it", async () => {
  const route: Route = (ask) => {
    const given = site(byPage, () => EMPTY)(ask);
    return typeof given === "string" && ask.url.startsWith("/list")
      ? `<p class="all">9 articles</p>${given}`
      : given;
  };
  const { code, account } = await crawlServed(route, (origin) => ({
    start: `${origin}/list`,
    listing: { rows: "li", next: { template: "?page={n}" }, total: ".all" },
    fields: FIELDS,
  }));
  expect(code).toBe(3);
  expect(account.gaps?.join()).toContain("says that the list has 9 articles, and 7 were found");
});

test("rows whose URL `match` does not find are left out", async () => {
  const { code, entries } = await crawlServed(
    site(byPage, () => EMPTY),
    (origin) => ({
      start: `${origin}/list`,
      listing: { rows: "li", next: { template: "?page={n}" }, match: "/a/[1-4]$" },
      fields: FIELDS,
    }),
  );
  expect(code).toBe(0);
  expect(entries).toHaveLength(4);
});

test.each<[string, object, string]>([
  ["a template without {n}", { next: { template: "?page=2" } }, "expected a URL with one {n}"],
  ["a pattern that is none", { match: "(" }, "expected a regular expression"],
  ["an unknown kind", { kind: "rss" }, "listing.kind"],
])("%s is an error of the site file", (_, listing, message) => {
  const start = "https://example.org/list";
  const input = { name: "wrong", start, listing: { rows: "li", ...listing }, fields: FIELDS };
  const details = () => {
    try {
      return resolveSite(input, {}, "site.json").name;
    } catch (error) {
      return (error as CliError).details.join();
    }
  };
  expect(details()).toContain(message);
});
