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
  /** What replaces the digest of a record, made of its bytes. */
  readonly written?: (bytes: Uint8Array | string) => string;
  /** Records that follow, with lines for them in the index. */
  readonly also?: readonly Also[];
  /** Bytes after the last record. */
  readonly tail?: Buffer;
  /** Changes datapackage.json. */
  readonly describe?: (json: Record<string, unknown>) => Record<string, unknown>;
  /** An index for each record. */
  readonly split?: boolean;
  readonly eol?: string;
}

interface Also {
  readonly type: string;
  readonly uri: string;
  readonly block: string;
  readonly more?: readonly string[];
  /** What its payload digest is of; none without. */
  readonly payload?: string;
}

function recordOf(
  form: Form,
  type: string,
  n: number,
  more: readonly string[],
  block: Buffer,
  payload: Uint8Array | string | null,
  uri = type === "resource" ? "urn:pageinfo:x" : PAGE,
) {
  const {
    version = "WARC/1.1",
    algorithm = "sha1",
    digests = ["block", "payload"],
    angled,
    gzip = true,
    written = (bytes) => hex(algorithm, bytes),
  } = form;
  const lines = [
    version,
    `WARC-Type: ${type}`,
    `WARC-Record-ID: ${id(n)}`,
    "WARC-Date: 2021-01-01T00:00:00Z",
    `WARC-Target-URI: ${angled ? `<${uri}>` : uri}`,
    ...more,
    ...(digests.includes("block") ? [`WARC-Block-Digest: ${written(block)}`] : []),
    ...(digests.includes("payload") && payload !== null
      ? [`WARC-Payload-Digest: ${written(payload)}`]
      : []),
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
    ...(form.also ?? []).map(({ type, uri, block, more = [], payload = null }, at) =>
      recordOf(form, type, 4 + at, more, Buffer.from(block), payload, uri),
    ),
  ];
  const uris = [
    PAGE,
    ...(form.revisit ? [PAGE] : []),
    ...(form.resource ? ["urn:pageinfo:x"] : []),
  ];
  uris.push(...(form.also ?? []).map(({ uri }) => uri));
  const filename = gzip ? "data.warc.gz" : "data.warc";
  let offset = 0;
  const lines = records.map((bytes, at) => {
    const json = line({
      url: uris[at],
      mime: "text/html",
      status: "200",
      digest: at < records.length - (form.also ?? []).length ? hex(algorithm, payload) : "",
      length: String(bytes.length),
      offset: String(offset),
      filename,
    });
    offset += bytes.length;
    return `example,a)/news/one ${form.stamp ?? "20210101000000"} ${JSON.stringify(json)}`;
  });
  const textOf = (some: readonly string[]) =>
    Buffer.from(
      [...(form.meta ? ['!meta 0 {"format":"cdxj-gzip-1.0"}'] : []), ...some, ""].join(
        form.eol ?? "\n",
      ),
    );
  const text = textOf(form.split ? lines.splice(0, 1) : lines.sort());
  const page = { id: "1", url: PAGE, ts: "2021-01-01T00:00:00Z", title: "One" };
  const pages = [
    { format: "json-pages-1.0", id: "pages", title: "All" },
    (form.pages ?? ((one) => one))(page),
  ];
  const members = new Map([
    [`archive/${filename}`, Buffer.concat([...records, ...(form.tail ? [form.tail] : [])])],
    [`indexes/${index}`, index.endsWith("gz") ? gzipSync(text) : text],
    ["pages/pages.jsonl", Buffer.from(pages.map((one) => `${JSON.stringify(one)}\n`).join(""))],
    ...(form.meta ? [["indexes/index.idx", Buffer.from("!meta 0 {}\n")] as const] : []),
    ...(form.split ? [["indexes/more.cdxj", textOf(lines)] as const] : []),
  ]);
  return described(members, form.digest !== false, form.describe);
}

/** With the descriptions of what is there now. */
function described(
  members: Map<string, Buffer>,
  digest = true,
  change: Form["describe"] = (json) => json,
): Map<string, Buffer> {
  const resources = [...members]
    .filter(([path]) => !path.startsWith("datapackage"))
    .map(([path, bytes]) => ({
      name: path.replace(/.*\//, ""),
      path,
      hash: hex("sha256", bytes),
      bytes: bytes.length,
    }));
  const json = Buffer.from(
    JSON.stringify(
      change({
        profile: "data-package",
        wacz_version: "1.1.1",
        software: "Another 1.0",
        resources,
      }),
    ),
  );
  const made = new Map([...members, ["datapackage.json", json] as const]);
  if (digest)
    made.set(
      "datapackage-digest.json",
      Buffer.from(JSON.stringify({ path: "datapackage.json", hash: hex("sha256", json) })),
    );
  return made;
}

async function zipOf(members: ReadonlyMap<string, Buffer>, { deflated, folders }: Form = {}) {
  const zip = new ZipFile();
  if (folders) for (const folder of ["archive", "indexes", "pages"]) zip.addEmptyDirectory(folder);
  for (const [path, bytes] of members)
    zip.addBuffer(bytes, path, { compress: deflated?.test(path) ?? false });
  zip.end();
  return await buffer(zip.outputStream);
}

async function findingsOf(
  members: ReadonlyMap<string, Buffer>,
  form: Form = {},
  change = (zip: Buffer) => zip,
) {
  const file = join(await temporaryFolder(), "a.wacz");
  writeFileSync(file, change(await zipOf(members, form)));
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

const DNS = "20210101000000\na.example. 300 IN A 192.0.2.7\n";
const NOT_MODIFIED = "WARC-Profile: http://netpreserve.org/warc/1.1/revisit/server-not-modified";

/** What else is sound, by what was once taken for a damage. */
const ALSO: Readonly<Record<string, Form>> = {
  "answers of a name server": {
    also: [
      {
        type: "response",
        uri: "dns:a.example",
        block: DNS,
        payload: DNS,
        more: ["Content-Type: text/dns"],
      },
    ],
  },
  "requests, conversions and empty responses in the index": {
    also: [
      { type: "request", uri: `${PAGE}/1`, block: "GET / HTTP/1.1\r\n\r\n" },
      { type: "conversion", uri: `${PAGE}/2`, block: "words" },
      { type: "response", uri: `${PAGE}/3`, block: "" },
    ],
  },
  "digests in SHA-512": { algorithm: "sha512" },
  "digests in base64": {
    written: (bytes) => `sha-256:${createHash("sha256").update(bytes).digest("base64")}`,
    line: ({ digest: _, ...one }) => one,
  },
  "digests without their algorithm": {
    written: (bytes) => createHash("sha1").update(bytes).digest("hex"),
  },
  "a body in a coding that is not known here": {
    head: "HTTP/1.1 200 OK\r\nContent-Encoding: zstd\r\n\r\n",
    body: "(\u00b5/\u00fd",
    payload: BODY,
    digests: ["payload"],
  },
  "the first segment of a record": {
    also: [
      {
        type: "response",
        uri: `${PAGE}/1`,
        block: "HTTP/1.1 200 OK\r\n\r\nThe first",
        payload: "The first and the second",
        more: ["WARC-Segment-Number: 1"],
      },
    ],
  },
  "an interim response before the response": {
    head: "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
  },
  "drafts of WARC": { version: "WARC/0.18" },
  "an index for each WARC file": {
    split: true,
    also: [{ type: "response", uri: `${PAGE}/1`, block: "HTTP/1.1 200 OK\r\n\r\n" }],
  },
  "an index with line ends of Windows": { eol: "\r\n" },
  "a gzip member that holds nothing at the end": { tail: gzipSync("") },
  "zero bytes at the end": { tail: Buffer.alloc(3000) },
  "the draft of WACZ 1.2": {
    describe: ({ wacz_version: _, ...json }) => ({ ...json, profile: "wacz" }),
  },
  "hashes in other forms, no names": {
    describe: ({ resources, ...json }) => ({
      ...json,
      resources: (resources as { hash: string }[]).map(({ hash, ...one }) => ({
        path: `./${(one as unknown as { path: string }).path}`,
        hash: hash.slice(7).toUpperCase(),
      })),
    }),
  },
  "revisits of what other packages have": {
    revisit: [NOT_MODIFIED, "WARC-Refers-To-Date: 2020-01-01T00:00:00Z"],
    digests: ["block"],
    describe: (json) => ({ ...json, relation: { requires: ["other.wacz"] } }),
  },
  "a revisit with the digest of nothing": {
    revisit: [NOT_MODIFIED, `WARC-Refers-To: ${id(1)}`, `WARC-Payload-Digest: ${hex("sha1", "")}`],
    line: ({ digest: _, ...one }) => one,
  },
};

/** With the entries of the ZIP directory changed. */
function redirected(change: (entries: Buffer[]) => Buffer[]) {
  return (zip: Buffer): Buffer => {
    const end = zip.lastIndexOf("PK\u0005\u0006");
    const from = zip.readUInt32LE(end + 16);
    const entries: Buffer[] = [];
    for (let at = from; at < end; at += entries.at(-1)?.length ?? end) {
      const more = [28, 30, 32].map((field) => zip.readUInt16LE(at + field));
      entries.push(
        zip.subarray(
          at,
          more.reduce((sum, one) => sum + one, at + 46),
        ),
      );
    }
    const made = change(entries);
    const tail = Buffer.from(zip.subarray(end));
    tail.writeUInt16LE(made.length, 8);
    tail.writeUInt16LE(made.length, 10);
    tail.writeUInt32LE(Buffer.concat(made).length, 12);
    return Buffer.concat([zip.subarray(0, from), ...made, tail]);
  };
}

describe("a sound package", () => {
  test.each(Object.entries(ALSO))("with %s has no finding", async (_, form) => {
    expect(await findingsOf(membersOf(form), form)).toEqual([]);
  });

  test("with hashes of no known kind says that they were not compared", async () => {
    const unknown = (path: string) => (path.startsWith("archive/") ? "blake3:00" : "0123456789");
    const describe: Form["describe"] = ({ resources, ...json }) => ({
      ...json,
      resources: (resources as { path: string }[]).map((one) => ({
        ...one,
        hash: unknown(one.path),
      })),
    });
    const file = join(await temporaryFolder(), "a.wacz");
    writeFileSync(file, await zipOf(membersOf({ describe })));
    const { findings, notes } = await verifyArchive(file);
    expect({ findings, notes }).toEqual({
      findings: [],
      notes: [
        "a.wacz/archive/data.warc.gz: its hash blake3:00 is not of a known kind, and was not compared, nor are those of 2 other files",
      ],
    });
    const ours = membersOf({ describe: (json) => describe({ ...json, software: "sitelift 1.0" }) });
    expect(await findingsOf(ours)).toContain("checksum archive/data.warc.gz");
  });

  test("whose ZIP directory has another order has no finding", async () => {
    const reversed = redirected((entries) => entries.toReversed());
    expect(await findingsOf(membersOf({}), {}, reversed)).toEqual([]);
  });

  test("of packages has no finding, and those of what is in it", async () => {
    const inner = async (form: Form, members = membersOf(form)) => zipOf(members, form);
    const outer = async (form: Form, members?: Map<string, Buffer>) =>
      described(new Map([["one.wacz", await inner(form, members)]]), false, (json) => ({
        profile: "multi-wacz-package",
        resources: json.resources,
      }));
    expect(await findingsOf(await outer({}))).toEqual([]);
    expect(await findingsOf(await outer({}, without("indexes/")))).toContain(
      "missing one.wacz/indexes/index.cdx",
    );
  });

  test("of packages of packages is read one level deep", async () => {
    const wrapped = async (inner: Buffer) => zipOf(described(new Map([["one.wacz", inner]])));
    let zip = await zipOf(membersOf({}));
    for (let level = 0; level < 3; level++) zip = await wrapped(zip);
    expect(await findingsOf(described(new Map([["one.wacz", zip]])))).toEqual([
      "missing one.wacz/archive/*.warc.gz",
      "missing one.wacz/indexes/index.cdx",
      "missing one.wacz/pages/pages.jsonl",
    ]);
  });

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
  "a record without an id": [
    () => changed(OPEN, "archive/", edited("WARC-Record-ID", "X-Record-ID")),
    "warc",
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

describe("a WARC file by itself", () => {
  const checked = async (form: Form, change = (bytes: Buffer) => bytes) => {
    const [bytes = Buffer.alloc(0)] = membersOf(form).values();
    const file = join(await temporaryFolder(), "a.warc.gz");
    writeFileSync(file, change(bytes));
    const { findings, notes } = await verifyArchive(file);
    return { findings: findings.map(({ code, path }) => `${code} ${path}`), notes };
  };

  test.each(Object.entries({ ...FORMS, ...ALSO }))("with %s has no finding", async (_, form) => {
    expect((await checked(form)).findings).toEqual([]);
  });

  test("says where it is damaged", async () => {
    const { findings } = await checked({}, (bytes) => bytes.subarray(0, -9));
    expect(findings).toEqual(["warc a.warc.gz:0"]);
  });

  test("may repeat what is in other files, and says so", async () => {
    const { findings, notes } = await checked({
      revisit: ["WARC-Refers-To-Date: 2020-01-01T00:00:00Z"],
      digests: [],
    });
    expect({ findings, notes }).toEqual({
      findings: [],
      notes: ["a.warc.gz: 1 revisit of responses that are in no record of this file"],
    });
  });
});

describe("a damaged package", () => {
  test.each(Object.entries(DAMAGES))("with %s has a finding", async (_, [make, code, form]) => {
    const found = await findingsOf(make(), form);
    expect(found.map((one) => one.split(" ")[0])).toContain(code);
  });

  test("with more lost responses than bad lines are read has one damage, and no index is called wrong", async () => {
    // What is whole comes last in the index.
    const also = Array.from({ length: 1_200 }, (_, at) => ({
      ...{ type: "response", uri: `${PAGE}/${9_000 - at}`, payload: BODY },
      block: `HTTP/1.1 200 OK\r\n\r\n${BODY}`,
    }));
    const cut = changed({ also }, "archive/", (bytes) => bytes.subarray(0, bytes.length >> 4));
    expect(await findingsOf(cut)).toEqual([expect.stringMatching(/^warc archive\//)]);
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

  test("with members in each other's bytes has them read once", async () => {
    const again = redirected((entries) => [...entries, ...entries.slice(0, 1)]);
    expect(await findingsOf(membersOf({}), {}, again)).toContain("zip archive/data.warc.gz");
  });

  test("with a line of the index that is too long has those after it read", async () => {
    const long = Buffer.from(`!${"a".repeat(3 << 20)}\n`);
    const members = changed(PLAIN, "indexes/", (bytes) => Buffer.concat([long, bytes]));
    expect(await findingsOf(members)).toEqual([]);
    long[0] = 0x30;
    expect(await findingsOf(changed(PLAIN, "indexes/", (b) => Buffer.concat([long, b])))).toEqual([
      "index indexes/index.cdx:1",
    ]);
  });

  test("with a line of a page that is too long says that it is not read", async () => {
    const file = join(await temporaryFolder(), "a.wacz");
    const pages: Form["pages"] = (line) => ({ ...line, text: "a".repeat(2 << 20) });
    writeFileSync(file, await zipOf(membersOf({ pages })));
    const { findings } = await verifyArchive(file);
    expect(findings.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      "a.wacz/pages/pages.jsonl:2: the line is longer than 1 MB, and is not read",
    ]);
  });

  test.each([
    ["very deep", `${"[".repeat(300)}${"]".repeat(300)}`],
    ["very many", `[${"[],".repeat(600_000)}[]]`],
  ])("with %s values in its description is not parsed", async (_, json) => {
    const text = `{"software": "x", "resources": [], "more": ${json}}`;
    const members = changed(PLAIN, "datapackage.json", () => Buffer.from(text), false);
    expect(await findingsOf(members)).toContain("package datapackage.json");
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
