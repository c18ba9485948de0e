import { expect, test } from "vitest";
import type { PastRun } from "../../src/archive/history.js";
import { renderFeed } from "../../src/archive/report/feed.js";

function runAt(day: number, more: Partial<PastRun> = {}): PastRun {
  const change = { kind: "edited" as const, id: "a", title: "A", what: [] };
  return {
    time: `2026-01-0${day}T10:00:00Z`,
    rules: "0".repeat(64),
    changes: {
      ...{ isFirst: false, entries: 1, rows: 1, isFewer: false },
      counts: { added: 0, edited: 1, reread: 0, renamed: 0, gone: 0, returned: 0 },
      list: [{ ...change, url: "https://a.example/a" }],
    },
    ...more,
  } as PastRun;
}

const idsOf = (runs: readonly PastRun[]) =>
  [...renderFeed("a", runs, []).matchAll(/<id>(.*?)<\/id>/g)].slice(1).map(([, id]) => id);

test("ids of a feed are as they were when earlier runs are pruned", () => {
  const runs = [1, 2, 3].map((day) => runAt(day));
  expect(idsOf(runs.slice(1))).toEqual(idsOf(runs).slice(0, 2));
});

test("two readings of one capture have ids of their own", () => {
  const captured = "2026-01-01T09:00:00Z";
  const ids = idsOf(["1", "2", "2"].map((rule) => runAt(1, { captured, rules: rule.repeat(64) })));
  expect(new Set(ids).size).toBe(3);
});
