import { existsSync, readFileSync } from "node:fs";
import process from "node:process";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { openArticle } from "../../src/crawl/article.js";
import { BOUNDS, type Bounds, isLarge, PageWorker } from "../../src/crawl/worker/page-worker.js";
import { serialiseListing } from "../../src/crawl/worker/serialise.js";
import { readArticle } from "../../src/extract/article.js";
import { readListing } from "../../src/extract/listing.js";
import { parsePage } from "../../src/extract/tree.js";
import type { Page, Row } from "../../src/model.js";
import { demo } from "../../src/site/presets/demo.js";
import { drupal7 } from "../../src/site/presets/drupal7.js";
import { resolveSite } from "../../src/site/resolve.js";
import { DEEP } from "../deep.js";
import { OFFICE, officePage } from "../support/office-source.js";

const site = resolveSite(demo("en"), { drupal7 }, "test");
/** A machine that is busy may take longer than a crawl waits. */
const deadline = 100_000;
const PATIENT: Bounds = { ...BOUNDS, deadline, huge: { ...BOUNDS.huge, deadline } };
const open: PageWorker[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

function pageWorker(bounds: Partial<Bounds> = {}): PageWorker {
  const one = new PageWorker(site, { ...PATIENT, ...bounds });
  open.push(one);
  return one;
}

/** Reads what is within the bounds, for all tests. */
const patient = new PageWorker(site, PATIENT);
afterAll(() => patient.close());

function pageAt(url: string): Page {
  const page = officePage(url);
  if (typeof page === "number") throw new Error(`${url} gives ${page}`);
  return page;
}

const listing = readListing(parsePage(pageAt(site.start), site), site);

/** An article of the office with another body. */
function article(body: string): { row: Row; page: Page } {
  const row = listing.rows[0];
  if (row?.url == null) throw new Error("the first row links to no article");
  const page = pageAt(row.url);
  const html = Buffer.from(page.body)
    .toString()
    .replace(
      /(<div class="field field-name-body[^>]*>)/,
      `$1<div class="field-items">${body}</div>`,
    );
  return { row, page: { ...page, body: Buffer.from(html) } };
}

describe("pages read in a worker process", () => {
  test("a worker process reads rows and pages with the same result as the main process", async () => {
    const apart = patient;
    for (const row of listing.rows) {
      const page = row.url === null ? null : pageAt(row.url);
      const read = page === null ? null : readArticle(parsePage(page, site), site);
      const here = openArticle(site, row, read);
      const there = await apart.open(row, page);
      expect(there.facts).toEqual(here.facts);
      const more = [{ code: "x", message: "y" }];
      const url = `${OFFICE}/somewhere`;
      expect(await there.finish(url, more)).toEqual(await here.finish(url, more));
    }
  });

  test("a worker process gives the same listing rows and the same canonical URL as the main process", async () => {
    const apart = patient;
    const page = pageAt(site.start);
    expect(serialiseListing(await apart.listing(page))).toEqual(serialiseListing(listing));
    const { page: own } = article("<p>Short.</p>");
    const { canonical } = readArticle(parsePage(own, site), site);
    expect(canonical).not.toBeNull();
    expect(await apart.canonical(own)).toBe(canonical);
  });

  test("a listing page that is too slow fails alone", async () => {
    const page = pageAt(site.start);
    const late = pageWorker({ deadline: 1 });
    await expect(late.listing(page)).rejects.toThrow("the page took longer than 0.001 s");
  });

  test("an article that is too slow fails alone, and the next one is read", async () => {
    const { row, page } = article(`<p>${"word ".repeat(1000)}</p>`);
    const late = pageWorker({ deadline: 1 });
    await expect(late.open(row, page)).rejects.toThrow("the page took longer than 0.001 s");
    const opened = await patient.open(row, page);
    expect(opened.facts.sighting.chosen).toHaveProperty("body");
  });

  test("an article that needs too much memory fails alone, and the next one is read", async () => {
    const small = pageWorker({ memory: 48 });
    const { row, page } = article("<b>x</b>".repeat(200_000));
    await expect(small.open(row, page)).rejects.toThrow("more than 48 MB of memory");
    const opened = await small.open(row, article("<p>Short.</p>").page);
    expect(opened.facts.sighting.chosen).toHaveProperty("body");
  });

  test("a huge article has more memory than a smaller one, and the next one has not", async () => {
    const one = pageWorker({ memory: 48, huge: { ...PATIENT.huge, bytes: 1_000_000 } });
    const body = `<p>${"The whole story of the harbour. ".repeat(30)}</p>`;
    const huge = article(body.repeat(1_100));
    const opened = await one.open(huge.row, huge.page);
    const { draft } = await opened.finish(huge.page.url, []);
    expect(draft.body.length).toBeGreaterThan(1_000_000);
    const { row, page } = article("<b>x</b>".repeat(110_000));
    await expect(one.open(row, page)).rejects.toThrow("more than 48 MB of memory");
  });

  test.runIf(DEEP)("an article of 5 MB is read whole", async () => {
    const body = `<p>${"The whole story of the harbour. ".repeat(30)}</p>`;
    const { row, page } = article(body.repeat(5_300));
    const opened = await pageWorker().open(row, page);
    const { draft } = await opened.finish(page.url, []);
    expect(draft.body.length).toBeGreaterThan(5_000_000);
  });
});

/** Processes that this one has started, by what Linux says. */
const children = () =>
  readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, "latin1").trim().split(/\s+/);

test.skipIf(!existsSync(`/proc/${process.pid}/task/${process.pid}/children`))(
  "a worker process that dies between two pages is replaced (skipped where the system lists no children)",
  async () => {
    const before = new Set(children());
    const apart = pageWorker();
    const { row, page } = article("<p>Short.</p>");
    await apart.open(row, page);
    const [reader] = children().filter((pid) => !before.has(pid));
    process.kill(Number(reader), "SIGKILL");
    while (children().includes(reader ?? "")) await pause(5);
    const opened = await apart.open(row, page);
    expect(opened.facts.sighting.chosen).toHaveProperty("body");
  },
);

describe("size limits of a page", () => {
  const ofBytes = (body: string): Page => ({ ...pageAt(site.start), body: Buffer.from(body) });
  test.each([
    ["as ordinary", "<p>x</p>", false],
    ["as large by its bytes", "x".repeat(BOUNDS.ordinaryBytes + 1), true],
    ["as large by its tags", "<b>".repeat(BOUNDS.ordinaryTags + 1), true],
  ])("isLarge judges a page %s", (_, body, large) => {
    expect(isLarge(ofBytes(body))).toBe(large);
  });

  test.each([
    ["bytes", "x".repeat(BOUNDS.mostBytes + 1), /bytes; at most/],
    ["tags", "<b>".repeat(BOUNDS.mostTags + 1), /tags; at most/],
  ])("isLarge refuses a page with too many %s", (_, body, message) => {
    expect(() => isLarge(ofBytes(body))).toThrow(message);
  });
});
