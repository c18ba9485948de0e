import { describe, expect, test } from "vitest";
import { candidatesOf } from "../../src/mementos/choose.js";
import { DIALECTS, questionUrl, replayUrl } from "../../src/mementos/dialects.js";
import { webArchiveOf } from "../../src/mementos/known-archives.js";
import { readReplay } from "../../src/mementos/replay.js";
import { type IndexRow, readRows, replayed, UnknownForm } from "../../src/mementos/rows.js";

const { wayback, pywb, memento } = DIALECTS;
const NAMES = ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"];

const read = (value: unknown, dialect = wayback, latest: string | null = null) =>
  readRows(Buffer.from(typeof value === "string" ? value : JSON.stringify(value)), dialect, latest);
const row = (time: string, more: Partial<Record<number, string>> = {}) =>
  Object.assign(["de,zew)/", time, "http://zew.de/", "text/html", "200", "AAA", "312"], more);

describe("rows of an index", () => {
  test("an answer of the Internet Archive gives its rows and the key of what follows", () => {
    const answer = read([NAMES, row("20210603120000"), [], ["de%2Czew%29%2F+20210603120000%21"]]);
    expect(answer.rows).toEqual([
      {
        url: "http://zew.de/",
        time: "20210603120000",
        status: 200,
        mime: "text/html",
        digest: "AAA",
        length: 312,
      },
    ]);
    expect(answer.resumeKey).toBe("de%2Czew%29%2F+20210603120000%21");
  });

  test.each(["", "[]", " \n"])("an answer without rows (%j) is not an error", (text) => {
    expect(read(text)).toMatchObject({ rows: [], resumeKey: null });
  });

  test.each<[string, string[][], string[]]>([
    ["a row that is repeated", [row("19970427191925"), row("19970427191925")], ["AAA"]],
    [
      "a second digest at one second",
      [row("19970427191925"), row("19970427191925", { 5: "BBB" })],
      ["AAA"],
    ],
    [
      "a month or a day that there is not",
      [row("20000012170449"), row("20000800241623"), row("20210631120000")],
      [],
    ],
    ["a time in the future", [row("20990101000000")], []],
    ["a URL that is none", [row("20210603120000", { 2: "http://mailto:x@y" })], []],
    ["another scheme", [row("20210603120000", { 2: "data:text/html,x" })], []],
  ])("%s is left out", (_, rows, digests) => {
    const answer = read([NAMES, ...rows], wayback, "20261130120000");
    expect(answer.rows.map(({ digest }) => digest)).toEqual(digests);
  });

  test("what an index does not know is null, and no reason to leave a row out", () => {
    const { rows } = read([NAMES, row("20210603120000", { 3: "warc/revisit", 4: "-", 6: "-" })]);
    expect(rows).toMatchObject([{ status: null, length: null, mime: "warc/revisit" }]);
  });

  test("pywb answers with a JSON object a line, under other names", () => {
    const line = {
      timestamp: "20210603120000",
      url: "http://a.example/",
      mime: "text/html",
      status: "200",
      digest: "sha1:X",
      length: "9",
    };
    const { rows } = read(`${JSON.stringify(line)}\n`, pywb);
    expect(rows).toMatchObject([{ url: "http://a.example/", status: 200, digest: "X" }]);
  });

  test("a TimeMap gives the times of its mementos, whatever stands before their URLs", () => {
    const text = `<http://a.example/x?u=1,2>; rel="original",
 <https://arc.example/web/timemap/link/http://a.example/x>; rel="self"; type="application/link-format",
 <https://arc.example/web/20210603120000mp_/http://a.example/x?u=1,2>; rel="first memento"; datetime="Thu, 03 Jun 2021 12:00:00 GMT"`;
    expect(read(text, memento).rows).toMatchObject([
      { url: "http://a.example/x?u=1,2", time: "20210603120000", status: null },
    ]);
  });

  test.each([
    ["wayback", "<html><body>Page too large</body></html>"],
    ["wayback", '{"error": 1}'],
    ["pywb", "<h1>400</h1>"],
    ["pywb", '["a"]'],
    ["memento", "<html><title>x</title>"],
    ["memento", "not found"],
  ] as const)("another form than that of %s is told: %s", (kind, text) => {
    expect(() => read(text, DIALECTS[kind])).toThrow(UnknownForm);
  });

  test("the URL of a page in a replay is read once, from the left", () => {
    const inner = "https://web.archive.org/web/20190101000000/http://b.example/";
    expect(
      replayed(`https://web.archive.org/web/20210603120000id_/http://a.example/?u=${inner}`),
    ).toEqual({
      time: "20210603120000",
      url: `http://a.example/?u=${inner}`,
    });
    expect(replayed("/web/20210603120000/http:/a.example/x")?.url).toBe("http://a.example/x");
    expect(replayed("https://a.example/x")).toBeNull();
  });
});

describe("questions", () => {
  test("a question to the Internet Archive sends a limit, and a resume key encoded once more", () => {
    const archive = webArchiveOf({ name: "internet-archive", from: "2019", to: "2021-12-31" });
    const url = questionUrl(archive, {
      url: "http://a.example/n?x=1",
      prefix: true,
      after: "com%2Ca",
    });
    expect(url).toContain("url=http%3A%2F%2Fa.example%2Fn%3Fx%3D1");
    expect(url).toContain("&limit=5000&resumeKey=com%252Ca");
    expect(url).toContain("&from=2019&to=20211231");
    expect(url).not.toMatch(/fl=|page=|collapse=/);
    expect(replayUrl(archive, "20210603120000", "http://a.example/n?x=1")).toBe(
      "https://web.archive.org/web/20210603120000id_/http://a.example/n?x=1",
    );
  });

  test.each<[Parameters<typeof webArchiveOf>[0], string, string]>([
    ["arquivo", "pywb", "https://arquivo.pt/wayback/cdx"],
    [
      { name: "archive-it", collection: 12 },
      "pywb",
      "https://wayback.archive-it.org/12/timemap/cdx",
    ],
    [
      { kind: "wayback", base: "http://127.0.0.1:80/web/" },
      "wayback",
      "http://127.0.0.1/cdx/search/cdx",
    ],
    [
      { kind: "pywb", base: "http://127.0.0.1:8080/mine" },
      "pywb",
      "http://127.0.0.1:8080/mine/cdx",
    ],
    ["http://127.0.0.1:8080/web", "memento", "null"],
    ["/home/me/captures/", "files", "http://files.invalid/%2Fhome%2Fme%2Fcaptures%2F/cdx"],
  ])("%j is completed by the table", (input, kind, index) => {
    const archive = webArchiveOf(input);
    expect([archive.kind, String(archive.index)]).toEqual([kind, index]);
    expect(archive.name).not.toMatch(/home/);
  });

  test.each(["archive-it", "wayback", "internet-archiv"])(
    "%s alone is not enough, and it is said why",
    (name) => {
      expect(() => webArchiveOf(name)).toThrow(
        /needs a collection|not a web archive that is known/,
      );
    },
  );
});

describe("answers of a replay", () => {
  const asked = {
    url: "http://a.example/x",
    time: "20210603120000",
    source: "http://arc.example/web/20210603120000id_/http://a.example/x",
  };
  const DATE = "Thu, 03 Jun 2021 12:00:00 GMT";
  const answer = (status: number, headers: Record<string, string>, body = "") =>
    readReplay({ status, headers, body: Buffer.from(body), whole: true }, asked);

  test("a capture has the headers of then, and none of the replay", () => {
    const read = answer(
      200,
      {
        "memento-datetime": DATE,
        "content-type": "text/html",
        "x-archive-orig-server": "Apache",
        "x-archive-orig-transfer-encoding": "chunked",
        link: "<x>; rel=original",
      },
      "<p>",
    );
    expect(read).toMatchObject({ time: "2021-06-03T12:00:00Z", url: asked.url });
    expect("response" in read && read.response.headers).toEqual({
      server: "Apache",
      "content-type": "text/html",
    });
  });

  test.each([
    ["/web/20210603120000id_/http://a.example/y", "http://a.example/y"],
    ["http://arc.example/web/20210603120000id_/https://a.example/y", "https://a.example/y"],
    [
      "//arc.example/web/20210603120000id_/http://a.example/y?u=http://b.example/",
      "http://a.example/y?u=http://b.example/",
    ],
  ])("a captured redirect leads where it led then: %s", (location, target) => {
    const read = answer(301, { "memento-datetime": DATE, location });
    expect("response" in read && read.response.headers.location).toBe(target);
  });

  test.each<[string, number, Record<string, string>, string, object]>([
    [
      "a redirect to another capture",
      302,
      { location: "http://arc.example/web/20171124000000id_/http://a.example/x" },
      "",
      { state: "elsewhere", time: "20171124000000" },
    ],
    [
      "a capture of another second",
      200,
      { "memento-datetime": "Fri, 04 Jun 2021 12:00:00 GMT" },
      "<p>",
      { state: "elsewhere" },
    ],
    [
      "a page of the archive itself",
      200,
      { "content-type": "text/html" },
      "<title>Wayback Machine</title>",
      { state: "unknown" },
    ],
    ["never archived", 404, { "content-type": "text/html" }, "", { state: "none" }],
    [
      "blocked",
      403,
      {
        "x-archive-wayback-runtime-error":
          "org.archive…AdministrativeAccessControlException: Blocked Site Error",
      },
      "",
      { state: "excluded" },
    ],
    [
      "excluded",
      200,
      {},
      "This URL has been excluded from the Wayback Machine.",
      { state: "excluded" },
    ],
  ])("%s is not a capture", (_, status, headers, body, expected) => {
    expect(answer(status, headers, body)).toMatchObject(expected);
  });

  test("a 429 of then is a capture: it says nothing of the archive", () => {
    expect(answer(429, { "memento-datetime": DATE })).toMatchObject({ response: { status: 429 } });
  });
});

describe("candidates", () => {
  const rowAt = (time: string, more: Partial<IndexRow> = {}): IndexRow => ({
    url: "http://a.example/x",
    time,
    status: 200,
    mime: "text/html",
    digest: time,
    length: 900,
    ...more,
  });
  const times = (rows: IndexRow[], more: Partial<Parameters<typeof candidatesOf>[1]> = {}) =>
    candidatesOf(rows, {
      prefer: "last-good",
      from: null,
      to: null,
      what: "page",
      ...more,
    }).rows.map(({ time }) => time.slice(0, 8));
  const [a, b, c] = ["20190101000000", "20210603120000", "20211225000000"] as const;

  test.each([
    ["last-good", ["20211225", "20210603", "20190101"]],
    ["first-good", ["20190101", "20210603", "20211225"]],
    ["nearest:2021-05-01", ["20210603", "20211225", "20190101"]],
  ])("%s decides the order", (prefer, expected) => {
    expect(times([rowAt(a), rowAt(b), rowAt(c)], { prefer })).toEqual(expected);
  });

  test("redirects come after pages, errors never", () => {
    expect(times([rowAt(a), rowAt(b, { status: 404 }), rowAt(c, { status: 301 })])).toEqual([
      "20190101",
      "20211225",
    ]);
  });

  test("a revisit whose original the index does not show comes last", () => {
    const revisit = { mime: "warc/revisit", status: null };
    expect(times([rowAt(a), rowAt(c, { ...revisit, digest: "Y" })])).toEqual([
      "20190101",
      "20211225",
    ]);
    expect(times([rowAt(a, { digest: "X" }), rowAt(c, { ...revisit, digest: "X" })])).toEqual([
      "20211225",
      "20190101",
    ]);
  });

  test("what is a tenth of the others' size comes after them, and a length that nobody knows says nothing", () => {
    expect(times([rowAt(a), rowAt(b, { length: null }), rowAt(c, { length: 40 })])).toEqual([
      "20210603",
      "20190101",
      "20211225",
    ]);
  });

  test("the window leaves out what is before and after it", () => {
    expect(times([rowAt(a), rowAt(b), rowAt(c)], { from: "2020", to: "202111" })).toEqual([
      "20210603",
    ]);
  });
});
