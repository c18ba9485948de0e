import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { openArchive } from "../../src/archive/write/archive.js";
import { realDisk } from "../../src/disk/disk.js";
import { lease } from "../../src/disk/held-disk.js";
import { type Lock, lockFolder, newLock, renderLock } from "../../src/disk/lock.js";
import { contentsOf, temporaryFolder } from "../archive/folders.js";
import { OPTIONS } from "../archive/samples.js";
import { startProgram } from "../program.js";

const ELSEWHERE = { host: "another-machine/1", token: "another" };
/** A lock that another process has left: it has a token of its own. */
const lockOf = (changes: Partial<Lock>) =>
  renderLock({ ...newLock(), token: "another", ...changes });

async function locked(text: string): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, ".lock"), text);
  return folder;
}

describe("a lock", () => {
  it("a lock of a living process refuses a run, and names the process", async () => {
    const folder = await locked(`${process.ppid}\n`);
    await expect(openArchive(folder, OPTIONS)).rejects.toThrow(`in use by process ${process.ppid}`);
    expect(await contentsOf(folder)).toEqual({ ".lock": `${process.ppid}\n` });
  });

  it("a lock of this process refuses a second run in it", async () => {
    const folder = await temporaryFolder();
    const archive = await openArchive(folder, OPTIONS);
    await expect(openArchive(folder, OPTIONS)).rejects.toThrow(`in use by process ${process.pid}`);
    await archive.close();
    await (await openArchive(folder, OPTIONS)).close();
    expect(await contentsOf(folder)).toEqual({});
  });

  it.each([
    ["", ELSEWHERE],
    [" that shares the name and the root folder of this one", {}],
  ])(
    "a lock of a process with this one's id in another container%s refuses a run while its heartbeat changes",
    async (_, where) => {
      const { pid } = process;
      const folder = await locked(lockOf({ ...where, pid }));
      let beat = 0;
      const living = setInterval(
        () => void writeFile(join(folder, ".lock"), lockOf({ ...where, pid, beat: ++beat })),
        20,
      );
      try {
        await expect(
          lockFolder(folder, realDisk, { every: 50, patience: 30_000 }),
        ).rejects.toMatchObject({
          message: `${folder} is in use by process ${pid} of another container or machine`,
          exitCode: 3,
        });
      } finally {
        clearInterval(living);
      }
      expect(Object.keys(await contentsOf(folder))).toEqual([".lock"]);
    },
  );

  it.each([
    ["a dead process", "2147483647\n"],
    ["no process", ""],
    ["invalid JSON", "{}"],
    ["half a process id that is also the id of a living process", `${process.ppid}`],
    ["half a line", lockOf({ pid: process.ppid }).slice(0, -9)],
    ["a dead process of this host", lockOf({ pid: 2147483647 })],
    ["an earlier process with this one's id", `${process.pid}\n`],
    ["an earlier process with this one's id and without a heartbeat", lockOf({})],
    [
      "an earlier process with a living one's id and without a heartbeat",
      lockOf({ pid: process.ppid }),
    ],
    ["a process of another machine without a heartbeat", lockOf(ELSEWHERE)],
  ])("a lock of %s is taken over", async (_, text) => {
    const folder = await locked(text);
    const { release } = await lockFolder(folder, realDisk, { every: 10, patience: 50 });
    expect(Object.keys(await contentsOf(folder))).toEqual([".lock"]);
    await expect(openArchive(folder, OPTIONS)).rejects.toThrow(`in use by process ${process.pid}`);
    await release();
    expect(await contentsOf(folder)).toEqual({});
  });

  it("a stale lock is taken over by only one of many that try at once", async () => {
    const folder = await locked("2147483647\n");
    const tries = Array.from({ length: 8 }, () => lockFolder(folder, realDisk));
    const all = await Promise.allSettled(tries);
    expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  it("a lock has a heartbeat only as long as it is held", async () => {
    const folder = await temporaryFolder();
    const { release } = await lockFolder(folder, realDisk, { every: 5, patience: 50 });
    const text = () => readFile(join(folder, ".lock"), "latin1");
    const first = await text();
    while ((await text()) === first) await pause(5);
    await release();
    await pause(20);
    expect(await contentsOf(folder)).toEqual({});
  });

  it("release leaves a lock that another process has taken over", async () => {
    const folder = await temporaryFolder();
    const { release } = await lockFolder(folder, realDisk);
    const other = lockOf(ELSEWHERE);
    await writeFile(join(folder, ".lock"), other);
    await release();
    expect(await contentsOf(folder)).toEqual({ ".lock": other });
  });

  it("a lock of a stopped process is taken over, and that process changes nothing when it continues", {
    timeout: 120_000,
  }, async () => {
    const folder = await temporaryFolder();
    const patience = 2_000;
    const child = startProgram("disk/standing-still.ts", [folder, String(patience)]);
    const ended = new Promise((done) => child.on("close", done));
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const read = async (count: number) => {
      const found: string[] = [];
      while (found.length < count) found.push((await lines.next()).value ?? "");
      return found;
    };
    const write = async (line: string) => {
      await writeFile(join(folder, "kept"), "");
      child.stdin.write(`${line}\n`);
      return read(3);
    };
    try {
      expect(await read(1)).toEqual(["locked"]);
      expect(await write("before")).toEqual(["done", "done", "done"]);
      child.kill("SIGSTOP");
      const mine = await lockFolder(folder, realDisk, { every: 50, patience });
      const standing = await contentsOf(folder);
      expect(standing).toMatchObject({ file: "before", growing: "before" });
      child.kill("SIGCONT");
      const lost = `${folder} is no longer locked by this run, and process ${process.pid} holds it now`;
      expect(await write("after")).toEqual([lost, lost, lost]);
      await mine.release();
      const gone = `${folder} is no longer locked by this run, and another run may have written to it meanwhile`;
      expect(await write("later")).toEqual([gone, gone, gone]);
      child.stdin.write("end\n");
      expect(await ended).toBe(0);
      const { ".lock": _, ...files } = standing;
      expect(await contentsOf(folder)).toEqual({ ...files, kept: "" });
    } finally {
      child.kill("SIGKILL");
    }
  });

  it("a process that was stopped keeps a lock that nobody took over", async () => {
    const folder = await temporaryFolder();
    const { disk, release } = await lockFolder(folder, realDisk, { every: 60_000, patience: 0 });
    await pause(5);
    await disk.mkdir(join(folder, "made"));
    await release();
    expect(Object.keys(await contentsOf(folder))).toEqual([]);
  });

  it("a lease checks again when its last check took too long", async () => {
    const looks: (() => void)[] = [];
    const lock = lease(() => new Promise<void>((seen) => looks.push(seen)), 20);
    void lock.renew();
    await pause(40);
    let isSure = false;
    const sure = lock.ensure().then(() => {
      isSure = true;
    });
    looks[0]?.();
    await pause(5);
    expect([looks.length, isSure]).toEqual([2, false]);
    looks[1]?.();
    await sure;
  });

  it("a lock does not keep a process alive", async () => {
    const folder = await temporaryFolder();
    const lock = new URL("../../dist/src/disk/lock.js", import.meta.url).href;
    const disk = new URL("../../dist/src/disk/disk.js", import.meta.url).href;
    const script = `const { lockFolder } = await import("${lock}"); const { realDisk } = await import("${disk}"); await lockFolder(${JSON.stringify(folder)}, realDisk);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script]);
    expect(await new Promise((done) => child.on("close", done))).toBe(0);
  });
});
