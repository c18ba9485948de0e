/** `sitelift build --manifest`: one line of a file of builds, as a pod of an Indexed Job makes it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import process from "node:process";
import { describe, expect, test } from "vitest";
import { hashes } from "../capture/office.js";
import { events, scratch, sitelift } from "./sitelift.js";

const URL_OF = "https://paper.example";

/** Writes a site file, and a folder of saved pages for each name: a list and two articles. */
function press(...names: readonly string[]): string {
  const cwd = scratch();
  const site = {
    ...{ name: "press", start: `${URL_OF}/list`, requisites: "none" },
    listing: { rows: "li", link: "a", next: [] },
    fields: { title: { listing: "a" }, body: { article: "p" } },
  };
  writeFileSync(join(cwd, "site.json"), JSON.stringify(site));
  for (const name of names) savePages(cwd, name, `${name} one`);
  return cwd;
}

function savePages(cwd: string, name: string, title: string): void {
  const page = (body: string) => `<!DOCTYPE html><html lang="en"><body>${body}</body></html>`;
  const rows = `<li><a href="/1">${title}</a></li><li><a href="/2">${name} two</a></li>`;
  mkdirSync(join(cwd, name), { recursive: true });
  writeFileSync(join(cwd, name, "list.html"), page(rows));
  for (const n of [1, 2]) writeFileSync(join(cwd, name, `${n}.html`), page(`<p>Words ${n}.</p>`));
  const urls = { "list.html": `${URL_OF}/list`, "1.html": `${URL_OF}/1`, "2.html": `${URL_OF}/2` };
  writeFileSync(join(cwd, name, "pages.json"), JSON.stringify(urls));
}

function writeManifest(cwd: string, ...lines: readonly (object | string)[]): void {
  const texts = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line)));
  writeFileSync(join(cwd, "builds.jsonl"), `${texts.join("\n")}\n`);
}

const line = (name: string) => ({ site: "site.json", captures: name, out: `built/${name}` });
const run = (cwd: string, ...more: readonly string[]) =>
  sitelift(["build", "--manifest", "builds.jsonl", ...more], { cwd });
const titlesOf = (folder: string) =>
  readFileSync(join(folder, "entries.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((text) => JSON.parse(text).data.title);

describe("a line of a manifest", () => {
  test("notifies at its end, whether it was built, built before or checked", async () => {
    const cwd = press("a");
    writeManifest(cwd, line("a"));
    const told = join(cwd, "told.jsonl");
    for (const check of [[], [], ["--check"]])
      expect(
        (await run(cwd, "--index", "0", "--notify", `cat >> "${told}"`, ...check)).exitCode,
      ).toBe(0);
    const ends = events(readFileSync(told, "utf8"));
    expect(ends.map(({ event, exitCode, before }) => [event, exitCode, before])).toEqual([
      ["end", 0, undefined],
      ["end", 0, true],
      ["end", 0, true],
    ]);
  });

  test("a line gives the archive of the same build without a manifest, and the index comes from the option or from Kubernetes", async () => {
    const cwd = press("a", "b");
    writeManifest(cwd, line("a"), line("b"));
    expect((await run(cwd, "--index", "1")).exitCode).toBe(0);
    expect(readdirSync(join(cwd, "built"))).toEqual(["b"]);
    const env = { JOB_COMPLETION_INDEX: "0" };
    const args = ["build", "--manifest", "builds.jsonl"];
    expect((await sitelift(args, { cwd, env })).exitCode).toBe(0);
    const alone = ["build", "a", "--site", "site.json", "--out", "alone"];
    expect((await sitelift(alone, { cwd })).exitCode).toBe(0);
    expect(hashes(join(cwd, "built/a"))).toEqual(hashes(join(cwd, "alone")));
    expect(titlesOf(join(cwd, "built/b")).sort()).toEqual(["b one", "b two"]);
    const verified = await sitelift(["verify", "built/a"], { cwd });
    expect(verified.exitCode, verified.stdout).toBe(0);
  });

  test("paths of a manifest are relative to its folder, wherever it is run", async () => {
    const cwd = press("a");
    writeManifest(cwd, line("a"));
    const args = ["build", "--manifest", join(cwd, "builds.jsonl"), "--index", "0"];
    const ended = await sitelift(args, { cwd: scratch() });
    expect(ended.exitCode, ended.stderr).toBe(0);
    expect(existsSync(join(cwd, "built/a/archive.json"))).toBe(true);
  });

  test("a line without a folder gets one whose name says site, capture, version and site file", async () => {
    const cwd = press("20261125T020551Z");
    writeManifest(cwd, { site: "site.json", captures: ["20261125T020551Z"] });
    expect((await run(cwd, "--index", "0")).exitCode).toBe(0);
    const names = readdirSync(join(cwd, "output/press"), { recursive: true, encoding: "utf8" });
    expect(names.find((name) => name.endsWith("archive.json"))).toMatch(
      /^[0-9a-f]{12}.0\.1\.0\+[0-9a-f]{12}.archive\.json$/,
    );
  });

  test("a build that is done ends at once, and writes nothing", async () => {
    const cwd = press("a");
    writeManifest(cwd, line("a"));
    expect((await run(cwd, "--index", "0")).exitCode).toBe(0);
    const names = readdirSync(join(cwd, "built/a"), { recursive: true, encoding: "utf8" });
    const times = () => names.map((name) => statSync(join(cwd, "built/a", name)).mtimeMs);
    const before = times();
    const again = await run(cwd, "--index", "0", "--json");
    expect(again.exitCode, again.stderr).toBe(0);
    expect(again.stderr).toContain("built/a is built already");
    expect(events(again.stdout).at(-1)).toMatchObject({
      event: "end",
      exitCode: 0,
      before: true,
      counts: { listed: 2, written: 2 },
    });
    expect(times()).toEqual(before);
  });

  test.each<[string, (cwd: string) => void, string[]]>([
    ["the capture", (cwd) => savePages(cwd, "a", "another"), ["a two", "another"]],
    [
      "the site file",
      (cwd) => {
        const text = readFileSync(join(cwd, "site.json"), "utf8");
        writeFileSync(join(cwd, "site.json"), text.replace('"p"', '"body p"'));
      },
      ["a one", "a two"],
    ],
    [
      "the overrides of the archive",
      (cwd) => {
        const override = `"${URL_OF}/1": { set: { title: mine } }\n`;
        writeFileSync(join(cwd, "built/a/overrides.yaml"), override);
      },
      ["a two", "mine"],
    ],
    [
      "archive.json, which another run wrote",
      (cwd) => appendFileSync(join(cwd, "built/a/archive.json"), "\n"),
      ["a one", "a two"],
    ],
  ])("a change of %s is built", async (_, change, titles) => {
    const cwd = press("a");
    writeManifest(cwd, line("a"));
    expect((await run(cwd, "--index", "0")).exitCode).toBe(0);
    change(cwd);
    const again = await run(cwd, "--index", "0");
    expect(again.stdout + again.stderr).not.toContain("is built already");
    expect(again.exitCode, again.stderr).toBe(0);
    expect(titlesOf(join(cwd, "built/a")).sort()).toEqual(titles);
  });

  test("a build that ended with findings has them again, although nothing is built", async () => {
    const cwd = press("a");
    const text = readFileSync(join(cwd, "site.json"), "utf8");
    const required = { ...JSON.parse(text), health: { summary: 0.9 } };
    writeFileSync(join(cwd, "site.json"), JSON.stringify(required));
    writeManifest(cwd, line("a"));
    const first = await run(cwd, "--index", "0");
    expect(first.exitCode, first.stdout + first.stderr).toBe(1);
    const again = await run(cwd, "--index", "0");
    expect(again.exitCode).toBe(1);
    expect(again.stdout).toContain("is built already");
    // The same archive is complete for who accepts that.
    const { health, ...without } = required;
    writeFileSync(join(cwd, "site.json"), JSON.stringify(without));
    expect((await run(cwd, "--index", "0")).exitCode).toBe(0);
  });
});

describe("--check", () => {
  test("--check builds once more and finds the same bytes", async () => {
    const cwd = press("a");
    writeManifest(cwd, line("a"));
    expect((await run(cwd, "--index", "0", "--check")).stdout).toContain("complete:");
    const checked = await run(cwd, "--index", "0", "--check");
    expect(checked.exitCode, checked.stdout).toBe(0);
    expect(checked.stdout).toMatch(/^built\/a checks out: built again, \d+ files with the same/);
    expect(readdirSync(join(cwd, "built"))).toEqual(["a"]);
  });

  test("--check names each file that is damaged, missing or not what comes now", async () => {
    const cwd = press("a");
    writeManifest(cwd, line("a"));
    expect((await run(cwd, "--index", "0")).exitCode).toBe(0);
    const content = readdirSync(join(cwd, "built/a/content"), {
      recursive: true,
      encoding: "utf8",
    });
    const file = content.find((name) => name.endsWith(".md")) ?? "";
    appendFileSync(join(cwd, "built/a/content", file), "x");
    const checked = await run(cwd, "--index", "0", "--check", "--json");
    expect(checked.exitCode).toBe(1);
    expect(events(checked.stdout)).toContainEqual({
      event: "difference",
      difference: `content/${file}: other bytes`,
    });
  });

  test("--check refuses an archive that was there before the build", async () => {
    const cwd = press("a");
    writeManifest(cwd, line("a"));
    expect((await run(cwd, "--index", "0")).exitCode).toBe(0);
    savePages(cwd, "a", "later");
    expect((await run(cwd, "--index", "0")).exitCode).toBe(0);
    const checked = await run(cwd, "--index", "0", "--check");
    expect(checked.exitCode).toBe(2);
    expect(checked.stderr).toContain("held an archive before this build");
  });
});

describe("a manifest that cannot be built", () => {
  const good = line("a");
  test.each<[string, readonly (object | string)[], string[], string]>([
    [
      "an index past the end",
      [good],
      ["--index", "1"],
      "no line for index 1: its indexes are 0 to 0",
    ],
    ["an empty manifest", [], ["--index", "0"], "builds.jsonl:1 is not a build"],
    ["no index", [good], [], "needs to know which line"],
    ["an index that is not a number", [good], ["--index", "one"], "Expected a whole number"],
    [
      "a line that is not JSON",
      [good, '{"site":'],
      ["--index", "1"],
      "builds.jsonl:2 is not a build",
    ],
    ["a line that is empty", [good, "", good], ["--index", "1"], "builds.jsonl:2 is not a build"],
    ["a misspelt key", [{ ...good, capture: "a" }], ["--index", "0"], 'did you mean "captures"?'],
    ["no capture", [{ site: "site.json" }], ["--index", "0"], "captures: expected a list"],
    ["an empty list of captures", [{ ...good, captures: [] }], ["--index", "0"], "captures: "],
    ["a capture that is not there", [line("gone")], ["--index", "0"], "there is no gone"],
    ["a site file that is not there", [{ ...good, site: "no.ts" }], ["--index", "0"], "no.ts"],
    ["a day that is none", [{ ...good, at: "2026-02-30" }], ["--index", "0"], "at: "],
    [
      "two lines with one folder",
      [good, { ...line("b"), out: "built/./a" }],
      ["--index", "0"],
      "builds.jsonl:1 and line 2",
    ],
    ["a capture beside the manifest", [good], ["a", "--index", "0"], "is one too many"],
    [
      "a site beside the manifest",
      [good],
      ["--index", "0", "--site", "demo"],
      "cannot be used with",
    ],
  ])("%s is an error of usage with the place", async (_, lines, more, message) => {
    const cwd = press("a", "b");
    writeManifest(cwd, ...lines);
    const ended = await run(cwd, ...more);
    expect(ended.exitCode, ended.stdout).toBe(2);
    expect(ended.stderr).toContain(message);
    expect(existsSync(join(cwd, "built"))).toBe(false);
  });

  test("a broken line does not stop the others", async () => {
    const cwd = press("a");
    writeManifest(cwd, "{", line("a"));
    expect((await run(cwd, "--index", "1")).exitCode).toBe(0);
  });

  test("a missing manifest and an index of Kubernetes that is not a number are errors of usage", async () => {
    const cwd = press("a");
    expect((await run(cwd, "--index", "0")).stderr).toContain("there is no builds.jsonl");
    writeManifest(cwd, line("a"));
    const env = { JOB_COMPLETION_INDEX: "first" };
    const ended = await sitelift(["build", "--manifest", "builds.jsonl"], { cwd, env });
    expect(ended).toMatchObject({ exitCode: 2 });
    expect(ended.stderr).toContain('JOB_COMPLETION_INDEX is "first"');
  });

  test("a build without captures and without a manifest is an error of usage", async () => {
    const ended = await sitelift(["build", "--site", "site.json"], { cwd: press() });
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toContain("no capture is named");
  });
});

test("xargs runs the lines of a manifest side by side on one machine, and a second time in no time", async () => {
  const cwd = press("a", "b", "c");
  writeManifest(cwd, ...["a", "b", "c"].map(line));
  const program = resolve(import.meta.dirname, "../../dist/src/cli.js");
  writeFileSync(join(cwd, "sitelift"), `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`);
  chmodSync(join(cwd, "sitelift"), 0o755);
  const command =
    "seq 0 2 | xargs -P2 -I{} env JOB_COMPLETION_INDEX={} ./sitelift build --manifest builds.jsonl";
  const child = spawn("sh", ["-c", command], { cwd, stdio: "ignore" });
  expect(await once(child, "close")).toEqual([0, null]);
  for (const name of ["a", "b", "c"])
    expect(titlesOf(join(cwd, "built", name)).sort()).toEqual([`${name} one`, `${name} two`]);
});
