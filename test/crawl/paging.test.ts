/** Paging through any list, unchanged, changing or faulty: a list reported complete is complete. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Paging } from "../../src/crawl/paging.js";
import type { Lead, Listing, Row } from "../../src/model.js";
import { startOf } from "../../src/site/page-urls.js";
import { drupal7 } from "../../src/site/presets/drupal7.js";
import { resolveSite } from "../../src/site/resolve.js";
import { runs } from "../deep.js";

const START = "https://example.org/news";

const linkTo = (url: string): Lead => ({
  ...{ kind: "link", url, attribute: "href", place: "ul > li > a", label: "" },
});

type Fault = "dead" | "copy of the first" | "copy of the one before" | "without rows" | "short";

const ALWAYS = 1_000;

interface Scene {
  readonly articles: number;
  readonly perPage: number;
  /** What the pager shows: number and count, or the next link alone. */
  readonly counts: boolean;
  /** Whether a parameter that the site file names counts the pages, or the path does. */
  readonly by: "parameter" | "path";
  /** First page whose pager no selector reads, though it links to all pages; null where all are read. */
  readonly unreadFrom: number | null;
  /** What happens to the list when the n-th page has been asked for. */
  readonly moves: readonly {
    readonly ask: number;
    readonly what: "publish" | "remove";
    readonly at: number;
  }[];
  /** Pages from the second that are wrong, the first times that they are asked for. */
  readonly faults: readonly {
    readonly page: number;
    readonly fault: Fault;
    readonly times: number;
  }[];
}

const scene = fc.record<Scene>({
  articles: fc.integer({ min: 1, max: 30 }),
  perPage: fc.integer({ min: 1, max: 6 }),
  counts: fc.boolean(),
  by: fc.constantFrom("parameter", "path"),
  unreadFrom: fc.option(fc.integer({ min: 2, max: 8 }), { freq: 3 }),
  moves: fc.array(
    fc.record({
      ask: fc.integer({ min: 1, max: 40 }),
      what: fc.constantFrom("publish", "remove"),
      at: fc.nat(30),
    }),
    { maxLength: 6 },
  ),
  // Where most pages lack a row, the others seem to have one too many.
  faults: fc
    .uniqueArray(
      fc.record({
        page: fc.integer({ min: 2, max: 8 }),
        fault: fc.constantFrom<Fault[]>(
          "dead",
          "copy of the first",
          "copy of the one before",
          "without rows",
          "short",
        ),
        times: fc.constantFrom(1, 1, 2, 3, ALWAYS, ALWAYS),
      }),
      { maxLength: 2, selector: ({ page }) => page },
    )
    .filter((faults) => faults.filter(({ fault }) => fault === "short").length < 2),
});

/** A list that is walked as a crawl walks it: doubted pages are asked for once more. */
function walk({ articles, perPage, counts, by, unreadFrom, moves, faults }: Scene) {
  const site = resolveSite({ name: "list", preset: "drupal7", start: START }, { drupal7 }, "test");
  const paging = new Paging(
    by === "parameter" ? site : { ...site, listing: { ...site.listing, pageParameter: null } },
  );
  let list = Array.from({ length: articles }, (_, at) => at);
  const always = new Set(list);
  const found = new Set<number>();
  const seen = new Map<number, number>();
  let asks = 0;

  const urlOf = (page: number) =>
    page === 1 ? START : by === "path" ? `${START}/page/${page}/` : `${START}?page=${page - 1}`;
  const pageOf = (url: string) =>
    by === "path"
      ? Number(/page\/(\d+)/.exec(url)?.[1] ?? 1)
      : Number(new URL(url).searchParams.get("page") ?? 0) + 1;
  const rowsOf = (page: number) => list.slice((page - 1) * perPage, page * perPage);
  const count = () => Math.max(1, Math.ceil(list.length / perPage));

  const shown = (url: string, page: number, rows = rowsOf(page)): Listing => {
    // Behind the last page the pager is clamped to it.
    const number = Math.min(page, count());
    const isRead = unreadFrom === null || page < unreadFrom;
    const next = isRead && number < count() ? urlOf(number + 1) : null;
    const others = Array.from({ length: count() }, (_, at) => urlOf(at + 1));
    return {
      url,
      rows: rows.map((article, at) => row(url, article, at)),
      next,
      leads: isRead ? [] : others.filter((url) => pageOf(url) !== page).map(linkTo),
      findings: [],
      pageNumber: isRead && counts ? number : null,
      pageCount: isRead && counts ? count() : null,
      rowSelector: rows.length > 0 ? ".views-row" : null,
      nextSelector: next === null ? null : ".pager-next a",
      translations: {},
      saysEmpty: false,
      warnings: [],
    };
  };
  const respond = (url: string): Listing | null => {
    const page = pageOf(url);
    asks++;
    seen.set(page, (seen.get(page) ?? 0) + 1);
    const wrong = faults.find((one) => one.page === page && (seen.get(page) ?? 0) <= one.times);
    // The number of rows on the last page is unknown.
    const isLastShort = wrong?.fault === "short" && page === count();
    const given =
      page > count()
        ? shown(url, page, [])
        : faulty(url, page, isLastShort ? undefined : wrong?.fault);
    for (const { ask, what, at } of moves) if (ask === asks) move(what, at);
    return given;
  };
  const faulty = (url: string, page: number, fault: Fault | undefined): Listing | null => {
    if (fault === "dead") return null;
    if (fault === "copy of the first") return { ...shown(url, 1) };
    if (fault === "copy of the one before") return { ...shown(url, page - 1) };
    if (fault === "without rows") return shown(url, page, []);
    return shown(url, page, fault === "short" ? rowsOf(page).slice(1) : undefined);
  };
  const move = (what: "publish" | "remove", at: number) => {
    if (what === "publish") list = [1000 + asks, ...list];
    else {
      const gone = list[at % Math.max(1, list.length)];
      list = list.filter((one) => one !== gone);
      if (gone !== undefined) always.delete(gone);
    }
  };

  for (let url: string | null = startOf(site); url !== null; ) {
    expect(asks).toBeLessThan(1000);
    let listing = respond(url);
    if (listing === null || paging.retryReason(listing, url) !== null) listing = respond(url);
    if (listing === null) {
      url = paging.missed(url, { reason: "HTTP 500" }).next;
      continue;
    }
    const step = paging.read(listing, url);
    for (const one of step.rows) found.add(Number(one.url?.split("-").at(-1)));
    url = step.next;
  }
  const lost = [...always].filter((article) => !found.has(article));
  return {
    complete: paging.ended && paging.findings.length === 0,
    gaps: paging.findings.map(({ message }) => message),
    lost,
    asks,
  };
}

function row(listing: string, article: number, at: number): Row {
  return {
    listing,
    position: at + 1,
    url: `https://example.org/story-${article}`,
    base: listing,
    readings: {},
  };
}

describe("a list", () => {
  test("an unchanged list is read completely in two passes", () => {
    fc.assert(
      fc.property(scene, (one) => {
        const seen = walk({ ...one, unreadFrom: null, moves: [], faults: [] });
        expect(seen).toMatchObject({ complete: true, lost: [] });
        const pages = Math.ceil(one.articles / one.perPage);
        // Where no pager counts the pages, the page after the last one is asked for once.
        const isGuessed = one.by === "parameter" || pages > 1;
        const probes = !one.counts && isGuessed ? 1 : 0;
        expect(seen.asks).toBe(2 * pages + probes);
      }),
      { numRuns: runs(60) },
    );
  });

  test("a list whose pager becomes unreadable from some page on is complete only when that page is the last", () => {
    fc.assert(
      fc.property(scene, fc.integer({ min: 2, max: 8 }), (one, unreadFrom) => {
        const seen = walk({ ...one, unreadFrom, moves: [], faults: [] });
        const pages = Math.ceil(one.articles / one.perPage);
        expect({ ...seen, isLost: seen.lost.length > 0 }).toMatchObject({
          complete: unreadFrom >= pages,
          ...(unreadFrom >= pages ? { isLost: false } : {}),
        });
      }),
      { numRuns: runs(100) },
    );
  });

  test("a list that changes while it is read is reported complete only when nothing is lost", () => {
    fc.assert(
      fc.property(scene, (one) => {
        const seen = walk(one);
        if (seen.complete) expect(seen.lost).toEqual([]);
      }),
      { numRuns: runs(400) },
    );
  });

  test("a list is read again when a row moves in a pass that missed a page", () => {
    const seen = walk({
      ...{ articles: 6, perPage: 1, counts: false, by: "parameter", unreadFrom: null },
      moves: [{ ask: 11, what: "remove", at: 0 }],
      faults: [{ page: 5, fault: "copy of the one before", times: 2 }],
    });
    expect(seen).toMatchObject({ complete: true, lost: [] });
  });

  test("a list whose last page always links to an empty one is complete after two passes", () => {
    const site = resolveSite(
      { name: "list", preset: "drupal7", start: START },
      { drupal7 },
      "test",
    );
    const paging = new Paging(site);
    let asks = 0;
    for (let url: string | null = startOf(site); url !== null; asks++) {
      const index = Number(new URL(url).searchParams.get("page") ?? 0);
      const listing: Listing = {
        ...{ url, leads: [], findings: [], translations: {}, saysEmpty: false, warnings: [] },
        ...{ rowSelector: ".views-row", nextSelector: ".pager-next a" },
        rows: index > 2 ? [] : [row(url, 2 * index, 0), row(url, 2 * index + 1, 1)],
        next: index > 2 ? null : `${START}?page=${index + 1}`,
        pageNumber: Math.min(index + 1, 3),
        pageCount: 3,
      };
      expect(paging.retryReason(listing, url)).toBeNull();
      url = paging.read(listing, url).next;
    }
    expect({ ended: paging.ended, gaps: paging.findings, asks }).toEqual({
      ...{ ended: true, gaps: [], asks: 8 },
    });
  });

  test("a selector that finds the previous page as well reads the list to its end", () => {
    const site = resolveSite(
      {
        ...{ name: "list", start: START },
        listing: { rows: "li", link: "a", next: ".pages a" },
        fields: { title: { listing: "a" } },
      },
      {},
      "test",
    );
    const paging = new Paging(site);
    const urls = [START, `${START}/page/2/`, `${START}/page/3/`];
    const read: string[] = [];
    for (let url: string | null = START; url !== null && read.length < 12; ) {
      read.push(url);
      const at = urls.indexOf(url);
      const nexts = [urls[at - 1], urls[at + 1]].filter((one) => one !== undefined);
      const count = at < 2 ? 3 : 1;
      const listing: Listing = {
        ...{ url, leads: [], findings: [], translations: {}, saysEmpty: false, warnings: [] },
        ...{ rowSelector: "li", nextSelector: ".pages a", pageNumber: null, pageCount: null },
        rows: Array.from({ length: count }, (_, index) => row(url ?? "", 3 * at + index, index)),
        ...{ next: nexts[0] ?? null, nexts },
      };
      expect(paging.retryReason(listing, url)).toBeNull();
      url = paging.read(listing, url).next;
    }
    expect({ ended: paging.ended, gaps: paging.findings, read }).toEqual({
      ...{ ended: true, gaps: [], read: [...urls, ...urls] },
    });
  });

  test("wrong pages whose pager can be read lose only their own rows", () => {
    fc.assert(
      fc.property(scene, (one) => {
        const pages = Math.ceil(one.articles / one.perPage);
        const faults = one.faults.filter(({ page }) => page < pages);
        const seen = walk({ ...one, unreadFrom: null, moves: [], faults });
        const rows = faults.reduce(
          (sum, { times, fault }) => sum + (times === 1 ? 0 : fault === "short" ? 1 : one.perPage),
          0,
        );
        expect(seen.lost.length).toBeLessThanOrEqual(rows);
      }),
      { numRuns: runs(200) },
    );
  });
});
