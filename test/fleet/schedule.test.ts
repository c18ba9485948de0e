import { expect, test } from "vitest";
import type { Period } from "../../src/fleet/file.js";
import { dueOf } from "../../src/fleet/schedule.js";

const run = (time: string, more = {}) => ({
  ...{ time, exitCode: null, complete: true, interrupted: false },
  ...more,
});
const at = (time: string) => Date.parse(time);

test.each<[Period, string, string, string]>([
  ["hour", "2026-11-30T03:59:59Z", "2026-11-30T04:00:00Z", "until 2026-11-30T04:00Z"],
  ["day", "2026-11-29T05:00:00Z", "2026-11-30T00:00:00Z", "until 2026-11-30"],
  ["week", "2026-11-24T05:00:00Z", "2026-11-30T00:00:00Z", "until 2026-11-30"],
  ["week", "2026-11-29T23:59:59Z", "2026-11-30T00:00:00Z", "until 2026-11-30"],
  ["week", "2026-11-30T00:00:00Z", "2026-12-07T00:00:00Z", "until 2026-12-07"],
  ["month", "2026-11-30T23:00:00Z", "2026-12-01T00:00:00Z", "until 2026-12-01"],
  ["month", "2026-12-31T23:00:00Z", "2027-01-01T00:00:00Z", "until 2027-01-01"],
  ["quarter", "2026-11-30T23:00:00Z", "2027-01-01T00:00:00Z", "until 2027-01-01"],
  ["quarter", "2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z", "until 2026-04-01"],
  ["year", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", "until 2027-01-01"],
])("every %s: after a run at %s a site is due from %s on", (every, last, next, why) => {
  expect(dueOf(every, run(last), false, at(next) - 1)).toEqual({ isDue: false, why });
  expect(dueOf(every, run(last), false, at(next)).isDue).toBe(true);
});

test("a cron that begins at three misses no day, however long each run takes", () => {
  for (const last of ["03:00:01", "14:00:00", "23:59:59"])
    expect(dueOf("day", run(`2026-11-29T${last}Z`), false, at("2026-11-30T03:00:00Z")).isDue).toBe(
      true,
    );
});

const NOW = at("2026-11-30T12:00:00Z");
test.each([
  ["never crawled", null, "month", false, true],
  ["without a period", run("2026-11-30T11:59:00Z"), null, false, true],
  ["cut off", run("2026-11-30T11:59:00Z"), "year", true, true],
  ["interrupted", run("2026-11-30T11:00:00Z", { interrupted: true }), "year", false, true],
  ["incomplete today", run("2026-11-30T01:00:00Z", { complete: false }), "year", false, false],
  ["incomplete yesterday", run("2026-11-29T23:00:00Z", { complete: false }), "year", false, true],
  [
    "limited yesterday",
    run("2026-11-29T23:00:00Z", { complete: false, exitCode: 0 }),
    "year",
    false,
    false,
  ],
  [
    "limited yesterday with findings",
    run("2026-11-29T23:00:00Z", { complete: false, exitCode: 1 }),
    "year",
    false,
    false,
  ],
  [
    "limited yesterday, with a page that was not read",
    run("2026-11-29T23:00:00Z", { complete: false, exitCode: 3 }),
    "year",
    false,
    true,
  ],
  [
    "unreachable yesterday, of which only that is known",
    { time: "2026-11-29T23:00:00Z", exitCode: 5, interrupted: false },
    "year",
    false,
    true,
  ],
  ["drifted yesterday", run("2026-11-29T23:00:00Z", { exitCode: 4 }), "year", false, true],
  ["incomplete an hour ago", run("2026-11-30T11:00:00Z", { complete: false }), "hour", false, true],
] as const)("a site that was %s", (_, last, every, isUnfinished, isDue) => {
  expect(dueOf(every, last, isUnfinished, NOW).isDue).toBe(isDue);
});
