import { execFile } from "node:child_process";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { contentsOf } from "../archive/folders.js";
import { FEW, officeWithSite } from "../capture/office.js";
import { crawlHere } from "../commands/here.js";
import { scratch, sitelift, siteliftProcess } from "../commands/sitelift.js";

const run = promisify(execFile);
const cwd = scratch();
const bag = join(cwd, "bag");

const read = (path: string) => readFileSync(join(bag, path), "utf8");
const filesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name).slice(folder.length + 1))
    .sort();

describe("a bag", () => {
  beforeAll(async () => {
    const office = await officeWithSite(cwd);
    for (const _ of [1, 2]) await crawlHere(cwd, "archive");
    await office.close();
    writeFileSync(join(cwd, "archive/mine.txt"), "not of the archive");
    const { exitCode, stderr } = await sitelift(
      ["export", "archive", "--to", "bagit", "--out", "bag"],
      { cwd },
    );
    expect(exitCode, stderr).toBe(0);
  }, 120_000);

  test("a bag has the tag files of RFC 8493, and lists its payload", () => {
    expect(read("bagit.txt")).toBe("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n");
    const payload = filesOf(join(bag, "data"));
    const octets = payload.reduce(
      (sum, path) => sum + readFileSync(join(bag, "data", path)).length,
      0,
    );
    expect(read("bag-info.txt").split("\n")).toEqual([
      expect.stringMatching(/^Bag-Software-Agent: sitelift \d/),
      "External-Identifier: office",
      `External-Description: Archive of office: ${FEW} URLs listed`,
      `Payload-Oxum: ${octets}.${payload.length}`,
      "",
    ]);
    const lines = read("manifest-sha512.txt").trimEnd().split("\n");
    expect(lines.map((line) => line.slice(130))).toEqual(payload.map((path) => `data/${path}`));
    for (const line of lines) expect(line).toMatch(/^[0-9a-f]{128} {2}data\//);
  });

  test("sha512sum accepts a bag, and refuses it when a bit is flipped", async () => {
    for (const manifest of ["manifest-sha512.txt", "tagmanifest-sha512.txt"]) {
      const { stdout } = await run("sha512sum", ["--strict", "-c", manifest], { cwd: bag });
      expect(
        stdout
          .trimEnd()
          .split("\n")
          .every((line) => line.endsWith(": OK")),
      ).toBe(true);
    }
    const damaged = join(cwd, "damaged");
    cpSync(bag, damaged, { recursive: true });
    writeFileSync(join(damaged, "data/ledger.jsonl"), "{}\n");
    await expect(
      run("sha512sum", ["--strict", "-c", "manifest-sha512.txt"], { cwd: damaged }),
    ).rejects.toThrow(/1 computed checksum did NOT match/);
  });

  test("a bag holds the whole archive with captures and snapshots, and nothing else", async () => {
    const {
      "mine.txt": mine,
      ".readings": readings,
      ...archive
    } = await contentsOf(join(cwd, "archive"));
    expect([mine, readings]).not.toContain(undefined);
    expect(await contentsOf(join(bag, "data"))).toEqual(archive);
    const paths = Object.keys(archive);
    expect(paths.filter((path) => /^captures\/.*\.warc\.gz$/.test(path))).toHaveLength(2);
    expect(paths.filter((path) => /^snapshots\/.*Z(?:-\d+)?\.json$/.test(path))).toHaveLength(2);
    const { exitCode, stdout } = await sitelift(["verify", "bag/data"], { cwd });
    expect(exitCode, stdout).toBe(0);
  });

  test("a bag is the same in another time zone and locale", async () => {
    const env = { TZ: "Pacific/Kiritimati", LC_ALL: "tr_TR.UTF-8" };
    await siteliftProcess(["export", "archive", "--to", "bagit", "--out", "other"], { cwd, env });
    expect(await contentsOf(join(cwd, "other"))).toEqual(await contentsOf(bag));
  });

  test("a damaged archive is not exported as a bag", async () => {
    const archive = join(cwd, "broken");
    cpSync(join(cwd, "archive"), archive, { recursive: true });
    const to = ["export", "broken", "--to", "bagit", "--out", "no"];
    writeFileSync(join(archive, "ledger.jsonl"), "{}\n");
    const changed = await sitelift(to, { cwd });
    expect(changed.stderr).toContain("ledger.jsonl differs from what archive.json lists");
    rmSync(join(archive, "ledger.jsonl"));
    const missing = await sitelift(to, { cwd });
    expect(missing.stderr).toContain("ledger.jsonl cannot be read");
    expect([changed.exitCode, missing.exitCode]).toEqual([2, 2]);
  });
});
