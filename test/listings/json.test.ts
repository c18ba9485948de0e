/** JSON answers as lists: WordPress, Drupal, and any other. */
import { describe, expect, test } from "vitest";
import { resolveSite } from "../../src/site/resolve.js";
import type { SiteInput } from "../../src/site/site.js";
import { article, type Crawled, crawlServed, FIELDS, type Route } from "./site.js";

const json = (value: unknown, headers: Record<string, string> = {}) => ({
  body: typeof value === "string" ? value : JSON.stringify(value),
  type: "application/json; charset=UTF-8",
  headers,
});

/** A post as `/wp/v2/posts?_embed` gives it (https://developer.wordpress.org/rest-api/reference/posts/). */
const post = (n: number, origin: string) => ({
  id: n,
  date: `2021-03-0${n}T23:30:00`,
  date_gmt: `2021-03-0${n + 1}T04:30:00`,
  modified: "2022-01-01T00:00:00",
  slug: `post-${n}`,
  link: `${origin}/2021/03/post-${n}/`,
  title: { rendered: `Post ${n} &#8211; &#8220;new&#8221; &amp; <em>old</em>` },
  content: {
    rendered: `<p>Text ${n} with <a href="/2021/03/post-1/">a link</a>.</p><div class="sharedaddy">Share</div>`,
    protected: false,
  },
  excerpt: { rendered: `<p>Short ${n}.</p>\n`, protected: false },
  _embedded: {
    author: [{ id: 1, name: "Ann" }],
    "wp:featuredmedia": [{ source_url: `${origin}/up/${n}.png`, alt_text: `Picture ${n}` }],
    "wp:term": [
      [{ id: 4, name: "News", taxonomy: "category" }],
      [{ id: 9, name: "tag", taxonomy: "post_tag" }],
    ],
  },
});

/** Five posts, two a page. @param change what is wrong */
const wordPress =
  (
    change: (page: number, posts: object[], headers: Record<string, string>) => ReturnType<Route>,
  ): Route =>
  ({ url, origin }) => {
    const { pathname, searchParams } = new URL(url, origin);
    if (pathname !== "/wp-json/wp/v2/posts") return 404;
    const page = Number(searchParams.get("page") ?? 1);
    const all = [1, 2, 3, 4, 5].map((n) => post(n, origin));
    searchParams.set("page", String(page + 1));
    const next = `<${origin}${pathname}?${searchParams}>; rel="next"`;
    const headers = {
      "x-wp-total": "5",
      "x-wp-totalpages": "3",
      ...(page < 3 ? { link: `<${origin}/>; rel="prev", ${next}` } : {}),
    };
    return change(page, all.slice(page * 2 - 2, page * 2), headers);
  };
const crawledPosts = (route: Route, more: Partial<SiteInput> = {}): Promise<Crawled> =>
  crawlServed(
    route,
    (origin) => ({
      start: `${origin}/wp-json/wp/v2/posts?per_page=2`,
      listing: { kind: "wp-json" },
      ...more,
    }),
    { media: false },
  );

describe("posts of WordPress", () => {
  test("become entries by the answers alone: title, local date, category, text, main picture", async () => {
    const { code, stderr, entries, asked, isRebuilt } = await crawledPosts(
      wordPress((_, posts, headers) => json(posts, headers)),
    );
    expect(code, stderr).toBe(0);
    expect(isRebuilt).toBe(true);
    expect(entries).toHaveLength(5);
    const one = entries.find(({ date }) => date === "2021-03-02");
    expect(one).toMatchObject({
      title: "Post 2 – “new” & old",
      type: "news",
      summary: "Short 2.",
      sourceUrl: expect.stringMatching(/\/2021\/03\/post-2\/$/),
      // As the head of its page names it.
      aliases: [expect.stringMatching(/:\d+\/\?p=2$/)],
      media: [{ alt: "Picture 2", sourceUrl: expect.stringMatching(/\/up\/2\.png$/) }],
    });
    expect(one?.body).toContain("Text 2 with [a link](");
    expect(one?.body).not.toContain("Share");
    // One request a page, in each of two passes, and none for an article.
    expect(asked.map(({ url }) => url).filter((url) => !url.includes("wp-json"))).toEqual([]);
    expect(asked[0]?.url).toContain("_embed=author%2Cwp%3Aterm%2Cwp%3Afeaturedmedia");
  });

  test("may be read from their pages too", async () => {
    const { code, stderr, entries } = await crawledPosts(
      (ask) => {
        const n = /post-(\d)\/$/.exec(ask.url)?.[1];
        return n === undefined
          ? wordPress((_, posts, headers) => json(posts, headers))(ask)
          : article(`Post ${n} – “new” & old`);
      },
      { article: { follow: true }, fields: FIELDS },
    );
    expect(code, stderr).toBe(0);
    expect(entries[0]?.body).toContain("Text of Post");
  });

  test.each<[string, Route, string]>([
    [
      "whose total is greater than what comes",
      wordPress((_, posts, headers) => json(posts, { ...headers, "x-wp-total": "7" })),
      "says that the list has 7 articles, and 5 were found",
    ],
    [
      "of which a page is cut off",
      wordPress((page, posts, headers) =>
        page === 2 ? json(JSON.stringify(posts).slice(0, -9), headers) : json(posts, headers),
      ),
      "is not whole JSON",
    ],
    [
      "of which a page is a web page",
      wordPress((page, posts, headers) =>
        page === 2 ? "<p>Checking your browser" : json(posts, headers),
      ),
      "neither a feed, a sitemap nor JSON",
    ],
    [
      "whose next link leads back",
      wordPress((page, posts, headers) =>
        json(
          posts,
          page === 2
            ? { "x-wp-total": "5", link: headers.link?.replace(/page=3/, "page=2") ?? "" }
            : headers,
        ),
      ),
      "says that the list has 5 articles, and 4 were found",
    ],
  ])("%s are incomplete", async (_, route, message) => {
    const { code, account, isRebuilt } = await crawledPosts(route);
    expect(code).toBe(3);
    expect(account.gaps?.join()).toContain(message);
    expect(isRebuilt).toBe(true);
  });

  test("that nobody may read are a clear error", async () => {
    const { code, stderr } = await crawledPosts(() => ({
      ...json({ code: "rest_forbidden" }),
      status: 401,
    }));
    expect(code).toBe(5);
    expect(stderr).toContain("HTTP 401");
  });
});

test("nodes of Drupal come with what they refer to, from a list in another language too", async () => {
  const node = (n: number, alias: string | null) => ({
    type: "node--article",
    id: `uuid-${n}`,
    attributes: {
      drupal_internal__nid: n,
      title: `Node ${n} & more`,
      created: "2021-03-05T23:00:00+00:00",
      changed: "2022-01-01T00:00:00+00:00",
      path: { alias, pid: 1, langcode: "fr" },
      body: { value: "raw", format: "basic_html", processed: `<p>Text ${n}.</p>`, summary: "" },
    },
    relationships: { field_tags: { data: [{ type: "taxonomy_term--tags", id: "t1" }] } },
  });
  const included = [{ type: "taxonomy_term--tags", id: "t1", attributes: { name: "Water" } }];
  const route: Route = ({ url, origin }) => {
    const { pathname, searchParams } = new URL(url, origin);
    if (pathname !== "/fr/jsonapi/node/article") return 404;
    const next = {
      href: `${origin}${pathname}?include=field_tags&page%5Boffset%5D=1&page%5Blimit%5D=1`,
    };
    return searchParams.has("page[offset]")
      ? json({
          jsonapi: { version: "1.0" },
          data: [node(2, null)],
          included,
          links: { self: next },
          meta: { count: 2 },
        })
      : json({ data: [node(1, "/actualites/un")], included, links: { next }, meta: { count: 2 } });
  };
  const { code, stderr, entries, isRebuilt } = await crawlServed(route, (origin) => ({
    start: `${origin}/fr/jsonapi/node/article?include=field_tags`,
    listing: { kind: "jsonapi" },
    fields: { type: { listing: "relationships.field_tags.included.name" } },
  }));
  expect(code, stderr).toBe(0);
  expect(isRebuilt).toBe(true);
  expect(
    entries
      .map(({ title, date, type, sourceUrl, aliases }) => [
        ...[title, date, type],
        ...[sourceUrl, ...(aliases as string[])].map((url) => new URL(String(url)).pathname),
      ])
      .sort(),
  ).toEqual([
    ["Node 1 & more", "2021-03-05", "water", "/fr/actualites/un", "/fr/node/1"],
    ["Node 2 & more", "2021-03-05", "water", "/fr/node/2"],
  ]);
});

describe("nodes of Drupal", () => {
  type Answer = (page: number, data: object[], next: string) => ReturnType<Route>;
  /** Five nodes, two a page. @param change what is wrong */
  const crawledNodes = (change: Answer) =>
    crawlServed(
      ({ url, origin }) => {
        const { pathname, searchParams } = new URL(url, origin);
        if (pathname !== "/jsonapi/node/article") return 404;
        const page = Number(searchParams.get("page[offset]") ?? 0) / 2;
        const nodes = [1, 2, 3, 4, 5].slice(page * 2, page * 2 + 2).map((n) => ({
          ...{ type: "node--article", id: `u${n}` },
          attributes: {
            ...{ title: `Node ${n}`, created: "2021-03-05T12:00:00+00:00" },
            ...{ drupal_internal__nid: n, path: { alias: `/node-${n}` } },
            body: { processed: `<p>Text ${n}.</p>` },
          },
        }));
        return change(page, nodes, `${origin}${pathname}?page%5Boffset%5D=${page * 2 + 2}`);
      },
      (origin) => ({ start: `${origin}/jsonapi/node/article`, listing: { kind: "jsonapi" } }),
    );
  const answer = (data: object[], next: string | null, count: number | null = 5) => {
    const links = next === null ? {} : { next: { href: next } };
    return json({ data, links, ...(count === null ? {} : { meta: { count } }) });
  };

  test.each<[string, Answer, number, string]>([
    [
      "whose total is greater than what comes",
      (page, data, next) => answer(data, page < 2 ? next : null, 7),
      5,
      "says that the list has 7 articles, and 5 were found",
    ],
    [
      "of which a page is cut off",
      (page, data, next) =>
        page === 1
          ? json(JSON.stringify({ data }).slice(0, -9))
          : answer(data, page < 2 ? next : null),
      // Pages after it are asked for by their numbers.
      4,
      "is not whole JSON",
    ],
    [
      "of which a page is an error",
      (page, data, next) =>
        page === 1 ? json({ errors: [{ title: "Forbidden", status: "403" }] }) : answer(data, next),
      2,
      "says that the list has 5 articles, and 2 were found",
    ],
    [
      "whose next link leads back",
      (page, data, next) => answer(data, page < 1 ? next : next.replace(/\d+$/, "2")),
      4,
      "says that the list has 5 articles, and 4 were found",
    ],
  ])("%s are incomplete, and a build says the same", async (_, change, entries, message) => {
    const { code, account, isRebuilt, ...crawled } = await crawledNodes(change);
    expect(code, crawled.stderr).toBe(3);
    expect(account.gaps?.join()).toContain(message);
    expect(crawled.entries).toHaveLength(entries);
    expect(isRebuilt).toBe(true);
  });

  test("whose pages have no end are read to where they are empty", async () => {
    const endless = await crawledNodes((_, data, next) => answer(data, next, null));
    expect([endless.code, endless.entries.length, endless.isRebuilt]).toEqual([0, 5, true]);
    expect(endless.asked.length).toBeLessThan(20);
  });
});

describe("any other answer", () => {
  const items = (from: number, to: number, origin: string) =>
    [1, 2, 3, 4, 5].slice(from, to).map((n) => ({
      headline: `Item ${n}`,
      href: `${origin}/a/${n}`,
      when: { published: "2021-03-05" },
      labels: [{ name: "x" }, { name: "News" }],
      html: `<p>Text ${n}</p>`,
    }));
  const fields = {
    title: { listing: "headline" },
    date: { listing: "when.published" },
    type: { listing: "labels.1.name" },
    body: { listing: "html" },
  };
  const crawled = (answer: (url: URL) => ReturnType<Route>, next: unknown) =>
    crawlServed(
      ({ url, origin }) => (url.startsWith("/api") ? answer(new URL(url, origin)) : 404),
      (origin) => ({
        start: `${origin}/api/news`,
        listing: {
          kind: "json",
          rows: "result.items",
          link: "href",
          next: next as never,
          total: "result.total",
        },
        article: { follow: false },
        fields,
      }),
    );

  test.each<[string, unknown, (url: URL) => object]>([
    [
      "a link",
      "result.next",
      ({ searchParams, origin }) =>
        searchParams.has("p")
          ? { items: items(3, 5, origin), next: null, total: 5 }
          : { items: items(0, 3, origin), next: "/api/news?p=2", total: 5 },
    ],
    [
      "a cursor",
      { cursor: "result.after", parameter: "after" },
      ({ searchParams, origin }) =>
        searchParams.get("after") === "zz9"
          ? { items: items(3, 5, origin), after: "" }
          : { items: items(0, 3, origin), after: "zz9" },
    ],
    [
      "an offset, to an empty list",
      { template: "?offset={n}", from: 3, step: 3 },
      ({ searchParams, origin }) => ({
        items: items(
          Number(searchParams.get("offset") ?? 0),
          Number(searchParams.get("offset") ?? 0) + 3,
          origin,
        ),
      }),
    ],
  ])("is read by paths, and on by %s", async (_, next, answer) => {
    const { code, stderr, entries, isRebuilt } = await crawled(
      (url) => json({ result: answer(url) }),
      next,
    );
    expect(code, stderr).toBe(0);
    expect(isRebuilt).toBe(true);
    expect(entries).toHaveLength(5);
    expect(entries[0]).toMatchObject({
      title: expect.stringMatching(/^Item \d$/),
      date: "2021-03-05",
      type: "news",
    });
  });

  test("whose cursor repeats ends, and is a gap", async () => {
    const { code, account, entries } = await crawled(
      ({ origin }) => json({ result: { items: items(0, 3, origin), after: "same" } }),
      { cursor: "result.after", parameter: "after" },
    );
    expect(entries).toHaveLength(3);
    expect(code).toBe(3);
    expect(account.gaps?.join()).toContain("leads back to");
  });

  test.each<[string, object, number]>([
    ["is an error with status 200", { error: "rate limit exceeded" }, 3],
    ["has an empty list", { result: { items: [] } }, 0],
  ])("whose counted page %s ends only where the list is there", async (_, second, code) => {
    const seen = await crawled(
      ({ searchParams, origin }) =>
        searchParams.has("page") ? json(second) : json({ result: { items: items(0, 3, origin) } }),
      { template: "?page={n}" },
    );
    expect(seen.code, seen.stderr).toBe(code);
    expect(seen.account.gaps?.join() ?? "").toContain(code === 0 ? "" : "page=2 could not be read");
    expect(seen.entries).toHaveLength(3);
  });

  test("is read on by its cursor after a page without rows", async () => {
    const pages: Record<string, [number, number, string]> = {
      "": [0, 3, "b"],
      b: [3, 3, "c"],
      c: [3, 5, "d"],
      d: [5, 5, "d"],
    };
    const { code, stderr, entries } = await crawled(
      ({ searchParams, origin }) => {
        const [from, to, after] = pages[searchParams.get("after") ?? ""] ?? [0, 0, ""];
        return json({ result: { items: items(from, to, origin), after } });
      },
      { cursor: "result.after", parameter: "after" },
    );
    expect(code, stderr).toBe(0);
    expect(entries).toHaveLength(5);
  });

  test("whose cursor leads on for ever without rows is a gap", async () => {
    const { code, account, asked } = await crawled(
      ({ searchParams, origin }) => {
        const after = Number(searchParams.get("after") ?? 0);
        return json({
          result: { items: items(after, after === 0 ? 3 : 0, origin), after: after + 7 },
        });
      },
      { cursor: "result.after", parameter: "after" },
    );
    expect(code).toBe(3);
    expect(account.gaps?.join()).toContain("has no rows, and more pages follow");
    expect(asked).toHaveLength(101);
  });

  test("whose total is not where the site file says is noted once", async () => {
    const { code, stderr } = await crawled(
      ({ origin }) => json({ result: { items: items(0, 3, origin) } }),
      [],
    );
    expect(code, stderr).toBe(0);
    expect(stderr.match(/listing\.total/g)).toHaveLength(1);
  });

  test("whose rows are not where the site file says is drift", async () => {
    const { code, account } = await crawled(() => json({ data: [] }), []);
    expect(code).toBe(4);
    expect(String(account.drift)).toContain("json > result > items");
  });

  test("with an empty list is an empty list", async () => {
    const { code, stderr } = await crawled(() => json({ result: { items: [], total: 0 } }), []);
    expect(code, stderr).toBe(0);
  });

  test("paths become selectors, and selectors stay", () => {
    const listing = { kind: "json", rows: "a.@graph", next: "b.0.c" } as const;
    const input = {
      name: "x",
      start: "https://e.org/",
      listing,
      fields: { title: { listing: [":scope > t", "wp-term.name"] } },
    };
    const site = resolveSite(input, {}, "test");
    expect(site.listing.rows).toEqual(["json > a > graph"]);
    expect(site.listing.next[0]?.select).toBe("json > b:nth-of-type(1) > c");
    expect(site.fields.title.listing.map(({ select }) => select)).toEqual([
      ":scope > t",
      ":scope > wp-term > name",
    ]);
  });
});
