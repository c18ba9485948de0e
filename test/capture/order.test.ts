/** Captures and snapshots are read in the order in which they were made, also those of one second, and where the clock was set back. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { openCaptures } from "../../src/capture/read/runs.js";
import { openHttpCache } from "../../src/capture/reuse/http-cache.js";
import { openCapture } from "../../src/capture/write/writer.js";
import { realDisk } from "../../src/disk/disk.js";
import { byTimestamp, nextTimestamp } from "../../src/disk/timestamp.js";
import type { HttpExchange } from "../../src/warc/exchange.js";
import { temporaryFolder } from "../archive/folders.js";
import { OPTIONS } from "./options.js";

const NOON = Date.UTC(2026, 10, 25, 12);
const URL_ = "https://office.example/articles";

/** An archive with a capture for each of these times, in this order; the body of each response is its number. */
async function captured(times: readonly number[]): Promise<string> {
  const root = await temporaryFolder();
  for (const [at, time] of times.entries()) {
    const capture = await openCapture(root, { ...OPTIONS, now: () => time });
    const traffic: HttpExchange = {
      url: URL_,
      address: null,
      request: Buffer.from("GET /articles HTTP/1.1\r\n\r\n"),
      response: Buffer.from("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"),
      body: Buffer.from(String(at)),
      status: 200,
      whole: true,
      cached: null,
      startedAt: time,
      endedAt: time,
    };
    await capture.exchange(traffic);
    await capture.finish();
  }
  return root;
}

const SECOND: readonly number[] = Array.from({ length: 11 }, () => NOON);

test.each([
  ["eleven captures of one second", SECOND],
  [
    "captures made after the clock was set back by an hour",
    [NOON, NOON - 3_600_000, NOON - 1_800_000],
  ],
])("%s are read in the order in which they were made", async (_, times) => {
  const root = await captured(times);
  const wanted = times.map((_, at) => String(at));
  for (const path of [root, join(root, "captures")]) {
    const { runs, close } = await openCaptures([path]);
    const bodies: string[] = [];
    for (const { responses } of runs)
      bodies.push(Buffer.from((await responses.next(new URL(URL_))).body).toString());
    await close();
    expect(bodies).toEqual(wanted);
  }
  const present = { data: "", find: async () => null };
  const earlier = await openHttpCache(join(root, "captures"), present, realDisk);
  const newest = await earlier.find(new URL(URL_));
  await earlier.close();
  expect(Buffer.from(newest?.response.body ?? []).toString()).toBe(wanted.at(-1));
});

test.each([
  ["2026-11-25T12:00:00Z", [], "20261125T120000Z"],
  ["2026-11-25T12:00:00.123Z", ["20261125T120000Z"], "20261125T120000Z-2"],
  ["2026-11-25T12:00:00Z", ["20261125T120000Z-10", "20261125T120000Z-9"], "20261125T120000Z-11"],
  ["2026-11-25T11:00:00Z", ["20261125T120000Z"], "20261125T120000Z-2"],
  ["2026-11-25T12:00:01Z", ["20261125T120000Z-10"], "20261125T120001Z"],
])("a capture that begins at %s after %j is called %s", (time, taken, name) => {
  expect(nextTimestamp(time, taken)).toBe(name);
});

test("byTimestamp sorts paths by time, then by number", () => {
  const sorted = [
    "captures/20261125T120000Z/data.warc.gz",
    "captures/20261125T120000Z-2/data.warc.gz",
    "captures/20261125T120000Z-10/data.warc.gz",
    "captures/20261125T120001Z/data.warc.gz",
  ];
  expect(sorted.toReversed().sort(byTimestamp)).toEqual(sorted);
});
