/** Lists whose further pages answer to POST alone. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { verifyArchive } from "../../src/archive/verify/verify.js";
import type { CliError } from "../../src/error.js";
import { resolveSite } from "../../src/site/resolve.js";
import type { SiteInput } from "../../src/site/site.js";
import { article, type Crawled, crawlServed, FIELDS, type Route } from "./site.js";

const row = (n: number) => `<li><a href="/a/${n}">Article ${n}</a></li>`;
const rows = (page: number) =>
  [1, 2, 3]
    .map((at) => page * 3 - 3 + at)
    .filter((n) => n <= 7)
    .map(row)
    .join("");
const json = (body: unknown) => ({ body: JSON.stringify(body), type: "application/json" });

type Ask = Parameters<Route>[0];
type Answer = ReturnType<Route>;

/** Seven articles, three a page: the first page answers a GET, the others a POST to /more. */
const site =
  (more: (ask: Ask, fields: URLSearchParams) => Answer, first = ""): Route =>
  (ask) => {
    const n = /^\/a\/(\d+)$/.exec(ask.url)?.[1];
    if (n !== undefined) return article(`Article ${n}`);
    if (ask.url === "/list") return `<ul>${rows(1)}</ul>${first}`;
    if (!ask.url.startsWith("/more")) return 404;
    return ask.method === "POST" ? more(ask, new URLSearchParams(ask.body)) : 405;
  };

const crawled = (route: Route, listing: object, more: Partial<SiteInput> = {}): Promise<Crawled> =>
  crawlServed(route, (origin) => ({
    start: `${origin}/list`,
    listing: { rows: "li", ...listing } as never,
    fields: FIELDS,
    ...more,
  }));

const PAGED = { post: "/more", body: { action: "load", page: "{n}" } };

test.each<[string, Route, object]>([
  [
    "the commands of Drupal's views/ajax",
    site((_, fields) =>
      json([
        { command: "settings", settings: {} },
        {
          command: "insert",
          method: "replaceWith",
          data: `<ul>${rows(Number(fields.get("page")) + 1)}</ul>`,
        },
      ]),
    ),
    {
      fragment: "item.data",
      next: {
        post: "/more?_wrapper_format=drupal_ajax",
        body: { view_name: "news", view_display_id: "page_1", page: "{n}" },
        from: 1,
      },
    },
  ],
  [
    "HTML and then a 0, as WordPress's admin-ajax, for a token of the first page",
    site((_, fields) => {
      if (fields.get("nonce") !== "a1 &b2" || fields.get("action") !== "load_more") return 403;
      const found = rows(Number(fields.get("paged")));
      return { body: found || "0" };
    }, '<script id="theme-js-extra">var theme = {"nonce":"a1 &b2"};</script>'),
    {
      next: {
        post: "/more",
        body: "action=load_more&nonce={nonce}&paged={n}",
        values: { nonce: { select: "#theme-js-extra", match: '"nonce":"([^"]+)"' } },
      },
    },
  ],
  [
    "HTML in a key of JSON, for a JSON that counts rows",
    site((ask) => {
      const { query } = JSON.parse(ask.body) as { query: { offset: number } };
      return json({ data: { html: rows(query.offset / 3 + 1) }, more: query.offset < 6 });
    }),
    {
      fragment: "data.html",
      next: {
        post: "/more",
        type: "json",
        body: '{"query":{"offset":{n},"size":3}}',
        from: 3,
        step: 3,
      },
    },
  ],
  [
    "HTML with a cursor beside it",
    site((ask) => {
      const { after } = JSON.parse(ask.body) as { after: string };
      return after === 'p"2'
        ? json({ html: rows(2), next: "p3" })
        : json({ html: rows(3), next: null });
    }, `<button data-after='p"2'>More</button>`),
    {
      fragment: "html",
      next: {
        post: "/more",
        type: "json",
        body: '{"after":"{cursor}"}',
        cursor: ["next", { select: "button", attribute: "data-after" }],
      },
    },
  ],
])("further pages that answer a POST with %s are read to the end", async (_, route, listing) => {
  const { code, stderr, entries, isRebuilt, asked } = await crawled(route, listing);
  expect(code, stderr).toBe(0);
  expect(entries).toHaveLength(7);
  expect(isRebuilt).toBe(true);
  const posts = asked.filter(({ method }) => method === "POST");
  expect(posts[0]?.headers["x-requested-with"]).toBe("XMLHttpRequest");
});

test("a JSON that answers to POST alone is read by its cursor", async () => {
  const item = (n: number) => ({
    url: `/a/${n}`,
    title: `Article ${n}`,
    html: `<p>Text ${n}.</p>`,
  });
  const route: Route = ({ method, body }) => {
    const page = method === "POST" ? Number(JSON.parse(body).after) : 1;
    const items = [page * 2 - 1, page * 2].map(item);
    return json({ items, after: page < 3 ? String(page + 1) : null });
  };
  const { code, stderr, entries, isRebuilt } = await crawled(
    route,
    {
      kind: "json",
      rows: "items",
      next: { post: "/more", type: "json", body: '{"after":"{cursor}"}', cursor: "after" },
    },
    {
      article: { follow: false },
      fields: { title: { listing: "title" }, body: { listing: "html" } },
    },
  );
  expect(code, stderr).toBe(0);
  expect(entries).toHaveLength(6);
  expect(isRebuilt).toBe(true);
});

test.each<[string, Route, object, string]>([
  [
    "an answer that is cut off",
    site(() => ({ body: '{"html":"<li><a hr', type: "application/json" })),
    { fragment: "html", next: PAGED },
    "not whole JSON",
  ],
  [
    "an answer without the HTML that was asked for",
    site(() => json({ error: "rate limit" })),
    { fragment: "html", next: PAGED },
    "nothing at listing.fragment",
  ],
  ["an answer that is an error", site(() => 500), { next: PAGED }, "HTTP 500"],
  [
    "a value that the first page does not have",
    site(() => rows(2)),
    {
      next: {
        ...{ post: "/more", body: "nonce={nonce}&page={n}" },
        values: { nonce: { select: "#token", attribute: "value" } },
      },
    },
    "listing.next.values.nonce, #token, gives nothing on the first page",
  ],
  [
    "a cursor that repeats",
    site(
      (ask) => json({ html: ask.body === "after=2" ? rows(2) : rows(3), next: "2" }),
      '<i data-after="2"></i>',
    ),
    {
      fragment: "html",
      next: {
        ...{ post: "/more", body: { after: "{cursor}" } },
        cursor: ["next", { select: "i", attribute: "data-after" }],
      },
    },
    "leads back to",
  ],
])("%s is a gap with a reason", async (_, route, listing, message) => {
  const { code, account, isRebuilt } = await crawled(route, listing);
  expect(account.gaps?.join("\n")).toContain(message);
  expect(code).toBe(3);
  expect(isRebuilt).toBe(true);
});

test("a page that fails does not hide those after it", async () => {
  const route = site((_, fields) =>
    fields.get("page") === "2" ? 500 : rows(Number(fields.get("page"))),
  );
  const { code, account, entries } = await crawled(route, { next: PAGED });
  expect(code).toBe(3);
  expect(account.gaps).toEqual([expect.stringMatching(/page=2 could not be read: HTTP 500/)]);
  expect(entries).toHaveLength(4);
});

test("verify holds the index against what was sent, and the index names it as warcio does", async () => {
  const { out, code } = await crawled(
    site((_, fields) => rows(Number(fields.get("page")))),
    { next: PAGED },
  );
  expect(code).toBe(0);
  const folder = join(out, "captures", readdirSync(join(out, "captures"))[0] ?? "");
  const index = readFileSync(join(folder, "index.cdxj"), "utf8").split("\n");
  const line = index.find((one) => one.includes("page=2"));
  expect(line).toMatch(/^1,0,0,127:\d+\)\/more\?__wb_method=post&action=load&page=2 /);
  expect(line).toContain('"method":"POST","requestBody":"action=load&page=2"');
  expect((await verifyArchive(out)).findings).toEqual([]);
});

test.each<[string, object, string]>([
  ["a body without {n}", { post: "/more", body: "page=2" }, "expected one {n}"],
  [
    "a cursor that is not sent",
    { post: "/more", body: "p={n}", cursor: "next" },
    "expected one {cursor}",
  ],
  [
    "a name that has no value",
    { post: "/more", body: "p={n}&k={key}" },
    "expected {key} to be one of",
  ],
  [
    "JSON as fields",
    { post: "/more", body: { page: "{n}" }, type: "json" },
    "expected the JSON as a text",
  ],
])("%s is an error of the site file", (_, next, message) => {
  const start = "https://example.org/list";
  const input = {
    name: "wrong",
    start,
    listing: { rows: "li", next: next as never },
    fields: FIELDS,
  };
  const details = () => {
    try {
      return resolveSite(input, {}, "site.json").name;
    } catch (error) {
      return (error as CliError).details.join();
    }
  };
  expect(details()).toContain(message);
});
