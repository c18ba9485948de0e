/**
 * The crawl beside its peers, as whole processes on one made site: Scrapy with html2text, Crawlee's CheerioCrawler with
 * Turndown, and a bare loop of undici, htmlparser2 and Turndown. They take turns, so that a busy moment of the machine
 * meets all; read the ratios. A run that did not write every article is not counted, and the bench fails.
 *
 * `npm run bench` (more than half an hour; `-- --only crawl,start --articles 300 --rounds 3` takes three minutes)
 */
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { run, type Taken } from "./process.js";
import { type Served, type SiteShape, serveSite } from "./site.js";

const PARTS = ["crawl", "load", "start"] as const;
const { values } = parseArgs({
  options: {
    articles: { type: "string", default: "300,1000" },
    rounds: { type: "string", default: "5" },
    only: { type: "string", default: PARTS.join() },
    load: { type: "string", default: "40000" },
  },
});
const rounds = Number(values.rounds);
const parts = values.only.split(",");
const CLI = fileOf("../dist/src/cli.js");
/** Requests at a time. On loopback the processor is the limit, not the number. */
const CONCURRENCY = 16;
const NODE = process.execPath;

const SCRAPY = "Scrapy, html2text";

interface Peer {
  readonly name: string;
  readonly command: (start: string, out: string) => readonly string[];
}

const PEERS: readonly Peer[] = [
  {
    name: SCRAPY,
    command: (start, out) => [
      "/usr/bin/python3",
      fileOf("peers/scrapy_spider.py"),
      start,
      out,
      `${CONCURRENCY}`,
    ],
  },
  {
    name: "Crawlee, Turndown",
    command: (start, out) => [NODE, fileOf("peers/crawlee.js"), start, out, `${CONCURRENCY}`],
  },
  {
    name: "the floor",
    command: (start, out) => [NODE, fileOf("peers/floor.js"), start, out, `${CONCURRENCY}`],
  },
];

say(`${cpus().length} cores, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}`);
let isWhole = true;
if (parts.includes("crawl"))
  for (const articles of values.articles.split(",").map(Number))
    await onSite({ articles, perPage: 10, bytes: 50_000 }, compare);
if (parts.includes("load"))
  await onSite({ articles: Number(values.load), perPage: 20, bytes: 1_500 }, underLoad);
if (parts.includes("start")) await startUp();
say(`load ${loadavg()[0]?.toFixed(1)} at the end`);
process.exitCode = isWhole ? 0 : 1;

async function onSite(
  shape: SiteShape,
  work: (served: Served, folder: string, articles: number) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "sitelift-bench-"));
  try {
    const served = await serveSite(folder, shape);
    try {
      say(`\n${shape.articles} articles of ${shape.bytes} bytes, from ${served.server}`);
      await work(served, folder, shape.articles);
    } finally {
      await served.close();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** All rounds of all peers; then the second crawl, and two builds of the capture of the first. */
async function compare(served: Served, folder: string, articles: number): Promise<void> {
  const pages = articles + Math.ceil(articles / 10);
  const site = await siteFile(folder, served);
  const own: Peer = { name: "sitelift", command: (_, out) => ours("crawl", site, out) };
  const hasScrapy = existsSync("/usr/bin/scrapy");
  if (!hasScrapy) say("Scrapy is not installed: apt-get install python3-scrapy python3-html2text");
  const peers = [own, ...(hasScrapy ? PEERS : PEERS.filter(({ name }) => name !== SCRAPY))];
  const taken = new Map<string, Taken[]>(peers.map(({ name }) => [name, []]));
  const again: Taken[] = [];
  const built: Taken[] = [];
  const rebuilt: Taken[] = [];
  const parsed: Taken[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const { name, command } of peers) {
      const out = join(folder, "out");
      const took = await run(command(served.start, out));
      if (await isComplete(name, out, articles, took)) taken.get(name)?.push(took);
      if (name === own.name) {
        const second = await run(ours("crawl", site, out));
        if (await isComplete("second crawl", out, articles, second)) again.push(second);
        const to = join(folder, "rebuilt");
        const captures = join(out, "captures");
        const [capture = ""] = (await readdir(captures)).sort();
        for (const into of [built, rebuilt]) {
          const build = await run(ours("build", join(captures, capture), to, site));
          if (await isComplete("build", to, articles, build)) into.push(build);
        }
        await rm(to, { recursive: true, force: true });
      }
      await rm(out, { recursive: true, force: true });
    }
    const offline = [
      NODE,
      fileOf("peers/parse5-turndown.js"),
      join(folder, "root/news"),
      join(folder, "offline"),
    ];
    parsed.push(await run(offline));
    await rm(join(folder, "offline"), { recursive: true });
  }
  const base = taken.get(SCRAPY);
  table(
    ["", "pages/s", "x Scrapy", "CPU s", "x Scrapy", "peak MB", "wall s, min to max"],
    [...taken].map(([name, runs]) => [
      name,
      fixed(pages / median(runs.map(({ wall }) => wall)), 0),
      ratioOf(base, runs, (to, of) => to.wall / of.wall),
      fixed(median(runs.map(({ cpu }) => cpu))),
      ratioOf(base, runs, (to, of) => of.cpu / to.cpu),
      fixed(Math.max(...runs.map(({ atOnce }) => atOnce)), 0),
      spread(runs),
    ]),
  );
  const first = taken.get(own.name);
  table(
    ["", "wall s", "CPU s", "of the first", "us of CPU a page", "wall s, min to max"],
    [
      ["second, unchanged crawl", again, first] as const,
      ["build from the capture", built, first] as const,
      ["the same build again", rebuilt, first] as const,
      ["parse5 + Turndown, offline", parsed, first] as const,
    ].map(([name, runs, to]) => [
      name,
      fixed(median(runs.map(({ wall }) => wall))),
      fixed(median(runs.map(({ cpu }) => cpu))),
      ratioOf(to, runs, (a, b) => b.cpu / a.cpu),
      fixed((median(runs.map(({ cpu }) => cpu)) / pages) * 1e6, 0),
      spread(runs),
    ]),
  );
}

/** A large list of tiny articles: memory, and how much of the run its closing takes. */
async function underLoad(served: Served, folder: string, articles: number): Promise<void> {
  const site = await siteFile(folder, served);
  const out = join(folder, "out");
  const rows: string[][] = [];
  const at = [1_000, articles / 4, articles];
  const numbers = (taken: Taken, closing: string, walk: readonly number[]) => [
    fixed(taken.wall, 0),
    closing,
    fixed(taken.cpu, 0),
    walk.map((megabytes) => fixed(megabytes, 0)).join(", "),
    fixed(taken.atOnce, 0),
  ];
  for (const name of ["first crawl", "second, unchanged crawl"]) {
    const counted = '"event":"article"';
    const took = await run([...ours("crawl", site, out), "--json"], { counted, at });
    const closing = (Date.now() - (await lastResponse(out))) / 1000;
    await isComplete(name, out, articles, took);
    rows.push([name, ...numbers(took, fixed(closing, 0), took.firstAt)]);
  }
  const verified = await run([NODE, CLI, "verify", out]);
  rows.push(["verify", ...numbers(verified, "-", [verified.first])]);
  const many = articles.toLocaleString("en");
  say(
    `closing: after the last response, to a second; walk MB: after 1,000, a quarter and all of ${many} articles`,
  );
  table(["", "wall s", "closing s", "CPU s", "walk MB", "all MB"], rows);
}

/** When the last response of the newest capture came, in milliseconds since 1970, to a second. */
async function lastResponse(out: string): Promise<number> {
  const captures = join(out, "captures");
  const newest = (await readdir(captures)).sort().at(-1) ?? "";
  const index = await readFile(join(captures, newest, "index.cdxj"), "latin1");
  const times = index.split("\n").map((line) => line.split(" ")[1] ?? "");
  const [, date = "", time = ""] = /^(\d{8})(\d{6})$/.exec(times.sort().at(-1) ?? "") ?? [];
  const parts = (digits: string) => digits.replace(/(\d\d)(\d\d)$/, (_, a, b) => `-${a}-${b}`);
  return Date.parse(`${parts(date)}T${parts(time).replaceAll("-", ":")}Z`);
}

/** What the shortest commands take, beside Node that does nothing. */
async function startUp(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "sitelift-bench-"));
  try {
    await run([NODE, CLI, "crawl", "demo", "--out", join(folder, "demo")]);
    const commands = [
      ["node -e 0", [NODE, "-e", "0"]],
      ["sitelift --help", [NODE, CLI, "--help"]],
      ["sitelift verify, of the demonstration", [NODE, CLI, "verify", join(folder, "demo")]],
    ] as const;
    const taken = commands.map(() => [] as Taken[]);
    for (let round = 0; round < 2 * rounds + 1; round++)
      for (const [at, [, command]] of commands.entries()) taken[at]?.push(await run(command));
    say("");
    table(
      ["", "wall s", "x node", "CPU s", "peak MB"],
      commands.map(([name], at) => {
        const runs = taken[at] ?? [];
        return [
          name,
          fixed(median(runs.map(({ wall }) => wall)), 2),
          ratioOf(taken[0], runs, (a, b) => b.wall / a.wall),
          fixed(median(runs.map(({ cpu }) => cpu)), 2),
          fixed(median(runs.map(({ first }) => first)), 0),
        ];
      }),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

function ours(verb: string, from: string, out: string, site?: string): readonly string[] {
  const media = ["--no-media", "--out", out];
  return [NODE, CLI, verb, from, ...(site === undefined ? [] : ["--site", site]), ...media];
}

async function siteFile(folder: string, { start }: Served): Promise<string> {
  const path = join(folder, "site.json");
  const politeness = { delay: 0, concurrency: CONCURRENCY };
  // No peer fetches what pages need to be looked at.
  const requisites = "none";
  const site = { name: "bench", preset: "drupal7", start, politeness, requisites };
  await writeFile(path, JSON.stringify(site));
  return path;
}

/** Whether a run wrote every article and ended well; says so where it did not. */
async function isComplete(
  name: string,
  out: string,
  articles: number,
  took: Taken,
): Promise<boolean> {
  const lines = await linesOf(join(out, "entries.jsonl"), join(out, "articles.jsonl"));
  const files = await readdir(out, { recursive: true }).catch(() => []);
  const written = files.filter(
    (file) => file.endsWith(".md") && !file.endsWith("account.md"),
  ).length;
  if (lines === articles && written === articles && took.exitCode === 0) return true;
  isWhole = false;
  say(
    `${name}: not counted: exit ${took.exitCode}, ${written} files and ${lines} lines of ${articles}. ${took.stderr.slice(-500)}`,
  );
  return false;
}

async function linesOf(...paths: readonly string[]): Promise<number> {
  for (const path of paths) {
    const text = await readFile(path, "utf8").catch(() => null);
    if (text !== null) return text.split("\n").length - 1;
  }
  return 0;
}

/** Median of the ratios of the runs of one round. */
function ratioOf(
  to: readonly Taken[] | undefined,
  of: readonly Taken[],
  ratio: (to: Taken, of: Taken) => number,
): string {
  return fixed(
    median(
      of.flatMap((taken, round) => {
        const other = to?.[round];
        return other === undefined ? [] : [ratio(other, taken)];
      }),
    ),
    2,
  );
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

function spread(runs: readonly Taken[]): string {
  const walls = runs.map(({ wall }) => wall);
  return walls.length === 0 ? "-" : `${fixed(Math.min(...walls))} to ${fixed(Math.max(...walls))}`;
}

function fixed(value: number, digits = 1): string {
  return Number.isFinite(value) ? value.toFixed(digits) : "-";
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): void {
  for (const [first = "", ...cells] of [head, ...rows])
    say(first.padEnd(38) + cells.map((cell) => cell.padStart(18)).join(""));
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function fileOf(path: string): string {
  return new URL(path, import.meta.url).pathname;
}
