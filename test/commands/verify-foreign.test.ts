/** `sitelift verify` on packages of other programs: docs/captures.md has these two tables. */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { ZipFile } from "yazl";
import { verifyArchive } from "../../src/archive/verify/verify.js";
import { temporaryFolder } from "../archive/folders.js";

const PAGE = "https://a.example/news/one";
const BODY = "<p>Words.</p>";
const hex = (algorithm: string, bytes: Uint8Array | string) =>
  `${algorithm}:${createHash(algorithm).update(bytes).digest("hex")}`;
const id = (n: number) => `<urn:uuid:${String(n).padStart(8, "0")}-0000-4000-8000-000000000000>`;

/** How a program writes a package. */
interface Form {
  readonly version?: string;
  readonly algorithm?: string;
  /** Which digests a record has. */
  readonly digests?: readonly ("block" | "payload")[];
  readonly angled?: boolean;
  readonly gzip?: boolean;
  readonly head?: string;
  readonly body?: Uint8Array | string;
  /** What the payload digest is of, where that is not the body. */
  readonly payload?: Uint8Array | string;
  readonly revisit?: readonly string[];
  readonly resource?: boolean;
  readonly line?: (line: Record<string, unknown>) => Record<string, unknown>;
  readonly stamp?: string;
  readonly index?: "index.cdx" | "index.cdxj" | "index.cdx.gz";
  readonly deflated?: RegExp;
  readonly digest?: boolean;
  readonly folders?: boolean;
  readonly meta?: boolean;
  readonly pages?: (line: Record<string, unknown>) => Record<string, unknown>;
}

function recordOf(
  form: Form,
  type: string,
  n: number,
  more: readonly string[],
  block: Buffer,
  payload: Uint8Array | string,
) {
  const {
    version = "WARC/1.1",
    algorithm = "sha1",
    digests = ["block", "payload"],
    angled,
    gzip = true,
  } = form;
  const uri = type === "resource" ? "urn:pageinfo:x" : PAGE;
  const lines = [
    version,
    `WARC-Type: ${type}`,
    `WARC-Record-ID: ${id(n)}`,
    "WARC-Date: 2021-01-01T00:00:00Z",
    `WARC-Target-URI: ${angled ? `<${uri}>` : uri}`,
    ...more,
    ...(digests.includes("block") ? [`WARC-Block-Digest: ${hex(algorithm, block)}`] : []),
    ...(digests.includes("payload") ? [`WARC-Payload-Digest: ${hex(algorithm, payload)}`] : []),
    `Content-Length: ${block.length}`,
  ];
  const bytes = Buffer.concat([
    Buffer.from(`${lines.join("\r\n")}\r\n\r\n`),
    block,
    Buffer.from("\r\n\r\n"),
  ]);
  return gzip ? gzipSync(bytes) : bytes;
}

/** The members of a package, by path. */
function membersOf(form: Form): Map<string, Buffer> {
  const {
    head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
    body = BODY,
    gzip = true,
    index = "index.cdx",
    algorithm = "sha1",
    line = (one) => one,
  } = form;
  const payload = form.payload ?? body;
  const response = Buffer.concat([Buffer.from(head), Buffer.from(body)]);
  const records = [
    recordOf(form, "response", 1, [], response, payload),
    ...(form.revisit
      ? [recordOf(form, "revisit", 2, form.revisit, Buffer.from(head), payload)]
      : []),
    ...(form.resource ? [recordOf(form, "resource", 3, [], Buffer.from("{}"), "{}")] : []),
  ];
  const filename = gzip ? "data.warc.gz" : "data.warc";
  let offset = 0;
  const lines = records.map((bytes, at) => {
    const json = line({
      url: at > 0 && form.resource ? "urn:pageinfo:x" : PAGE,
      mime: "text/html",
      status: "200",
      digest: hex(algorithm, payload),
      length: String(bytes.length),
      offset: String(offset),
      filename,
    });
    offset += bytes.length;
    return `example,a)/news/one ${form.stamp ?? "20210101000000"} ${JSON.stringify(json)}`;
  });
  const text = Buffer.from(
    [...(form.meta ? ['!meta 0 {"format":"cdxj-gzip-1.0"}'] : []), ...lines.sort(), ""].join("\n"),
  );
  const page = { id: "1", url: PAGE, ts: "2021-01-01T00:00:00Z", title: "One" };
  const pages = [
    { format: "json-pages-1.0", id: "pages", title: "All" },
    (form.pages ?? ((one) => one))(page),
  ];
  const members = new Map([
    [`archive/${filename}`, Buffer.concat(records)],
    [`indexes/${index}`, index.endsWith("gz") ? gzipSync(text) : text],
    ["pages/pages.jsonl", Buffer.from(pages.map((one) => `${JSON.stringify(one)}\n`).join(""))],
    ...(form.meta ? [["indexes/index.idx", Buffer.from("!meta 0 {}\n")] as const] : []),
  ]);
  return described(members, form.digest !== false);
}

/** With the descriptions of what is there now. */
function described(members: Map<string, Buffer>, digest = true): Map<string, Buffer> {
  const resources = [...members]
    .filter(([path]) => !path.startsWith("datapackage"))
    .map(([path, bytes]) => ({
      name: path.replace(/.*\//, ""),
      path,
      hash: hex("sha256", bytes),
      bytes: bytes.length,
    }));
  const json = Buffer.from(
    JSON.stringify({
      profile: "data-package",
      wacz_version: "1.1.1",
      software: "Another 1.0",
      resources,
    }),
  );
  const made = new Map([...members, ["datapackage.json", json] as const]);
  if (digest)
    made.set(
      "datapackage-digest.json",
      Buffer.from(JSON.stringify({ path: "datapackage.json", hash: hex("sha256", json) })),
    );
  return made;
}

async function findingsOf(
  members: ReadonlyMap<string, Buffer>,
  { deflated, folders }: Form = {},
  change = (zip: Buffer) => zip,
) {
  const zip = new ZipFile();
  if (folders) for (const folder of ["archive", "indexes", "pages"]) zip.addEmptyDirectory(folder);
  for (const [path, bytes] of members)
    zip.addBuffer(bytes, path, { compress: deflated?.test(path) ?? false });
  zip.end();
  const file = join(await temporaryFolder(), "a.wacz");
  writeFileSync(file, change(await buffer(zip.outputStream)));
  const { findings } = await verifyArchive(file);
  return findings.map(({ code, path }) => `${code} ${path.replace("a.wacz/", "")}`);
}

const chunked = (text: string) => `${text.length.toString(16)};x=y\r\n${text}\r\n0\r\n\r\n`;
const TEXTS = /\.(?:json|jsonl|idx|cdx)$/;

const FORMS: Readonly<Record<string, Form>> = {
  "ArchiveWeb.page: 17 digits and numbers in CDXJ, no digest there, texts deflated": {
    algorithm: "sha256",
    resource: true,
    stamp: "20210101000000123",
    deflated: TEXTS,
    index: "index.cdx",
    line: ({ digest: _, ...one }) => ({
      ...one,
      status: 200,
      length: Number(one.length),
      offset: Number(one.offset),
    }),
  },
  "Browsertrix: a compressed index with a head and an .idx file": {
    algorithm: "sha256",
    index: "index.cdx.gz",
    meta: true,
  },
  "wget: WARC 1.0, URIs in angle brackets, chunks kept": {
    version: "WARC/1.0",
    angled: true,
    head: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    body: chunked(BODY),
  },
  "Heritrix: WARC 1.0, payload digests alone": { version: "WARC/1.0", digests: ["payload"] },
  "warcprox: payload digests without the chunks": {
    digests: ["payload"],
    head: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    body: chunked(BODY),
    payload: BODY,
  },
  "pywb: revisits by URL and date": {
    revisit: [`WARC-Refers-To-Target-URI: ${PAGE}`, "WARC-Refers-To-Date: 2021-01-01T00:00:00Z"],
  },
  "HTTrack: revisits by digest": {
    revisit: ["WARC-Profile: http://netpreserve.org/warc/1.1/revisit/server-not-modified"],
  },
  "a proxy: digests of the decoded payload": {
    head: "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n",
    body: gzipSync(BODY),
    payload: BODY,
  },
  "wacz create of Python: an uncompressed WARC, index.cdxj, no digests": {
    gzip: false,
    digests: [],
    index: "index.cdxj",
    deflated: /\.json/,
  },
  "Scoop: folders in the ZIP, MD5, no datapackage-digest.json, a page with a fragment": {
    algorithm: "md5",
    folders: true,
    digest: false,
    pages: (one) => ({ ...one, url: `${PAGE}#top`, ts: 1609459200000 }),
  },
};

describe("a sound package", () => {
  test.each(Object.entries(FORMS))("of %s has no finding", async (_, form) => {
    expect(await findingsOf(membersOf(form), form)).toEqual([]);
  });
});

const AWP = FORMS[Object.keys(FORMS)[0] ?? ""] ?? {};
const PLAIN: Form = { revisit: [`WARC-Refers-To: ${id(1)}`] };
type Members = Map<string, Buffer>;

/** With a member changed; its descriptions follow, unless they are to betray it. */
function changed(
  form: Form,
  path: string,
  change: (bytes: Buffer) => Buffer,
  follow = true,
): Members {
  const members = membersOf(form);
  const name = [...members.keys()].find((one) => one.includes(path)) ?? "";
  members.set(name, change(members.get(name) ?? Buffer.alloc(0)));
  return follow ? described(members) : members;
}
const edited = (from: string | RegExp, to: string) => (bytes: Buffer) =>
  Buffer.from(bytes.toString("latin1").replace(from, to), "latin1");
const without = (path: string): Members => {
  const members = membersOf(PLAIN);
  for (const name of members.keys()) if (name.includes(path)) members.delete(name);
  return members;
};
/** Without compression, so that a record can be changed where it is. */
const OPEN: Form = { ...PLAIN, gzip: false };

const DAMAGES: Readonly<Record<string, [() => Members, code: string, Form?]>> = {
  "a flipped bit in a gzip member": [
    () =>
      changed(PLAIN, "archive/", (b) => Object.assign(Buffer.from(b), { 60: (b[60] ?? 0) ^ 1 })),
    "warc",
  ],
  "a WARC file that is cut short": [
    () => changed(PLAIN, "archive/", (b) => b.subarray(0, -9)),
    "warc",
  ],
  "bytes after the last record": [
    () => changed(PLAIN, "archive/", (b) => Buffer.concat([b, Buffer.from("x")])),
    "warc",
  ],
  "a changed word of a page": [
    () => changed(OPEN, "archive/", edited("Words", "Wards")),
    "block-digest",
  ],
  "a changed payload digest": [
    () => changed({ ...OPEN, digests: ["payload"] }, "archive/", edited("Words", "Wards")),
    "payload-digest",
  ],
  "a Content-Length that is too small": [
    () => changed(OPEN, "archive/", edited(/Content-Length: \d+/, "Content-Length: 20")),
    "warc",
  ],
  "a Content-Length that is one too large": [
    () =>
      changed(OPEN, "archive/", (b) =>
        edited(
          /(Content-Length: )(\d+)/,
          `$1${Number(/Content-Length: (\d+)/.exec(b.toString())?.[1]) + 1}`,
        )(b),
      ),
    "warc",
  ],
  "an unknown version of WARC": [
    () => changed(OPEN, "archive/", edited("WARC/1.1", "WARC/9.1")),
    "warc",
  ],
  "a record id that is there twice": [
    () => changed(OPEN, "archive/", edited(id(2), id(1))),
    "record-twice",
  ],
  "a revisit of what is not there": [
    () =>
      changed(
        { ...OPEN, digests: ["block"] },
        "archive/",
        edited(`WARC-Refers-To: ${id(1)}`, `WARC-Refers-To: ${id(9)}`),
      ),
    "revisit",
  ],
  "a line of the index that is missing": [
    () => changed(PLAIN, "indexes/", (b) => b.subarray(b.indexOf(10) + 1)),
    "index",
  ],
  "a line of the index that leads nowhere": [
    () => changed(PLAIN, "indexes/", edited('"offset":"0"', '"offset":"7"')),
    "index",
  ],
  "another status in the index": [
    () => changed(AWP, "indexes/", edited('"status":200', '"status":404')),
    "index",
  ],
  "another time in the index": [
    () => changed(AWP, "indexes/", edited("20210101000000123", "20220101000000123")),
    "index",
  ],
  "another URL in the index": [
    () => changed(AWP, "indexes/", edited('news/one"', 'news/two"')),
    "index",
  ],
  "an index that is not sorted": [
    () =>
      changed(PLAIN, "indexes/", (b) =>
        Buffer.from(`${b.toString().trim().split("\n").reverse().join("\n")}\n`),
      ),
    "not-sorted",
  ],
  "an index whose compression is damaged": [
    () => changed({ index: "index.cdx.gz" }, "indexes/", (b) => b.subarray(0, -12)),
    "index",
  ],
  "no index": [() => described(without("indexes/")), "missing"],
  "no list of pages": [() => described(without("pages/")), "missing"],
  "a page that was not captured": [
    () => changed(PLAIN, "pages/", edited("news/one", "news/two")),
    "page",
  ],
  "a hash that is not that of the file": [
    () => changed(PLAIN, "pages/", edited("One", "Two"), false),
    "checksum",
  ],
  "a description that is not the one of its digest": [
    () => changed(PLAIN, "datapackage.json", edited("Another", "Changed"), false),
    "checksum",
  ],
  "a file that is not listed": [
    () => new Map([...membersOf(PLAIN), ["archive/more.txt", Buffer.from("x")]]),
    "stray",
  ],
  "a listed file that is missing": [() => without("pages/"), "missing"],
  "a compressed WARC file": [() => membersOf(PLAIN), "not-stored", { deflated: /archive/ }],
};

describe("a damaged package", () => {
  test.each(Object.entries(DAMAGES))("with %s has a finding", async (_, [make, code, form]) => {
    const found = await findingsOf(make(), form);
    expect(found.map((one) => one.split(" ")[0])).toContain(code);
  });

  test("with a member of which the ZIP directory says too little is not read on", async () => {
    const members = described(new Map([["archive/a.warc", Buffer.alloc(100 << 20)]]));
    const change = (zip: Buffer) => {
      // The uncompressed size in the local header and in the directory.
      for (let at = zip.indexOf(le(100 << 20)); at >= 0; at = zip.indexOf(le(100 << 20), at + 1))
        zip.writeUInt32LE(1000, at);
      return zip;
    };
    expect(await findingsOf(members, { deflated: /archive/ }, change)).toContain(
      "size archive/a.warc",
    );
  });

  test("with a compressed index of a hundred million bytes is read line by line, and not to its end", async () => {
    const members = membersOf({ index: "index.cdx.gz" });
    members.set("indexes/index.cdx.gz", gzipSync(Buffer.alloc(100 << 20, "x\n")));
    const before = process.memoryUsage().rss;
    const found = await findingsOf(described(members));
    expect(found.filter((one) => one.startsWith("index "))).toHaveLength(1001);
    expect(process.memoryUsage().rss - before).toBeLessThan(150 << 20);
  });
});

function le(size: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(size);
  return bytes;
}

test("docs/captures.md lists these forms and damages", () => {
  const text = readFileSync(join(import.meta.dirname, "../../docs/captures.md"), "utf8");
  const cells = text
    .split("\n")
    .flatMap((line) => /^\| ([^|]+) \| (?:no finding|`[a-z-]+`) \|$/.exec(line)?.[1] ?? []);
  expect(cells).toEqual([...Object.keys(FORMS), ...Object.keys(DAMAGES)]);
});
