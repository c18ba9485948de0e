/** A run that would write what its archive holds makes nothing again, and comes to the same as one that does. */
import {
  appendFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { verifyArchive } from "../../src/archive/verify/verify.js";
import { keyOfWalk, NotedProgress } from "../../src/commands/build/kept.js";
import { realDisk } from "../../src/disk/disk.js";
import { resolveSite } from "../../src/site/resolve.js";
import type { SiteInput } from "../../src/site/site.js";
import { DEEP } from "../deep.js";
import { buildFrom, crawlFrom, Kept } from "./here.js";
import { scratch } from "./sitelift.js";
import { serveSite } from "./small-site.js";

const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
const NAMES = ["one", "two", "three", "four"];
const WHOLE = NAMES.slice(0, 3);
const THERE = `<img src="/dot.png" alt="A dot"><img src="/gone.png" alt="None">`;

/** Articles that link to one another, with an image that comes and one that does not, and one that is rejected. */
function pageOf(names: readonly string[] = NAMES, words = "Words") {
  return (path: string): string | number | Uint8Array => {
    if (path === "/dot.png") return PIXEL;
    if (path === "/style.css") return Buffer.from("p{color:red}");
    if (path === "/list")
      return `${STYLE}${names.map((name) => `<li><a href="/${name}">The ${name}</a></li>`).join("")}`;
    const name = path.slice(1);
    if (!names.includes(name)) return 404;
    const links = names.map((other) => `<a href="/${other}#part">${other}</a>`).join(" ");
    const title = name === "four" ? "\u0085" : `The ${name}`;
    return `${STYLE}<h1>${title}</h1><div id="text"><p>${words} of ${name}, ${links}.</p>${name === "two" ? THERE : ""}</div>`;
  };
}

function siteAt(start: string, more: object = {}): SiteInput {
  return {
    ...{ name: "again", start, politeness: { delay: 0, concurrency: 1 } },
    listing: { rows: "li", link: "a", next: [] },
    fields: {
      title: { article: "h1", listing: { select: "a", attribute: "title" } },
      body: { article: { select: "#text", read: "html" } },
    },
    ...more,
  } as SiteInput;
}

/** Every file of an archive, snapshots without their times, and how many of these files there are. */
function filesOf(folder: string): Record<string, string> {
  const files: Record<string, string> = {};
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  for (const name of names.filter((one) => !/^(captures|\.)|history\.csv$/.test(one)).sort()) {
    if (!statSync(join(folder, name)).isFile()) continue;
    const text = readFileSync(join(folder, name), "latin1");
    if (!name.startsWith("snapshots/2")) files[name] = text;
    else files[`snapshot ${text.replace(/^ {2}"(time|previous|sha256)": .*$/gm, "")}`] = "";
  }
  return { ...files, files: `${Object.keys(files).length}` };
}

function pathOf(folder: string, pattern: RegExp): string {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return join(folder, names.find((name) => pattern.test(name)) ?? "");
}

/** A disk that counts the files that are made in the staging folder. */
function counted() {
  const made: string[] = [];
  const open: typeof realDisk.open = (path, mode) => {
    if (mode === "new" && path.endsWith(".tmp")) made.push(path);
    return realDisk.open(path, mode);
  };
  return { made, disk: { ...realDisk, open } };
}

const STYLE = `<link rel="stylesheet" href="/style.css">`;
const MORE = { maxRejected: { count: 9 }, maxFailedMedia: { count: 9 } };

test("an unchanged crawl sets no link and makes no file but its snapshot, and one that finds a change does", async () => {
  let page = pageOf();
  using served = await serveSite((path) => page(path));
  const out = join(scratch(), "out");
  const site = siteAt(served.start);
  const crawl = async () => {
    const { made, disk } = counted();
    const { code, stderr } = await crawlFrom(site, out, MORE, { disk });
    expect(code, stderr).toBe(0);
    return made.length;
  };
  const first = await crawl();
  const files = filesOf(out);
  const least = await crawl();
  expect(least).toBeLessThan(first);
  expect(filesOf(out)["entries.jsonl"]).toBe(files["entries.jsonl"]);
  page = pageOf(NAMES, "Other words");
  expect(await crawl()).toBeGreaterThan(least);
  expect(filesOf(out)["entries.jsonl"]).toContain("Other words");
  page = pageOf(["one", "two", "four"], "Other words");
  expect(await crawl()).toBeGreaterThan(least);
  expect((await verifyArchive(out)).findings).toEqual([]);
});

/** What is done to an archive between two builds of the same capture. */
const DISTURBANCES: readonly [what: string, disturb: (folder: string) => void][] = [
  ["nothing", () => {}],
  ["a content file is edited", (folder) => appendFileSync(pathOf(folder, /one\.md$/), "More.\n")],
  ["a content file is lost", (folder) => unlinkSync(pathOf(folder, /two\.md$/))],
  [
    "a content file leads elsewhere",
    (folder) => {
      const path = pathOf(folder, /two\.md$/);
      cpSync(path, `${folder}.md`);
      unlinkSync(path);
      symlinkSync(`${folder}.md`, path);
    },
  ],
  ["an image is cut off", (folder) => truncateSync(pathOf(folder, /\.png$/), 9)],
  [
    "a file of quarantine is edited",
    (folder) => writeFileSync(pathOf(folder, /issues\.json$/), "[]"),
  ],
  ["the ledger is edited", (folder) => appendFileSync(join(folder, "ledger.jsonl"), "\n")],
  ["the entries are cut off", (folder) => truncateSync(join(folder, "entries.jsonl"), 100)],
  ["the sources are lost", (folder) => unlinkSync(join(folder, "provenance.jsonl"))],
  ["account.md is edited", (folder) => appendFileSync(join(folder, "account.md"), "More.\n")],
  ["health.json is lost", (folder) => unlinkSync(join(folder, "health.json"))],
  [
    "archive.json has another sum",
    (folder) => {
      const path = join(folder, "archive.json");
      const text = readFileSync(path, "utf8");
      const [found = ""] = /(?<="path": "content[^{]*"sha256": ")\w+/.exec(text) ?? [];
      writeFileSync(path, text.replace(found, "0".repeat(64)));
    },
  ],
  ["archive.json is lost", (folder) => unlinkSync(join(folder, "archive.json"))],
  [
    "an article is left out",
    (folder) => writeFileSync(join(folder, "overrides.yaml"), "/two:\n  exclude: true\n"),
  ],
  [
    "an override names nothing",
    (folder) => writeFileSync(join(folder, "overrides.yaml"), "/nine:\n  exclude: true\n"),
  ],
  ["the snapshots are lost", (folder) => rmSync(join(folder, "snapshots"), { recursive: true })],
  [
    "a file of the user is there",
    (folder) => writeFileSync(join(folder, "content/en/notes.txt"), "Mine."),
  ],
];

/** The capture of a crawl of some articles, which is made once: what is built of it is changed, and not it. */
const crawled = new Map<readonly string[], Promise<readonly [SiteInput, string]>>();
function crawlOf(names: readonly string[]): Promise<readonly [SiteInput, string]> {
  const made =
    crawled.get(names) ??
    (async () => {
      using served = await serveSite(pageOf(names));
      const [site, out] = [siteAt(served.start), join(scratch(), "crawled")] as const;
      await crawlFrom(site, out, { ...MORE, requisites: "look" });
      return [site, out] as const;
    })();
  crawled.set(names, made);
  return made;
}

test.each(DISTURBANCES)(
  "a build after a build, when %s, comes to what one does that reads all again",
  async (what, disturb) => {
    // What was rejected is read again each time.
    const [site, archive] = await crawlOf(what.includes("quarantine") ? NAMES : WHOLE);
    const [cwd, captures] = [scratch(), [archive]];
    // What is kept of a run that changed nothing is asked of one of them.
    const times = what === "nothing" || DEEP ? [1, 2, 3] : [1, 2];
    const came = [];
    // Both in a folder of one name, which the account has.
    for (const isKept of [true, false]) {
      const out = join(cwd, "out");
      const runs: unknown[] = [await buildFrom(site, captures, out, MORE)];
      disturb(out);
      for (const _ of times) {
        if (!isKept) rmSync(join(out, ".readings"), { force: true });
        runs.push(await buildFrom(site, captures, out, MORE), filesOf(out));
      }
      came.push(runs);
      rmSync(out, { recursive: true });
    }
    expect(came[0]).toEqual(came[1]);
  },
);

test("a build is read again when its capture, its site file or an option is another, and not when none is", async () => {
  using served = await serveSite(pageOf(WHOLE));
  const cwd = scratch();
  const out = join(cwd, "out");
  let site = siteAt(served.start);
  await crawlFrom(site, join(cwd, "crawled"), { ...MORE, requisites: "look" });
  const captures = [pathOf(join(cwd, "crawled"), /data\.warc\.gz$/)];
  /** Whether pages were looked up: what is kept of them is made anew then. */
  const reads = async (more: object = {}) => {
    const inode = () => statSync(join(out, ".readings"), { throwIfNoEntry: false })?.ino;
    const before = inode();
    const { exitCode, stderr } = await buildFrom(site, captures, out, { ...MORE, ...more });
    return { exitCode, isRead: inode() !== before, stderr };
  };
  const isRead = async (more: object = {}) => (await reads(more)).isRead;
  expect(await isRead()).toBe(true);
  for (const _ of [1, 2, 3]) expect(await isRead()).toBe(false);
  expect(await isRead({ limit: 2 })).toBe(true);
  expect(await isRead()).toBe(true);
  expect(await isRead()).toBe(false);
  site = siteAt(served.start, { language: "fr" });
  expect(await isRead()).toBe(true);
  expect(await isRead()).toBe(false);
  writeFileSync(join(out, "overrides.yaml"), "/two:\n  set: {title: Zwei}\n");
  expect(await isRead()).toBe(true);
  expect(readFileSync(join(out, "entries.jsonl"), "utf8")).toContain("Zwei");
  unlinkSync(join(out, "overrides.yaml"));
  expect(await isRead()).toBe(true);
  expect(await isRead()).toBe(false);
  // Of one size, and of one time.
  const [path = ""] = captures;
  const { atime, mtime } = statSync(path);
  const bytes = readFileSync(path);
  bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 8, bytes.length >> 1);
  writeFileSync(path, bytes);
  utimesSync(path, atime, mtime);
  const damaged = await reads();
  expect(damaged).toMatchObject({ isRead: true, stderr: expect.stringContaining("damage") });
  expect(damaged.exitCode).not.toBe(0);
});

test("of what happens on the network only what is shown is kept, so that a walk of many pages can be kept", () => {
  const progress = new NotedProgress(new Kept({}));
  const url = "https://x.example/";
  progress.fetching({ event: "request", url, role: "article", attempt: 1 });
  progress.fetching({ event: "answer", url, status: 200, bytes: 1 });
  progress.fetching({ event: "warning", message: "Look." });
  expect(progress.said).toEqual([["fetching", { event: "warning", message: "Look." }]]);
});

test("several crawls, which are never kept, are not read once more to name them", async () => {
  using served = await serveSite(pageOf(WHOLE));
  const [out, site] = [join(scratch(), "out"), siteAt(served.start)];
  const key = () => keyOfWalk([out], resolveSite(site, {}, "test"), {});
  await crawlFrom(site, out, MORE);
  expect(await key()).not.toBe(null);
  await crawlFrom(site, out, MORE);
  expect(await key()).toBe(null);
});

test.skipIf(!existsSync("/dev/zero"))(
  "a device without an end is not a capture, and is not read for its name",
  async () => {
    const site = resolveSite(siteAt("https://x.example/list"), {}, "test");
    expect(await keyOfWalk(["/dev/zero"], site, {})).toBe(null);
  },
);
