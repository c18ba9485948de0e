/** Images and attachments that go wrong: what a crawl stores, and what it says of the others. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../archive/folders.js";
import { answer, type Scenario, startFaultServer } from "../fault-server.js";
import { FILES } from "../http/small-files.js";
import { crawlHere } from "./here.js";
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
  const out = join(await temporaryFolder(), "out");
  const run = await crawlHere(`${server.origin}${LIST}`, out).finally(() => server.close());
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
