/**
 * How the work of a page grows: each shape of the tests of growth is doubled three times, read and converted as in a
 * crawl, with the proof and the account of words. Seconds of CPU, the best of several rounds. A shape whose last
 * doubling takes more than 2.6 times as long is marked, and the exit code is 1. An argument chooses shapes by name.
 */
import { loadavg } from "node:os";
import process from "node:process";
import { judgeArticle } from "../src/cases/read.js";
import { readArticle } from "../src/extract/article.js";
import { readListing } from "../src/extract/listing.js";
import { parsePage } from "../src/extract/tree.js";
import type { Page } from "../src/model.js";
import { ARTICLES, LISTINGS, pageOf, SITE } from "../test/growth-shapes.js";

/** Twice is linear; what the collector and the caches of the machine add stays below this, four times is the square. */
const LINEAR = 2.6;
/** Less than this many seconds is as much the fixed cost of a page as its growth: the page is doubled first. */
const LEAST = 0.1;
const ROUNDS = 5;

function readAsArticle(page: Page): void {
  const article = readArticle(parsePage(page, SITE), SITE);
  const { item, draft } = judgeArticle(article, null, SITE);
  if (draft.body === "") throw new Error("the shape was not converted");
  article.content(item);
}

function readAsListing(page: Page): void {
  if (readListing(parsePage(page, SITE), SITE).rows.length !== 1) throw new Error("no row");
}

/** Seconds of CPU, all threads of the process. */
function cpuOf(work: () => void): number {
  const begun = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1e6;
}

function isRefused(body: string): boolean {
  try {
    parsePage(pageOf(body), SITE);
    return false;
  } catch {
    return true;
  }
}

/** Counts and their best times: the last takes `LEAST` seconds or more. */
function grow(count: number, make: (count: number) => string, read: (page: Page) => void) {
  const time = (of: number) => {
    const page = pageOf(make(of));
    return cpuOf(() => read(page));
  };
  let last = count;
  // The first rounds are of code that V8 has not optimised.
  while (Math.min(...Array.from({ length: ROUNDS }, () => time(last))) < LEAST) {
    // What nests beyond the bound is refused: the size before is the largest that is read.
    if (isRefused(make(last * 2))) break;
    last *= 2;
  }
  const sizes = [8, 4, 2, 1].map((part) => ({ count: Math.round(last / part), best: Infinity }));
  // In turns, so that a busy moment of the machine meets all sizes.
  for (let round = 0; round < ROUNDS; round++)
    for (const size of sizes) size.best = Math.min(size.best, time(size.count));
  return sizes;
}

/** How many times as long the largest size takes as that of half as many. */
function factorOf(sizes: readonly { readonly best: number }[]): number {
  const [before = 0, after = 0] = sizes.slice(-2).map(({ best }) => best);
  return after / before;
}

const [wanted = ""] = process.argv.slice(2);
const shapes = [
  ...ARTICLES.map(([name, count, make]) => ({
    name,
    count,
    make: (many: number) => `<main>${make(many)}</main>`,
    read: readAsArticle,
  })),
  ...LISTINGS.map(([name, count, make]) => ({ name, count, make, read: readAsListing })),
].filter(({ name }) => name.includes(wanted));
const load = () => `load ${loadavg()[0]?.toFixed(1)}`;

process.stdout.write(`Seconds of CPU at four sizes; ${load()}\n\n`);
for (const { name, count, make, read } of shapes) {
  let sizes = grow(count, make, read);
  // Once more: a collection of garbage may have come at one size alone.
  if (factorOf(sizes) > LINEAR) sizes = grow(count, make, read);
  const factor = factorOf(sizes);
  const cells = sizes.map(({ count, best }) => `${count}: ${best.toFixed(3)}`.padStart(16));
  const mark = factor > LINEAR ? "  more than linear" : "";
  process.stdout.write(
    `${name.padEnd(34)}${cells.join("")}${factor.toFixed(2).padStart(8)}${mark}\n`,
  );
  if (mark !== "") process.exitCode = 1;
}
process.stdout.write(`\n${load()} at the end\n`);
