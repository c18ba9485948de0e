/**
 * Markdown side by side: Turndown alone and with its GFM plugin, both given a string as they are
 * used, and sitelift. Times are medians of one run, in milliseconds; compare the ratios of a row,
 * all of which are to Turndown alone.
 */
import process from "node:process";
import Turndown from "turndown";
import { gfm } from "turndown-plugin-gfm";
import { parseFragment } from "../src/extract/tree.js";
import { linkedIds } from "../src/markdown/anchors.js";
import { buildBlocks } from "../src/markdown/build.js";
import { Losses } from "../src/markdown/losses.js";
import { convertNodes, toMarkdown } from "../src/markdown/to-markdown.js";
import { write } from "../src/markdown/turndown.js";
import { ARTICLES, SHAPES } from "./shapes.js";

const OPTIONS = { headingStyle: "atx", codeBlockStyle: "fenced" } as const;
const COLUMNS = [
  "turndown",
  "with gfm",
  "conversion",
  "ratio",
  "round trip",
  "ratio",
  "both",
  "ratio",
  "from string",
  "ratio",
];

/** Median time of each conversion, or its error. They run in turn, so that a busy moment of the machine meets all. */
function timesOf(conversions: readonly (() => unknown)[]): (number | string)[] {
  const rows = conversions.map((convert) => ({
    convert,
    times: [] as number[],
    error: null as string | null,
  }));
  const end = performance.now() + 5_000;
  for (let round = 0; round < 200 && (round === 0 || performance.now() < end); round++)
    for (const row of rows) {
      if (row.error !== null) continue;
      const start = performance.now();
      try {
        row.convert();
      } catch (error) {
        row.error = error instanceof RangeError ? "overflow" : "throws";
      }
      row.times.push(performance.now() - start);
    }
  return rows.map(
    ({ times, error }) => error ?? times.sort((a, b) => a - b)[times.length >> 1] ?? 0,
  );
}

function measure(html: string): (number | string)[] {
  const alone = new Turndown(OPTIONS);
  const plugged = new Turndown(OPTIONS).use(gfm);
  const nodes = (parseFragment(html).root()[0]?.children ?? []) as Nodes;
  const [turndown = 0, withGfm = 0, conversion = 0, both = 0, whole = 0] = timesOf([
    () => alone.turndown(html),
    () => plugged.turndown(html),
    () => convertUnchecked(nodes),
    () => convertNodes(nodes),
    () => toMarkdown(html),
  ]);
  const roundTrip =
    typeof both === "number" && typeof conversion === "number"
      ? Math.max(0, both - conversion)
      : "–";
  const ours = [conversion, roundTrip, both, whole];
  return [turndown, withGfm, ...ours.flatMap((each) => [each, ratio(each, turndown)])];
}

type Nodes = Parameters<typeof convertNodes>[0];

/** The conversion without its round trip, which nothing but this table does. */
function convertUnchecked(nodes: Nodes): string {
  const setting = { dir: "ltr", lang: "" };
  const linked = linkedIds(nodes, undefined);
  const context = { base: undefined, linked, setting, losses: new Losses() };
  return write(buildBlocks(nodes, context).elements).markdown;
}

function ratio(ours: number | string, theirs: number | string): string {
  return typeof ours === "number" && typeof theirs === "number"
    ? `${(ours / theirs).toFixed(2)}x`
    : "–";
}

function line(name: string, cells: readonly (number | string)[]): void {
  const shown = cells.map((cell) =>
    typeof cell === "number" ? cell.toFixed(cell < 10 ? 2 : 0) : cell,
  );
  process.stdout.write(`${name.padEnd(32)}${shown.map((cell) => cell.padStart(11)).join("")}\n`);
}

process.stdout.write(
  "sitelift, from nodes as in a crawl, where the page is parsed already: conversion; round trip (both less conversion); both. from string: parse, conversion and round trip.\n\n",
);
line("ms", COLUMNS);
const [wanted = ""] = process.argv.slice(2);
for (const [name, make] of Object.entries({ ...ARTICLES, ...SHAPES }))
  if (name.includes(wanted)) line(name, measure(make()));
