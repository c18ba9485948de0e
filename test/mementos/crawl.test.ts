import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { type Change, changes } from "../../src/archive/diff/changes.js";
import { stateAt } from "../../src/archive/diff/states.js";
import { verifyArchive } from "../../src/archive/verify/verify.js";
import { webArchiveOf } from "../../src/mementos/known-archives.js";
import { archivedSite, archivesSource } from "../../src/mementos/open.js";
import type { PageRequest } from "../../src/model.js";
import { resolveSite } from "../../src/site/resolve.js";
import { buildFrom, crawlFrom, crawlHere, type HereOptions } from "../commands/here.js";
import { scratch } from "../commands/sitelift.js";
import {
  type Mock,
  type MockCapture,
  type MockFault,
  type MockOptions,
  startMock,
  waitingClock,
} from "./mock.js";
import { article, articleUrl, listed, pageUrl, START, siteOf, written } from "./site.js";

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

test("an archive from captures and its capture hold what `verify` wants of them", async () => {
  const { out } = await crawlMock(
    [
      ...SMALL,
      written("a", DECEMBER, { headers: { "content-length": "99999" } }),
      written("b", "20220101000000", { body: gzipSync(Buffer.from(article("b"))) }),
      { url: articleUrl("c"), time: DECEMBER, status: 301, location: articleUrl("d") },
      written("d", DECEMBER, { status: 404 }),
    ],
    { gzip: true, fault: (_, nth) => (nth === 4 ? { status: 503 } : null) },
  );
  const { findings, checked } = await verifyArchive(out);
  expect(findings).toEqual([]);
  expect(checked.captures).toBe(1);
});

test("a request that a hostile index or capture wants is never made to another host", async () => {
  const other = await startMock([]);
  const rows = [
    [
      "example,news)/a/a",
      DECEMBER,
      `${other.origin}/web/${DECEMBER}id_/x`,
      "text/html",
      "200",
      "X",
      "900",
    ],
  ];
  const { code, ledger } = await crawlMock(
    [
      listed(1, 1, JUNE, ["a"]),
      { url: articleUrl("a"), time: DECEMBER, status: 302, location: `${other.origin}/stolen` },
      written("a", JUNE, { body: article("a", `<img src="${other.origin}/p.png">`) }),
    ],
    { rows },
  );
  expect([code, ledger().get(articleUrl("a"))?.state]).toEqual([expect.any(Number), "written"]);
  expect(other.log).toEqual([]);
});

describe("which capture is taken", () => {
  const list = listed(1, 1, JUNE, ["a"]);
  const tried = (ledger: () => Map<string, Line>) =>
    ledger()
      .get(articleUrl("a"))
      ?.mementos?.map(({ time, refused }) => [time.slice(0, 10), refused]);

  test.each<[string, Partial<MockCapture>, RegExp]>([
    [
      "has no end",
      { body: "<html><body><h1>Title of a</h1><div class=body><p>cut" },
      /<\/html> is missing/,
    ],
    ["is empty, as that of a revisit without original is", { replay: "empty" }, /empty/],
    [
      "says that there is nothing",
      { body: "<html><body><h1>Page not found</h1></body></html>" },
      /nothing here/,
    ],
    [
      "lacks the body",
      { body: "<html><body><h1>Title of a</h1><p>Moved.</p></body></html>" },
      /no selector of its body/,
    ],
    ["is one of another second", { replay: "other time" }, /no capture of that second/],
    [
      "is not in the archive after all",
      { replay: "missing" },
      /leads to the capture of 2021-06-03/,
    ],
    ["leads far away", { replay: "elsewhere" }, /leads to the capture of 1999-01-01/],
    ["is a page of the archive itself", { replay: "plain" }, /without Memento-Datetime/],
    [
      "leads to another host",
      { status: 301, location: "http://other.example/" },
      /scope: http:\/\/other.example/,
    ],
    ["leads to what is no URL", { status: 301, location: "http://[" }, /no capture|invalid URL/],
    ["leads to mail", { status: 301, headers: { location: "mailto:a@b" } }, /./],
    [
      "leads to what is not archived",
      { status: 301, location: articleUrl("gone") },
      /not archived there/,
    ],
    ["is shorter than the site said", { headers: { "content-length": "99999" } }, /only a part/],
  ])(
    "a capture that %s gives way to the next, and the ledger says why",
    async (_, wrong, reason) => {
      const { code, ledger } = await crawlMock([
        list,
        written("a", DECEMBER, wrong),
        written("a", JUNE),
      ]);
      expect([code, ledger().get(articleUrl("a"))?.state]).toEqual([0, "written"]);
      const isRedirect = wrong.status === 301;
      expect(tried(ledger)).toEqual(
        isRedirect
          ? [["2021-06-03", undefined]]
          : [
              ["2021-12-25", expect.stringMatching(reason)],
              ["2021-06-03", undefined],
            ],
      );
      if (!isRedirect) return;
      const alone = await crawlMock([list, written("a", DECEMBER, wrong)]);
      expect(alone.ledger().get(articleUrl("a"))?.reason).toMatch(reason);
    },
  );

  test.each<[string, Partial<MockCapture>]>([
    [
      "compressed for the way and in the archive",
      { body: gzipSync(Buffer.from(article("a"))), headers: { "content-encoding": "gzip" } },
    ],
    ["under another scheme", { url: articleUrl("a").replace("http:", "https:") }],
    ["under another spelling", { url: "http://www.news.example/a/A" }],
    ["of an unknown media type", { row: { mimetype: "unk", length: "-" } }],
  ])("a capture %s is read", async (_, more) => {
    const { code, ledger } = await crawlMock([list, written("a", JUNE, more)], { gzip: true });
    expect([code, ledger().get(articleUrl("a"))?.state]).toEqual([0, "written"]);
  });

  test("an archived redirect is followed to the capture nearest to it", async () => {
    const { code, out } = await crawlMock([
      list,
      { url: articleUrl("a"), time: JUNE, status: 301, location: articleUrl("b") },
      written("b", "20210604000000", { body: article("a", " In June.") }),
      written("b", DECEMBER, { body: article("a", " In December.") }),
    ]);
    expect(code).toBe(0);
    expect(readFileSync(join(out, "entries.jsonl"), "utf8")).toContain("In June.");
  });

  test("three captures are tried, and bytes that three URLs share are none of an article", async () => {
    const junk = "<html><body><h1>Title of a</h1><div class=body>Consent</div></body></html>";
    const { mock, ledger } = await crawlMock([
      listed(1, 1, JUNE, ["a", "b", "c"]),
      ...["a", "b", "c"].map((name) => written(name, DECEMBER, { body: junk })),
      ...["a", "b", "c"].map((name) => written(name, JUNE)),
      ...["1", "2", "3", "4"].map((day) =>
        written("a", `2021070${day}000000`, { replay: "empty", row: { digest: day } }),
      ),
    ]);
    const states = [...ledger().values()].map(({ state }) => state);
    expect(states).toEqual(["failed", "written", "written"]);
    const ofA = ledger().get(articleUrl("a"));
    expect(ofA?.reason).toMatch(/^no good capture: 4 were refused/);
    expect(ofA?.mementos?.[0]?.refused).toMatch(/its bytes are those of 3 URLs/);
    const replays = mock.log.filter(({ path }) => path.includes("id_/http://news.example/a/a"));
    expect(replays).toHaveLength(3);
  });

  test.each([
    ["last-good", "December"],
    ["first-good", "June"],
    ["nearest:2021-07-01", "June"],
  ])("%s takes that of %s", async (prefer, month) => {
    const { out } = await crawlMock(
      [
        list,
        written("a", JUNE, { body: article("a", " June") }),
        written("a", DECEMBER, { body: article("a", " December") }),
      ],
      { options: { prefer } },
    );
    expect(readFileSync(join(out, "entries.jsonl"), "utf8")).toContain(`a. ${month}`);
  });

  test("the same answers in another order give the same archive", async () => {
    const all = [
      ...SMALL,
      written("a", DECEMBER),
      written("a", "20200101000000"),
      listed(1, 2, DECEMBER, ["b", "a"]),
    ];
    const one = await crawlMock(all);
    const other = await crawlMock(all.toReversed(), { pageSize: 2 });
    for (const name of ["entries.jsonl", "ledger.jsonl", "provenance.jsonl", "account.json"])
      expect(readFileSync(join(other.out, name), "utf8"), name).toBe(
        readFileSync(join(one.out, name), "utf8"),
      );
  });
});

describe("the list", () => {
  test("has the rows of all captures of all its pages", async () => {
    const { ledger, code } = await crawlMock([
      listed(1, 1, JUNE, ["a", "b"]),
      listed(1, 1, DECEMBER, ["c", "a"]),
      ...["a", "b", "c"].map((name) => written(name, DECEMBER)),
    ]);
    expect(code).toBe(0);
    expect([...ledger().values()].map(({ state, listedOn }) => [state, listedOn])).toEqual([
      ["written", [`${START}#2@${DECEMBER}`, `${START}#1@${JUNE}`]],
      ["written", [`${START}#2@${JUNE}`]],
      ["written", [`${START}#1@${DECEMBER}`]],
    ]);
  });

  test("has the rows of pages that the index names and no page leads to", async () => {
    const { ledger } = await crawlMock([
      listed(1, 1, DECEMBER, ["a"]),
      listed(3, 3, JUNE, ["z"]),
      written("a", JUNE),
      written("z", JUNE),
    ]);
    expect(ledger().get(articleUrl("z"))).toMatchObject({
      state: "written",
      listedOn: [`${pageUrl(3)}#1@${JUNE}`],
    });
  });

  test("tells pages apart that the index alone knows, and does not read them", async () => {
    const { end, ledger, mock } = await crawlMock([
      listed(1, 1, JUNE, ["a"]),
      written("a", JUNE),
      written("x", JUNE),
      written("gone", JUNE, { status: 404 }),
      { ...written("sheet.css", JUNE), type: "text/css" },
    ]);
    expect(end?.notes).toEqual([
      expect.stringMatching(/^1 page beside .*index.*alone.*: http:\/\/news.example\/a\/x$/),
    ]);
    expect([...ledger().keys()]).toEqual([articleUrl("a")]);
    expect(mock.log.some(({ path }) => path.endsWith("/a/x"))).toBe(false);
  });

  const chain = (first: string, second: string, names = ["c"]) =>
    crawlMock([
      listed(1, 2, first, ["a", "b"]),
      listed(2, 2, second, names),
      ...["a", "b", "c"].map((name) => written(name, JUNE)),
    ]);

  test("has a possible gap where a deeper page was captured before the one above it", async () => {
    const { code, end } = await chain(DECEMBER, JUNE);
    expect(code).toBe(3);
    expect(end?.gaps).toEqual([
      expect.stringMatching(/between page 2, captured 2021-06-03, and page 1, captured 2021-12-25/),
    ]);
  });

  test("has none where the dates are the other way round, or both show one row", async () => {
    expect(await chain(JUNE, DECEMBER)).toMatchObject({ code: 0, end: { gaps: [] } });
    expect(await chain(DECEMBER, JUNE, ["b", "c"])).toMatchObject({ code: 0, end: { gaps: [] } });
  });

  test("has a gap where a page was never captured, and goes on after it", async () => {
    const { code, end, ledger } = await crawlMock([
      listed(1, 3, JUNE, ["a"]),
      listed(3, 3, JUNE, ["c"]),
      written("a", JUNE),
      written("c", JUNE),
    ]);
    expect(code).toBe(3);
    expect(end?.gaps?.join()).toMatch(/page=1 could not be read: not archived/);
    expect(ledger().get(articleUrl("c"))?.state).toBe("written");
  });
});

describe("what an archive does not give", () => {
  const list = listed(1, 1, JUNE, ["a", "b"]);

  test("never captured, captured badly and excluded are three reasons, and none is gone", async () => {
    const blocked = {
      status: 403,
      headers: {
        "x-archive-wayback-runtime-error":
          "AdministrativeAccessControlException: Blocked Site Error",
      },
    };
    const { code, ledger } = await crawlMock(
      [
        listed(1, 1, JUNE, ["a", "b", "c"]),
        written("a", JUNE, { replay: "empty" }),
        written("a", DECEMBER, { status: 404 }),
        written("b", JUNE),
      ],
      { fault: (path) => (path.includes("id_/http://news.example/a/b") ? blocked : null) },
    );
    expect(code).toBe(3);
    expect([...ledger().values()].map(({ state, reason }) => [state, reason])).toEqual([
      ["failed", expect.stringMatching(/^no good capture: 1 was refused/)],
      [
        "excluded",
        expect.stringMatching(/^excluded by the archive: mock: the site is blocked there/),
      ],
      ["failed", "not archived: mock has no capture of it"],
    ]);
  });

  test("what no archive has, and a list that does not join, may be accepted by the site file", async () => {
    const accept = [
      { finding: "article-failed", place: articleUrl("c"), reason: "in no web archive" },
      { finding: "captures-apart", place: pageUrl(2), reason: "compared with a printed list" },
    ];
    const mock = await startMock([
      listed(1, 2, DECEMBER, ["a"]),
      listed(2, 2, JUNE, ["b", "c"]),
      ...["a", "b"].map((name) => written(name, JUNE)),
    ]);
    const out = join(scratch(), "out");
    const run = (more: object) =>
      crawlFrom(siteOf(kindOf(mock), more), out, { fromArchive: true }, { clock: waitingClock() });
    const { code, stderr } = await run({});
    expect([code, stderr]).toEqual([3, expect.stringMatching(/some pages are in no capture/)]);
    expect(readFileSync(join(out, "account.md"), "utf8")).toContain(
      "crawl SITE --from-archive --out ARCHIVE",
    );
    expect((await run({ accept })).code).toBe(0);
  });

  test("a site that is blocked as a whole ends with exit code 5 and says so", async () => {
    const { code, stderr } = await crawlMock([], {
      fault: () => ({ status: 403, body: "org.archive…RobotAccessControlException" }),
    });
    expect(code).toBe(5);
    expect(stderr).toMatch(/excluded by the archive: mock: robots.txt excluded it there/);
  });

  test("a site that no archive has ends with exit code 5 and leaves nothing", async () => {
    const { code, stderr, out } = await crawlMock([]);
    expect([code, existsSync(out)]).toEqual([5, false]);
    expect(stderr).toMatch(/not archived: mock has no capture of it/);
  });

  test.each<[string, MockFault | "hang up", RegExp]>([
    ["is not there", "hang up", /asked http.*cdx.*and (connection|other side)/i],
    ["is overloaded", { status: 504 }, /HTTP 504, 6 times/],
    [
      "answers in a form that is not known",
      { status: 200, body: "<html>Please log in</html>" },
      /unknown form came: it is not JSON \("Please log in"\)/,
    ],
    [
      "answers with an error",
      { status: 400, body: "<h1>Bad request</h1>" },
      /HTTP 400 came \("Bad request"\)/,
    ],
  ])(
    "an archive that %s is named, with what was asked and what came; exit code 3",
    async (_, fault, words) => {
      const { code, stderr } = await crawlMock(SMALL, { fault: () => fault });
      expect(code).toBe(3);
      expect(stderr).toMatch(words);
    },
  );

  test("a record that the archive cannot read is refused at once, and the next capture is taken", async () => {
    const words =
      "Expected Status Line starting with ['HTTP/1.0']; Found: HTTP 200 Document follows";
    const isBad = (path: string) => path.includes("id_/") && /\/a\/[abcd]$/.test(path);
    const names = ["a", "b", "c", "d"];
    const { code, stderr, ledger, mock } = await crawlMock(
      [
        listed(1, 1, JUNE, names),
        ...names.flatMap((name) => [written(name, JUNE), written(name, DECEMBER)]),
      ],
      {
        fault: (path) =>
          isBad(path) && path.includes(DECEMBER) ? { status: 500, body: words } : null,
      },
    );
    expect(code, stderr).toBe(0);
    expect(names.map((name) => ledger().get(articleUrl(name))?.state)).toEqual(
      names.map(() => "written"),
    );
    const bad = mock.log.filter(({ path }) => isBad(path) && path.includes(DECEMBER));
    expect(bad).toHaveLength(names.length);
  });

  test("an index that says with status 500 that it has no captures has none", async () => {
    const { code, stderr, mock } = await crawlMock([], {
      fault: () => ({
        status: 500,
        body: '{"message": "No Captures found for: http://news.example/"}',
      }),
    });
    expect([code, stderr]).toEqual([5, expect.stringMatching(/not archived: mock has no capture/)]);
    expect(mock.log.length).toBeLessThan(6);
  });

  test("an archive that answers 403 to everything is not asked any more, and may have blocked us", async () => {
    const names = ["a", "b", "c", "d", "e", "f"];
    let isBlocked = false;
    const { code, stderr, ledger, mock } = await crawlMock(
      [listed(1, 1, JUNE, names), ...names.map((name) => written(name, JUNE))],
      {
        fault: (path) => {
          isBlocked ||= /id_\/.*\/a\/a$/.test(path);
          return isBlocked ? { status: 403, body: "" } : null;
        },
      },
    );
    expect(code).toBe(3);
    expect(stderr).toContain("a web archive did not answer");
    const reasons = names.map((name) => ledger().get(articleUrl(name))?.reason ?? "");
    expect(reasons.filter((one) => one.includes("may have blocked this IP address")).length).toBe(
      4,
    );
    expect(mock.log.filter(({ path }) => /id_\/.*\/a\//.test(path))).toHaveLength(3);
  });

  test("an archive that excludes some URLs with a bare 403 is asked for the others", async () => {
    const names = ["a", "b", "c", "d", "e", "f", "g"];
    const { code, stderr, ledger } = await crawlMock(
      [listed(1, 1, JUNE, names), ...names.map((name) => written(name, JUNE))],
      { fault: (path) => (/id_\/.*\/a\/[a-f]$/.test(path) ? { status: 403, body: "" } : null) },
    );
    expect(code).toBe(3);
    expect(stderr).not.toContain("may have blocked");
    expect(names.map((name) => ledger().get(articleUrl(name))?.state)).toEqual([
      ...names.slice(0, 6).map(() => "excluded"),
      "written",
    ]);
  });

  test("after an archive failed in the middle, the next run goes on and asks nothing twice", async () => {
    let isDown = true;
    const { code, ledger, mock, again, out, site } = await crawlMock(
      [list, written("a", JUNE), written("b", JUNE)],
      {
        fault: (path) => (isDown && path.includes("/a/b") ? "hang up" : null),
      },
    );
    expect(code).toBe(3);
    expect(ledger().get(articleUrl("b"))?.reason).toMatch(/^the archive failed: mock: asked http/);
    expect(ledger().get(articleUrl("a"))?.state).toBe("written");
    isDown = false;
    const before = mock.log.length;
    const ended = await again();
    expect([ended.code, ledger().get(articleUrl("b"))?.state]).toEqual([0, "written"]);
    const asked = mock.log.slice(before).map(({ path }) => path);
    expect(asked.every((path) => path.includes("b"))).toBe(true);
    const built = join(scratch(), "built");
    expect((await buildFrom(site, [join(out, "captures")], built)).exitCode).toBe(0);
    expect(readFileSync(join(built, "ledger.jsonl"), "utf8")).toBe(
      readFileSync(join(out, "ledger.jsonl"), "utf8"),
    );
  });

  test("the next archive is asked where one has nothing", async () => {
    const other = await startMock([written("b", DECEMBER)]);
    const mock = await startMock([list, written("a", JUNE)]);
    const archives = [
      ...kindOf(mock),
      { name: "second", kind: "pywb" as const, base: `${other.origin}/pywb/` },
    ];
    const out = join(scratch(), "out");
    const { code } = await crawlFrom(
      siteOf(archives),
      out,
      { fromArchive: true },
      { clock: waitingClock() },
    );
    expect(code).toBe(0);
    expect(other.log.some(({ path }) => path.includes("matchType"))).toBe(true);
    expect(readFileSync(join(out, "provenance.jsonl"), "utf8")).toContain('"archive":"second"');
  });

  test("an archive beside another that does not answer is a gap: what it has of the list is not known", async () => {
    const mock = await startMock(SMALL);
    const other = await startMock([], { fault: () => "hang up" });
    const base = `${other.origin}/pywb/`;
    const archives = [...kindOf(mock), { name: "second", kind: "pywb" as const, base }];
    const out = join(scratch(), "out");
    const run = (more: object) =>
      crawlFrom(siteOf(archives, more), out, { fromArchive: true }, { clock: waitingClock() });
    const { code, end } = await run({});
    expect([code, end?.gaps]).toEqual([
      3,
      [expect.stringMatching(/^the archive failed: second: /)],
    ]);
    const built = join(scratch(), "built");
    await buildFrom(siteOf(archives), [join(out, "captures")], built);
    expect(readFileSync(join(built, "account.json"), "utf8")).toBe(
      readFileSync(join(out, "account.json"), "utf8"),
    );
    const accept = [{ finding: "archive-failed", place: base, reason: "it is closed" }];
    expect((await run({ accept })).code).toBe(0);
  });

  // The table of known archives is in rows.test.ts; here each is at another address.
  test.each<[string, (origin: string) => object, MockOptions]>([
    [
      "archive-it-1234",
      (origin) => ({
        ...{ name: "archive-it", collection: 1234, base: `${origin}/{collection}/` },
        index: `${origin}/{collection}/timemap/cdx`,
      }),
      {},
    ],
    [
      "arquivo",
      (origin) => ({
        ...{ name: "arquivo", base: `${origin}/noFrame/replay/` },
        index: `${origin}/wayback/cdx`,
      }),
      // arquivo/pwa-technologies#912
      { length: "0" },
    ],
    [
      "ukwa",
      (origin) => ({ name: "ukwa", base: `${origin}/wayback/archive/` }),
      { ignoresPrefix: true },
    ],
  ])("the form of %s is read: its index, its replay, its name", async (name, item, quirks) => {
    const mock = await startMock(SMALL, quirks);
    const out = join(scratch(), "out");
    const site = siteOf([item(mock.origin) as never]);
    const { code, stderr } = await crawlFrom(
      ...[site, out, { fromArchive: true }, { clock: waitingClock() }],
    );
    expect(code, stderr).toBe(0);
    const sources = linesOf<{ memento?: { archive: string } }>(out, "provenance.jsonl");
    expect(new Set(JSON.stringify(sources).match(/(?<="archive":")[^"]*/g))).toEqual(
      new Set([name]),
    );
  });

  test.each([
    ["TimeMaps", () => null],
    [
      "the redirect to the nearest capture alone",
      (path: string) => (path.includes("timemap") ? { status: 404 } : null),
    ],
  ])("an archive without an index is read by %s", async (_, fault) => {
    const mock = await startMock(SMALL, { fault });
    const out = join(scratch(), "out");
    const { code } = await crawlFrom(
      siteOf(undefined),
      out,
      { fromArchive: `${mock.origin}/web/` },
      { clock: waitingClock() },
    );
    expect(code).toBe(0);
  });
});

describe("a time gate", () => {
  const noTimeMaps = (path: string) => (path.includes("timemap") ? { status: 404 } : null);
  const several = [
    ...SMALL,
    written("a", "20190101000000", { body: article("a", " In 2019.") }),
    written("a", DECEMBER, { body: article("a", " In December.") }),
  ];
  const gated = (mock: Mock) => [
    {
      name: "mock",
      kind: "memento" as const,
      base: `${mock.origin}/web/`,
      timegate: `${mock.origin}/timegate`,
    },
  ];

  test.each([
    ["first-good", "In 2019."],
    ["nearest:2021-12-01", "In December."],
  ])("gives the capture nearest to the time that is asked for: %s", async (prefer, words) => {
    const mock = await startMock(several, { fault: noTimeMaps });
    const [out, built] = [join(scratch(), "out"), join(scratch(), "built")];
    const site = siteOf(gated(mock));
    const options = { fromArchive: true, prefer };
    const { code } = await crawlFrom(site, out, options, { clock: waitingClock() });
    expect(code).toBe(0);
    expect(readFileSync(join(out, "entries.jsonl"), "utf8")).toContain(words);
    expect(mock.log.some(({ path }) => path.startsWith("/timegate/http"))).toBe(true);
    expect((await buildFrom(site, [join(out, "captures")], built)).exitCode).toBe(0);
    expect(readFileSync(join(built, "entries.jsonl"), "utf8")).toBe(
      readFileSync(join(out, "entries.jsonl"), "utf8"),
    );
  });

  test("that leads nowhere is an archive that failed, with what came", async () => {
    const mock = await startMock(several, {
      fault: (path) =>
        noTimeMaps(path) ??
        (path.startsWith("/timegate") ? { status: 200, body: "<p>Welcome" } : null),
    });
    const out = join(scratch(), "out");
    const { code, stderr } = await crawlFrom(
      siteOf(gated(mock)),
      out,
      { fromArchive: true },
      { clock: waitingClock() },
    );
    expect([code, stderr]).toEqual([
      3,
      expect.stringMatching(/HTTP 200 came, which leads to no capture/),
    ]);
  });
});

test("a run that is stopped asks no more, and what came of a listing page counts", async () => {
  const mock = await startMock([
    listed(1, 1, JUNE, ["a"]),
    listed(1, 1, DECEMBER, ["b"]),
    listed(1, 1, "20220101000000", ["c"]),
  ]);
  const controller = new AbortController();
  const archives = kindOf(mock).map(webArchiveOf);
  const site = archivedSite(resolveSite(siteOf(undefined), {}, "test"));
  await using source = archivesSource(site, {
    run: { archives, prefer: "last-good" },
    clock: waitingClock(),
    answers: { find: async () => null },
    signal: controller.signal,
  });
  const due: PageRequest[] = [
    { order: 0, url: START, role: "listing" },
    { order: 1, url: pageUrl(2), role: "listing" },
  ];
  const times: (string | undefined)[] = [];
  const frontier = { next: () => due.shift() ?? null, isFinished: () => due.length === 0 };
  await source.run(frontier, async (response) => {
    if (!("page" in response)) return;
    times.push(response.page.memento?.time);
    for await (const page of response.others ?? []) {
      times.push(page.memento?.time);
      controller.abort();
    }
  });
  expect(times).toEqual(["2022-01-01T00:00:00Z", "2021-12-25T12:00:00Z"]);
  expect(mock.log.filter(({ path }) => path.includes("id_/"))).toHaveLength(2);
});

describe("limits", () => {
  const many = Array.from({ length: 40 }, (_, n) => `n${n}/x`);
  // Each article in a folder of its own, and more of them than are read of the folder above: one question each.
  const captures = [listed(1, 1, JUNE, many), ...many.map((name) => written(name, JUNE))];

  /** Most requests of a kind in any minute. */
  const busiest = (log: Mock["log"], part: string) => {
    const times = log.filter(({ path }) => path.includes(part)).map(({ at }) => at);
    return Math.max(
      ...times.map((from) => times.filter((at) => at >= from && at < from + 60_000).length),
    );
  };

  test("no minute holds more than four fifths of what the archive allows, over runs that are killed too", async () => {
    const clock = waitingClock();
    const mock = await startMock(captures, { now: clock.now, pageSize: 3 });
    const site = siteOf([{ ...kindOf(mock)[0], perMinute: { index: 30, replay: 600 } }]);
    const out = join(scratch(), "out");
    for (const most of [60, 75, 1000]) {
      const killed = {
        ...clock,
        now: clock.now,
        sleep: async (ms: number) => {
          if (mock.log.length >= most) throw new Error("killed");
          await clock.sleep(ms);
        },
      };
      await crawlFrom(site, out, { fromArchive: true }, { clock: killed }).catch(() => undefined);
    }
    expect(mock.log.length).toBeGreaterThan(75);
    expect(busiest(mock.log, "/cdx/")).toBeGreaterThan(20);
    expect(busiest(mock.log, "/cdx/")).toBeLessThanOrEqual(24);
    expect(busiest(mock.log, "/web/")).toBeLessThanOrEqual(480);
  });

  test("two windows of one archive share its pace", async () => {
    const clock = waitingClock();
    const mock = await startMock(captures, { now: clock.now, pageSize: 3 });
    const own = { ...kindOf(mock)[0], perMinute: { index: 30, replay: 600 } };
    const site = siteOf([
      { ...own, name: "early", to: "2020" },
      { ...own, name: "late", from: "2021" },
    ]);
    await crawlFrom(site, join(scratch(), "out"), { fromArchive: true }, { clock });
    expect(mock.log.length).toBeGreaterThan(75);
    expect(busiest(mock.log, "/cdx/")).toBeLessThanOrEqual(24);
  });

  test("after 429 nothing is asked for a minute, and it is said", async () => {
    const { code, mock, stderr } = await crawlMock(SMALL, {
      fault: (_, nth) => (nth === 3 ? { status: 429 } : null),
    });
    expect(code).toBe(0);
    const [, , third, fourth] = mock.log;
    expect((fourth?.at ?? 0) - (third?.at ?? 0)).toBeGreaterThanOrEqual(60_000);
    expect(stderr).toMatch(/mock: waiting 60 s \(HTTP 429, too many requests\)/);
  });

  test("Retry-After makes it longer, and the third 429 in a row ends the run with exit code 3", async () => {
    const { code, mock, stderr } = await crawlMock(SMALL, {
      fault: () => ({ status: 429, headers: { "retry-after": "120" } }),
    });
    expect(code).toBe(3);
    expect(mock.log.map(({ at }, nth) => at - (mock.log[nth - 1]?.at ?? at))).toEqual([
      0, 120_000, 120_000,
    ]);
    expect(stderr).toMatch(/it wants fewer requests: HTTP 429, and none in the next 120 s/);
  });

  test("one connection is used, and what a site answered then pauses nothing", async () => {
    const { code, mock, clock } = await crawlMock([
      ...SMALL,
      written("c", DECEMBER, { status: 429 }),
    ]);
    expect([code, mock.connections()]).toEqual([0, 1]);
    expect(clock.time - Date.parse("2026-11-30T12:00:00Z")).toBeLessThan(60_000);
  });

  test("a dry run asks the index alone, and says how much a crawl would ask and how long that takes", async () => {
    const feed = { url: `${START}/rss.xml`, type: "application/rss+xml" };
    const sitemap = { url: "http://news.example/sitemap.xml", type: "application/xml" };
    const mock = await startMock([
      ...[...SMALL, listed(1, 2, DECEMBER, ["d"])],
      ...[JUNE, DECEMBER].map((time) => ({ ...feed, time, body: `<rss>${time}</rss>` })),
      { ...sitemap, time: JUNE, body: "<urlset/>" },
    ]);
    const out = join(scratch(), "out");
    const { stdout, code } = await crawlFrom(
      siteOf(kindOf(mock)),
      out,
      { fromArchive: true, dryRun: true, notify: `cat > ${out}.json` },
      { clock: waitingClock() },
    );
    expect(code).toBe(0);
    expect(JSON.parse(readFileSync(`${out}.json`, "utf8"))).toMatchObject({
      ...{ event: "end", exitCode: 0 },
    });
    expect(mock.log.every(({ path }) => path.startsWith("/cdx/"))).toBe(true);
    expect(JSON.parse(stdout.split("\n")[0] ?? "")).toMatchObject({
      archive: "mock",
      listingPages: 2,
      captures: 3,
      witnesses: 3,
    });
    expect(existsSync(out)).toBe(false);
  });
});

describe("the account of an archive from captures", () => {
  const png = Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  );
  const picture = { url: "http://news.example/p.png", type: "image/png", body: png };
  const withPicture = article("a").replace("</p>", '<img src="/p.png" alt="x"></p>');

  test("says what it is a composite of, what was never captured, and which pictures are of another time", async () => {
    const { out, end } = await crawlMock([
      listed(1, 1, JUNE, ["a", "b", "c"]),
      { ...listed(1, 1, DECEMBER, ["a"]), body: "<html><body><ul><li>cut" },
      written("a", JUNE, { body: withPicture }),
      written("b", DECEMBER),
      { ...picture, time: DECEMBER },
    ]);
    const account = JSON.parse(readFileSync(join(out, "account.json"), "utf8"));
    expect(account.composite).toMatchObject({
      entries: 2,
      archives: { mock: 2 },
      from: "2021-06-03T12:00:00Z",
      to: "2021-12-25T12:00:00Z",
      neverCaptured: [articleUrl("c")],
      farMedia: [{ address: picture.url, days: 205 }],
    });
    expect(account.listingMementos).toMatchObject([
      { url: START, rows: 3, time: "2021-06-03T12:00:00Z" },
      { url: START, rows: 0, refused: expect.stringMatching(/no end/) },
    ]);
    expect(account.composite.spread).toEqual({ "2021-06": { mock: 1 }, "2021-12": { mock: 1 } });
    const report = readFileSync(join(out, "report.html"), "utf8");
    const section = /<section id="captured".*?<\/section>/s.exec(report)?.[0] ?? "";
    expect(section).toMatch(/captures of 2021-06-03 to 2021-12-25/);
    // The picture, and after it every month of the range in a table.
    expect(section).toMatch(/<svg role="img".*<table.*2021-06.*2021-09.*2021-12/s);
    const text = readFileSync(join(out, "account.md"), "utf8");
    expect(text).toContain("composite of captures from 2021-06-03 to 2021-12-25");
    expect(text).toContain("### Known, never captured (1)");
    expect(text).toContain("205 days");
    expect(end).toMatchObject({ composite: { entries: 2 } });
  });

  test("a later run keeps what it says, and what is not in the captures is never gone", async () => {
    const { again, out, ledger } = await crawlMock(SMALL);
    await again();
    expect(JSON.parse(readFileSync(join(out, "account.json"), "utf8")).composite.entries).toBe(3);
    expect([...ledger().values()].map(({ state }) => state)).toEqual([
      "written",
      "written",
      "written",
    ]);
  });
});

describe("a second crawl", () => {
  test("asks the index alone, takes what the first has stored, and says so", async () => {
    const first = await crawlMock([
      ...SMALL,
      written("a", DECEMBER, { replay: "empty" }),
      { url: articleUrl("c"), time: DECEMBER, status: 301, location: articleUrl("d") },
    ]);
    const { mock, out, site, clock } = first;
    const before = mock.log.length;
    clock.time += 90 * 24 * 60 * 60 * 1000;
    const { code, stdout, stderr } = await first.again();
    expect(code).toBe(0);
    expect(mock.log.slice(before).filter(({ path }) => path.includes("id_"))).toEqual([]);
    expect(mock.log.length).toBeGreaterThan(before);
    expect(stdout).toContain('"event":"archives"');
    expect(stderr).toMatch(/requests? to web archives; 6 captures were stored by earlier crawls/);
    const [one = "", two = ""] = readdirSync(join(out, "captures")).sort();
    const sizeOf = (name: string) =>
      readFileSync(join(out, "captures", name, "data.warc.gz")).length;
    expect(sizeOf(two)).toBeLessThan(sizeOf(one));
    expect((await verifyArchive(out)).findings).toEqual([]);
    const built = join(scratch(), "built");
    expect((await buildFrom(site, [join(out, "captures")], built)).exitCode).toBe(0);
    for (const name of ["entries.jsonl", "ledger.jsonl", "provenance.jsonl", "account.json"])
      expect(readFileSync(join(built, name), "utf8"), name).toBe(
        readFileSync(join(out, name), "utf8"),
      );
  });

  test("asks for all again with --self-contained, and its capture can be built alone", async () => {
    const { mock, out, site, clock } = await crawlMock(SMALL);
    const before = mock.log.length;
    const options = { fromArchive: true, selfContained: true };
    expect((await crawlFrom(site, out, options, { clock })).code).toBe(0);
    const replays = mock.log.slice(before).filter(({ path }) => path.includes("id_"));
    expect(replays).toHaveLength(5);
    const last = readdirSync(join(out, "captures")).sort().at(-1) ?? "";
    const built = join(scratch(), "built");
    expect((await buildFrom(site, [join(out, "captures", last)], built)).exitCode).toBe(0);
  });

  test("asks for what is new", async () => {
    const captures = [...SMALL];
    const first = await crawlMock(captures);
    const later = await startMock([...SMALL, written("a", DECEMBER)]);
    const site = siteOf([{ name: "mock", kind: "wayback", base: `${later.origin}/web/` }]);
    await crawlFrom(site, first.out, { fromArchive: true }, { clock: first.clock });
    // Another archive has other captures, though of the same seconds.
    expect(later.log.filter(({ path }) => path.includes("id_"))).toHaveLength(5);
  });
});

describe("a folder of WARC files", () => {
  const all = [
    ...SMALL,
    written("a", DECEMBER, { body: article("a", " December") }),
    { url: articleUrl("c"), time: DECEMBER, status: 301, location: articleUrl("d") },
    written("d", DECEMBER),
  ];

  test("is a web archive too: captures are chosen by date, without the network", async () => {
    const first = await crawlMock(all, { options: { prefer: "first-good" } });
    const captures = join(first.out, "captures");
    const before = first.mock.log.length;
    const out = join(scratch(), "out");
    const options = { fromArchive: captures, prefer: "first-good" };
    const { code } = await crawlFrom(siteOf(undefined), out, options, { clock: waitingClock() });
    expect([code, first.mock.log.length]).toEqual([0, before]);
    expect(readFileSync(join(out, "entries.jsonl"), "utf8")).toBe(
      readFileSync(join(first.out, "entries.jsonl"), "utf8"),
    );
    const built = join(scratch(), "built");
    const { exitCode } = await buildFrom(siteOf(undefined), [join(out, "captures")], built);
    expect(exitCode).toBe(0);
    for (const name of ["entries.jsonl", "ledger.jsonl", "provenance.jsonl", "account.md"])
      expect(readFileSync(join(built, name), "utf8"), name).toBe(
        readFileSync(join(out, name), "utf8"),
      );
  });

  test("asks for no request in a dry run, which says so", async () => {
    const first = await crawlMock(all, { options: { prefer: "first-good" } });
    const cwd = scratch();
    writeFileSync(join(cwd, "site.json"), JSON.stringify(siteOf(undefined)));
    const plan = { fromArchive: join(first.out, "captures"), dryRun: true };
    const { stdout, exitCode } = await crawlHere(cwd, "out", plan);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/captures of them from .*\n {2}.*no request is made/);
    expect(stdout).not.toMatch(/requests|pace that/);
    const events = await crawlHere(cwd, "out", { ...plan, json: true });
    expect(JSON.parse(events.stdout.split("\n")[0] ?? "")).toMatchObject({ asked: 0, seconds: 0 });
  });

  test("is read by its CDXJ, whole where that is old or wrong, which is said", async () => {
    const first = await crawlMock(all, { options: { prefer: "first-good" } });
    const [name = ""] = readdirSync(join(first.out, "captures"));
    const captures = join(first.out, "captures", name);
    const lines = readFileSync(join(captures, "index.cdxj"), "utf8").trimEnd().split("\n");
    const offsetOf = (line: string) => Number(/"offset":"(\d+)"/.exec(line)?.[1]);
    lines.sort((a, b) => offsetOf(a) - offsetOf(b));
    const run = async (index: readonly string[], cdxj = "x/any.cdxj") => {
      const folder = scratch();
      cpSync(join(captures, "data.warc.gz"), join(folder, "data.warc.gz"));
      mkdirSync(join(folder, "x"));
      writeFileSync(join(folder, cdxj), `!meta 0 {}\n${index.join("\n")}\n`);
      const out = join(scratch(), "out");
      const options = { fromArchive: folder, prefer: "first-good" };
      const ended = await crawlFrom(siteOf(undefined), out, options, { clock: waitingClock() });
      const ledger = existsSync(out) ? readFileSync(join(out, "ledger.jsonl"), "utf8") : "";
      return { ...ended, ledger };
    };
    const whole = await run(lines);
    expect([whole.code, whole.stderr]).toEqual([0, expect.not.stringMatching(/is not used/)]);
    // What it does not name is not there: the file was not read.
    const ofB = lines.findIndex((line) => line.includes("/a/b"));
    const without = await run(lines.toSpliced(ofB, 1));
    expect(without.ledger).toMatch(/"reason":"not archived/);
    const old = await run(lines.slice(0, -1));
    expect([old.code, old.stderr]).toEqual([
      0,
      expect.stringMatching(/any.cdxj is not used .* it is older than the file/),
    ]);
    const moved = lines.map((line) => line.replace(/"offset":"\d+"/, '"offset":"7"'));
    expect((await run(moved)).stderr).toMatch(
      /is not used .* there is no record at byte 7; the file is read whole/,
    );
    const other = lines.map((line) => line.replaceAll("/a/", "/o/"));
    expect(await run(other)).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/is not used .* is one of/),
    });
    const wrong = lines.with(
      ofB,
      (lines[ofB] ?? "").replace(/"offset":"\d+"/, `"offset":"${offsetOf(lines[1] ?? "")}"`),
    );
    const lied = await run(wrong);
    if (!/is not used/.test(lied.stderr))
      expect(lied.ledger).toMatch(/the CDXJ beside the file is wrong/);
  });

  test("loses the capture alone that cannot be read, and takes the next one of its URL", async () => {
    const first = await crawlMock(all, { options: { prefer: "first-good" } });
    const [name = ""] = readdirSync(join(first.out, "captures"));
    const folder = scratch();
    cpSync(join(first.out, "captures", name, "data.warc.gz"), join(folder, "data.warc.gz"));
    const http = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: x-odd\r\n\r\n?";
    const odd = [
      "WARC/1.1",
      "WARC-Type: response",
      "WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>",
      "WARC-Date: 2010-01-01T00:00:00Z",
      `WARC-Target-URI: ${articleUrl("a")}`,
      "Content-Type: application/http; msgtype=response",
      `Content-Length: ${http.length}`,
      "",
      `${http}\r\n\r\n`,
    ];
    writeFileSync(join(folder, "odd.warc"), odd.join("\r\n"));
    const out = join(scratch(), "out");
    const options = { fromArchive: folder, prefer: "first-good" };
    const { code } = await crawlFrom(siteOf(undefined), out, options, { clock: waitingClock() });
    const [before, after] = [first.out, out].map((at) =>
      readFileSync(join(at, "entries.jsonl"), "utf8"),
    );
    expect(after).toBe(before);
    expect(code).toBe(0);
  });

  test("that is not there, or holds none, is an error of the command line", async () => {
    const out = join(scratch(), "out");
    const run = (path: string) => crawlFrom(siteOf(undefined), out, { fromArchive: path });
    expect(await run("./nowhere/at-all")).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/there is no \.\/nowhere/),
    });
    expect(await run(scratch())).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/neither WARC nor WACZ/),
    });
  });
});

test("a diff of archives from captures says unread, with their time, and never gone", async () => {
  const before = await crawlMock(SMALL);
  const after = await crawlMock([
    listed(1, 1, DECEMBER, ["a", "b"]),
    written("a", DECEMBER),
    written("b", DECEMBER),
  ]);
  const found: Change[] = [];
  for await (const change of changes(await stateAt(before.out), await stateAt(after.out)))
    found.push(change);
  expect(found.map(({ kind }) => kind)).toEqual(["unread"]);
  expect(found[0]).toMatchObject({
    why: expect.stringMatching(/in none of the captures of 2021-12-25 to 2021-12-25/),
  });
});
