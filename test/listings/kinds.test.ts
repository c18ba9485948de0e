/** Every kind of list alike: a crawl that is killed, and the build from its capture. One small site each. */
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { SiteInput } from "../../src/site/site.js";
import { hashes } from "../capture/office.js";
import { buildHere, crawlHere } from "../commands/here.js";
import { scratch } from "../commands/sitelift.js";
import { faultyDisk } from "../disk/faulty-disk.js";

interface Kind {
  /** What the list's pages answer; null for what is not a page of it. */
  readonly list: (
    url: URL,
    origin: string,
  ) => { readonly type: string; readonly body: string; readonly link?: string } | null;
  readonly site: (origin: string) => Partial<SiteInput>;
}

const FIELDS = { title: { article: "h1" }, body: { article: ".text" } };
const LAST = 3;
/** The articles of a page: two, on the last one one. */
const on = (page: number) => [page * 2 - 1, page * 2].filter((n) => n < LAST * 2);
const json = (value: unknown, link?: string) => ({
  ...{ type: "application/json", body: JSON.stringify(value) },
  ...(link === undefined ? {} : { link }),
});
const number = (url: URL, name: string, first: number) =>
  Number(url.searchParams.get(name) ?? first);

const KINDS: Readonly<Record<string, Kind>> = {
  "pages that are counted": {
    list: (url) => {
      const page = number(url, "page", 1);
      if (page > LAST) return { type: "text/html", body: "<html><body><p>None</p></body></html>" };
      const rows = on(page).map(
        (n) => `<article><h2><a href="/a/${n}">Title ${n}</a></h2></article>`,
      );
      return { type: "text/html", body: `<html><body>${rows.join("")}</body></html>` };
    },
    site: () => ({ listing: { rows: "article", next: { template: "?page={n}" } }, fields: FIELDS }),
  },
  "pages that answer to POST": {
    list: (url) => {
      const page = number(url, "page", 1);
      const rows = on(page).map((n) => `<article><a href="/a/${n}">Title ${n}</a></article>`);
      const body = `<html><body>${rows.join("")}</body></html>`;
      return page === 1 ? { type: "text/html", body } : json({ html: rows.join("") });
    },
    site: () => ({
      listing: {
        rows: "article",
        fragment: "html",
        next: { post: "/list", body: { page: "{n}" }, until: LAST },
      },
      fields: FIELDS,
    }),
  },
  "pages that a form leads to": {
    list: (url) => {
      const page = number(url, "page", 1);
      const rows = on(page).map((n) => `<article><a href="/a/${n}">Title ${n}</a></article>`);
      const form = `<form method="post"><input type="hidden" name="page" value="${page + 1}"><button>Next</button></form>`;
      const body = `<html><body>${rows.join("")}${page < LAST ? form : ""}</body></html>`;
      return { type: "text/html", body };
    },
    site: () => ({ listing: { rows: "article", next: { submit: "button" } }, fields: FIELDS }),
  },
  "a feed": {
    list: (url, origin) => {
      const page = number(url, "page", 1);
      const next = page < LAST ? `<atom:link rel="next" href="/list?page=${page + 1}"/>` : "";
      const items = on(page).map(
        (n) => `<item><title>Title ${n}</title><link>${origin}/a/${n}</link></item>`,
      );
      return {
        type: "application/rss+xml",
        body: `<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>${next}${items.join("")}</channel></rss>`,
      };
    },
    site: () => ({ listing: { kind: "feed" }, fields: FIELDS }),
  },
  "an index of sitemaps": {
    list: (url, origin) => {
      const part = number(url, "part", 0);
      const loc = (path: string) => `<loc>${origin}${path}</loc>`;
      const body =
        part === 0
          ? `<sitemapindex>${[1, 2, 3].map((n) => `<sitemap>${loc(`/list?part=${n}`)}</sitemap>`).join("")}</sitemapindex>`
          : `<urlset>${on(part)
              .map((n) => `<url>${loc(`/a/${n}`)}</url>`)
              .join("")}</urlset>`;
      return { type: "application/xml", body };
    },
    site: () => ({ listing: { kind: "sitemap" }, fields: FIELDS }),
  },
  "the posts of a WordPress": {
    list: (url, origin) => {
      const page = number(url, "page", 1);
      const posts = on(page).map((id) => ({
        ...{ id, date: `2021-03-0${id}T10:00:00`, link: `${origin}/a/${id}` },
        ...{ title: { rendered: `Title ${id}` }, content: { rendered: `<p>Text ${id}</p>` } },
      }));
      const next = new URL(url);
      next.searchParams.set("page", String(page + 1));
      return json(posts, page < LAST ? `<${next.href}>; rel="next"` : undefined);
    },
    site: () => ({ listing: { kind: "wp-json" } }),
  },
  "the nodes of a Drupal": {
    list: (url, origin) => {
      const page = number(url, "page[offset]", 1);
      const data = on(page).map((n) => ({
        ...{ type: "node--article", id: `u${n}` },
        attributes: {
          title: `Title ${n}`,
          path: { alias: `/a/${n}` },
          drupal_internal__nid: n,
          body: { processed: `<p>Text ${n}</p>` },
        },
      }));
      const href = `${origin}/list?page%5Boffset%5D=${page + 1}`;
      return json({ data, links: page < LAST ? { next: { href } } : {} });
    },
    site: () => ({ listing: { kind: "jsonapi" } }),
  },
  "an answer with a cursor": {
    list: (url) => {
      const page = number(url, "after", 1);
      const items = on(page).map((n) => ({
        href: `/a/${n}`,
        name: `Title ${n}`,
        html: `<p>Text ${n}</p>`,
      }));
      return json({ items, after: page < LAST ? page + 1 : null });
    },
    site: () => ({
      listing: {
        kind: "json",
        rows: "items",
        link: "href",
        next: { cursor: "after", parameter: "after" },
      },
      ...{
        article: { follow: false },
        fields: { title: { listing: "name" }, body: { listing: "html" } },
      },
    }),
  },
};

async function serve({ list }: Kind) {
  let asked = 0;
  let killedAt = Number.POSITIVE_INFINITY;
  const server = createServer(async (request, response) => {
    const at = new URL(request.url ?? "/", origin);
    // What is posted is read as a query is.
    if (request.method === "POST") at.search = (await request.toArray()).join("");
    if (at.pathname === "/robots.txt") return void response.writeHead(404).end();
    asked++;
    // One that is killed gets no answer.
    if (asked >= killedAt) return void response.destroy();
    const n = /^\/a\/(\d)$/.exec(at.pathname)?.[1];
    const answer =
      n === undefined
        ? list(at, origin)
        : {
            type: "text/html",
            body: `<html><body><h1>Title ${n}</h1><div class="text"><p>Text ${n}</p></div></body></html>`,
          };
    if (answer === null) return void response.writeHead(404).end();
    const { type, body, link } = answer as { type: string; body: string; link?: string };
    response
      .writeHead(200, { "content-type": type, ...(link === undefined ? {} : { link }) })
      .end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    count: () => asked,
    /** The crawl is killed when so many more requests have come. */
    killAfter: (more: number) => {
      killedAt = asked + more;
    },
    isKilled: () => asked >= killedAt,
    answerAll: () => {
      killedAt = Number.POSITIVE_INFINITY;
    },
    [Symbol.dispose]: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe("a crawl of", () => {
  test.each(Object.entries(KINDS))(
    "%s that is killed resumes what it stored and writes the archive of one that was not, as a build does",
    async (_, kind) => {
      const cwd = scratch();
      using site = await serve(kind);
      const politeness = { delay: 0, concurrency: 1 };
      const start = `${site.origin}/list`;
      writeFileSync(
        join(cwd, "site.json"),
        JSON.stringify({ name: "kind", start, politeness, ...kind.site(site.origin) }),
      );
      const whole = await crawlHere(cwd, "whole");
      expect(whole.exitCode, whole.stderr).toBe(0);
      const entries = readFileSync(join(cwd, "whole", "entries.jsonl"), "utf8")
        .trimEnd()
        .split("\n");
      expect(entries.map((line) => JSON.parse(line).data.title).sort()).toEqual(
        [1, 2, 3, 4, 5].map((n) => `Title ${n}`),
      );
      const needed = site.count();
      site.killAfter(3);
      // As a process that is killed leaves it: from then on nothing is written. `resume.test.ts` kills processes.
      const disk = faultyDisk(1, "dies", { counts: site.isKilled });
      expect((await crawlHere(cwd, "out", {}, { disk })).exitCode).toBe(3);
      site.answerAll();
      const before = site.count();
      const again = await crawlHere(cwd, "out");
      expect(again.exitCode, again.stderr).toBe(0);
      expect(hashes(join(cwd, "out"))).toEqual(hashes(join(cwd, "whole")));
      // Two were answered before the third.
      expect(site.count() - before).toBeLessThan(needed);
      const built = await buildHere(cwd, ["out"], "built");
      expect(built.exitCode, built.stderr).toBe(0);
      expect(hashes(join(cwd, "built"))).toEqual(hashes(join(cwd, "whole")));
    },
  );
});
