/** Revisits that viewers show: wabac and pywb take status and headers from them, and show an empty page for a 304. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunningOffice } from "../../fixtures/office/server.js";
import { packArchive } from "../../src/archive/pack/pack.js";
import { verifyArchive } from "../../src/archive/verify/verify.js";
import { inMemory } from "../../src/warc/bytes.js";
import { parseCdxj } from "../../src/warc/cdxj.js";
import { contentOf, readZip } from "../../src/warc/zip.js";
import { buildHere, crawlHere } from "../commands/here.js";
import { scratch } from "../commands/sitelift.js";
import { capturesOf, FEW, hashes, officeWithSite } from "./office.js";
import { keepNotModified } from "./older.js";
import { type ForeignRecord, foreignIndex, foreignRecords } from "./warcio.js";

let cwd: string;
let office: RunningOffice;

beforeAll(async () => {
  cwd = scratch();
  office = await officeWithSite(cwd);
  await crawlHere(cwd, "A");
  await crawlHere(cwd, "A");
  cpSync(join(cwd, "A"), join(cwd, "older"), { recursive: true });
  await keepNotModified(join(cwd, "older"));
});
afterAll(() => office.close());

/** Packs an archive, and gives its index and the records of its captures by their ids. */
async function packed(archive: string) {
  const out = join(cwd, `${archive}.wacz`);
  await packArchive(join(cwd, archive), out, "sitelift test");
  const folder = join(cwd, `unpacked-${archive}`);
  mkdirSync(folder, { recursive: true });
  const records = new Map<string, ForeignRecord>();
  const foreign: string[] = [];
  for await (const member of readZip(inMemory(readFileSync(out)))) {
    const file = join(folder, basename(member.path));
    const bytes = await contentOf(member);
    writeFileSync(file, await bytes.read(0, bytes.size));
    if (!member.path.startsWith("archive/")) continue;
    for (const record of await foreignRecords(file)) records.set(record.id, record);
    foreign.push(...(await foreignIndex(file, basename(file))));
  }
  const index = readFileSync(join(folder, "index.cdx"), "utf8").trimEnd().split("\n");
  return { out, records, index, foreign };
}

/** What a viewer reads of the line of an index. */
function seen(text: string) {
  const line = parseCdxj(text);
  const { url, date, mime, status, offset, length, filename } = line ?? {};
  return { url, date, mime, status, offset, length, filename };
}

const byKey = (a: object, b: object) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

describe.each([
  ["of this version", "A"],
  ["of an older version, repaired by pack", "older"],
])("an archive %s", (_, archive) => {
  test("has revisits with the status and headers of their originals, for warcio too", async () => {
    const { records, index, foreign } = await packed(archive);
    const revisits = [...records.values()].filter(({ type }) => type === "revisit");
    expect(revisits.length).toBeGreaterThan(FEW);
    for (const revisit of revisits) {
      const original = records.get(revisit.header("WARC-Refers-To") ?? "");
      expect(original?.type).toBe("response");
      expect(revisit.statusLine).toBe(original?.statusLine);
      expect(revisit.statusLine).toMatch(/ 200 /);
      for (const name of ["content-type", "content-encoding", "content-length", "etag"])
        expect(revisit.httpHeader(name)).toBe(original?.httpHeader(name));
      expect(revisit.payload).toHaveLength(0);
    }
    expect(index).toEqual(index.toSorted());
    expect(index.map(seen).sort(byKey)).toEqual(foreign.map(seen).sort(byKey));
    const repeats = index.map(seen).filter(({ mime }) => mime === "warc/revisit");
    expect(repeats.map(({ status }) => status)).toEqual(revisits.map(() => 200));
  });

  test("verifies and is built again byte for byte, from its captures and from its package", async () => {
    const { out } = await packed(archive);
    for (const path of [join(cwd, archive), out])
      expect((await verifyArchive(path)).findings).toEqual([]);
    for (const from of [archive, `${archive}.wacz`]) {
      const to = `built-${from}`;
      const built = await buildHere(cwd, [from], to);
      expect(built.exitCode, built.stderr).toBe(0);
      expect(hashes(join(cwd, to))).toEqual(hashes(join(cwd, "A")));
    }
  });

  test("is crawled again without fetching a page body", async () => {
    const before = office.requests.length;
    const ended = await crawlHere(cwd, archive);
    expect(ended.exitCode, ended.stderr).toBe(0);
    const statuses = office.requests.slice(before).map(({ status }) => status);
    expect(statuses.filter((status) => status === 304).length).toBeGreaterThan(FEW);
    expect((await verifyArchive(join(cwd, archive))).findings).toEqual([]);
    expect(hashes(join(cwd, archive))).toEqual(hashes(join(cwd, "A")));
  });
});

test("the response 304 that came is in the metadata record of a revisit", async () => {
  const [, second = ""] = capturesOf(join(cwd, "A"));
  const records = await foreignRecords(join(cwd, "A/captures", second, "data.warc.gz"));
  const revisit = records.find(({ type }) => type === "revisit");
  const metadata = records.find(
    ({ type, header }) => type === "metadata" && header("WARC-Concurrent-To") === revisit?.id,
  );
  expect(Buffer.from(metadata?.payload ?? []).toString()).toMatch(
    /^received: HTTP\/1\.1 304 Not Modified\r\n(?:received-[\w-]+: .*\r\n)+$/m,
  );
});

test("pack leaves the captures of an archive as they are, and says in capture.json of the package what is in it", async () => {
  const before = capturesOf(join(cwd, "older")).map((name) =>
    readFileSync(join(cwd, "older/captures", name, "data.warc.gz")),
  );
  const { out } = await packed("older");
  capturesOf(join(cwd, "older")).forEach((name, at) => {
    const after = readFileSync(join(cwd, "older/captures", name, "data.warc.gz"));
    expect(after.equals(before[at] ?? Buffer.alloc(0))).toBe(true);
  });
  const sums = new Map<string, unknown>();
  const accounts = new Map<string, unknown>();
  for await (const member of readZip(inMemory(readFileSync(out)))) {
    const bytes = await contentOf(member);
    const [, name = ""] = /^archive\/(.*)\.warc\.gz$/.exec(member.path) ?? [];
    if (name !== "") sums.set(name, bytes.size);
    const [, of = ""] = /^captures\/(.*)\/capture\.json$/.exec(member.path) ?? [];
    if (of === "") continue;
    const { files } = JSON.parse(Buffer.from(await bytes.read(0, bytes.size)).toString());
    accounts.set(of, files.find(({ path }: { path: string }) => path === "data.warc.gz").bytes);
  }
  expect(sums.size).toBeGreaterThan(1);
  expect(accounts).toEqual(sums);
});
