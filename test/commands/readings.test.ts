/** What is kept of the readings of one run for the next: it saves work, and changes no byte. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { codeDigest } from "../../src/archive/write/code-digest.js";
import { Readings } from "../../src/archive/write/readings.js";
import { KeptReadings, type ReadingStore } from "../../src/crawl/kept-readings.js";
import { Reader } from "../../src/crawl/reader.js";
import { realDisk } from "../../src/disk/disk.js";
import { READINGS, STAGING } from "../../src/disk/layout.js";
import type { Page, Row } from "../../src/model.js";
import { resolveSite } from "../../src/site/resolve.js";
import { entryId } from "../../src/url/url.js";
import { faultyDisk } from "../disk/faulty-disk.js";
import { buildHere, crawlFrom, crawlHere } from "./here.js";
import { scratch, sitelift } from "./sitelift.js";
import { serveSite } from "./small-site.js";

const NAMES = ["one", "two", "three", "four"];
const PIXEL =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** Four articles: one a row, one with an image in its page, one whose body is its row, one that is rejected. */
function pageOf(names: readonly string[] = NAMES) {
  return (path: string): string | number => {
    if (path === "/robots.txt") return 404;
    if (path === "/list")
      return names
        .map(
          (name) =>
            `<li><a href="/${name}">The ${name}</a> <p>Told on <b>${name}</b> \ud83d\udea2.</p></li>`,
        )
        .join("");
    const name = path.slice(1);
    const more = name === "two" ? `<img src="${PIXEL}" alt="A dot">` : "";
    const body = name === "three" ? "" : `<div id="text"><p>Words of ${name}.</p>${more}</div>`;
    return name === "four"
      ? `<h1>\u0085</h1>${body}`
      : `<h1>The ${name}</h1>${body}<footer>Office</footer>`;
  };
}

function siteAt(start: string, more: object = {}) {
  return {
    ...{ name: "kept", start, politeness: { delay: 0, concurrency: 1 } },
    listing: { rows: "li", link: "a", next: [] },
    fields: {
      title: { article: "h1", listing: "a" },
      body: { article: { select: "#text", read: "html" }, listing: { select: "p", read: "html" } },
    },
    ...more,
  };
}

/** Every file of an archive that no time is in. */
function filesOf(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (name) =>
      !/^(captures|snapshots|\.readings)/.test(name) && statSync(join(folder, name)).isFile(),
  );
  return Object.fromEntries(
    names.sort().map((name) => [name, readFileSync(join(folder, name), "latin1")]),
  );
}

const kept = (folder: string) => join(folder, ".readings");

test("a second crawl writes the same archive with what was kept, without it, and with a damaged file, which it names", async () => {
  using served = await serveSite(pageOf());
  const cwd = scratch();
  writeFileSync(join(cwd, "site.json"), JSON.stringify(siteAt(served.start)));
  const crawl = async (out: string) => {
    const { exitCode, stderr } = await crawlHere(cwd, out, { maxRejected: { count: 4 } });
    expect(exitCode, stderr).toBe(0);
    return stderr;
  };
  for (const out of ["with", "without", "damaged", "cut"]) {
    await crawl(out);
    const path = kept(join(cwd, out));
    const bytes = readFileSync(path);
    if (out === "without") rmSync(path);
    if (out === "damaged")
      writeFileSync(
        path,
        bytes.map((byte, at) => (at % 97 === 96 ? byte ^ 8 : byte)),
      );
    if (out === "cut") writeFileSync(path, bytes.subarray(0, bytes.length - 9));
    const isWhole = out.startsWith("with");
    expect(await crawl(out)).toEqual(
      isWhole ? "" : expect.stringMatching(/\.readings is damaged .*read again/),
    );
    // Made anew, it is whole again.
    expect(await crawl(out)).toBe("");
    expect(readFileSync(path).equals(bytes)).toBe(true);
  }
  const files = filesOf(join(cwd, "with"));
  expect(Object.keys(files).filter((name) => name.endsWith(".md"))).toHaveLength(4);
  for (const out of ["without", "damaged", "cut"]) expect(filesOf(join(cwd, out))).toEqual(files);
  expect((await buildHere(cwd, ["with"], "built", { maxRejected: { count: 4 } })).exitCode).toBe(0);
  expect((await buildHere(cwd, ["with"], "built", { maxRejected: { count: 4 } })).exitCode).toBe(0);
  const timeless = ({
    "account.md": _,
    "account.json": __,
    "archive.json": ___,
    ...rest
  }: Record<string, string>) => rest;
  expect(timeless(filesOf(join(cwd, "built")))).toEqual(timeless(files));
  // It is not part of the archive.
  const verified = await sitelift(["verify", "with"], { cwd });
  expect(verified.exitCode, verified.stdout + verified.stderr).toBe(0);
});

test("links of a field that is HTML start from the page that it was read from, and from the next one when its row moves", async () => {
  let folder = "/a/";
  using served = await serveSite((path) => {
    const row = `<li><a href="/one">One</a><div class="more">See <a href="next">next</a>.</div></li>`;
    if (path === "/list") return `<base href="${folder}"><ul>${row}</ul>`;
    return path === "/one" ? "<h1>One</h1><div id='text'><p>Words.</p></div>" : 404;
  });
  const cwd = scratch();
  const { fields, ...site } = siteAt(served.start);
  const more = { more: { kind: "html", listing: ".more" } };
  writeFileSync(
    join(cwd, "site.json"),
    JSON.stringify({ ...site, fields: { ...fields, ...more } }),
  );
  for (folder of ["/a/", "/b/"]) {
    await crawlHere(cwd, "out", {});
    const { data } = JSON.parse(readFileSync(join(cwd, "out/entries.jsonl"), "utf8"));
    expect(data.fields.more).toBe(`See [next](${new URL(served.start).origin}${folder}next).`);
  }
});

test("what two runs in a row did not use is kept no longer, and a dry run keeps nothing", async () => {
  let names = NAMES;
  using served = await serveSite((path) => pageOf(names)(path));
  const cwd = scratch();
  writeFileSync(join(cwd, "site.json"), JSON.stringify(siteAt(served.start)));
  const options = { maxRejected: { count: 4 } };
  const sizeAfter = async (more: object = {}) => {
    await crawlHere(cwd, "out", { ...options, ...more });
    return statSync(kept(join(cwd, "out"))).size;
  };
  const whole = await sizeAfter();
  names = ["one"];
  expect(await sizeAfter({ dryRun: true })).toBe(whole);
  expect(await sizeAfter()).toBeGreaterThan(whole);
  expect(await sizeAfter()).toBeLessThan(whole);
});

test("what is kept in an archive from elsewhere is not believed, as in a copy of one", async () => {
  using served = await serveSite(pageOf());
  const cwd = scratch();
  writeFileSync(join(cwd, "site.json"), JSON.stringify(siteAt(served.start)));
  const options = { maxRejected: { count: 4 } };
  await crawlHere(cwd, "theirs", options);
  cpSync(join(cwd, "theirs"), join(cwd, "mine"), { recursive: true });
  const sizeOf = (out: string) => statSync(kept(join(cwd, out))).size;
  await crawlHere(cwd, "mine", options);
  await crawlHere(cwd, "theirs", options);
  // All was read again, and what was there is kept for one run more.
  expect(sizeOf("mine")).toBe(2 * sizeOf("theirs"));
});

test("a disk that refuses every call for what is kept changes nothing of a crawl", async () => {
  using served = await serveSite(pageOf());
  const cwd = scratch();
  const site = { ...siteAt(served.start), politeness: undefined };
  const options = { maxRejected: { count: 4 } };
  await crawlFrom(site as never, join(cwd, "plain"), options);
  for (const run of [1, 2]) {
    const disk = faultyDisk(run, "dies", { counts: (path) => /readings$/.test(path) });
    const isKept = (path: string) => /readings$/.test(path);
    const mixed = Object.fromEntries(
      (Object.keys(realDisk) as (keyof typeof realDisk)[]).map((name) => [
        name,
        (path: string, ...more: never[]) =>
          ((isKept(path) ? disk : realDisk)[name] as (...all: unknown[]) => unknown)(path, ...more),
      ]),
    ) as unknown as typeof realDisk;
    const { code, stderr } = await crawlFrom(site as never, join(cwd, "faulty"), options, {
      disk: mixed,
    });
    expect(code, stderr).toBe(0);
    expect(existsSync(kept(join(cwd, "faulty")))).toBe(false);
  }
  expect(filesOf(join(cwd, "faulty"))).toEqual(filesOf(join(cwd, "plain")));
});

/** Counts what is read anew. */
class Counted implements ReadingStore {
  readonly texts = new Map<string, string>();
  added = 0;
  find = async (key: string) => this.texts.get(key) ?? null;
  add = async (key: string, text: string) => {
    this.added++;
    this.texts.set(key, text);
  };
}

const START = "https://office.example/list";
const site = resolveSite(siteAt(START), {}, "test");

function page(path: string, more: Partial<Page> = {}): Page {
  const url = `https://office.example${path}`;
  const body = Buffer.from(`<html><body>${pageOf()(path)}</body></html>`);
  return {
    ...{ url, requestedUrl: url, status: 200, body },
    headers: { "content-type": "text/html" },
    ...more,
  };
}

/** Reads a list and its second article. @returns what an article came to */
async function read(
  reader: Reader,
  list = page("/list"),
  article = page("/two"),
  change = (row: Row) => row,
) {
  const { rows } = await reader.listing(list);
  const opened = await reader.article(change(rows[1] as Row), article);
  return { ...opened.facts, ...(await opened.finish(article.url, [])) };
}

test("an unchanged page is neither parsed nor converted again, and what comes of it is the same", async () => {
  const store = new Counted();
  const first = await read(new Reader(site, store));
  expect(store.added).toBe(2);
  expect(await read(new Reader(site, store))).toEqual(first);
  expect(first.draft.embedded).toHaveLength(1);
  // Another place in the list is not another article.
  const moved = (row: Row): Row => ({
    ...row,
    position: 9,
    listing: `${START}?page=1`,
    base: `${START}?page=1`,
  });
  expect(await read(new Reader(site, store), undefined, undefined, moved)).toEqual(first);
  // Nor is another pace.
  const hurried = { ...site, politeness: { delay: 9, concurrency: 9 } };
  expect(await read(new Reader(hurried, store))).toEqual(first);
  expect(store.added).toBe(2);
});

test("a row that was kept is converted as one that is read, by what is around it on its page", async () => {
  const rows = {
    ...{ name: "rows", start: START, article: { follow: false } },
    listing: { rows: "li", next: [] },
    fields: { title: { listing: "h2" }, body: { listing: { select: ".text", read: "html" } } },
  };
  const bare = resolveSite(rows as never, {}, "test");
  const body = Buffer.from(
    `<ul>${[1, 2].map((at) => `<li><h2>Row ${at}</h2><button aria-controls="m${at}">More</button><div class="text"><p>Said.</p><p hidden id="m${at}">And more.</p></div></li>`).join("")}</ul>`,
  );
  const list = page("/list", { body });
  const second = async (store?: ReadingStore) => {
    const reader = new Reader(bare, store);
    const row = (await reader.listing(list)).rows[1] as Row;
    return async () => (await reader.bareRow({ ...row }, list)).finish(START, []);
  };
  const { draft } = await (await second())();
  expect(draft.body).toContain("And more.");
  const store = new Counted();
  // As after a limit: the listing was kept, and nothing of the row.
  await second(store);
  expect((await (await second(store))()).draft).toEqual(draft);
  expect(store.added).toBe(2);
});

test.each<[what: string, again: (store: ReadingStore) => Promise<unknown>]>([
  [
    "a byte of the page",
    (store) =>
      read(
        new Reader(site, store),
        undefined,
        page("/two", { body: Buffer.from("<h1>The two</h1>") }),
      ),
  ],
  [
    "its coding",
    (store) => read(new Reader(site, store), undefined, page("/two", { headers: {} })),
  ],
  [
    "its URL",
    (store) => read(new Reader(site, store), undefined, page("/two", { url: `${START}/two` })),
  ],
  [
    "its row",
    (store) =>
      read(new Reader(site, store), undefined, undefined, (row) => ({ ...row, readings: {} })),
  ],
  ["the site file", (store) => read(new Reader({ ...site, language: "fr" }, store))],
])("a page is read again when %s is another", async (_what, again) => {
  const store = new Counted();
  await read(new Reader(site, store));
  const before = store.added;
  await again(store);
  expect(store.added).toBeGreaterThan(before);
});

test("readings of one site are not those of another", async () => {
  const store = new Counted();
  const value = (text: string) => async () => text;
  expect(await new KeptReadings(store, site).canonical("page", value("a"))).toBe("a");
  expect(await new KeptReadings(store, site).canonical("page", value("b"))).toBe("a");
  expect(
    await new KeptReadings(store, { ...site, language: "fr" }).canonical("page", value("b")),
  ).toBe("b");
});

test("what a run has kept is found in the same run, and is kept once", async () => {
  const root = scratch();
  mkdirSync(join(root, STAGING), { recursive: true });
  const readings = new Readings(root, realDisk, true);
  await readings.add("a", "x".repeat(9_000));
  await readings.add("b", "of b");
  expect(await readings.find("a")).toBe("x".repeat(9_000));
  expect([await readings.find("b"), await readings.find("c")]).toEqual(["of b", null]);
  await readings.commit();
  await readings.close();
  const again = new Readings(root, realDisk, true);
  expect(await again.find("b")).toBe("of b");
  expect(again.damage).toBeNull();
  await again.close();
});

test("of what is kept under one key the last is found, by the next run too", async () => {
  const root = scratch();
  mkdirSync(join(root, STAGING), { recursive: true });
  for (const [before, after] of [
    [null, "first"],
    ["first", "second"],
  ] as const) {
    const readings = new Readings(root, realDisk, true);
    expect(await readings.find("a")).toBe(before);
    await readings.add("a", after);
    expect(await readings.find("a")).toBe(after);
    await readings.commit();
    await readings.close();
  }
  const last = new Readings(root, realDisk, true);
  expect(await last.find("a")).toBe("second");
  await last.close();
});

test("an article that is not converted is not parsed again either, and one that gets another URL is converted by it", async () => {
  const store = new Counted();
  const open = async (reader: Reader) => {
    const { rows } = await reader.listing(page("/list"));
    return reader.article(rows[1] as Row, page("/two"));
  };
  await (await open(new Reader(site, store))).leave?.();
  await (await open(new Reader(site, store))).leave?.();
  expect(store.added).toBe(2);
  for (const url of [START, START, `${START}/2`]) {
    const { draft } = await (await open(new Reader(site, store))).finish(url, []);
    expect(draft.id).toBe(entryId(url));
  }
  expect(store.added).toBe(4);
});

test("a record that says it is larger than any is damage, and takes no memory", async () => {
  const root = scratch();
  const disk = realDisk;
  const file = join(root, READINGS);
  const head = Buffer.alloc(93);
  head.writeUInt32LE(2 ** 27, 0);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, head);
  truncateSync(file, head.length + 2 ** 27);
  const readings = new Readings(root, disk, true);
  expect(await readings.find("x")).toBeNull();
  expect(readings.damage).toContain("a record at 0");
  await readings.close();
});

test("readings of another code, or with other packages, are those of another program", () => {
  const program = join(scratch(), "node_modules/sitelift/dist/src");
  mkdirSync(join(program, "extract"), { recursive: true });
  writeFileSync(join(program, "extract/tree.js"), "1");
  writeFileSync(join(program, "../../package.json"), "{}");
  const seen = [codeDigest(program)];
  writeFileSync(join(program, "extract/tree.d.ts"), "a comment");
  expect(codeDigest(program)).toBe(seen[0]);
  writeFileSync(join(program, "extract/tree.js"), "2");
  seen.push(codeDigest(program));
  writeFileSync(join(program, "../../package.json"), '{"dependencies":{}}');
  seen.push(codeDigest(program));
  // Where npm says what it installed: in the program, and in the project that has it as a package.
  for (const place of ["../../node_modules", "../../../../node_modules"]) {
    mkdirSync(join(program, place), { recursive: true });
    writeFileSync(join(program, place, ".package-lock.json"), '{"packages":{}}');
    seen.push(codeDigest(program));
  }
  expect(new Set(seen).size).toBe(5);
});

test.each([
  ["in it, as npm installs a program for a machine", "sitelift/node_modules"],
  ["beside it, as pnpm does", "."],
])(
  "readings with another version of what a package needs, %s, are those of another program",
  (_, place) => {
    const modules = join(scratch(), "node_modules");
    const program = join(modules, "sitelift/dist/src");
    mkdirSync(program, { recursive: true });
    const install = (name: string, version: string, ...needs: string[]) => {
      const folder = name === "sitelift" ? join(modules, name) : join(modules, place, name);
      const dependencies = Object.fromEntries(needs.map((one) => [one, "*"]));
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "package.json"), JSON.stringify({ name, version, dependencies }));
      return codeDigest(program);
    };
    install("sitelift", "1.0.0", "cheerio", "@crawlee/core", "not-there");
    const first = install("cheerio", "1.0.0", "parse5");
    const seen = [
      first,
      install("parse5", "7.0.0", "cheerio"),
      install("parse5", "7.0.1", "cheerio"),
    ];
    expect(new Set(seen).size).toBe(3);
    expect(install("stranger", "1.0.0")).toBe(seen[2]);
  },
);
