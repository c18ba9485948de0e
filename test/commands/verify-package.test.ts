/** `sitelift verify` on WACZ packages: each damage is found, and named. */
import { createHash } from "node:crypto";
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { gunzipSync, gzipSync } from "node:zlib";
import { beforeAll, expect, test } from "vitest";
import { fromBufferPromise } from "yauzl";
import { ZipFile } from "yazl";
import { officeWithSite } from "../capture/office.js";
import { events, scratch, sitelift } from "./sitelift.js";

type Members = Map<string, Buffer>;

let cwd: string;
let whole: Buffer;
let members: Members;
/** Path of the WARC file that holds the originals: the larger one, since the names of captures of one second have no order. */
let warc: string;

beforeAll(async () => {
  cwd = scratch();
  const office = await officeWithSite(cwd);
  await sitelift(["crawl", "site.json", "--out", "A"], { cwd });
  await sitelift(["crawl", "site.json", "--out", "A"], { cwd });
  await office.close();
  const packed = await sitelift(["pack", "A"], { cwd });
  expect(packed.exitCode, packed.stderr).toBe(0);
  whole = readFileSync(join(cwd, "A.wacz"));
  members = new Map();
  const zip = await fromBufferPromise(whole, { lazyEntries: true });
  for await (const entry of zip.eachEntry())
    members.set(entry.fileName, await buffer(await zip.openReadStreamPromise(entry)));
  const size = (path: string) => members.get(path)?.length ?? 0;
  [warc = ""] = [...members.keys()]
    .filter((path) => path.startsWith("archive/"))
    .sort((a, b) => size(b) - size(a));
});

/** A ZIP file of members, some of them compressed. */
async function zipOf(some: Members, deflated: readonly string[] = []): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [path, bytes] of some)
    zip.addBuffer(bytes, path, { compress: deflated.includes(path) });
  zip.end();
  return buffer(zip.outputStream);
}

const sum = (bytes: Uint8Array) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

/** Makes the descriptions right again, so that only what is inside can betray a change. */
function described(some: Members): Members {
  const made = new Map(some);
  const text = made.get("datapackage.json")?.toString() ?? "";
  const description = JSON.parse(text) as { resources: { path: string }[] };
  const resources = description.resources.flatMap((resource) => {
    const bytes = made.get(resource.path);
    return bytes === undefined ? [] : [{ ...resource, hash: sum(bytes), bytes: bytes.length }];
  });
  const json = Buffer.from(JSON.stringify({ ...description, resources }));
  const digest = JSON.stringify({ path: "datapackage.json", hash: sum(json) });
  made.set("datapackage.json", json);
  made.set("datapackage-digest.json", Buffer.from(digest));
  return made;
}

function changed(path: string, change: (bytes: Buffer) => Buffer | null): Members {
  const made = new Map(members);
  const bytes = change(Buffer.from(members.get(path) ?? ""));
  if (bytes === null) made.delete(path);
  else made.set(path, bytes);
  return made;
}

function flip(bytes: Buffer, at = bytes.length >> 1): Buffer {
  const made = Buffer.from(bytes);
  made[at] = (made[at] ?? 0) ^ 1;
  return made;
}

function replace(bytes: Buffer, from: RegExp | string, to: string): Buffer {
  const made = bytes.toString("latin1").replace(from, to);
  expect(made).not.toBe(bytes.toString("latin1"));
  return Buffer.from(made, "latin1");
}

/** Changes the record of a listing page, its gzip member whole again and the index still right but for the length. */
function record(change: (text: Buffer) => Buffer): (bytes: Buffer) => Buffer {
  return (bytes) => {
    const index = members.get("indexes/index.cdx")?.toString() ?? "";
    const name = warc.slice("archive/".length);
    const found = index
      .split("\n")
      .find((line) => line.includes("articles?page=1") && line.includes(name));
    const { offset, length } = JSON.parse(/\{.*\}/.exec(found ?? "")?.[0] ?? "");
    const [start, end] = [Number(offset), Number(offset) + Number(length)];
    const made = gzipSync(change(gunzipSync(bytes.subarray(start, end))));
    return Buffer.concat([bytes.subarray(0, start), made, bytes.subarray(end)]);
  };
}

async function verify(name: string, bytes: Uint8Array) {
  writeFileSync(join(cwd, name), bytes);
  const ended = await sitelift(["verify", name, "--json"], { cwd });
  const all = events(ended.stdout);
  const found = all.flatMap(({ event, code, path }) =>
    event === "finding" ? [`${code} ${path}`] : [],
  );
  return { ...ended, found, end: all.at(-1) };
}

test("verify accepts a package written by pack and a copy made by another ZIP writer", async () => {
  const text = await sitelift(["verify", "A.wacz"], { cwd });
  expect(text.exitCode, text.stdout).toBe(0);
  expect(text.stdout).toMatch(
    /^note pages are shown without .*\nA\.wacz checks out: \d+ files, 2 captures, \d+ responses\n$/,
  );
  const again = await verify("again.wacz", await zipOf(members));
  expect(again.found).toEqual([]);
  expect(again.end).toMatchObject({ event: "end", exitCode: 0, counts: { captures: 2 } });
  expect((await verify("described.wacz", await zipOf(described(members)))).found).toEqual([]);
});

test("a package of two captures lists each page once, at the newer one", () => {
  const [, ...lines] = (members.get("pages/pages.jsonl")?.toString() ?? "").trim().split("\n");
  const pages = lines.map((line) => JSON.parse(line) as { url: string; ts: string });
  const newest = [...members.keys()]
    .filter((path) => path.startsWith("archive/"))
    .sort()
    .at(-1);
  const day = /\d{8}/.exec(newest ?? "")?.[0];
  expect(new Set(pages.map(({ url }) => url)).size).toBe(pages.length);
  const times = pages.map(({ ts }) => ts.replace(/\D/g, ""));
  expect(times.every((time) => time.startsWith(day ?? ""))).toBe(true);
});

/** Name, bytes of the package, and findings of which each must be there: the code, and the path below the package. */
const DAMAGES: readonly [string, () => Promise<Buffer> | Buffer, readonly string[]][] = [
  ["a deflated member", () => zipOf(members, [warc]), ["not-stored archive/"]],
  [
    "a wrong hash",
    () =>
      zipOf(changed("datapackage.json", (bytes) => replace(bytes, /sha256:[0-9a-f]/, "sha256:x"))),
    ["package datapackage.json", "checksum datapackage.json"],
  ],
  [
    "a hash of another file",
    () => {
      const [one = "", two = ""] =
        (members.get("datapackage.json") ?? "").toString().match(/sha256:[0-9a-f]{64}/g) ?? [];
      return zipOf(changed("datapackage.json", (bytes) => replace(bytes, one, two)));
    },
    ["checksum archive/", "checksum datapackage.json"],
  ],
  [
    "a wrong digest of the description",
    () =>
      zipOf(changed("datapackage-digest.json", (b) => replace(b, /"sha256:.{64}"/, `"${sum(b)}"`))),
    ["checksum datapackage.json"],
  ],
  [
    "a missing index",
    () => zipOf(changed("indexes/index.cdx", () => null)),
    ["missing indexes/index.cdx"],
  ],
  [
    "a missing index that is not listed",
    () => zipOf(described(changed("indexes/index.cdx", () => null))),
    ["missing indexes/index.cdx"],
  ],
  [
    "missing pages",
    () => zipOf(described(changed("pages/pages.jsonl", () => null))),
    ["missing pages/"],
  ],
  [
    "a missing description",
    () => zipOf(changed("datapackage.json", () => null)),
    ["missing datapackage.json"],
  ],
  [
    "a missing digest",
    () => zipOf(changed("datapackage-digest.json", () => null)),
    ["missing datapackage-digest.json"],
  ],
  [
    "a missing entry",
    () => zipOf(changed("entries/entries.jsonl", () => null)),
    ["missing entries/entries.jsonl"],
  ],
  [
    "a stray file",
    () => zipOf(changed("archive/notes.txt", () => Buffer.from("a"))),
    ["stray archive/notes.txt"],
  ],
  [
    "a flipped bit in a WARC",
    () =>
      flip(whole, whole.indexOf(members.get(warc) ?? "") + ((members.get(warc)?.length ?? 0) >> 1)),
    ["checksum archive/", "warc archive/"],
  ],
  [
    "a flipped bit in a WARC, under right hashes",
    () => zipOf(described(changed(warc, (bytes) => flip(bytes)))),
    ["warc archive/"],
  ],
  [
    "a body changed under a sound gzip and right hashes",
    () =>
      zipOf(
        described(
          changed(
            warc,
            record((bytes) => replace(bytes, "<title>", "<TITLE>")),
          ),
        ),
      ),
    ["block-digest archive/", "payload-digest archive/"],
  ],
  [
    "an index that lacks a line",
    () => zipOf(described(changed("indexes/index.cdx", (b) => b.subarray(b.indexOf("\n") + 1)))),
    ["index indexes/index.cdx"],
  ],
  [
    "an index that names another WARC file",
    () =>
      zipOf(
        described(changed("indexes/index.cdx", (b) => replace(b, /"filename":"/, '"filename":"x'))),
      ),
    ["index indexes/index.cdx:1"],
  ],
  [
    "a dangling revisit",
    () => zipOf(described(changed(warc, () => null))),
    ["revisit archive/", "index indexes/index.cdx"],
  ],
  [
    "a page without a response",
    () => zipOf(described(changed("pages/pages.jsonl", (b) => replace(b, /"url":"/, '"url":"x')))),
    ["page pages/pages.jsonl:2"],
  ],
  ["its end cut off", () => whole.subarray(0, whole.length - 30), ["zip "]],
  ["its second half cut off", () => whole.subarray(0, whole.length >> 1), ["zip "]],
  ["bytes before its start", () => Buffer.concat([Buffer.from("PK"), whole]), [""]],
];

test.each(DAMAGES)("verify finds a package with %s", async (name, make, wanted) => {
  const file = `${name.replaceAll(/\W+/g, "-")}.wacz`;
  const ended = await verify(file, await make());
  rmSync(join(cwd, file));
  expect(ended.exitCode, ended.stderr).toBe(1);
  for (const one of wanted) {
    const [code = "", path = ""] = one.split(" ");
    const start = path === "" ? `${code} ${file}` : `${code} ${file}/${path}`;
    expect(
      ended.found.some((line) => line.startsWith(one === "" ? "" : start)),
      `${one} in ${ended.found.slice(0, 5)}`,
    ).toBe(true);
  }
  expect(ended.end).toMatchObject({ event: "end", exitCode: 1 });
});

test("verify checks a package inside an archive folder and does not report it as stray", async () => {
  copyFileSync(join(cwd, "A.wacz"), join(cwd, "A/A.wacz"));
  const sound = await sitelift(["verify", "A"], { cwd });
  expect(sound.exitCode, sound.stdout).toBe(0);
  expect(sound.stdout).toContain("2 captures, 1 package\n");
  writeFileSync(join(cwd, "A/A.wacz"), whole.subarray(0, -30));
  const cut = await sitelift(["verify", "A"], { cwd });
  expect(cut.exitCode).toBe(1);
  expect(cut.stdout).toContain("zip A.wacz: cannot be read as a ZIP file");
  expect(cut.stdout).toContain("Restore the package from a copy, or pack the archive again.");
  rmSync(join(cwd, "A/A.wacz"));
});

test("verify of a file that is not a package is a usage error", async () => {
  writeFileSync(join(cwd, "letters.zip"), await zipOf(new Map([["a.txt", Buffer.from("a")]])));
  for (const name of ["site.json", "letters.zip"]) {
    const ended = await sitelift(["verify", name], { cwd });
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toContain("is neither an archive nor a WACZ package");
    expect(ended.stderr).toContain("hint: ");
  }
});
