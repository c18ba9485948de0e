import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { buildFrom, crawlFrom, type HereOptions } from "../commands/here.js";
import { scratch } from "../commands/sitelift.js";
import { type Mock, type MockCapture, type MockOptions, startMock, waitingClock } from "./mock.js";
import { articleUrl, listed, START, siteOf, written } from "./site.js";

const JUNE = "20210603120000";
const DECEMBER = "20211225120000";

const kindOf = (mock: Mock) => [
  { name: "mock", kind: "wayback" as const, base: `${mock.origin}/web/` },
];

interface Line {
  readonly url: string;
  readonly state: string;
  readonly reason?: string;
  readonly listedOn: readonly string[];
  readonly mementos?: readonly { time: string; archive: string; refused?: string }[];
}

function linesOf<T>(out: string, name: string): T[] {
  const text = readFileSync(join(out, name), "utf8").trimEnd();
  return text === "" ? [] : text.split("\n").map((line) => JSON.parse(line) as T);
}

/** Crawls a mock of the Internet Archive with a clock of its own. */
async function crawlMock(
  captures: readonly MockCapture[],
  {
    options = {},
    clock = waitingClock(),
    ...mocked
  }: MockOptions & { options?: HereOptions; clock?: ReturnType<typeof waitingClock> } = {},
) {
  const mock = await startMock(captures, { now: clock.now, ...mocked });
  const out = join(scratch(), "out");
  const site = siteOf(kindOf(mock));
  const run = () => crawlFrom(site, out, { fromArchive: true, ...options }, { clock });
  const ended = await run();
  const ledger = () => new Map(linesOf<Line>(out, "ledger.jsonl").map((line) => [line.url, line]));
  return { ...ended, mock, out, ledger, again: run, site, clock };
}

const SMALL = [
  listed(1, 2, JUNE, ["a", "b"]),
  listed(2, 2, JUNE, ["c"]),
  written("a", JUNE),
  written("b", DECEMBER),
  written("c", JUNE),
];

describe("a site that is gone", () => {
  test("is read from its captures, each entry with archive and time", async () => {
    const { code, out, ledger } = await crawlMock(SMALL);
    expect(code).toBe(0);
    expect([...ledger().values()].map(({ state }) => state)).toEqual([
      "written",
      "written",
      "written",
    ]);
    const provenance = linesOf<{ memento: unknown }>(out, "provenance.jsonl");
    expect(provenance.map(({ memento }) => memento)).toContainEqual({
      archive: "mock",
      time: "2021-12-25T12:00:00Z",
    });
    expect(ledger().get(articleUrl("a"))).toMatchObject({
      listedOn: [`${START}#1@${JUNE}`],
      mementos: [{ archive: "mock", time: "2021-06-03T12:00:00Z" }],
    });
  });

  test("is built from the capture of the crawl without the network, byte for byte", async () => {
    const { out, site } = await crawlMock([
      ...SMALL.slice(0, 4),
      written("c", DECEMBER, { replay: "empty" }),
      { url: articleUrl("c"), time: JUNE, status: 301, location: articleUrl("d") },
      written("d", JUNE),
    ]);
    const built = join(scratch(), "built");
    const captures = join(out, "captures");
    const { exitCode } = await buildFrom(site, [captures], built);
    expect(exitCode).toBe(0);
    const files = readdirSync(out, { recursive: true, encoding: "utf8" }).filter(
      (name) =>
        !/^(captures|snapshots)|^(archive.json|.readings)$/.test(name) && /\.\w+$/.test(name),
    );
    expect(files.length).toBeGreaterThan(8);
    for (const name of files)
      expect(readFileSync(join(built, name), "utf8"), name).toBe(
        readFileSync(join(out, name), "utf8"),
      );
  });
});
