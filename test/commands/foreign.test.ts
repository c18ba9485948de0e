/** Folders that came from elsewhere: archives, cases and saved pages that somebody made up. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openArchive } from "../../src/archive/write/archive.js";
import { parseOverrides } from "../../src/crawl/overrides-file.js";
import { siteFrom } from "../../src/site/load.js";
import { contentsOf, temporaryFolder } from "../archive/folders.js";
import { entry, OPTIONS, runOf } from "../archive/samples.js";
import { scratch, sitelift } from "./sitelift.js";

const DEEP = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
const PAGE = "<h1>One</h1>";
const URL_OF_PAGE = "https://a.example/news/one";

/** An archive of two entries, and a further run that reads the first alone. */
async function archive() {
  const folder = await temporaryFolder();
  const [one, two] = [entry("one"), entry("two")];
  const write = async (...given: (typeof one)[]) => {
    await using opened = await openArchive(folder, OPTIONS);
    for (const each of given) await opened.entry(each);
    await opened.commit(runOf(given));
  };
  await write(one, two);
  return { folder, again: () => write(one) };
}

describe("a run over an archive", () => {
  test.each(["overrides.yaml", "mine.txt", "notes/mine.txt", ".git/config", "output.wacz"])(
    "leaves %s alone, whatever archive.json and redo.json say of it",
    async (name) => {
      const { folder, again } = await archive();
      mkdirSync(join(folder, name, ".."), { recursive: true });
      writeFileSync(join(folder, name), "# mine\n");
      const path = join(folder, "archive.json");
      const manifest = JSON.parse(readFileSync(path, "utf8"));
      manifest.files.push({ path: name, bytes: 7, sha256: "0".repeat(64) });
      writeFileSync(path, JSON.stringify(manifest));
      await again();
      mkdirSync(join(folder, ".staging"), { recursive: true });
      writeFileSync(join(folder, ".staging/new"), "not mine\n");
      const place = [{ path: name, temporary: "new" }];
      writeFileSync(join(folder, ".staging/redo.json"), JSON.stringify({ place, remove: [name] }));
      await again();
      expect(readFileSync(join(folder, name), "utf8")).toBe("# mine\n");
    },
  );

  test.each<[string, string, (text: string) => string]>([
    ["a word of a body", "entries.jsonl", (text) => text.replace("Words about *two*", "Wordz")],
    ["a URL", "entries.jsonl", (text) => text.replace("example/news/two", "example/news/twp")],
    ["a date", "entries.jsonl", (text) => text.replace('"date":"2021', '"date":"2022')],
    ["a missing line", "entries.jsonl", (text) => text.replace(/[^\n]*\n$/, "")],
    ["a URL of the ledger", "ledger.jsonl", (text) => text.replace("news/two", "news/twp")],
    ["what was read", "provenance.jsonl", (text) => text.replace('"read":"', '"read":"0')],
  ])(
    "is refused where %s was changed, and gives no new checksum to it",
    async (_, name, change) => {
      const { folder, again } = await archive();
      const text = readFileSync(join(folder, name), "utf8");
      expect(change(text)).not.toBe(text);
      writeFileSync(join(folder, name), change(text));
      const before = await contentsOf(folder);
      await expect(again()).rejects.toMatchObject({
        message: expect.stringContaining("is damaged"),
        details: [expect.stringContaining(name)],
        hint: expect.stringContaining("sitelift build"),
      });
      expect(await contentsOf(folder)).toEqual(before);
    },
  );

  test("whose entries.jsonl is missing is refused", async () => {
    const { folder, again } = await archive();
    spawnSync("rm", [join(folder, "entries.jsonl")]);
    await expect(again()).rejects.toThrow("is damaged");
  });
});

test.each(["entries.jsonl", "redirects.csv"])(
  "export refuses an archive whose %s was changed, and writes nothing",
  async (name) => {
    const { folder } = await archive();
    const text = readFileSync(join(folder, name), "utf8");
    writeFileSync(join(folder, name), text.replace("news", "nevs"));
    const cwd = scratch();
    const { exitCode, stderr } = await sitelift(["export", folder, "--to", "jsonl"], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(name);
    expect(await contentsOf(cwd)).toEqual({});
  },
);

describe("saved pages", () => {
  const saved = (map: string) => {
    const cwd = scratch();
    mkdirSync(join(cwd, "saved"));
    writeFileSync(join(cwd, "secret.html"), PAGE);
    writeFileSync(join(cwd, "saved/pages.json"), map);
    return cwd;
  };
  const build = (cwd: string) =>
    sitelift(["build", "saved", "--preset", "drupal7", "--site", URL_OF_PAGE, "--out", "out"], {
      cwd,
    });
  const map = JSON.stringify({ "one.html": URL_OF_PAGE });

  test.each<[string, (saved: string) => void, string]>([
    [
      "a link out of the folder",
      (at) => symlinkSync("../secret.html", join(at, "one.html")),
      "leads out",
    ],
    ["a pipe", (at) => spawnSync("mkfifo", [join(at, "one.html")]), "is not a file"],
    ["a folder", (at) => mkdirSync(join(at, "one.html")), "is not a file"],
  ])("with %s are refused", async (_, place, message) => {
    const cwd = saved(map);
    place(join(cwd, "saved"));
    const { exitCode, stderr } = await build(cwd);
    expect(exitCode, stderr).toBe(2);
    expect(stderr).toContain(message);
  });

  test("with a map of a hundred thousand brackets are refused with a sentence", async () => {
    const { exitCode, stderr } = await build(saved(DEEP));
    expect(exitCode, stderr).toBe(2);
    expect(stderr).toContain("pages.json");
  });
});

describe("cases", () => {
  /** A case of one page, read by a site file. */
  const cased = (site: string) => {
    const cwd = scratch();
    const folder = join(cwd, "cases/one");
    mkdirSync(folder, { recursive: true });
    const about = {
      caseVersion: 1,
      site: "one",
      readBy: { site },
      recorded: "2026-01-01T00:00:00Z",
      trimmed: false,
      scrubbed: false,
      kind: "article",
      url: URL_OF_PAGE,
      requestedUrl: URL_OF_PAGE,
      status: 200,
      headers: {},
      sha256: "0".repeat(64),
      row: null,
    };
    writeFileSync(join(folder, "case.json"), JSON.stringify(about));
    writeFileSync(join(folder, "expected.json"), "{}");
    writeFileSync(join(folder, "page.html"), PAGE);
    return { cwd, folder };
  };
  const EVIL = `require("node:fs").writeFileSync("ran", ""); module.exports = {};`;

  test.each(["evil.ts", "./evil.mjs", "../evil.js", "sitelift.config.ts"])(
    "do not run %s of their own folders",
    async (name) => {
      const { cwd, folder } = cased(name);
      writeFileSync(join(folder, name), EVIL);
      const { exitCode, stderr } = await sitelift(["test", "cases"], { cwd });
      expect(exitCode, stderr).toBe(2);
      expect(stderr).toContain("--site");
      expect(Object.keys(await contentsOf(cwd))).not.toContain("ran");
    },
  );

  test("do not run a file that a link in the working folder leads to", async () => {
    const { cwd, folder } = cased("../../evil.ts");
    writeFileSync(join(folder, "real.ts"), EVIL);
    symlinkSync("cases/one/real.ts", join(cwd, "evil.ts"));
    expect((await sitelift(["test", "cases"], { cwd })).exitCode).toBe(2);
    expect(Object.keys(await contentsOf(cwd))).not.toContain("ran");
  });

  test.each(["page.html", "expected.json"])(
    "with a pipe as %s end with a sentence",
    async (name) => {
      const { cwd, folder } = cased("demo");
      spawnSync("rm", [join(folder, name)]);
      spawnSync("mkfifo", [join(folder, name)]);
      const { exitCode, stdout, stderr } = await sitelift(["test", "cases"], { cwd });
      expect(exitCode, stderr).toBe(1);
      expect(stdout + stderr).toContain("is not a file");
    },
  );

  test("with a page that is a link out of the case show nothing of it", async () => {
    const { cwd, folder } = cased("demo");
    spawnSync("rm", [join(folder, "page.html")]);
    writeFileSync(join(cwd, "secret.html"), "<h1>Secret</h1>");
    symlinkSync("../../secret.html", join(folder, "page.html"));
    const { exitCode, stdout } = await sitelift(["test", "cases"], { cwd });
    expect(exitCode).toBe(1);
    expect(stdout).not.toContain("Secret");
  });

  test("with deep JSON end with a sentence", async () => {
    const { cwd, folder } = cased("demo");
    writeFileSync(join(folder, "expected.json"), `{"a":${DEEP}}`);
    const { exitCode, stderr } = await sitelift(["test", "cases"], { cwd });
    expect(exitCode).toBe(1);
    expect(stderr).not.toContain("RangeError");
  });
});

test.each([
  [
    "aliases of aliases",
    `a: &a [x,x,x,x,x,x,x,x,x]\n${[..."bcdefghi"].map((name, at) => `${name}: &${name} [${`*${"abcdefgh"[at]},`.repeat(9)}]`).join("\n")}`,
  ],
  ["lists within lists", `/x: ${DEEP}`],
  ["maps within maps", `/x: ${"{a: ".repeat(20_000)}`],
])("overrides of %s are refused with a sentence", (_, text) => {
  expect(() => parseOverrides(text, "overrides.yaml")).toThrow("overrides.yaml cannot be used");
});

test.each(["constructor", "__proto__", "toString", "hasOwnProperty"])(
  "the preset %s is unknown",
  (preset) => {
    expect(() => siteFrom({ name: "a", preset, start: "https://a.example/" }, "site.json")).toThrow(
      `unknown preset "${preset}"`,
    );
  },
);

test("a site file of a hundred thousand brackets is refused with a sentence", async () => {
  const cwd = scratch();
  writeFileSync(
    join(cwd, "site.json"),
    `{"name":"a","start":"https://a.example/","fields":${DEEP}}`,
  );
  const { exitCode, stderr } = await sitelift(["crawl", "site.json"], { cwd });
  expect(exitCode, stderr).toBe(2);
  expect(stderr).toContain("site.json");
});
