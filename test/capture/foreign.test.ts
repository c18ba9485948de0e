/** Captures of other programs: what each may look like, and what must not be taken for something else. */
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { ZipFile } from "yazl";
import { openCaptures } from "../../src/capture/read/runs.js";
import { dechunk, parseHttp } from "../../src/warc/http.js";
import { linesOf } from "../../src/warc/record.js";
import { temporaryFolder } from "../archive/folders.js";

const PAGE = "https://a.example/news/one";

interface Made {
  readonly type?: string;
  readonly id?: string;
  readonly date?: string;
  readonly url?: string;
  readonly more?: string;
  readonly http?: string;
  readonly body?: string;
  /** Added to Content-Length. */
  readonly off?: number;
  readonly end?: string;
  readonly eol?: string;
}

let next = 0;

/** The bytes of a record, not compressed. */
function record(made: Made = {}): Buffer {
  const { type = "response", date = "2021-01-01T00:00:00Z", url = PAGE, more = "", off = 0 } = made;
  const { eol = "\r\n", end = eol + eol, body = "<p>x</p>" } = made;
  const { id = `<urn:uuid:${String(next++).padStart(8, "0")}-0000-4000-8000-000000000000>` } = made;
  const head = made.http ?? `HTTP/1.1 200 OK${eol}Content-Type: text/html${eol}${eol}`;
  const block = Buffer.from(head + body);
  const fields = [
    "WARC/1.1",
    `WARC-Type: ${type}`,
    `WARC-Record-ID: ${id}`,
    `WARC-Date: ${date}`,
    `WARC-Target-URI: ${url}`,
    ...(more === "" ? [] : [more]),
    `Content-Length: ${block.length + off}`,
  ];
  return Buffer.concat([Buffer.from(fields.join(eol) + eol + eol), block, Buffer.from(end)]);
}

const request = (method: string, more: string) =>
  record({ type: "request", more, http: `${method} /news/one HTTP/1.1\r\n\r\n`, body: "" });

/** What a capture of these records gives for the page. */
async function read(
  records: readonly Buffer[],
  { at, gzip = true }: { at?: string; gzip?: boolean } = {},
) {
  const file = join(await temporaryFolder(), gzip ? "a.warc.gz" : "a.warc");
  writeFileSync(file, Buffer.concat(gzip ? records.map((one) => gzipSync(one)) : [...records]));
  const { runs, damages, notes, close } = await openCaptures([file], at);
  try {
    const got = await Promise.all(
      runs.map(({ responses }) =>
        responses.next(new URL(PAGE)).then(
          ({ body }) => Buffer.from(body).toString(),
          (error: Error) => `error: ${error.message}`,
        ),
      ),
    );
    return { body: got[0], damages, notes };
  } finally {
    await close();
  }
}

describe("the response to another request than a GET", () => {
  const id = "<urn:uuid:aaaaaaaa-0000-4000-8000-000000000000>";
  const ask = "<urn:uuid:bbbbbbbb-0000-4000-8000-000000000000>";
  test.each<[string, Buffer[]]>([
    [
      "a request that names it",
      [record({ id, body: "sent" }), request("POST", `WARC-Concurrent-To: ${id}`)],
    ],
    [
      "a request before it",
      [request("POST", `WARC-Concurrent-To: ${id}`), record({ id, body: "sent" })],
    ],
    [
      "a request that it names",
      [
        record({ type: "request", id: ask, http: "PUT /news/one HTTP/1.1\r\n\r\n", body: "" }),
        record({ body: "sent", more: `WARC-Concurrent-To: ${ask}` }),
      ],
    ],
    ["a HEAD", [record({ id, body: "" }), request("HEAD", `WARC-Concurrent-To: ${id}`)]],
  ])("is not the page, known by %s", async (_, records) => {
    const { body, notes } = await read([...records, record({ body: "page" })]);
    expect(body).toBe("page");
    // That to a POST is kept under the name of what was sent.
    const isPost = records.some((one) => one.includes("POST "));
    expect(
      notes.join().includes("responses to requests other than GET and POST are not used"),
    ).toBe(!isPost);
    const before = await read([record({ body: "page", date: "2020-01-01T00:00:00Z" }), ...records]);
    expect(before.body).toBe("page");
  });

  test("alone is not a page at all", async () => {
    const { body } = await read([record({ id }), request("POST", `WARC-Concurrent-To: ${id}`)]);
    expect(body).toContain("does not hold this URL");
  });
});

describe("a revisit", () => {
  const id = "<urn:uuid:cccccccc-0000-4000-8000-000000000000>";
  const sha1 = (text: string) => createHash("sha1").update(text).digest("hex");
  const revisit = (digest: string) =>
    record({
      type: "revisit",
      url: PAGE,
      more: `WARC-Refers-To: ${id}\r\nWARC-Payload-Digest: ${digest}`,
      body: "",
    });
  const original = (more: string) =>
    record({ id, url: "https://a.example/old", body: "same", more });

  test.each([
    ["the digest as its original has it", "sha1:AAAA", "WARC-Payload-Digest: sha1:AAAA"],
    ["the digest of the payload in another form", `sha1:${sha1("same")}`, "X-Any: 1"],
    ["the digest of an empty payload", "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ", "X-Any: 1"],
    ["a digest of an unknown algorithm", "blake3:00", "X-Any: 1"],
  ])("with %s is resolved", async (_, digest, more) => {
    expect((await read([original(more), revisit(digest)])).body).toBe("same");
  });

  test.each([
    ["of another record", `sha1:${sha1("other")}`, "X-Any: 1"],
    [
      "of another record, where both say so",
      "sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
      `WARC-Payload-Digest: sha1:${sha1("same")}`,
    ],
    ["of SHA-256", `sha256:${"0".repeat(64)}`, "X-Any: 1"],
  ])("with the digest %s is refused", async (_, digest, more) => {
    expect((await read([original(more), revisit(digest)])).body).toContain(
      "another payload digest",
    );
  });
});

describe("several captures of one URL", () => {
  const of = (year: number, more: Partial<Made> = {}) =>
    record({ date: `${year}-06-01T00:00:00Z`, body: String(year), ...more });

  test("give the newest, whatever their order, and say so", async () => {
    for (const records of [
      [of(2019), of(2021)],
      [of(2021), of(2019)],
    ]) {
      const { body, notes } = await read(records);
      expect(body).toBe("2021");
      expect(notes.join()).toMatch(
        /1 URL was captured more than once .*20190601 to 20210601.*--at/,
      );
    }
  });

  test.each([
    ["2018-12-31", "2019"],
    ["2019-06-01", "2019"],
    ["2020-01-01", "2019"],
    ["2021-06-01", "2021"],
  ])("--at %s gives that of %s", async (at, body) => {
    expect((await read([of(2021), of(2019)], { at })).body).toBe(body);
  });

  test.each<[string, Partial<Made>]>([
    ["cut short", { more: "WARC-Truncated: length" }],
    ["an error that passes", { http: "HTTP/1.1 503 Busy\r\nContent-Type: text/html\r\n\r\n" }],
    ["an error of the server", { http: "HTTP/1.1 500 No\r\n\r\n" }],
    ["damaged", { more: "WARC-Block-Digest: sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ" }],
    ["a revisit of nothing", { type: "revisit", more: "WARC-Refers-To: <urn:x>", body: "" }],
  ])("give an older one where the newest is %s", async (_, more) => {
    expect((await read([of(2019), of(2021, more)])).body).toBe("2019");
  });
});

describe("a record that is framed otherwise", () => {
  test.each<[string, Made, string]>([
    ["Content-Length one too large", { off: 1 }, "the block has 52 bytes, not 53"],
    ["Content-Length two too large", { off: 2 }, "the block has 52 bytes, not 54"],
    ["no line ends after it", { end: "" }, "no line ends follow its block"],
    ["no line ends, and one byte too many", { end: "", off: 1 }, "the block has 52 bytes, not 53"],
  ])("with %s is read with a warning", async (_, made, flaw) => {
    const { body, damages, notes } = await read([record(made), record({ url: `${PAGE}2` })]);
    expect({ body, damages }).toEqual({ body: "<p>x</p>", damages: [] });
    expect(notes.join()).toContain(`${flaw}; it is read all the same`);
  });

  test.each([true, false])("with line feeds alone is read, compressed: %s", async (gzip) => {
    const records = [record({ eol: "\n" }), record({ eol: "\n", url: `${PAGE}2` })];
    expect(await read(records, { gzip })).toEqual({ body: "<p>x</p>", damages: [], notes: [] });
  });

  test.each<[string, Made, string]>([
    ["shorter by many bytes", { off: 9 }, "the block has 52 bytes, not 61"],
    ["longer than it says", { off: -3 }, "the block is longer than the 49 bytes that it says"],
  ])("that is %s is damaged, and it alone", async (_, made, damage) => {
    const { body, damages } = await read([record({ ...made, body: "<b>y</b>" }), record()]);
    expect(body).toBe("<p>x</p>");
    expect(damages).toEqual([expect.stringContaining(damage)]);
  });
});

test.each(["a.arc.gz", "a.arc", "a.warc.gz"])(
  "an ARC file called %s is refused by its name",
  async (name) => {
    const file = join(await temporaryFolder(), name);
    const text = "filedesc://a.arc 0.0.0.0 20010101000000 text/plain 76\n1 0 Alexa\n";
    writeFileSync(file, name.endsWith("gz") ? gzipSync(text) : text);
    await expect(openCaptures([file])).rejects.toThrow("is an ARC file");
  },
);

describe("a form of other programs", () => {
  const sha1 = createHash("sha1").update("<p>x</p>");
  const hex = sha1.digest("hex");
  const base32 = "VJACE4T6MGCHDW522T7IDNT3FMVOPRWL";
  const zeros = (records: readonly Buffer[]) => [...records, Buffer.alloc(5000)];

  test.each<[string, Buffer[], boolean?]>([
    [
      "an interim response",
      [record({ http: "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n" })],
    ],
    ["an empty gzip member", [Buffer.alloc(0), record(), Buffer.alloc(0)]],
    ["many line ends between records", [record({ end: "\r\n".repeat(50) }), record()], false],
    ["zero bytes at the end", zeros([record()]), false],
    ["a page that is no HTTP message", [record({ http: "", more: "Content-Type: text/html" })]],
  ])("with %s is read without a damage", async (_, records, gzip = true) => {
    const { body, damages } = await read(records, { gzip });
    expect({ body, damages }).toEqual({ body: "<p>x</p>", damages: [] });
  });

  test("that gives one digest in two forms resolves a revisit by it", async () => {
    const digest = (value: string) => `WARC-Payload-Digest: sha1:${value}`;
    const original = record({ url: "https://a.example/old", more: digest(base32) });
    const revisit = record({ type: "revisit", more: digest(hex), body: "" });
    expect((await read([original, revisit])).body).toBe("<p>x</p>");
  });

  test("that cuts a record into segments gives no page of a part of it", async () => {
    const first = record({ more: "WARC-Segment-Number: 1" });
    expect((await read([first])).body).toContain("only a part of the response");
  });

  test("that holds no response says what it holds", async () => {
    const { notes } = await read([record({ type: "conversion" }), record({ type: "conversion" })]);
    expect(notes).toEqual([expect.stringMatching(/holds no response: .*2 conversion$/)]);
  });

  test("that is not compressed with gzip is named, beside others and alone", async () => {
    const folder = await temporaryFolder();
    const zstd = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0]);
    writeFileSync(join(folder, "a.warc.zst"), zstd);
    await expect(openCaptures([folder])).rejects.toMatchObject({
      details: [expect.stringContaining("zstd -d")],
    });
    await expect(openCaptures([join(folder, "a.warc.zst")])).rejects.toThrow("Zstandard");
    writeFileSync(join(folder, "b.warc"), record());
    writeFileSync(join(folder, "c.warc.gz.open"), "");
    await using opened = await openCaptures([folder]);
    expect(opened.notes).toEqual([
      expect.stringContaining("a.warc.zst"),
      expect.stringContaining("c.warc.gz.open"),
    ]);
  });

  test("of packages in a package is read as if it were all of them", async () => {
    const inner = await zipOf("archive/a.warc", record());
    const file = join(await temporaryFolder(), "all.wacz");
    writeFileSync(file, await zipOf("one.wacz", inner));
    await using opened = await openCaptures([file]);
    expect(opened.runs[0]?.responses.holds(new URL(PAGE))).toBe(true);
    writeFileSync(file, await zipOf("more.wacz", await zipOf("one.wacz", inner)));
    await expect(openCaptures([file])).rejects.toThrow("more.wacz holds no archive/*.warc.gz");
  });
});

async function zipOf(path: string, bytes: Buffer): Promise<Buffer> {
  const zip = new ZipFile();
  zip.addBuffer(bytes, path, { compress: false });
  zip.end();
  return await buffer(zip.outputStream);
}

describe("a capture that is made to cost much", () => {
  const MANY = 8_000;
  test("of tiny records is read whole", async () => {
    const records = Array.from({ length: MANY }, (_, at) =>
      record({ url: `${PAGE}/${at}`, body: "" }),
    );
    const { body, damages } = await read([...records, record()]);
    expect({ body, damages }).toEqual({ body: "<p>x</p>", damages: [] });
  });

  test("of tiny damaged records is read to its end", async () => {
    const bad = gzipSync(record());
    bad[bad.length - 6] = 0;
    const file = join(await temporaryFolder(), "a.warc.gz");
    writeFileSync(
      file,
      Buffer.concat([...Array.from({ length: MANY / 4 }, () => bad), gzipSync(record())]),
    );
    const { damages, runs, close } = await openCaptures([file]);
    expect(runs[0]?.responses.holds(new URL(PAGE))).toBe(true);
    expect(damages).toHaveLength(1);
    await close();
  });

  test("of a record that inflates to more than it says is damaged there alone", async () => {
    const bomb = gzipSync(Buffer.concat([record({ end: "" }), Buffer.alloc(200 << 20)]));
    const file = join(await temporaryFolder(), "a.warc.gz");
    writeFileSync(file, Buffer.concat([bomb, gzipSync(record({ url: `${PAGE}2` }))]));
    const { damages, runs, close } = await openCaptures([file]);
    expect(damages).toEqual([expect.stringContaining("longer than")]);
    expect(runs[0]?.responses.holds(new URL(`${PAGE}2`))).toBe(true);
    await close();
  });

  test("of compressed members that together are too large is not held", async () => {
    const zip = new ZipFile();
    for (const name of ["a", "b"])
      zip.addBuffer(Buffer.alloc(40 << 20), `archive/${name}.warc`, { compress: true });
    zip.end();
    const file = join(await temporaryFolder(), "a.wacz");
    writeFileSync(file, await buffer(zip.outputStream));
    await expect(openCaptures([file])).rejects.toThrow("unpack the file first");
  });

  test("of very many header lines keeps its body, and the lines of the first million bytes", () => {
    const bytes = Buffer.from(`HTTP/1.1 200 OK\r\n${"X: a\r\n".repeat(400_000)}\r\nbody`);
    const message = parseHttp(bytes);
    expect(Buffer.from(message?.body ?? []).toString()).toBe("body");
    expect(message?.fields.length).toBeLessThan(200_000);
  });

  test("of a record about the crawl with very many lines is read in part", () => {
    expect(linesOf({ block: Buffer.from(`a: b\r\n`.repeat(400_000)) }).get("a")).toBe("b");
  });

  test("of very many chunks is put together", () => {
    const body = dechunk(Buffer.from(`${"1;x\r\na\r\n".repeat(500_000)}0\r\n\r\n`));
    expect(body?.length).toBe(500_000);
  });
});
