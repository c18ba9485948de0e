/** What became of every URL that a row named: one outcome for each, whatever comes in between. */
import { expect, test } from "vitest";
import { Ledger } from "../../src/crawl/ledger.js";
import type { Row } from "../../src/model.js";
import { entryId } from "../../src/url/url.js";

const LIST = "https://example.org/news";
const urlOf = (at: number) => `${LIST}/story-${at}`;
const row = (position: number, listing = LIST): Row => ({
  ...{ listing, position, base: listing, readings: {} },
  url: urlOf(position),
});

test("every URL has its own outcome, in the order met, whatever the order in which they were settled", () => {
  const ledger = new Ledger();
  const listed = Array.from({ length: 5_000 }, (_, at) => ledger.list(row(at), urlOf(at)));
  for (const one of listed.toReversed())
    if (one !== null) ledger.settle(one, "written", { entry: entryId(one.url) });
  expect(ledger.listed).toBe(5_000);
  expect(ledger.outcomes()).toEqual(
    listed.map((_, at) => ({
      ...{ url: urlOf(at), state: "written", entry: entryId(urlOf(at)) },
      listedOn: [`${LIST}#${at}`],
    })),
  );
});

test("an outcome keeps all that is known of it, and a URL without one was not reached", () => {
  const ledger = new Ledger();
  const list = (at: number, name: string | null = null) => {
    const listed = ledger.list(row(at), urlOf(at), name);
    if (listed === null) throw new Error("it was listed before");
    return listed;
  };
  const mementos = [{ archive: "https://archive.example/", time: "2011-01-01T00:00:00Z" }];
  ledger.settle(list(0), "duplicate", { reason: "of another", entry: "0123456789abcdef" });
  ledger.settle(list(1), "failed", { reason: "status 503 \ud800", status: 503 });
  ledger.settle(list(2), "excluded", { reason: "override: x", withdrawn: true });
  const replayed = list(3, "News");
  replayed.mementos = mementos;
  ledger.settle(replayed, "written", { entry: entryId(urlOf(3)) });
  ledger.settle(list(4), "written", { entry: "0123456789abcdef" });
  list(5, "News");
  const on = (at: number) => ({ listedOn: [`${LIST}#${at}`] });
  expect(ledger.outcomes()).toEqual([
    {
      url: urlOf(0),
      state: "duplicate",
      reason: "of another",
      entry: "0123456789abcdef",
      ...on(0),
    },
    { url: urlOf(1), state: "failed", reason: "status 503 \ud800", status: 503, ...on(1) },
    { url: urlOf(2), state: "excluded", reason: "override: x", withdrawn: true, ...on(2) },
    {
      ...{ url: urlOf(3), state: "written", entry: entryId(urlOf(3)) },
      lists: ["News"],
      ...on(3),
      mementos,
    },
    { url: urlOf(4), state: "written", entry: "0123456789abcdef", ...on(4) },
    {
      url: urlOf(5),
      state: "not-reached",
      reason: "the run was stopped",
      lists: ["News"],
      ...on(5),
    },
  ]);
});

test("a row that is named again adds its place and its list, before its URL is settled and after", () => {
  for (const isSettled of [false, true]) {
    const ledger = new Ledger();
    const listed = ledger.list(row(1), urlOf(1));
    if (listed === null) throw new Error("it was listed before");
    const settle = () => ledger.settle(listed, "written", { entry: entryId(urlOf(1)) });
    if (isSettled) settle();
    expect(ledger.list(row(1), urlOf(1))).toBeNull();
    expect(ledger.list(row(1, `${LIST}?page=1`), urlOf(1), "News")).toBeNull();
    expect(ledger.list(row(1), urlOf(1), "News")).toBeNull();
    if (!isSettled) settle();
    expect(ledger.find(urlOf(1))).toBeUndefined();
    expect([ledger.has(urlOf(1)), ledger.has(urlOf(2))]).toEqual([true, false]);
    const [outcome] = ledger.outcomes();
    expect(outcome).toEqual({
      ...{ url: urlOf(1), state: "written", entry: entryId(urlOf(1)), lists: ["News"] },
      listedOn: [`${LIST}#1`, `${LIST}?page=1#1`],
    });
  }
});

test("an entry that is moved is named in the outcome of its URL alone", () => {
  const ledger = new Ledger();
  for (const at of [1, 2]) {
    const listed = ledger.list(row(at), urlOf(at));
    if (listed !== null) ledger.settle(listed, "written", { entry: entryId(urlOf(at)) });
  }
  ledger.change(urlOf(1), { entry: "0123456789abcdef" });
  expect(ledger.outcomes().map(({ entry }) => entry)).toEqual([
    "0123456789abcdef",
    entryId(urlOf(2)),
  ]);
});
