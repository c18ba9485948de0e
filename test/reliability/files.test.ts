/** Images and attachments that go wrong: what a crawl stores, and what it says of the others. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { crawlFrom } from "../commands/here.js";
import { scratch } from "../commands/sitelift.js";
import { answer, type Scenario, startFaultServer } from "../fault-server.js";
import { FILES } from "../http/small-files.js";
import { FaultyOffice, LIST } from "./office.js";

const { PNG, JPEG, GIF, PDF, SVG } = FILES;
const sent =
  (body: string | Uint8Array, type = "application/octet-stream"): Scenario =>
  (ask) =>
    answer(ask, 200, { "content-type": type }, body);
/** A response with neither length nor chunks: it ends where the connection ends. */
const untilClose =
  (body: Uint8Array): Scenario =>
  ({ socket }) => {
    socket.end(Buffer.concat([Buffer.from("HTTP/1.1 200 OK\r\n\r\n"), body]));
  };
const firstTime =
  (first: Scenario, then: Scenario): Scenario =>
  (ask) =>
    (ask.times === 1 ? first : then)(ask);
const cut = (bytes: Buffer) => untilClose(bytes.subarray(0, -9));
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, "utf16le");
/** Each file has bytes of its own: equal ones are stored once. */
const followedBy = (bytes: Buffer, more: string) => Buffer.concat([bytes, Buffer.from(more)]);

/** The extension with which it is stored, or why it is not. */
const TABLE: Record<string, [scenario: Scenario, came: string]> = {
  "whole.png": [sent(PNG), "png"],
  "whole-until-close.png": [untilClose(followedBy(PNG, "1")), "png"],
  "cut-at-first.png": [firstTime(cut(followedBy(PNG, "2")), sent(followedBy(PNG, "2"))), "png"],
  "cut.png": [cut(PNG), "the PNG file has no end: it is cut, or never was whole"],
  "cut.jpg": [cut(JPEG), "the JPEG file has no end: it is cut, or never was whole"],
  "cut.gif": [cut(GIF), "the GIF file has no end: it is cut, or never was whole"],
  "cut.pdf": [cut(PDF), "the PDF file has no end: it is cut, or never was whole"],
  "cut.svg": [cut(SVG), "the SVG file has no end: it is cut, or never was whole"],
  // A server that sends the length has sent what it has: the archive keeps it as it is.
  "never-whole.jpg": [sent(JPEG.subarray(0, -9)), "jpg"],
  "jpeg-in-fact.png": [sent(followedBy(JPEG, "3")), "jpg"],
  "picture.svg": [sent(SVG), "svg"],
  "script.svg": [
    sent('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
    "the SVG file holds a script, and is not stored",
  ],
  "polyglot.gif": [
    sent("GIF89a/*<html><script>alert(1)</script></html>*/=1;", "image/gif"),
    "a web page was answered",
  ],
  "page.png": [sent("<!DOCTYPE html><p>Not found</p>", "image/png"), "a web page was answered"],
  "paragraph.pdf": [sent("<p>Not found</p>"), "a web page was answered"],
  "heading.doc": [sent("\n <H1>Error</H1>"), "a web page was answered"],
  "form.zip": [sent('<form action="/login">'), "a web page was answered"],
  "wide.pdf": [sent(utf16("<html><p>Not found</p></html>")), "a web page was answered"],
  "words.pdf": [sent("Not found"), "expected a file of the kind pdf, found text"],
  "comment.pdf": [
    sent(`<!--${"x".repeat(9000)}--><html>`),
    "expected a file of the kind pdf, found text",
  ],
  "notes.txt": [sent("Notes of the day."), "txt"],
  "rows.csv": [sent("a,b\n1,2\n"), "csv"],
  "data.kml": [sent('<?xml version="1.0"?><a:p xmlns:a="http://www.opengis.net/kml/2.2"/>'), "kml"],
  "empty.pdf": [sent(""), "the answer is empty"],
};

test("images and attachments are stored by their real type, or reported with the reason", async () => {
  const office = new FaultyOffice({ articles: 1 });
  const names = Object.keys(TABLE);
  const shown = names.map((name) =>
    /\.(?:png|jpg|gif|svg)$/.test(name)
      ? `<p><img src="/files/${name}" alt=""></p>`
      : `<p><a href="/files/${name}">${name}</a></p>`,
  );
  const server = await startFaultServer({
    ...Object.fromEntries(names.map((name) => [`/files/${name}`, TABLE[name]?.[0] ?? sent("")])),
    "/news/story-1": sent(office.article(1, shown.join("\n")), "text/html"),
    "*": (ask) => office.answer(ask),
  });
  const out = join(scratch(), "out");
  const run = await crawlFrom(`${server.origin}${LIST}`, out).finally(() => server.close());
  expect(run.code, run.stderr).toBe(1);

  const { media } = JSON.parse(readFileSync(join(out, "account.json"), "utf8"));
  const stored = readdirSync(join(out, "media")).map((name) =>
    name.replace(/-[0-9a-f]{16}\./, "."),
  );
  const failed = media.failed.map(
    ({ address, reason }: { address: string; reason: string }): [string, string] => [
      address.split("/").at(-1) ?? "",
      reason.replace(/; asked \d times$/, ""),
    ],
  );
  expect({ stored: stored.sort(), failed: Object.fromEntries(failed) }).toEqual({
    stored: names
      .filter((name) => !TABLE[name]?.[1].includes(" "))
      .map((name) => name.replace(/[^.]+$/, TABLE[name]?.[1] ?? ""))
      .sort(),
    failed: Object.fromEntries(
      names
        .filter((name) => TABLE[name]?.[1].includes(" "))
        .map((name) => [name, TABLE[name]?.[1]]),
    ),
  });
});

const TAG = { etag: '"one"' };
const gzipped = gzipSync(followedBy(PNG, "4"));
/** An image that comes wrong at first, with the ETag that it keeps when it is right. */
const AT_FIRST: Record<string, Scenario> = {
  "cut until the connection closes": ({ socket }) =>
    void socket.end(
      Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\netag: "one"\r\n\r\n'), PNG.subarray(0, -9)]),
    ),
  "cut with the length of what came": (ask) => answer(ask, 200, TAG, PNG.subarray(0, -9)),
  "cut below its length": ({ socket }) =>
    void socket.end(
      Buffer.concat([
        Buffer.from(`HTTP/1.1 200 OK\r\netag: "one"\r\ncontent-length: ${PNG.length}\r\n\r\n`),
        PNG.subarray(0, -9),
      ]),
    ),
  empty: (ask) => answer(ask, 200, TAG, ""),
  "half of a compressed body": (ask) =>
    answer(ask, 200, { ...TAG, "content-encoding": "gzip" }, gzipped.subarray(0, -9)),
  "an error page with status 200": (ask) =>
    answer(ask, 200, { ...TAG, "content-type": "text/html" }, "<!DOCTYPE html><p>Try again.</p>"),
  "HTTP 503": (ask) => answer(ask, 503, TAG, ""),
  "HTTP 429": (ask) => answer(ask, 429, { ...TAG, "retry-after": "1" }, ""),
};
/** As a server does that knows the tag of a file and not what came of it. */
const conditional: Scenario = (ask) =>
  ask.headers["if-none-match"] === TAG.etag
    ? answer(ask, 304, TAG, "")
    : answer(ask, 200, TAG, PNG);

/** Crawls an article with one image, as often as is said. @returns what came of each crawl */
async function crawlImage(scenario: Scenario, ...runs: { refetchMedia?: boolean }[]) {
  const office = new FaultyOffice({ articles: 1 });
  const server = await startFaultServer({
    "/files/a.png": scenario,
    "/news/story-1": sent(office.article(1, '<p><img src="/files/a.png" alt=""></p>'), "text/html"),
    "*": (ask) => office.answer(ask),
  });
  const out = join(scratch(), "out");
  try {
    const seen = [];
    for (const options of runs) {
      const { code } = await crawlFrom(`${server.origin}${LIST}`, out, options);
      const [line = "{}"] = readFileSync(join(out, "entries.jsonl"), "utf8").split("\n");
      const { data } = JSON.parse(line);
      const account = JSON.parse(readFileSync(join(out, "account.json"), "utf8"));
      seen.push({ code, media: data.media[0], failed: account.media.failed });
    }
    return { seen, asked: server.asked.filter(({ path }) => path === "/files/a.png") };
  } finally {
    await server.close();
  }
}

describe.concurrent("an image that goes wrong", () => {
  test.each(Object.entries(AT_FIRST))(
    "an image is asked for again, without a condition, when it came wrong at first: %s",
    async (_, wrong) => {
      const { seen, asked } = await crawlImage(firstTime(wrong, conditional), {});
      expect(seen).toMatchObject([{ code: 0, media: { bytes: PNG.length }, failed: [] }]);
      expect(asked).toHaveLength(2);
      expect(asked[1]?.headers).not.toHaveProperty("if-none-match");
    },
  );

  test.each(
    Object.entries(AT_FIRST).filter(([name]) => name !== "cut with the length of what came"),
  )(
    "an image that goes wrong for good is named by its entry without a path, and is a finding: %s",
    async (_, wrong) => {
      const { seen, asked } = await crawlImage(wrong, {});
      expect(seen).toMatchObject([
        { code: 1, media: { path: null, sha256: null }, failed: [{ reason: expect.any(String) }] },
      ]);
      expect(asked.length).toBeGreaterThanOrEqual(2);
    },
  );

  test("an image that was cut in an earlier crawl is healed by --refetch-media", async () => {
    let isWhole = false;
    const cutFirst: Scenario = (ask) =>
      isWhole ? conditional(ask) : answer(ask, 200, TAG, PNG.subarray(0, -9));
    const office: Scenario = (ask) => {
      cutFirst(ask);
      isWhole = ask.times >= 2;
    };
    const { seen, asked } = await crawlImage(office, {}, { refetchMedia: true });
    expect(seen).toMatchObject([
      { code: 0, media: { bytes: PNG.length - 9 } },
      { code: 0, media: { bytes: PNG.length } },
    ]);
    expect(asked.filter(({ headers }) => "if-none-match" in headers)).toEqual([]);
  });
});
