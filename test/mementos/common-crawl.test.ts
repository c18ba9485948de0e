import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { verifyArchive } from "../../src/archive/verify/verify.js";
import { archiveList } from "../../src/commands/archive-list.js";
import { crawlsWithin } from "../../src/mementos/crawls.js";
import { buildFrom, crawlFrom, Kept } from "../commands/here.js";
import { scratch } from "../commands/sitelift.js";
import { waitingClock } from "./mock.js";
import { type Crawled, recordOf, startCommonCrawl } from "./mock-common-crawl.js";
import { article, listed, START, siteOf, written } from "./site.js";

const [JUNE, DECEMBER] = ["CC-MAIN-2021-25", "CC-MAIN-2021-49"];
const TIMES: Readonly<Record<string, string>> = {
  [JUNE]: "20210615120000",
  [DECEMBER]: "20211201120000",
};

const inCrawl = (
  crawl: string,
  one: { url: string; body?: unknown },
  more: Partial<Crawled> = {},
) =>
  ({
    url: one.url,
    body: String(one.body ?? ""),
    crawl,
    time: TIMES[crawl] ?? "",
    ...more,
  }) satisfies Crawled;

const SMALL = [
  inCrawl(JUNE, listed(1, 2, "", ["a", "b"])),
  inCrawl(JUNE, listed(2, 2, "", ["c"])),
  ...["a", "b", "c"].map((name) => inCrawl(JUNE, written(name, ""))),
  inCrawl(DECEMBER, written("a", "", { body: article("a", " In December.") })),
];

type Options = Parameters<typeof startCommonCrawl>[1];

async function crawlMock(captures: readonly Crawled[], kind: string, options: Options = {}) {
  const clock = waitingClock();
  const mock = await startCommonCrawl(captures, { now: clock.now, ...options });
  const archive = {
    name: "crawls",
    kind: kind as "commoncrawl",
    base: `${mock.origin}/`,
    from: "2021",
    to: "2021",
  };
  const site = siteOf([archive]);
  const out = join(scratch(), "out");
  const run = () => crawlFrom(site, out, { fromArchive: true }, { clock });
  return { ...(await run()), mock, out, site, again: run };
}

const text = (out: string, name: string) => readFileSync(join(out, name), "utf8");

describe.each(["commoncrawl", "commoncrawl-files"])("Common Crawl, asked as %s", (kind) => {
  test("gives a site from its records, the same offline", async () => {
    const { code, out, site, mock, again } = await crawlMock(SMALL, kind, {
      crawls: ["CC-MAIN-2019-13"],
    });
    expect(code).toBe(0);
    expect(text(out, "entries.jsonl")).toContain("In December.");
    expect(mock.log.filter(({ path }) => path.includes("2019-13"))).toEqual([]);
    const isServed = mock.log.some(({ path }) => path.includes("-index?"));
    expect(isServed).toBe(kind === "commoncrawl");
    const built = join(scratch(), "built");
    expect((await buildFrom(site, [join(out, "captures")], built)).exitCode).toBe(0);
    for (const name of ["entries.jsonl", "ledger.jsonl", "provenance.jsonl", "account.json"])
      expect(text(built, name), name).toBe(text(out, name));
    expect((await verifyArchive(out)).findings).toEqual([]);
    // A second crawl needs no record again, and can be built as well.
    const before = mock.log.length;
    expect((await again()).code).toBe(0);
    expect(mock.log.slice(before).filter(({ path }) => path.includes("crawl-data"))).toEqual([]);
    const second = join(scratch(), "second");
    expect((await buildFrom(site, [join(out, "captures")], second)).exitCode).toBe(0);
    expect(text(second, "entries.jsonl")).toBe(text(out, "entries.jsonl"));
    expect((await verifyArchive(out)).findings).toEqual([]);
  });

  test("loses no line at the edges of a block, wherever it lies", async () => {
    const names = Array.from({ length: 9 }, (_, n) => `n${n}`);
    const many = [
      inCrawl(JUNE, listed(1, 1, "", names)),
      ...names.map((name) => inCrawl(JUNE, written(name, ""))),
    ];
    for (const block of [1, 3, 500]) {
      const { code } = await crawlMock(many, kind, { block });
      expect(code, `blocks of ${block}`).toBe(0);
    }
  });
});

test("records are stored as they were, with the place that they came from", async () => {
  const { out } = await crawlMock(SMALL, "commoncrawl");
  const [name = ""] = readdirSync(join(out, "captures"));
  const warc = gunzipSync(readFileSync(join(out, "captures", name, "data.warc.gz"))).toString();
  const [one] = SMALL.slice(3);
  if (one === undefined) throw new Error("no capture");
  const [head = "", ...rest] = recordOf(one).split("\r\n\r\n");
  const at = warc.indexOf(head);
  expect(warc).toContain(head);
  expect(warc.slice(at + head.length)).toMatch(
    /^\r\nWARC-Source-URI: http:\/\/127\.0\.0\.1:\d+\/crawl-data\/CC-MAIN-2021-25\/segments\/1\/warc\/a\.warc\.gz\r\nWARC-Source-Range: bytes=\d+-\d+\r\n\r\n/,
  );
  expect(warc).toContain(rest.join("\r\n\r\n"));
});

test.each([true, "unsaid"] as const)(
  "a truncated record (in the index: %s) is not a whole capture",
  async (truncated) => {
    const { code, out } = await crawlMock(
      [...SMALL.slice(0, 5), inCrawl(DECEMBER, written("a", ""), { truncated })],
      "commoncrawl",
    );
    expect(code).toBe(0);
    const line = text(out, "ledger.jsonl").split("\n")[0] ?? "";
    if (truncated === "unsaid") expect(line).toMatch(/"refused":"the capture holds only a part/);
    expect(line).toContain('"time":"2021-06-15T12:00:00Z"');
    const alone = await crawlMock(
      [
        ...SMALL.slice(0, 2),
        ...SMALL.slice(3, 5),
        inCrawl(DECEMBER, written("a", ""), { truncated }),
      ],
      "commoncrawl",
    );
    expect(text(alone.out, "ledger.jsonl")).toMatch(/no good capture: .*only a part/);
  },
);

test.each([
  ["a block that is not gzip", "cdx-00000.gz"],
  ["a list of blocks in another form", "cluster.idx"],
])("%s is an archive that failed, and not the end of the program", async (_, file) => {
  const fault = (path: string) =>
    path.endsWith(file)
      ? { status: 206, headers: { "content-range": "bytes 0-3/4" }, body: "odd\n" }
      : null;
  const { code, stderr } = await crawlMock(SMALL, "commoncrawl-files", { fault });
  expect([code, stderr]).toEqual([
    3,
    expect.stringMatching(/its index files cannot be read|in the place of the range/),
  ]);
});

test.each([
  ["is overloaded", { status: 503, body: "busy" }],
  ["blocks", { status: 403, body: "Forbidden" }],
  ["hangs up", "hang up" as const],
])("the files of the index are read where its server %s, offline too", async (_, wrong) => {
  const fault = (path: string) => (path.includes("-index?") ? wrong : null);
  const { code, stderr, out, site, mock } = await crawlMock(SMALL, "commoncrawl", { fault });
  expect(code, stderr).toBe(0);
  expect(stderr).toMatch(/the files of the index are read in the place of its server/);
  const urls = new Set(mock.log.flatMap(({ path }) => (path.includes("-index?") ? [path] : [])));
  expect(urls.size).toBe(1);
  const built = join(scratch(), "built");
  expect((await buildFrom(site, [join(out, "captures")], built)).exitCode).toBe(0);
  expect(text(built, "ledger.jsonl")).toBe(text(out, "ledger.jsonl"));
});

test("where the list of crawls cannot be had, what does without it is said", async () => {
  const fault = (path: string) => (path.includes("collinfo") ? { status: 503, body: "" } : null);
  const { code, stderr } = await crawlMock(SMALL, "commoncrawl", { fault });
  expect([code, stderr]).toEqual([
    3,
    expect.stringMatching(/collinfo\.json, and HTTP 503.*both name one crawl, such as CC-MAIN/),
  ]);
});

test("more rows than a page of the index server holds are asked for page by page", async () => {
  const crawl = JUNE;
  const many = Array.from({ length: 3_200 }, (_, n) => ({
    url: `${START}?page=${n + 9}`,
    time: TIMES[crawl] ?? "",
    crawl,
    status: 404,
  }));
  const { mock, code } = await crawlMock([...SMALL, ...many], "commoncrawl", { page: 3_000 });
  expect(code).toBe(0);
  const pages = mock.log.flatMap(({ path }) => /[?&]page=(\d+)/.exec(path)?.[1] ?? []);
  expect(pages).toContain("1");
});

describe("what Common Crawl does not give", () => {
  const block = {
    status: 403,
    headers: { "content-type": "text/html" },
    body: "<TITLE>ERROR: The request could not be satisfied</TITLE><H1>403 ERROR</H1>Request blocked. Generated by cloudfront",
  };
  test.each([
    [
      "blocks",
      block,
      /the archive failed: crawls: asked .*, and it blocks this IP address for now: HTTP 403 came \(\\"ERROR: The request/,
    ],
    [
      "is overloaded",
      { status: 503, body: "<Error><Code>SlowDown</Code></Error>" },
      /HTTP 503, 6 times/,
    ],
    ["hangs up", "hang up" as const, /the archive failed/],
    [
      "gives the whole file",
      { status: 200, body: "all" },
      /HTTP 200 came in the place of the range/,
    ],
    [
      "gives other bytes",
      { status: 206, headers: { "content-range": "bytes 0-2/3" }, body: "all" },
      /bytes 0-2 came in the place/,
    ],
  ])(
    "a data host that %s is an archive that failed, and the next run goes on",
    async (_, fault, words) => {
      let isDown = true;
      const { code, out, again, mock } = await crawlMock(SMALL, "commoncrawl", {
        fault: (path, nth) => (isDown && nth > 5 && path.startsWith("/crawl-data/") ? fault : null),
      });
      expect([code, text(out, "ledger.jsonl")]).toEqual([3, expect.stringMatching(words)]);
      isDown = false;
      const before = mock.log.length;
      expect((await again()).code).toBe(0);
      const asked = mock.log.slice(before).filter(({ path }) => !path.includes("sitemap"));
      expect(asked.every(({ path }) => path.startsWith("/crawl-data/"))).toBe(true);
    },
  );

  test("an index that names the wrong place costs that capture alone", async () => {
    const wrong = inCrawl(DECEMBER, written("a", ""), { row: { offset: "0", length: "99999999" } });
    const { code, out } = await crawlMock(
      [...SMALL.slice(0, 5), inCrawl(DECEMBER, written("b", "")), wrong],
      "commoncrawl",
    );
    expect(code).toBe(0);
    expect(text(out, "ledger.jsonl")).toMatch(/the record there is another one: response of/);
  });

  test("a crawl that cannot be is refused with what there is", async () => {
    const mock = await startCommonCrawl(SMALL);
    const base = { name: "crawls", kind: "commoncrawl" as const, base: `${mock.origin}/` };
    const run = (more: object) =>
      crawlFrom(
        siteOf([{ ...base, ...more }]),
        join(scratch(), "out"),
        { fromArchive: true },
        { clock: waitingClock() },
      );
    expect(await run({})).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/which of its crawls/),
    });
    expect(await run({ from: "1999", to: "2000" })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/no crawl from 1999 to 2000/),
    });
  });
});

test("crawls are chosen by their names, or by a window", () => {
  const ids = [
    "CC-MAIN-2022-05",
    "CC-MAIN-2021-49",
    "CC-MAIN-2021-25",
    "CC-MAIN-2021-04",
    "CC-MAIN-2012",
    "CC-MAIN-2009-2010",
  ];
  const within = (
    from: string | null,
    to: string | null,
    crawls?: { from: string | null; to: string | null },
  ) => crawlsWithin(ids, { from, to, ...(crawls === undefined ? {} : { crawls }) });
  expect(within("2021", "2021")).toEqual(["CC-MAIN-2021-49", "CC-MAIN-2021-25", "CC-MAIN-2021-04"]);
  expect(within("202106", "20210620")).toEqual(["CC-MAIN-2021-25"]);
  expect(within(null, "2012")).toEqual(["CC-MAIN-2012", "CC-MAIN-2009-2010"]);
  expect(within(null, null, { from: "CC-MAIN-2021-25", to: null })).toEqual(ids.slice(0, 3));
});

test("archive list asks Common Crawl three times at most", async () => {
  const mock = await startCommonCrawl(SMALL, { crawls: ["CC-MAIN-2021-31", "CC-MAIN-2021-39"] });
  const terminal = new Kept({});
  const file = join(scratch(), "site.json");
  const archive = [
    { name: "crawls", kind: "commoncrawl" as const, base: `${mock.origin}/`, from: "2021" },
  ];
  writeFileSync(file, JSON.stringify(siteOf(archive)));
  await archiveList(file, {}, terminal, waitingClock());
  expect(mock.log).toHaveLength(3);
  expect(terminal.stdout).toMatch(/more than one answer holds|no capture/);
});
