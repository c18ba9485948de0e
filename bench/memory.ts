/**
 * How much memory a crawl takes: of 1,000 and of 10,000 articles, and of pages that are made to exhaust
 * it. Prints the highest resident memory of the process that walks, of the largest one that it starts for
 * a large page, and of all at one time, where what they share counts once; fails where one of these is over
 * the bound, or grows.
 *
 * `npm run bench:memory` (minutes; `-- --articles 100,1000` for other sizes)
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { answer, SCENARIOS, type Scenario, startFaultServer } from "../test/fault-server.js";
import { FaultyOffice, HTML, LIST } from "../test/reliability/office.js";
import { run } from "./process.js";

const BOUND_MB = 300;
/** While an article of 5 MB is read: its reader has a heap of 420 MB of its own (`src/crawl/worker/`). */
const LARGE_MB = 600;
/** The longer crawl may take so much more than the shorter: what is known of each article, in short. */
const GROWTH_MB = 40;
const CLI = new URL("../dist/src/cli.js", import.meta.url).pathname;
const PARAGRAPH = `<p>${"Nets were mended, boats were painted and the <b>harbour</b> was quiet. ".repeat(20)}</p>\n`;

interface Crawl {
  readonly articles: number;
  readonly faults: Readonly<Record<string, Scenario>>;
}

/** Resident memory in megabytes, the highest of each. */
interface Measured {
  /** Of the process that walks. */
  readonly walk: number;
  /** Of the largest process that it started; 0 when it started none. */
  readonly other: number;
  /** Of all together; memory that they share, such as the program of Node, is counted once. */
  readonly atOnce: number;
  readonly summary: string;
}

const { values } = parseArgs({ options: { articles: { type: "string", default: "1000,10000" } } });
const sizes = values.articles.split(",").map(Number);

const runs: Measured[] = [];
say("", ["walk", "other", "at once"], "");
for (const articles of sizes) {
  const run = await measure({ articles, faults: {} });
  runs.push(run);
  show(`${articles} articles`, run);
}
const peaks = runs.map(({ walk }) => walk);
const growth = Math.max(...peaks) - Math.min(...peaks);
say("difference", [growth.toFixed(0)], "");
const hostile = await measure({ articles: 40, faults: hostilePages() });
show("bombs, endless bodies, articles of 5 MB", hostile);
const most = Math.max(...runs.map(({ atOnce }) => atOnce), ...peaks, hostile.walk);
const isWithin = most <= BOUND_MB && hostile.atOnce <= LARGE_MB && growth <= GROWTH_MB;
process.stdout.write(
  isWithin
    ? `all within ${BOUND_MB} MB (${LARGE_MB} with large pages), and within ${GROWTH_MB} MB of one another\n`
    : `over: at most ${BOUND_MB} MB at once (${LARGE_MB} with large pages) and ${GROWTH_MB} MB of difference are wanted\n`,
);
process.exitCode = isWithin ? 0 : 1;

function show(what: string, { walk, other, atOnce, summary }: Measured): void {
  say(what, [walk.toFixed(0), other.toFixed(0), atOnce.toFixed(0)], `MB  ${summary}`);
}

function say(what: string, columns: readonly string[], more: string): void {
  const cells = columns.map((text) => text.padStart(9)).join("");
  process.stdout.write(`${what.padEnd(40)}${cells} ${more}\n`);
}

/** Pages that are made to exhaust memory, among ordinary ones. */
function hostilePages(): Record<string, Scenario> {
  const office = new FaultyOffice({ articles: 40 });
  const large = (number: number, body: string): Scenario => {
    const html = office.article(number, body);
    return (ask) => answer(ask, 200, HTML, html);
  };
  const bomb = (coding: string, body: Uint8Array): Scenario => {
    return (ask) => answer(ask, 200, { ...HTML, "content-encoding": coding }, body);
  };
  const zeros = Buffer.alloc(64 * 2 ** 20);
  const markup = Buffer.alloc(30 * 2 ** 20, "<p>");
  const quick = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } };
  return {
    "/news/story-2": bomb("gzip", gzipSync(zeros)),
    "/news/story-3": bomb("br", brotliCompressSync(zeros, quick)),
    "/news/story-4": bomb("gzip", gzipSync(markup)),
    "/news/story-5": (ask) => SCENARIOS["/endless"]?.(ask),
    "/news/story-6": (ask) => SCENARIOS["/triple-gzip-said-once"]?.(ask),
    "/news/story-7": large(7, PARAGRAPH.repeat(Math.ceil(5e6 / PARAGRAPH.length))),
    "/news/story-9": large(9, `<p>${"word ".repeat(1e6)}</p>`),
    "/news/story-10": large(10, PARAGRAPH.repeat(Math.ceil(5e6 / PARAGRAPH.length))),
    "/news/story-11": large(11, "<b>".repeat(200_000)),
    "/news/story-12": large(12, "<div>".repeat(30_000)),
    "/news/story-13": large(13, "<table><tr><td>".repeat(2_000)),
    "/news/story-14": large(14, `<p>a${"\u00a0".repeat(250_000)}b</p>`),
  };
}

async function measure({ articles, faults }: Crawl): Promise<Measured> {
  const office = new FaultyOffice({ articles, perPage: 10 });
  const server = await startFaultServer({
    "*": (ask) => {
      const number = Number(/story-(\d+)$/.exec(ask.path)?.[1] ?? 0);
      // An ordinary page of Drupal has some 50 kB.
      if (number > 0) answer(ask, 200, HTML, office.article(number, PARAGRAPH.repeat(36)));
      else office.answer(ask);
    },
    ...faults,
  });
  const folder = await mkdtemp(join(tmpdir(), "sitelift-memory-"));
  try {
    const site = join(folder, "site.json");
    const start = `${server.origin}${LIST}`;
    const politeness = { delay: 0, concurrency: 4 };
    await writeFile(site, JSON.stringify({ name: "memory", preset: "drupal7", start, politeness }));
    const command = [process.execPath, CLI, "crawl", site, "--out", join(folder, "out"), "--json"];
    const { wall, first: walk, other, atOnce, stdout } = await run(command);
    const { counts } = JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}");
    const summary = `${wall.toFixed(0)} s, ${counts?.written ?? "?"} written, ${counts?.failed ?? "?"} failed`;
    return { walk, other, atOnce, summary };
  } finally {
    await server.close();
    await rm(folder, { recursive: true });
  }
}
