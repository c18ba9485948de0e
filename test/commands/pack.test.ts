/** `sitelift pack`, looked at by a ZIP program that is not ours. */
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { packArchive } from "../../src/archive/pack/pack.js";
import { storedZip } from "../../src/archive/pack/stored-zip.js";
import { type Disk, realDisk } from "../../src/disk/disk.js";
import { FEW, hashes, officeWithSite } from "../capture/office.js";
import { scratch, sitelift, siteliftProcess } from "./sitelift.js";

const LOOK = `
import hashlib, json, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
read = lambda path: z.read(path)
package = json.loads(read("datapackage.json"))
digest = json.loads(read("datapackage-digest.json"))
print(json.dumps({
  "damaged": z.testzip(),
  "methods": sorted({one.compress_type for one in z.infolist()}),
  "names": z.namelist(),
  "version": package["wacz_version"],
  "listed": [one["path"] for one in package["resources"]],
  "wrong": [one["path"] for one in package["resources"] if one["hash"] != "sha256:" + hashlib.sha256(read(one["path"])).hexdigest() or one["bytes"] != len(read(one["path"]))],
  "digest": digest["hash"] == "sha256:" + hashlib.sha256(read("datapackage.json")).hexdigest(),
  "pages": read("pages/pages.jsonl").decode().splitlines(),
  "index": read("indexes/index.cdx").decode().splitlines(),
}))
`;
const hasPython = spawnSync("python3", ["--version"]).status === 0;
const why = hasPython ? "" : " (skipped: no python3 on this machine)";

test.runIf(hasPython)(
  `pack writes a complete, uncompressed, listed package with the same bytes in every time zone${why}`,
  async () => {
    const cwd = scratch();
    const office = await officeWithSite(cwd);
    await sitelift(["crawl", "site.json", "--out", "A"], { cwd });
    await office.close();
    const sums = new Set<string>();
    for (const TZ of ["UTC", "Asia/Shanghai", "America/New_York"]) {
      const packed = await siteliftProcess(["pack", "A"], { cwd, env: { TZ } });
      expect(packed.exitCode, packed.stderr).toBe(0);
      sums.add(
        createHash("sha256")
          .update(readFileSync(join(cwd, "A.wacz")))
          .digest("hex"),
      );
    }
    expect(sums.size).toBe(1);
    const seen = JSON.parse(
      execFileSync("python3", ["-c", LOOK, "A.wacz"], { cwd, encoding: "utf8", maxBuffer: 1e8 }),
    );
    expect(seen).toMatchObject({
      damaged: null,
      methods: [0],
      version: "1.1.1",
      wrong: [],
      digest: true,
    });
    const described = ["datapackage.json", "datapackage-digest.json"];
    expect([...seen.listed, ...described].sort()).toEqual(seen.names.toSorted());
    expect(seen.names.filter((name: string) => /^archive\//.test(name))).toHaveLength(1);
    expect(seen.names).toContain("entries/entries.jsonl");
    expect(seen.pages).toHaveLength(FEW + 1);
    expect(JSON.parse(seen.pages[0])).toMatchObject({ format: "json-pages-1.0" });
    const pages: { url: string; title: string }[] = seen.pages.slice(1).map(JSON.parse);
    expect(new Set(pages.map(({ url }) => url)).size).toBe(FEW);
    // A row without a page of its own is on its listing page, which is not called by its title.
    const titled = pages.filter(({ url }) => /articles(?:\?|$)/.test(url));
    expect(titled).toEqual([expect.objectContaining({ title: titled[0]?.url })]);
    expect(seen.index).toEqual(seen.index.toSorted());
    const built = await sitelift(["build", "A.wacz", "--site", "site.json", "--out", "B"], { cwd });
    expect(built.exitCode, built.stderr).toBe(0);
    expect(hashes(join(cwd, "B"))).toEqual(hashes(join(cwd, "A")));
  },
);

describe("pack of an archive", () => {
  let cwd: string;
  beforeAll(async () => {
    cwd = scratch();
    const office = await officeWithSite(cwd);
    await sitelift(["crawl", "site.json", "--out", "A", "--limit", "3"], { cwd });
    await office.close();
  });

  /** A copy of the archive, one of its files changed. */
  function copy(name: string, path: string, change: (text: string) => string): string {
    cpSync(join(cwd, "A"), join(cwd, name), { recursive: true });
    const file = join(cwd, name, path);
    writeFileSync(file, change(readFileSync(file, "utf8")));
    return name;
  }

  test.each<[string, string, (text: string) => string, number, RegExp]>([
    ["changed text", "account.md", (text) => `${text}.`, 1, /account\.md is another file/],
    [
      "edited by hand",
      "entries.jsonl",
      (text) => text.replace("e", "é"),
      1,
      /entries\.jsonl is another file/,
    ],
    [
      "path outside",
      "archive.json",
      (text) => text.replace('"path": "account.md"', '"path": "../site.json"'),
      2,
      /is not a path in the archive/,
    ],
    [
      "absolute path",
      "archive.json",
      (text) => text.replace('"path": "account.md"', '"path": "/etc/hosts"'),
      2,
      /is not a path in the archive/,
    ],
    ["run in progress", ".staging", (text) => text, 3, /a run is in progress in/],
  ])(
    "pack refuses a damaged or unfinished archive (%s) and says why",
    async (name, path, change, exitCode, words) => {
      if (path === ".staging") writeFileSync(join(cwd, "A", path), "");
      const ended = await sitelift(["pack", copy(name, path, change)], { cwd });
      rmSync(join(cwd, "A/.staging"), { force: true });
      expect(ended.stderr).toMatch(words);
      expect(ended.exitCode).toBe(exitCode);
      expect(existsSync(join(cwd, `${name}.wacz`))).toBe(false);
    },
  );

  test.each([
    ["A/entries.jsonl", /is a place of the archive's own files/],
    ["A/content/x.wacz", /is a place of the archive's own files/],
    ["none/x.wacz", /there is no folder .*none/],
    ["A/content", /is a place of the archive's own files/],
  ])("pack refuses to write to %s", async (out, words) => {
    const before = hashes(join(cwd, "A"));
    const ended = await sitelift(["pack", "A", "--out", out], { cwd });
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toMatch(words);
    expect(hashes(join(cwd, "A"))).toEqual(before);
  });

  /** A disk on which something happens whenever a file is opened. */
  const disk = (onOpen: (path: string, mode: string) => void): Disk => ({
    ...realDisk,
    open: async (path, mode) => {
      onOpen(path, mode);
      return realDisk.open(path, mode);
    },
  });

  test("pack writes no package when the archive changes meanwhile", async () => {
    const name = copy("moving", "account.md", (text) => text);
    const file = join(cwd, name, "account.md");
    let opened = 0;
    const moving = disk((path) => {
      if (path === file && ++opened === 2)
        writeFileSync(file, readFileSync(file, "utf8").replace(/^#/, "%"));
    });
    const out = join(cwd, "moving.wacz");
    await expect(packArchive(join(cwd, name), out, "test", { disk: moving })).rejects.toThrow(
      "entries/account.md was changed while it was packed",
    );
    expect(existsSync(out)).toBe(false);
  });

  test("pack reports the output file, not the archive, when the disk is full", async () => {
    const full = disk((_, mode) => {
      if (mode === "new") throw Object.assign(new Error("write"), { code: "ENOSPC" });
    });
    const out = join(cwd, "full.wacz");
    await expect(packArchive(join(cwd, "A"), out, "test", { disk: full })).rejects.toMatchObject({
      message: `cannot write ${out}: there is no space left on the disk`,
      exitCode: 3,
    });
    expect(existsSync(join(cwd, ".staging"))).toBe(false);
  });
});

test("pack writes the same bytes when a file time falls into a skipped hour of summer time", async () => {
  const bytesIn = async (zone: string) => {
    const before = process.env.TZ;
    process.env.TZ = zone;
    const part = { path: "a", content: () => [Buffer.from("a")], bytes: 1, sha256: SHA256_OF_A };
    const pieces: Uint8Array[] = [];
    for await (const piece of storedZip([part], "2026-03-08T02:30:00Z")) pieces.push(piece);
    const offset = new Date("2026-07-01").getTimezoneOffset();
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
    return { offset, text: Buffer.concat(pieces).toString("hex") };
  };
  const [here, there] = [await bytesIn("UTC"), await bytesIn("America/New_York")];
  expect(there.offset).not.toBe(here.offset);
  expect(there.text).toBe(here.text);
});

const SHA256_OF_A = createHash("sha256").update("a").digest("hex");

test("pack refuses a folder without a finished capture", async () => {
  const cwd = scratch();
  const { exitCode, stderr } = await sitelift(["pack", "nothing"], { cwd });
  expect(exitCode).toBe(2);
  expect(stderr).toContain("is not an archive");
});
