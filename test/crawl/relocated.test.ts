import { beforeAll, describe, expect, test } from "vitest";
import type { Edit } from "../../fixtures/office/server.js";
import type { KnownArticle } from "../../src/crawl/relocated.js";
import { type WalkOptions, walk } from "../../src/crawl/walk.js";
import type { Entry, Page } from "../../src/model.js";
import { demo } from "../../src/site/presets/demo.js";
import { drupal7 } from "../../src/site/presets/drupal7.js";
import { resolveSite } from "../../src/site/resolve.js";
import {
  FEW_ROWS,
  OFFICE,
  shortOffice as officePage,
  pageSource,
} from "../support/office-source.js";

const OLD = `${OFFICE}/news/lamp-of-cape-merrow-lit-again`;
const NEW = `${OFFICE}/news/lamp`;
const EDITS: readonly Edit[] = [
  {
    kind: "rename",
    on: "2022-02-02",
    path: "/news/lamp-of-cape-merrow-lit-again",
    to: "/news/lamp",
  },
  { kind: "remove", on: "2022-02-02", path: "/news/sand-that-walks" },
];
const site = resolveSite(demo("en"), { drupal7 }, "test");

/** The office after its edits, without the short links that would identify them. */
function read(url: string): Page | number {
  const page = officePage(url, { edits: EDITS });
  if (typeof page === "number") return page;
  const html = Buffer.from(page.body).toString();
  return {
    ...page,
    body: Buffer.from(html.replace(/<link rel="(shortlink|canonical)"[^>]*>/g, "")),
  };
}

async function walkAgain(options: Partial<WalkOptions>, respond: typeof read = read) {
  const source = pageSource(respond);
  const entries: Entry[] = [];
  const sink = { entry: async (entry: Entry) => void entries.push(entry) };
  const seen = await walk({ site, source, sinks: [sink], ...options });
  return { ...seen, entries, asked: source.asked };
}

describe("articles that are no longer listed", () => {
  let known: readonly KnownArticle[];
  beforeAll(async () => {
    const { entries } = await walkAgain({}, (url) => officePage(url));
    known = entries.map(({ data }) => data);
    expect(known).toHaveLength(FEW_ROWS);
  });

  test("unlisted articles are requested once after the list, and their new URL is reported", async () => {
    const { moved, asked, outcomes, complete } = await walkAgain({ known });
    expect(moved).toEqual([{ from: OLD, to: NEW }]);
    expect(asked.slice(-2).sort()).toEqual([OLD, `${OFFICE}/news/sand-that-walks`]);
    expect(complete).toBe(true);
    expect(outcomes).toHaveLength(FEW_ROWS - 1);
    expect(outcomes.every(({ state }) => state === "written")).toBe(true);
  });

  test("unlisted articles are not requested when none is known or every one is listed", async () => {
    const asked = (await walkAgain({})).asked;
    expect(asked).not.toContain(OLD);
    const all = await walkAgain({ known }, (url) => officePage(url));
    expect(all.asked).toHaveLength(asked.length + 1);
    expect(all.moved).toEqual([]);
  });

  test("unlisted articles are recognised by any of their URLs", async () => {
    const elsewhere = known.map(({ sourceUrl }) => ({
      sourceUrl: `${sourceUrl}/canonical`,
      aliases: [sourceUrl],
    }));
    const { asked } = await walkAgain({ known: elsewhere }, (url) => officePage(url));
    expect(asked.filter((url) => url.endsWith("/canonical"))).toEqual([]);
  });

  test.each<[string, Partial<WalkOptions>, (url: string) => Page | number]>([
    ["a list with a gap", {}, (url) => (url.endsWith("?page=1") ? 500 : read(url))],
    ["a limit", { limit: 5 }, read],
    [
      "links that are not followed",
      { site: { ...site, article: { ...site.article, follow: false } } },
      read,
    ],
  ])("unlisted articles are not requested after %s", async (_, options, respond) => {
    const { asked, moved } = await walkAgain({ known, ...options }, respond);
    expect(asked).not.toContain(OLD);
    expect(moved).toEqual([]);
  });

  test("unlisted articles keep their URL when their page names no other", async () => {
    const { moved } = await walkAgain({ known: [{ sourceUrl: `${OFFICE}/`, aliases: [] }] });
    expect(moved).toEqual([]);
  });
});
