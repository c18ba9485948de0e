import { expect, test } from "vitest";
import { LISTING_PATHS } from "../../fixtures/office/server.js";
import type { ReadingStore } from "../../src/crawl/kept-readings.js";
import { Reader } from "../../src/crawl/reader.js";
import { rowKeysOf } from "../../src/crawl/row-keys.js";
import { walk } from "../../src/crawl/walk.js";
import type { Entry, Page, Source } from "../../src/model.js";
import { demo } from "../../src/site/presets/demo.js";
import { drupal7 } from "../../src/site/presets/drupal7.js";
import { resolveSite } from "../../src/site/resolve.js";
import { OFFICE, pageSource, shortOffice } from "../support/office-source.js";

const site = resolveSite(demo("en"), { drupal7 }, "test");

function pageAt(url: string): Page {
  const page = shortOffice(url);
  if (typeof page !== "object") throw new Error(`${url} gives ${page}`);
  return page;
}

const start = pageAt(`${OFFICE}${LISTING_PATHS.en}`);

/** What was kept of pages, as an archive keeps it, and how often a page was read. */
function keeping() {
  const texts = new Map<string, string>();
  let reads = 0;
  const store: ReadingStore = {
    find: async (key) => texts.get(key) ?? null,
    add: async (key, text) => {
      reads++;
      texts.set(key, text);
    },
  };
  return { reader: new Reader(site, store), reads: () => reads };
}

test("a listing page that comes again with the same bytes is not read again", async () => {
  const { reader, reads } = keeping();
  const first = await reader.listing(start);
  const second = await reader.listing({ ...start, body: Buffer.from(start.body) });
  expect(reads()).toBe(1);
  expect(rowKeysOf(second.rows)).toEqual(rowKeysOf(first.rows));
  expect({ ...second, rows: [] }).toEqual({ ...first, rows: [] });
});

test.each<[what: string, change: (page: Page) => Page]>([
  ["another byte", (page) => ({ ...page, body: Buffer.concat([page.body, Buffer.from(" ")]) })],
  ["another URL", (page) => ({ ...page, url: `${page.url}?from=1` })],
  [
    "another charset",
    (page) => ({ ...page, headers: { ...page.headers, "content-type": "text/html" } }),
  ],
])("a listing page that comes again with %s is read again", async (_what, change) => {
  const { reader, reads } = keeping();
  await reader.listing(start);
  await reader.listing(change(start));
  expect(reads()).toBe(2);
});

test("a listing page is read again when dates are to be read in another way", async () => {
  const { reader, reads } = keeping();
  await reader.listing(start);
  reader.readDatesBy(["yyyy/MM/dd"]);
  await reader.listing(start);
  expect(reads()).toBe(2);
});

test("rows of a page that was asked for once more and came the same are read with all that they say", async () => {
  const titlesOf = async (source: Source) => {
    const entries: Entry[] = [];
    const sink = {
      entry: async (entry: Entry) => void entries.push(entry),
      rejection: async () => {},
    };
    await walk({ site, source, sinks: [sink] });
    return entries.map(({ data }) => [data.title, data.date]);
  };
  const usual = pageSource(shortOffice);
  const retrying: Source = {
    run: (frontier, onResponse, accept) =>
      usual.run(frontier, async (response) => {
        if (!("page" in response)) return onResponse(response);
        await accept?.(response.request, response.page);
        await accept?.(response.request, response.page);
        return onResponse(response);
      }),
  };
  const expected = await titlesOf(pageSource(shortOffice));
  expect(expected.length).toBeGreaterThan(0);
  expect(await titlesOf(retrying)).toEqual(expected);
});
