import { expect, test } from "vitest";
import { PageTime } from "../../src/http/page-time.js";

test("a page whose requests wait for the pace of the crawl is waited for, however slow that is", () => {
  const time = new PageTime();
  expect(time.isDone(false)).toBe(false);
  for (let n = 0; n < 20; n++) {
    time.begin();
    time.pass(10_000);
    expect([time.isDone(false), time.isOver]).toEqual([false, false]);
    time.end();
    time.pass(100);
  }
  expect(time.isDone(true)).toBe(false);
  time.pass(500);
  expect(time.isDone(true)).toBe(true);
});

test("a page without rows that asks for nothing is given 15 seconds, and one that loads for ever 80", () => {
  const time = new PageTime();
  time.isDone(false);
  time.pass(14_000);
  expect(time.isDone(false)).toBe(false);
  time.pass(1_000);
  expect([time.isDone(false), time.isOver]).toEqual([true, false]);
  time.pass(65_000);
  expect(time.isOver).toBe(true);
});

test.each([
  ["again and again", 1_000, 6],
  ["without a pause", 0, 31],
])("a page with rows that asks for news %s is not waited for", (_, pause, times) => {
  const time = new PageTime();
  time.begin();
  expect(time.isDone(true)).toBe(false);
  for (let n = 0; n < times; n++) {
    time.begin();
    time.end();
    if (pause > 0 && n === 0) time.end();
    for (let step = 0; step < pause; step += 100) {
      time.pass(100);
      if (n === 0) expect(time.isDone(true)).toBe(step >= 400);
    }
  }
  expect(time.isDone(true)).toBe(true);
});

test("requests beyond the most are refused, and counted", () => {
  const time = new PageTime();
  expect(Array.from({ length: 302 }, () => time.begin()).filter((may) => !may)).toHaveLength(2);
  expect(time.unasked).toBe(2);
});
