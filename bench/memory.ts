/**
 * How much memory a crawl takes: of 1,000 and of 10,000 articles, and of pages that are made to exhaust
 * it. Prints the highest resident memory of each, and fails where it is over the bound.
 *
 * `npm run bench:memory` (minutes; `-- --articles 100,1000` for other sizes)
 */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { answer, SCENARIOS, type Scenario, startFaultServer } from "../test/fault-server.js";
import { FaultyOffice, HTML, LIST } from "../test/reliability/office.js";

const BOUND_MB = 300;
/** The longer crawl may take so much more than the shorter: its short records of each address. */
const GROWTH_MB = 60;
const CLI = new URL("../dist/src/cli.js", import.meta.url).pathname;
const PARAGRAPH = `<p>${"Nets were mended, boats were painted and the <b>harbour</b> was quiet. ".repeat(20)}</p>\n`;

interface Crawl {
  readonly name: string;
  readonly articles: number;
  readonly faults: Readonly<Record<string, Scenario>>;
}

const { values } = parseArgs({ options: { articles: { type: "string", default: "1000,10000" } } });
const sizes = values.articles.split(",").map(Number);

const peaks: number[] = [];
for (const articles of sizes) {
  const { peak, seconds, summary } = await measure({
    name: String(articles),
    articles,
    faults: {},
  });
  peaks.push(peak);
  say(`${articles} articles`, peak, `${seconds} s, ${summary}`);
}
const growth = Math.max(...peaks) - Math.min(...peaks);
say(`difference`, growth, "");
const hostile = await measure({ name: "hostile", articles: 40, faults: hostilePages() });
say("bombs, endless bodies, articles of 5 MB", hostile.peak, hostile.summary);
const isWithin = Math.max(...peaks, hostile.peak) <= BOUND_MB && growth <= GROWTH_MB;
process.stdout.write(
  isWithin
    ? `within ${BOUND_MB} MB, and flat\n`
    : `over: at most ${BOUND_MB} MB and ${GROWTH_MB} MB of difference are wanted\n`,
);
process.exitCode = isWithin ? 0 : 1;

function say(what: string, megabytes: number, more: string): void {
  process.stdout.write(`${what.padEnd(42)}${megabytes.toFixed(0).padStart(5)} MB  ${more}\n`);
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

async function measure({ articles, faults }: Crawl) {
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
    const begun = Date.now();
    const child = spawn(
      process.execPath,
      [CLI, "crawl", site, "--out", join(folder, "out"), "--json"],
      { stdio: ["ignore", "pipe", "ignore"] },
    );
    let last = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      last = (last + text).slice(-4096);
    });
    let peak = 0;
    const watch = setInterval(async () => {
      peak = Math.max(peak, await residentPeak(child.pid ?? 0));
    }, 50);
    await new Promise((resolve) => child.on("close", resolve));
    clearInterval(watch);
    const { counts } = JSON.parse(last.trim().split("\n").at(-1) ?? "{}");
    const summary = `${counts?.written ?? "?"} written, ${counts?.failed ?? "?"} failed`;
    return { peak, seconds: Math.round((Date.now() - begun) / 1000), summary };
  } finally {
    await server.close();
    await rm(folder, { recursive: true });
  }
}

/** Highest resident memory of a process so far, in megabytes, as Linux counts it. */
async function residentPeak(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}
