import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { verifyArchive } from "../../src/archive/verify/verify.js";
import { openArchive } from "../../src/archive/write/archive.js";
import { type Disk, realDisk } from "../../src/disk/disk.js";
import type { Entry, Rejection } from "../../src/model.js";
import type { Run } from "../../src/schema/run-report.js";
import { startProgram } from "../program.js";
import { contentsOf, temporaryFolder } from "./folders.js";
import { entry, OPTIONS, rejection, runOf, SITE } from "./samples.js";

async function crawl(
  folder: string,
  given: readonly (Entry | Rejection)[],
  run: Run = runOf(given),
  dryRun = false,
) {
  const archive = await openArchive(folder, { ...OPTIONS, dryRun });
  for (const one of given) await ("issues" in one ? archive.rejection(one) : archive.entry(one));
  return archive.commit(run).finally(() => archive.close());
}

const first = () => [
  entry("alpha", { aliases: [`${SITE}/node/1`] }),
  entry("beta", { date: null, language: "ar", direction: "rtl" }),
  rejection("gamma"),
];

describe("an archive", () => {
  it("an id of a page is kept where an entry links to it, and no longer where none does", async () => {
    const folder = await temporaryFolder();
    const anchors = [
      { at: 3, id: "part2", gap: "" },
      { at: 8, id: "other", gap: "" },
    ];
    const bodyOf = async () => readFile(join(folder, "content/en/2021/beta.md"), "utf8");
    const beta = entry(
      "beta",
      { aliases: [`${SITE}/node/2`] },
      { body: "## Part [two](/news/alpha)", anchors },
    );
    const links = (href: string) => entry("alpha", {}, { body: `[here](${href})` });
    await crawl(folder, [links("/news/beta#part2"), beta]);
    expect(await bodyOf()).toContain('\n## <a id="part2"></a>Part [two](alpha.md)\n');
    expect((await verifyArchive(folder)).findings).toEqual([]);
    const report = await crawl(folder, [links("/node/2#nowhere"), beta]);
    expect(await bodyOf()).toContain("\n## Part [two](alpha.md)\n");
    expect(report.archive?.links.fragments).toMatchObject([{ fragment: "nowhere" }]);
    expect(report.archive?.links.entries).toBe(2);
  });

  it("an archive holds the files of its layout, and verifies", async () => {
    const folder = await temporaryFolder();
    const account = await crawl(folder, first());
    expect(Object.keys(await contentsOf(folder))).toEqual([
      "account.json",
      "account.md",
      "archive.json",
      "changes.atom",
      "content/ar/undated/beta.md",
      "content/en/2021/alpha.md",
      "entries.jsonl",
      "ledger.jsonl",
      "provenance.jsonl",
      "quarantine/gamma0000000/issues.json",
      "quarantine/gamma0000000/page.html",
      "quarantine/gamma0000000/record.json",
      "redirects.csv",
      "report.html",
    ]);
    expect(account).toMatchObject({
      counts: { listed: 3, written: 2, rejected: 1 },
      entries: { new: 2, edited: 0, unchanged: 0, kept: 0 },
      balance: [],
    });
    expect((await verifyArchive(folder)).findings).toEqual([]);
  });

  it("a commit needs no more disk space once it has moved one file into place", async () => {
    const folder = await temporaryFolder();
    await crawl(folder, first());
    const calls: string[] = [];
    const disk: Disk = {
      ...realDisk,
      open: (path, mode) => {
        if (mode === "new") calls.push("new");
        return realDisk.open(path, mode);
      },
      rename: (from, to) => {
        if (!to.includes(".staging")) calls.push("move");
        return realDisk.rename(from, to);
      },
    };
    const options = { ...OPTIONS, disk, snapshot: { time: "2026-01-02T03:04:05.000Z" } };
    const archive = await openArchive(folder, options);
    const changed = [entry("alpha", { title: "Another" }), entry("delta")];
    for (const one of changed) await archive.entry(one);
    await archive.commit(runOf(changed)).finally(() => archive.close());
    const files = calls.slice(calls.lastIndexOf("new") + 1);
    expect(files.length).toBeGreaterThan(5);
    // Before that, the versions that are replaced are kept; nothing of the archive has changed then.
    expect(calls.filter((call) => call === "move").length - files.length).toBeLessThanOrEqual(2);
    expect((await verifyArchive(folder)).findings).toEqual([]);
  });

  it("a content file has front matter in the order of its keys, then the body and one line feed", async () => {
    const folder = await temporaryFolder();
    await crawl(folder, first());
    expect(await readFile(join(folder, "content/en/2021/alpha.md"), "utf8")).toBe(`---
id: "alpha0000000"
title: "About alpha"
date: 2021-12-15
type: "news"
language: "en"
sourceUrl: "https://office.example/news/alpha"
summary: null
aliases:
  - "https://office.example/node/1"
media: []
dateText: "12/15/2021"
typeText: "News"
direction: "ltr"
translations: {}
warnings: []
---

Words about *alpha*.
`);
  });

  it("redirects.csv leads old paths to new ones", async () => {
    const folder = await temporaryFolder();
    await crawl(folder, first());
    expect(await readFile(join(folder, "redirects.csv"), "utf8")).toBe(
      [
        "old path,new path,status",
        "/news/alpha,/content/en/2021/alpha,301",
        "/news/beta,/content/ar/undated/beta,301",
        "/node/1,/content/en/2021/alpha,301",
        "",
      ].join("\r\n"),
    );
  });

  it("redirects.csv leads the URL of a duplicate to its entry", async () => {
    const folder = await temporaryFolder();
    const alpha = entry("alpha");
    const twin = {
      url: `${SITE}/twin`,
      state: "duplicate" as const,
      entry: alpha.id,
      listedOn: [],
    };
    await crawl(folder, [alpha], runOf([alpha], [twin]));
    expect(await readFile(join(folder, "redirects.csv"), "utf8")).toContain(
      "/twin,/content/en/2021/alpha,301",
    );
  });

  it("the quarantine keeps the bytes of a rejected page, and nothing that depends on the time", async () => {
    const folder = await temporaryFolder();
    await crawl(folder, [rejection("gamma", "<h1>\u00e9 \0</h1>")]);
    const files = await contentsOf(folder);
    expect(files["quarantine/gamma0000000/page.html"]).toBe("<h1>\u00e9 \0</h1>");
    expect(Object.values(files).join("")).not.toContain("00:00:00");
    expect(JSON.parse(files["quarantine/gamma0000000/issues.json"] ?? "")).toMatchObject([
      { path: "data.title", message: "is empty", raw: "About gamma", selector: "h1" },
    ]);
  });

  it("an archive does not depend on the order in which entries arrive", async () => {
    const given = [
      ...first(),
      entry("another", {}, { slug: "Alpha" }),
      entry("delta", { date: "2020-02-29" }),
    ];
    const [one, other] = [await temporaryFolder(), await temporaryFolder()];
    const run = runOf(given);
    await crawl(one, given, run);
    await crawl(other, given.toReversed(), { ...run, outcomes: run.outcomes.toReversed() });
    expect(await contentsOf(other)).toEqual(await contentsOf(one));
  });

  it("a run without changes rewrites no file", async () => {
    const folder = await temporaryFolder();
    await crawl(folder, first());
    const inodes = async () => {
      const paths = Object.keys(await contentsOf(folder));
      const stats = await Promise.all(paths.map((path) => stat(join(folder, path))));
      return stats.map(({ ino, mtimeMs, ctimeMs }, at) => [paths[at], ino, mtimeMs, ctimeMs]);
    };
    const before = await inodes();
    const account = await crawl(folder, first());
    expect(await inodes()).toEqual(before);
    expect(account.entries).toMatchObject({ new: 0, edited: 0, unchanged: 2 });
    expect(account.files).toEqual({ written: 0, unchanged: 14, removed: 0 });
  });

  it("a run reports one added, one edited and one removed entry, and keeps the removed one", async () => {
    const folder = await temporaryFolder();
    const [alpha, beta] = [entry("alpha"), entry("beta")];
    await crawl(folder, [alpha, beta, entry("stays")]);
    const edited = entry("alpha", { title: "Edited" });
    const account = await crawl(folder, [edited, entry("added"), entry("stays")]);
    expect(account.entries).toEqual({
      new: 1,
      edited: 1,
      renamed: 0,
      unchanged: 1,
      returned: 0,
      kept: 1,
      gone: 1,
      replaced: 0,
    });
    expect(account.counts).toMatchObject({ written: 3, gone: 1 });
    const files = await contentsOf(folder);
    expect(files["content/en/2021/beta.md"]).toContain("Words about *beta*.");
    expect(files["provenance.jsonl"]).toContain("beta");
    expect((await verifyArchive(folder)).findings).toEqual([]);
  });

  it("entries of the same slug get suffixes, and the last one left loses its suffix", async () => {
    const folder = await temporaryFolder();
    const twins = [
      entry("one", {}, { slug: "Same" }),
      entry("two", { sourceUrl: `${SITE}/two` }, { slug: "same" }),
    ];
    await crawl(folder, twins);
    const names = async () =>
      Object.keys(await contentsOf(folder)).filter((path) => path.startsWith("content/"));
    expect(await names()).toEqual([
      "content/en/2021/Same-one000.md",
      "content/en/2021/same-two000.md",
    ]);
    await crawl(folder, [
      ...twins.slice(0, 1),
      entry("two", { date: "2020-01-01" }, { slug: "same" }),
    ]);
    expect(await names()).toEqual(["content/en/2020/same.md", "content/en/2021/Same.md"]);
    expect((await verifyArchive(folder)).findings).toEqual([]);
  });

  it("a dry run writes nothing, not even the folder, and reports what a run would write", async () => {
    const folder = join(await temporaryFolder(), "new");
    const account = await crawl(folder, first(), runOf(first()), true);
    await expect(stat(folder)).rejects.toThrow("ENOENT");
    expect(account).toMatchObject({
      archive: null,
      files: null,
      counts: { written: 2, rejected: 1 },
      entries: { new: 2 },
    });
    await crawl(folder, first());
    const before = await contentsOf(folder);
    const edited = [entry("alpha", { title: "Edited" })];
    const again = await crawl(folder, edited, runOf(edited), true);
    expect(await contentsOf(folder)).toEqual(before);
    expect(again.entries).toMatchObject({ new: 0, edited: 1, kept: 1 });
  });

  it("a run reports a ledger that does not balance", async () => {
    const folder = await temporaryFolder();
    const given = first();
    const run = runOf(given);
    const account = await crawl(folder, given, { ...run, listed: 5 });
    expect(account.balance).toMatchObject([{ code: "ledger-sum" }]);
    const twice = await crawl(folder, given, {
      ...run,
      outcomes: [...run.outcomes, ...run.outcomes.slice(0, 1)],
    });
    expect(twice.balance).toMatchObject([{ code: "ledger-sum" }, { code: "ledger-url-twice" }]);
  });

  it("an archive is the same in any time zone and locale", async () => {
    const write = async (TZ: string, LC_ALL: string) => {
      const folder = await temporaryFolder();
      const env = { TZ, LC_ALL, LANG: LC_ALL };
      const child = startProgram("archive/write-archive.ts", [folder], env);
      expect(await once(child, "close")).toEqual([0, null]);
      return contentsOf(folder);
    };
    const [one, ...others] = await Promise.all([
      write("UTC", "C"),
      write("Pacific/Kiritimati", "tr_TR.UTF-8"),
      write("America/Los_Angeles", "sv_SE.UTF-8"),
    ]);
    expect(Object.keys(one ?? {})).toHaveLength(16);
    for (const other of others) expect(other).toEqual(one);
  });
});

describe("openArchive", () => {
  it.each([
    ["entries of something else", "content/en/2021/x.md"],
    ["a ledger of something else", "ledger.jsonl"],
  ])("a folder with %s is refused and left alone", async (_, path) => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, path, ".."), { recursive: true });
    await writeFile(join(folder, path), "mine\n");
    await expect(openArchive(folder, OPTIONS)).rejects.toThrow(/no archive\.json/);
    expect(await contentsOf(folder)).toEqual({ [path]: "mine\n" });
  });

  it("an archive of another site is refused", async () => {
    const folder = await temporaryFolder();
    await crawl(folder, first());
    await expect(openArchive(folder, { ...OPTIONS, site: "other" })).rejects.toThrow(
      /archive of office, not of other/,
    );
  });

  it("a damaged archive is refused and left alone", async () => {
    const folder = await temporaryFolder();
    await crawl(folder, first());
    const entries = join(folder, "entries.jsonl");
    await writeFile(entries, (await readFile(entries, "utf8")).slice(0, -20));
    const before = await contentsOf(folder);
    await expect(openArchive(folder, OPTIONS)).rejects.toThrow(/line 2 of .* is damaged/);
    expect(await contentsOf(folder)).toEqual(before);
  });

  it("a run keeps files that are not the archive's, and stops before any change if one is in the way", async () => {
    const folder = await temporaryFolder();
    await crawl(folder, first());
    await writeFile(join(folder, "content/en/2021/mine.md"), "mine");
    await crawl(folder, []);
    expect((await contentsOf(folder))["content/en/2021/mine.md"]).toBe("mine");
    const before = await contentsOf(folder);
    await expect(crawl(folder, [entry("mine"), entry("alpha", { title: "New" })])).rejects.toThrow(
      /mine\.md is in the way/,
    );
    expect(await contentsOf(folder)).toEqual(before);
  });

  it.each(["content", "content/en", "content/en/2021/alpha.md", "entries.jsonl", ".staging"])(
    "a folder with a symlink at %s is refused, and the symlink's target is left alone",
    async (path) => {
      const [folder, outside] = [await temporaryFolder(), await temporaryFolder()];
      await writeFile(join(outside, "file"), "theirs");
      await mkdir(join(folder, path, ".."), { recursive: true });
      const target = /\./.test(path.slice(1)) ? join(outside, "file") : outside;
      await symlink(target, join(folder, path));
      await expect(crawl(folder, first())).rejects.toThrow();
      expect(await contentsOf(outside)).toEqual({ file: "theirs" });
    },
  );

  it("a folder with a pipe in the place of a file is refused at once", async () => {
    const folder = await temporaryFolder();
    execFileSync("mkfifo", [join(folder, "archive.json")]);
    await expect(openArchive(folder, OPTIONS)).rejects.toThrow(/archive\.json .* is damaged/);
  });

  it("openArchive follows a symlink to a folder, and refuses one that leads nowhere", async () => {
    const folder = await temporaryFolder();
    const link = join(folder, "link");
    await symlink("archive", link);
    await expect(openArchive(link, OPTIONS)).rejects.toThrow(
      `${link} is a symbolic link that leads nowhere`,
    );
    await mkdir(join(folder, "archive"));
    await crawl(link, first());
    expect((await verifyArchive(join(folder, "archive"))).findings).toEqual([]);
  });
});
