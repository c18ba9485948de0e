/** `sitelift verify` on captures: each damage is found, and named. */
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunningOffice } from "../../fixtures/office/server.js";
import { verifyArchive } from "../../src/archive/verify/verify.js";
import { capturesOf, FEW, hashes, linesOf, officeWithSite } from "../capture/office.js";
import { buildHere, crawlHere } from "./here.js";
import { events, scratch, sitelift } from "./sitelift.js";

let cwd: string;
let office: RunningOffice;
let [first, second] = ["", ""];

beforeAll(async () => {
  cwd = scratch();
  office = await officeWithSite(cwd);
  await crawlHere(cwd, "A");
  await crawlHere(cwd, "A");
  [first = "", second = ""] = capturesOf(join(cwd, "A"));
});
afterAll(() => office.close());

describe("a second crawl of an unchanged site", () => {
  test("a second crawl of an unchanged site fetches no page body again and stores revisits that resolve", async () => {
    const lines = readFileSync(join(cwd, "A/captures", second, "index.cdxj"), "utf8");
    expect(lines.trimEnd().split("\n").length).toBeGreaterThan(FEW);
    expect(lines).not.toContain('"mime":"text/html"');
    expect(office.requests.slice(-FEW).every(({ status }) => status === 304)).toBe(true);
    const verified = await sitelift(["verify", "A"], { cwd });
    expect(verified.exitCode, verified.stdout).toBe(0);
    expect(verified.stdout).toContain("2 captures");
  });

  test("build needs the first capture to resolve the revisits of the second, and names the pages that are missing without it", async () => {
    const both = await buildHere(cwd, ["A"], "B");
    expect(both.exitCode, both.stderr).toBe(0);
    expect(hashes(join(cwd, "B"))).toEqual(hashes(join(cwd, "A")));
    const ended = await buildHere(cwd, [`A/captures/${second}`], "C");
    expect(ended.exitCode).toBe(3);
    expect(ended.stderr).toContain("which no capture given here holds");
  });

  test("a second crawl stores a complete capture when asked to, and verify misses nothing of an older one that was removed", async () => {
    await crawlHere(cwd, "D");
    await sitelift(["crawl", "site.json", "--out", "D", "--self-contained"], { cwd });
    const [oldest = "", newest = ""] = capturesOf(join(cwd, "D"));
    rmSync(join(cwd, "D/captures", oldest), { recursive: true });
    const verified = await sitelift(["verify", "D"], { cwd });
    expect(verified.exitCode, verified.stdout).toBe(0);
    const ended = await buildHere(cwd, [`D/captures/${newest}`], "E", { media: false });
    expect(ended.exitCode, ended.stderr).toBe(0);
    const ids = (archive: string) =>
      linesOf<{ id: string }>(join(cwd, archive, "entries.jsonl")).map(({ id }) => id);
    expect(ids("E")).toEqual(ids("D"));
  });
});

describe("verify of damaged captures", () => {
  /** Rewrites one file of a copy of the archive; gives the codes of what is found. */
  async function damage(
    name: string,
    path: string,
    change: (bytes: Buffer) => Uint8Array | string | null,
  ): Promise<string[]> {
    const copy = `damaged-${name.replaceAll(/\W+/g, "-")}`;
    cpSync(join(cwd, "A"), join(cwd, copy), { recursive: true });
    const file = join(cwd, copy, "captures", path);
    const changed = change(readFileSync(file));
    if (changed === null) rmSync(file, { recursive: true });
    else writeFileSync(file, changed);
    const ended = await sitelift(["verify", copy, "--json"], { cwd });
    rmSync(join(cwd, copy), { recursive: true });
    expect(ended.exitCode, ended.stderr).toBe(1);
    return events(ended.stdout).flatMap(({ event, code }) =>
      event === "finding" ? [String(code)] : [],
    );
  }

  /** Changes one member of a WARC file, its gzip whole again. */
  const member = (bytes: Buffer, change: (text: string) => string) => {
    const index = readFileSync(join(cwd, "A/captures", first, "index.cdxj"), "utf8");
    const { offset, length } = JSON.parse(/\{.*articles\?page=1.*\}/.exec(index)?.[0] ?? "");
    const [start, end] = [Number(offset), Number(offset) + Number(length)];
    const text = gunzipSync(bytes.subarray(start, end)).toString("latin1");
    const changed = gzipSync(Buffer.from(change(text), "latin1"));
    return Buffer.concat([bytes.subarray(0, start), changed, bytes.subarray(end)]);
  };
  const flip = (bytes: Buffer) => {
    const changed = Buffer.from(bytes);
    changed[bytes.length >> 1] = (changed[bytes.length >> 1] ?? 0) ^ 1;
    return changed;
  };

  test.each<[string, () => string, (bytes: Buffer) => Uint8Array | string | null, string[]]>([
    ["a flipped bit of the WARC", () => `${first}/data.warc.gz`, flip, ["checksum", "warc"]],
    [
      "a WARC cut short",
      () => `${first}/data.warc.gz`,
      (bytes) => bytes.subarray(0, bytes.length - 9),
      ["size", "checksum", "warc"],
    ],
    [
      "a body changed under a sound gzip",
      () => `${first}/data.warc.gz`,
      (bytes) => member(bytes, (text) => text.replace("<title>", "<TITLE>")),
      ["block-digest", "payload-digest"],
    ],
    [
      "a wrong payload digest",
      () => `${first}/data.warc.gz`,
      (bytes) => member(bytes, (text) => text.replace(/(Payload-Digest: sha1:)....../, "$1AAAAAA")),
      ["payload-digest", "index"],
    ],
    [
      "a wrong length",
      () => `${first}/data.warc.gz`,
      (bytes) => member(bytes, (text) => text.replace(/(\r\nContent-Length: )\d/, "$19")),
      ["warc"],
    ],
    ["a missing index", () => `${first}/index.cdxj`, () => null, ["missing"]],
    ["a flipped bit of the index", () => `${first}/index.cdxj`, flip, ["checksum"]],
    [
      "an index that lacks a line",
      () => `${first}/index.cdxj`,
      (bytes) => bytes.subarray(bytes.indexOf("\n") + 1),
      ["index", "size"],
    ],
    [
      "an index line without a record",
      () => `${first}/index.cdxj`,
      (bytes) => bytes.toString().replace(/"offset":"\d+"/, '"offset":"7"'),
      ["index"],
    ],
    [
      "an index that is not UTF-8",
      () => `${first}/index.cdxj`,
      (bytes) => Buffer.concat([bytes, Buffer.from([0xff, 10])]),
      ["unreadable", "size", "checksum"],
    ],
    [
      "records that are not UTF-8",
      () => `${second}/records.jsonl`,
      (bytes) => Buffer.concat([bytes, Buffer.from([0xff, 10])]),
      ["unreadable", "size", "checksum"],
    ],
    ["a dangling revisit", () => first, () => null, ["revisit"]],
    ["a flipped bit of the records", () => `${second}/records.jsonl`, flip, ["checksum"]],
    [
      "records that lack an entry",
      () => `${second}/records.jsonl`,
      (bytes) => bytes.subarray(bytes.indexOf("\n") + 1),
      ["record"],
    ],
    [
      "records of another response",
      () => `${second}/records.jsonl`,
      (bytes) =>
        bytes.toString().replace(/"record":"<urn:uuid:......../, '"record":"<urn:uuid:00000000'),
      ["record"],
    ],
    ["a missing capture.json", () => `${first}/capture.json`, () => null, ["missing"]],
    [
      "a wrong size in capture.json",
      () => `${first}/capture.json`,
      (bytes) => bytes.toString().replace(/"bytes": \d+/, '"bytes": 1'),
      ["size"],
    ],
  ])("verify finds %s", async (name, path, change, codes) => {
    const found =
      name === "a dangling revisit" ? await dangling() : await damage(name, path(), change);
    for (const code of codes) expect(found).toContain(code);
  });

  /** Findings of a copy of the archive whose first WARC file was changed. */
  async function afterChange(name: string, change: (bytes: Buffer) => Uint8Array) {
    cpSync(join(cwd, "A"), join(cwd, name), { recursive: true });
    const file = join(cwd, name, "captures", first, "data.warc.gz");
    writeFileSync(file, change(readFileSync(file)));
    const { findings } = await verifyArchive(join(cwd, name));
    rmSync(join(cwd, name), { recursive: true });
    return findings.filter(({ code }) => code !== "checksum" && code !== "size");
  }

  test.each([
    ["its first byte", 0],
    ["its middle", 0.5],
    ["its checksum", 0.999],
  ])(
    "one flipped byte of a member, at %s, is one damage that names what is lost, and all other members are checked",
    async (name, share) => {
      const index = readFileSync(join(cwd, "A/captures", first, "index.cdxj"), "utf8");
      const lines = index.trimEnd().split("\n");
      const lost = JSON.parse(/\{.*articles\?page=1.*\}/.exec(index)?.[0] ?? "");
      const at = Number(lost.offset) + Math.floor(Number(lost.length) * share);
      const findings = await afterChange(name.replaceAll(" ", "-"), (bytes) => {
        bytes[at] = (bytes[at] ?? 0) ^ 1;
        return bytes;
      });
      expect(lines.length).toBeGreaterThan(FEW);
      const damages = findings.filter(({ code }) => code === "warc");
      expect(damages).toMatchObject([{ path: `captures/${first}/data.warc.gz:${lost.offset}` }]);
      expect(damages[0]?.message).toContain(`; the response of ${lost.url} cannot be read`);
      // What is left are lines that point into that member.
      const others = findings.filter(({ code }) => code !== "warc");
      expect(others.map(({ code }) => code)).not.toContain("index");
      for (const { message } of others) expect(message).toContain(lost.url);
    },
  );

  test("what a file that was cut short lacks is one damage, and no line of its index is called wrong", async () => {
    const findings = await afterChange("half", (bytes) => bytes.subarray(0, bytes.length >> 1));
    expect(findings.filter(({ code }) => code === "index")).toEqual([]);
    const damages = findings.filter(({ code }) => code === "warc");
    expect(damages.map(({ message }) => message)).toEqual([
      expect.stringMatching(/cut short; the responses of .* and \d+ more cannot be read$/),
    ]);
  });

  async function dangling(): Promise<string[]> {
    cpSync(join(cwd, "A"), join(cwd, "dangling"), { recursive: true });
    rmSync(join(cwd, "dangling/captures", first), { recursive: true });
    const ended = await sitelift(["verify", "dangling", "--json"], { cwd });
    return events(ended.stdout).flatMap(({ code }) => (code === undefined ? [] : [String(code)]));
  }

  test("verify finds nothing wrong when the office changed between two crawls", async () => {
    await crawlHere(cwd, "F");
    // Entries are sorted by ids that hold the port: an entry that is only a row, without a page to remove, may be first.
    const [path] = linesOf<{ data: { sourceUrl: string } }>(join(cwd, "F/entries.jsonl"))
      .map(({ data }) => new URL(data.sourceUrl))
      .flatMap(({ hash, pathname }) => (hash === "" ? [pathname] : []));
    office.edit({ kind: "remove", on: "2021-12-24", path: path ?? "" });
    await crawlHere(cwd, "F");
    const verified = await sitelift(["verify", "F"], { cwd });
    expect(verified.exitCode, verified.stdout).toBe(0);
    const built = await buildHere(cwd, ["F"], "G");
    expect(built.exitCode, built.stderr).toBe(0);
    expect(hashes(join(cwd, "G"))).toEqual(hashes(join(cwd, "F")));
    expect(readFileSync(join(cwd, "G/ledger.jsonl"), "utf8")).toContain('"state":"gone"');
  });
});
