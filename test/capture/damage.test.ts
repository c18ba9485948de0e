/** A capture with one byte changed, wherever it is: each response is read unchanged or not at all, and the damage is reported. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openCaptures } from "../../src/capture/read/runs.js";
import { openCapture } from "../../src/capture/write/writer.js";
import { FetchError } from "../../src/http/fetch-error.js";
import { temporaryFolder } from "../archive/folders.js";
import { DEEP } from "../deep.js";
import { type FaultServer, startFaultServer } from "../fault-server.js";
import { fetchPaths, HOST } from "../http/crawl.js";
import { OPTIONS } from "./options.js";

const PATHS = ["/page", "/gzip", "/404", "/reset"];

let server: FaultServer;
beforeAll(async () => {
  server = await startFaultServer();
});
afterAll(() => server.close());

/** Captures some paths; gives the bytes of the WARC file. */
async function captured(): Promise<Buffer> {
  const root = await temporaryFolder();
  const capture = await openCapture(root, OPTIONS);
  await fetchPaths(server, PATHS, { recorder: capture });
  await capture.finish();
  return readFileSync(join(root, capture.path, "data.warc.gz"));
}

/** What is read for every URL, in words, and the damages that are reported. */
async function answersIn(file: string) {
  const { runs, damages, close } = await openCaptures([file]);
  const given: Record<string, string> = {};
  for (const { responses } of runs)
    for (const path of PATHS) {
      const url = new URL(path, `http://${HOST}/`);
      const answer = await responses.next(url).catch((error: unknown) => {
        if (!(error instanceof FetchError)) throw error;
        return `none: ${error.message}`;
      });
      given[path] =
        typeof answer === "string"
          ? answer
          : `${answer.status} ${JSON.stringify(answer.headers)} ${Buffer.from(answer.body).toString("base64")}`;
    }
  await close();
  return { given, damages, runs: runs.length };
}

const NOT_THERE = /^none: the capture (?:is damaged where|does not hold)/;

/** Changes a byte at a position; what comes then is held against the whole file. */
async function holdsWith(bytes: Buffer, positions: Iterable<number>, name: string) {
  const file = join(await temporaryFolder(), name);
  writeFileSync(file, bytes);
  const sound = await answersIn(file);
  expect(sound.damages).toEqual([]);
  let told = 0;
  for (const at of positions) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
    writeFileSync(file, changed);
    const { given, damages } = await answersIn(file);
    const differing = PATHS.filter((path) => given[path] !== sound.given[path]);
    if (damages.length > 0) told++;
    for (const path of differing) {
      expect(given[path], `byte ${at}, ${path}`).toMatch(NOT_THERE);
      expect(damages.length, `byte ${at}, ${path}`).toBeGreaterThan(0);
    }
    // One byte damages one record, and of its neighbours those that describe the same response.
    expect(differing.length, `byte ${at}: ${damages.join("; ")}`).toBeLessThanOrEqual(1);
  }
  return told;
}

/** Every so many bytes one is changed, no power of two, so that each bit of a byte comes; more before a release. */
const STEP = DEEP ? { compressed: 11, plain: 53 } : { compressed: 31, plain: 151 };

function* every(step: number, size: number): Generator<number> {
  for (let at = 0; at < size; at += step) yield at;
}

describe("a capture with a changed byte", { timeout: 300_000 }, () => {
  test("a changed byte anywhere in a compressed capture alters no response unreported", async () => {
    const bytes = await captured();
    const told = await holdsWith(bytes, every(STEP.compressed, bytes.length), "data.warc.gz");
    expect(told).toBeGreaterThan(bytes.length / STEP.compressed / 2);
  });

  test("a changed byte anywhere in a decompressed capture alters no response unreported", async () => {
    const bytes = gunzipSync(await captured());
    const told = await holdsWith(bytes, every(STEP.plain, bytes.length), "data.warc");
    expect(told).toBeGreaterThan(bytes.length / STEP.plain / 2);
  });

  test("a changed byte in a response loses that page alone, and the damage is reported", async () => {
    const bytes = await captured();
    const file = join(await temporaryFolder(), "data.warc.gz");
    writeFileSync(file, bytes);
    const sound = await answersIn(file);
    const records = gunzipSync(bytes)
      .toString("latin1")
      .split(/(?=WARC\/1\.1\r\n)/);
    const at = records.findIndex((record) =>
      /Type: response[\s\S]*URI: \S+\/page\r\n/.test(record),
    );
    let start = 0;
    for (const record of records.slice(0, at))
      start += gzipSync(Buffer.from(record, "latin1")).length;
    const changed = Buffer.from(bytes);
    changed[start + 200] = (changed[start + 200] ?? 0) ^ 1;
    writeFileSync(file, changed);
    const { given, damages } = await answersIn(file);
    expect(given).toEqual({
      ...sound.given,
      "/page": "none: the capture is damaged where its response was",
    });
    expect(damages).toHaveLength(2);
    expect(damages[0]).toContain(`${file} is damaged at byte ${start}: the gzip member is damaged`);
    expect(damages[1]).toContain(`the response of http://${HOST}/page is missing`);
  });
});
