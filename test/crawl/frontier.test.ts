import { expect, test } from "vitest";
import { OrderedFrontier } from "../../src/crawl/frontier.js";
import type { PageRequest, PageResponse } from "../../src/model.js";

const MEGABYTE = 1024 * 1024;

function arrived(request: PageRequest, bytes: number): PageResponse {
  const { url } = request;
  const page = { url, requestedUrl: url, status: 200, headers: {}, body: new Uint8Array(bytes) };
  return { request, page };
}

/** Visits that are handed out while the first one has not arrived and all others have. */
function handedOut(bytes: number): {
  count: number;
  frontier: OrderedFrontier;
  first: PageRequest;
} {
  const frontier = new OrderedFrontier();
  for (let at = 0; at < 100; at++) frontier.add(`http://office.example/${at}`, "article");
  const first = frontier.next() as PageRequest;
  let count = 1;
  for (let request = frontier.next(); request !== null; request = frontier.next()) {
    count++;
    expect([...frontier.inOrder(arrived(request, bytes))]).toEqual([]);
  }
  return { count, frontier, first };
}

test("only a limited number of ordinary pages wait for one that is late", () => {
  expect(handedOut(50_000).count).toBe(32);
});

test("no more large pages are handed out while some wait, and the walk continues when they are read", () => {
  const { count, frontier, first } = handedOut(3 * MEGABYTE);
  expect(count).toBe(3);
  expect([...frontier.inOrder(arrived(first, 10))]).toHaveLength(3);
  expect(frontier.next()?.order).toBe(3);
});
