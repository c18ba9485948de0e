/** A crawl that is killed, and run again. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { appendFileSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import process from "node:process";
import { expect, test } from "vitest";
import { capturesOf, hashes, officeWithSite } from "../capture/office.js";
import { DEEP } from "../deep.js";
import { buildHere, crawlHere } from "./here.js";
import { scratch, sitelift } from "./sitelift.js";

const COMMAND = resolve(import.meta.dirname, "../../dist/src/cli.js");

test("a crawl killed at any moment resumes without repeating stored requests and writes the archive of an uninterrupted run", {
  timeout: 240_000,
}, async () => {
  const cwd = scratch();
  const office = await officeWithSite(cwd);
  await crawlHere(cwd, "whole");
  const whole = office.requests.length;
  for (const at of DEEP ? [2, 8, 18] : [8]) {
    const out = `out-${at}`;
    const before = office.requests.length;
    const args = ["crawl", "site.json", "--requisites", "none", "--out", out];
    const child = spawn(process.execPath, [COMMAND, ...args], { cwd, stdio: "ignore" });
    const ended = new Promise((done) => child.on("close", done));
    const watch = setInterval(() => {
      if (office.requests.length - before >= at) child.kill("SIGKILL");
    }, 2);
    await ended;
    clearInterval(watch);
    // What it asked as it died is counted once a later request is answered.
    await fetch(office.origin);
    const [name = ""] = capturesOf(join(cwd, out));
    const folder = join(cwd, out, "captures", name);
    const journal = readFileSync(join(folder, "journal.jsonl"), "utf8").trimEnd().split("\n");
    const stored = journal.filter((line) => /"kind":"(response|revisit)"/.test(line)).length;
    // Torn ends, as a kill within a write leaves them.
    appendFileSync(join(folder, "journal.jsonl"), '{"kind":"respo');
    appendFileSync(join(folder, "data.warc.gz"), Buffer.from([0x1f, 0x8b, 8, 0, 0, 0]));
    const asked = office.requests.length;
    const again = await crawlHere(cwd, out);
    expect(again.exitCode, again.stderr).toBe(0);
    expect(hashes(join(cwd, out))).toEqual(hashes(join(cwd, "whole")));
    expect(capturesOf(join(cwd, out))).toEqual([name]);
    expect(office.requests.length - asked).toBe(whole - stored);
  }
  const built = await buildHere(cwd, ["out-8"], "built");
  expect(built.exitCode, built.stderr).toBe(0);
  expect(hashes(join(cwd, "built"))).toEqual(hashes(join(cwd, "whole")));
  await office.close();
});

test("a second run on the same folder is refused and names the owner's process id", async () => {
  const cwd = scratch();
  const office = await officeWithSite(cwd);
  const args = ["crawl", "site.json", "--out", "one", "--delay", "500", "--concurrency", "1"];
  const first = spawn(process.execPath, [COMMAND, ...args], { cwd, stdio: "ignore" });
  const ended = new Promise((done) => first.on("close", done));
  while (office.requests.length === 0) await new Promise((done) => setTimeout(done, 20));
  const second = await sitelift(args, { cwd });
  expect(second.exitCode).toBe(3);
  expect(second.stderr).toContain(`is in use by process ${first.pid}`);
  first.kill("SIGKILL");
  await ended;
  await office.close();
});

/** Runs the program as the first process of a container: its process id is 1 there. */
const CONTAINER = ["--pid", "--fork", "--kill-child=SIGKILL", "--mount-proc"];
const mayContain = spawnSync("unshare", [...CONTAINER, "true"]).status === 0;

test.skipIf(!mayContain)(
  "two containers with process id 1 share a folder: the second is refused while the first lives and takes over when it is dead (skipped where this user may make none)",
  async () => {
    const cwd = scratch();
    const office = await officeWithSite(cwd);
    const command = [process.execPath, COMMAND, "crawl", "site.json", "--out", "one"];
    const contained = (more: readonly string[] = []) =>
      spawn("unshare", [...CONTAINER, ...command, ...more], { cwd });
    const ended = (child: ChildProcess) =>
      new Promise<{ code: number | null; stderr: string }>((done) => {
        let stderr = "";
        child.stdout?.resume();
        child.stderr?.on("data", (text) => {
          stderr += text;
        });
        child.on("close", (code) => done({ code, stderr }));
      });
    const first = contained(["--delay", "2000", "--concurrency", "1"]);
    const firstEnd = ended(first);
    while (office.requests.length === 0) await new Promise((done) => setTimeout(done, 20));
    const second = await ended(contained());
    expect(second.code, second.stderr).toBe(3);
    expect(second.stderr).toContain("is in use by process 1 of another container or machine");
    first.kill("SIGKILL");
    await firstEnd;
    const third = await ended(contained());
    expect(third.code, third.stderr).toBe(0);
    await office.close();
  },
);
