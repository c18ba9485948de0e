/** The example project, run as its user would run it: in a folder of its own, with the package linked. */
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { afterEach, describe, expect, test } from "vitest";
import { scratch } from "../commands/sitelift.js";

const ROOT = resolve(import.meta.dirname, "../..");

function project(): string {
  const folder = scratch();
  cpSync(join(ROOT, "examples/gazette"), folder, {
    recursive: true,
    filter: (path) => !path.includes("node_modules"),
  });
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(ROOT, join(folder, "node_modules/sitelift"), "junction");
  symlinkSync(join(ROOT, "node_modules/vitest"), join(folder, "node_modules/vitest"), "junction");
  return folder;
}

let running: ChildProcess | null = null;
afterEach(() => {
  running?.kill("SIGKILL");
  running = null;
});

/** Starts Vitest in a project; `output` grows while it runs. */
function vitest(folder: string, ...args: string[]) {
  const child = spawn(
    process.execPath,
    [join(ROOT, "node_modules/vitest/vitest.mjs"), ...args, "--reporter=verbose"],
    {
      cwd: folder,
      env: { PATH: process.env.PATH, TMPDIR: tmpdir(), NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  running = child;
  const seen = { output: "" };
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      seen.output += chunk;
    });
  const ended = new Promise<number | null>((done) => child.on("close", done));
  return { seen, ended };
}

function edit(path: string, from: string, to: string): void {
  const text = readFileSync(path, "utf8");
  expect(text).toContain(from);
  writeFileSync(path, text.replace(from, to));
}

describe("sitelift/vitest", () => {
  test("sitelift/vitest fails only the field that differs, with the expected and the actual value", async () => {
    const folder = project();
    edit(join(folder, "cases/swans/expected.json"), "2021-12-03", "2021-03-12");
    edit(join(folder, "cases/swans/expected.md"), "say nothing", "say everything");
    const { seen, ended } = vitest(folder, "run");
    expect(await ended).toBe(1);
    expect(seen.output).toMatch(/Tests +2 failed \| 30 passed/);
    expect(seen.output).toContain("× cases.test.ts > cases > swans > date");
    expect(seen.output).toContain('expected "2021-03-12", found "2021-12-03"');
    expect(seen.output).toContain("× cases.test.ts > cases > swans > body");
    expect(seen.output).toMatch(/^- .*say everything/m);
    expect(seen.output).toMatch(/^\+ .*say nothing/m);
  });

  test("sitelift/vitest makes a test of every field of every case, and they pass and run again when the site file, a page or an expected file changes", async () => {
    const folder = project();
    const { seen } = vitest(folder, "--watch");
    const ranAfter = async (change: () => void, wanted: RegExp) => {
      seen.output = "";
      change();
      await expect.poll(() => seen.output, { timeout: 100_000, interval: 100 }).toMatch(wanted);
    };
    await ranAfter(() => {}, /Tests +32 passed[\s\S]*Waiting for file changes/);
    for (const name of [
      "listing-news > rows",
      "listing-news > date",
      "swans > title",
      "swans > body",
    ])
      expect(seen.output).toContain(`✓ cases.test.ts > cases > ${name}`);
    await ranAfter(
      () => edit(join(folder, "site.ts"), '".label"', '".gone"'),
      /× cases\.test\.ts > cases > listing-news > type[\s\S]*Watching for file changes/,
    );
    await ranAfter(
      () => edit(join(folder, "site.ts"), '".gone"', '".label"'),
      /Tests +32 passed[\s\S]*Waiting for file changes/,
    );
    await ranAfter(
      () => edit(join(folder, "cases/swans/expected.json"), "Swans delay", "Geese delay"),
      /× cases\.test\.ts > cases > swans > title[\s\S]*Watching for file changes/,
    );
    await ranAfter(
      () => edit(join(folder, "cases/swans/page.html"), "Swans delay", "Geese delay"),
      /Tests +\d+ (passed|failed)[\s\S]*for file changes/,
    );
  }, 240_000);
});
