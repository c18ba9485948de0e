/**
 * The bytes of everything that the tool writes, held against `golden.json`: for work that must not change them.
 * Where they are meant to change, `GOLDEN=write npx vitest run test/golden.test.ts` writes them anew, and the
 * difference of that file says which are others.
 *
 * Four things would make the bytes others every time, and are fixed here before they come to be: the time (`Date`), the
 * ids of WARC records (`randomUUID`), what zlib makes of a record (it differs between versions of Node, and with it
 * every offset, length and checksum), and the version of the program. Requests go out one at a time: with more, responses
 * are stored in the order in which they happen to come. What is printed names the folders of this machine, which are replaced.
 *
 * A checksum does not say what differs: `GOLDEN_KEEP=<an empty folder outside the project>` keeps all that was written
 * and printed, for `diff -r` between two states of the source. `GOLDEN=write` with `-t` keeps only the scenarios that
 * ran: write all of them.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import process from "node:process";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Edit, type RunningOffice, startOffice } from "../fixtures/office/server.js";
import type { CrawlOptions } from "../src/commands/command-line/crawl.js";
import { crawlSite } from "../src/commands/crawl.js";
import { demo } from "../src/commands/demo.js";
import { diff } from "../src/commands/diff.js";
import type { End } from "../src/commands/end.js";
import { exportArchive } from "../src/commands/export.js";
import { writeEnd } from "../src/commands/main.js";
import { pack } from "../src/commands/pack.js";
import { Terminal } from "../src/commands/terminal.js";
import { test as checkCases } from "../src/commands/test.js";
import { verify } from "../src/commands/verify.js";
import type { ExitCode } from "../src/error.js";
import { findWholeSite } from "../src/site/load.js";

/** Ids of the run at hand: no two runs give the same. */
const ids = vi.hoisted(() => ({ run: "00000000", given: 0 }));

vi.mock("../src/commands/version.js", () => ({ VERSION: "0.0.0", PROGRAM: "sitelift 0.0.0" }));

vi.mock("node:crypto", async (original) => ({
  ...(await original<typeof import("node:crypto")>()),
  randomUUID: () => `${ids.run}-0000-4000-8000-${String(++ids.given).padStart(12, "0")}`,
}));

vi.mock("node:zlib", async (original) => {
  const zlib = await original<typeof import("node:zlib")>();
  /** A gzip member (RFC 1952) of stored blocks (RFC 1951, 3.2.4). */
  const gzipSync = (data: Uint8Array, options: object = {}) => {
    // How much room there is for the result decides nothing of its bytes.
    if (Object.keys(options).some((name) => name !== "chunkSize"))
      throw new Error("this test knows gzip as it is by default alone");
    const parts = [Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3])];
    for (let at = 0; at === 0 || at < data.length; at += 0xffff) {
      const piece = data.subarray(at, at + 0xffff);
      const head = Buffer.from([at + piece.length === data.length ? 1 : 0, 0, 0, 0, 0]);
      head.writeUInt16LE(piece.length, 1);
      head.writeUInt16LE(0xffff - piece.length, 3);
      parts.push(head, Buffer.from(piece));
    }
    const end = Buffer.alloc(8);
    end.writeUInt32LE(zlib.crc32(data), 0);
    end.writeUInt32LE(data.length, 4);
    return Buffer.concat([...parts, end]);
  };
  return { ...zlib, gzipSync };
});

type Sums = Readonly<Record<string, string>>;

const PROJECT = resolve(import.meta.dirname, "..");
const COMMAND = join(PROJECT, "dist/src/cli.js");
const FIXTURE = join(import.meta.dirname, "golden.json");
const WRITES = process.env.GOLDEN === "write";

const golden: Record<string, Sums> = WRITES ? {} : JSON.parse(readFileSync(FIXTURE, "utf8"));
const folder = resolve(process.env.GOLDEN_KEEP ?? mkdtempSync(join(tmpdir(), "sitelift-golden-")));
const place = (name: string) => join(folder, name);

/** Holds what came in a scenario against the fixture, or takes it over. */
function hold(scenario: string, actual: Sums): void {
  if (WRITES) golden[scenario] = actual;
  expect(actual).toEqual(golden[scenario]);
}

function sumOf(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** SHA-256 of every file below a folder, but for what only saves work and is compressed in another way by each version of Node. */
function sumsOf(root: string): Sums {
  const files = readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => name !== ".readings" && statSync(join(root, name)).isFile())
    .map((name): [string, string] => [name.replaceAll("\\", "/"), join(root, name)])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(files.map(([name, path]) => [name, sumOf(readFileSync(path))]));
}

/** The files that do not depend on the order of responses or on the time of the crawl. */
function timeless(sums: Sums): Sums {
  const isTimed = (name: string) => /^(captures|snapshots)\//.test(name);
  return Object.fromEntries(Object.entries(sums).filter(([name]) => !isTimed(name)));
}

interface Said {
  readonly code: number;
  readonly sums: Sums;
}

/** Runs a command and keeps what it prints, with `json` its last event too. */
async function said(
  name: string,
  json: boolean,
  command: () => Promise<End | ExitCode>,
): Promise<Said> {
  const kept = { stdout: "", stderr: "" };
  const spies = (["stdout", "stderr"] as const).map((stream) =>
    vi.spyOn(process[stream], "write").mockImplementation((text) => {
      kept[stream] += text;
      return true;
    }),
  );
  const end = await command()
    .then((last) => {
      if (json && typeof last !== "number") writeEnd(last);
      return last;
    })
    .finally(() => {
      for (const spy of spies) spy.mockRestore();
    });
  const code = typeof end === "number" ? end : end.exitCode;
  const sums = Object.entries(kept).map(([stream, text]) => {
    const plain = text
      .replaceAll(relative(process.cwd(), folder), "<folder>")
      .replaceAll(folder, "<folder>")
      .replaceAll(PROJECT, "<project>");
    writeFileSync(place(`${name}.${stream}`), plain);
    return [`${name}.${stream}`, sumOf(plain)];
  });
  return { code, sums: Object.fromEntries(sums) };
}

let office: RunningOffice;
beforeAll(async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  // Terminal colours are not part of the recorded output.
  vi.stubEnv("FORCE_COLOR", undefined);
  office = await startOffice();
});
afterAll(async () => {
  await office.close();
  vi.useRealTimers();
  vi.unstubAllEnvs();
  if (WRITES) writeFileSync(FIXTURE, `${JSON.stringify(golden, null, 2)}\n`);
});

/** Crawls the office at a time. */
async function crawled(
  name: string,
  out: string,
  time: string,
  more: CrawlOptions = {},
): Promise<Said> {
  vi.setSystemTime(time);
  Object.assign(ids, { run: time.slice(0, 10).replaceAll("-", ""), given: 0 });
  const options = { out: place(out), concurrency: 1, delay: 0, ...more };
  const hosts = { "office.example": { address: "127.0.0.1", port: office.port } };
  const site = await findWholeSite("demo", options);
  const crawl = () => crawlSite(site, options, new Terminal(options), { hosts });
  return said(`crawl ${name}`, options.json === true, async () => (await crawl()).end);
}

const FIRST = "2026-03-01T12:00:00Z";

test("crawl of the English office writes the recorded archive and events", async () => {
  const { code, sums } = await crawled("English", "en", FIRST, { json: true });
  expect(code).toBe(0);
  hold("English", { ...sums, ...sumsOf(place("en")) });
});

test("crawl with four concurrent requests writes the same archive as with one, except for times", async () => {
  const { code, sums } = await said("demo", false, () => demo({ out: place("demo"), port: 0 }));
  expect(code).toBe(0);
  expect(timeless(sumsOf(place("demo")))).toEqual(timeless(sumsOf(place("en"))));
  hold("demo", sums);
});

test("crawl resumed after a kill writes the same archive as an uninterrupted crawl, except for times", async () => {
  const args = ["crawl", "demo", "--out", place("killed"), "--concurrency", "1", "--delay", "20"];
  const child = spawn(process.execPath, [COMMAND, ...args], { stdio: "ignore" });
  const ended = new Promise((done) => child.on("close", done));
  const captures = join(place("killed"), "captures");
  const journal = () => {
    const [name = ""] = existsSync(captures) ? readdirSync(captures) : [];
    const path = join(captures, name, "journal.jsonl");
    return existsSync(path) ? readFileSync(path, "utf8").split("\n") : [];
  };
  while (child.exitCode === null && journal().length < 40)
    await new Promise((done) => setTimeout(done, 5));
  child.kill("SIGKILL");
  await ended;
  const [head = ""] = journal();
  // What was cut off is taken up for a day.
  const { startedAt } = JSON.parse(head) as { startedAt: string };
  expect((await crawled("killed", "killed", startedAt)).code).toBe(0);
  expect(readdirSync(captures)).toHaveLength(1);
  expect(timeless(sumsOf(place("killed")))).toEqual(timeless(sumsOf(place("en"))));
});

test("pack of the English archive writes the recorded package", async () => {
  const out = place("en.wacz");
  const { code, sums } = await said("pack", true, () => pack(place("en"), { out, json: true }));
  expect(code).toBe(0);
  hold("package", { ...sums, "en.wacz": sumOf(readFileSync(out)) });
});

test.each([
  "hugo",
  "astro",
  "eleventy",
  "docusaurus",
  "jekyll",
  "drupal",
  "wordpress",
  "csv",
  "jsonl",
  "sqlite",
  "bagit",
])("export of the English archive for %s writes the recorded files", async (to) => {
  const out = place(to);
  const { code, sums } = await said(`export ${to}`, true, () =>
    exportArchive(place("en"), { to, out, json: true }),
  );
  expect(code).toBe(0);
  hold(`export ${to}`, { ...sums, ...sumsOf(out) });
});

test("crawl of the office in all languages writes the recorded archive and output", async () => {
  const { code, sums } = await crawled("all languages", "all", FIRST, { languages: "all" });
  expect(code).toBe(0);
  hold("all languages", { ...sums, ...sumsOf(place("all")) });
});

/** One of each kind. */
const EDITS: readonly Edit[] = [
  {
    kind: "add",
    on: "2022-02-01",
    article: {
      path: "/news/a-new-pier",
      title: "A new pier",
      date: "2022-02-01",
      type: "News",
      body: "It reaches the water now.",
    },
  },
  {
    kind: "change",
    on: "2022-02-02",
    path: "/news/sand-that-walks",
    set: { title: "Sand", body: "Gone." },
  },
  { kind: "remove", on: "2022-02-02", path: "/news/maths-on-the-mudflat" },
  {
    kind: "rename",
    on: "2022-02-03",
    path: "/news/lamp-of-cape-merrow-lit-again",
    to: "/news/the-lamp",
  },
];

test("a second crawl of the edited English office writes the recorded archive", async () => {
  office.edit(...EDITS);
  const { code, sums } = await crawled("edited", "en", "2026-03-02T12:00:00Z", { json: true });
  expect(code).toBe(0);
  hold("edited", { ...sums, ...sumsOf(place("en")) });
});

test("verify, diff and test print the recorded output", async () => {
  const all: Sums[] = [];
  for (const json of [true, false]) {
    const options = { json };
    const form = json ? "events" : "words";
    const runs: [string, () => Promise<End | ExitCode>][] = [
      ["verify", () => verify(place("en"), options)],
      ["diff", () => diff(place("en"), undefined, { ...options, last: true })],
      ["test", () => checkCases(join(PROJECT, "fixtures/cases"), undefined, options)],
    ];
    for (const [name, command] of runs) {
      const { code, sums } = await said(`${name} ${form}`, json, command);
      expect(code, name).toBe(0);
      all.push(sums);
    }
  }
  hold("outputs", Object.assign({}, ...all));
});
