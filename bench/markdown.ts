/**
 * Markdown side by side: Turndown alone and with its GFM plugin, both given a string as they are
 * used, and sitelift. Times are medians of one run, in milliseconds; compare the ratios of a row.
 */
import process from "node:process";
import Turndown from "turndown";
import { gfm } from "turndown-plugin-gfm";
import { convertNodes } from "../src/convert/markdown/markdown.js";
import { parseFragment } from "../src/extract/tree.js";
import { toMarkdown } from "../src/markdown.js";
import { ARTICLES, SHAPES } from "./shapes.js";

const OPTIONS = { headingStyle: "atx", codeBlockStyle: "fenced" } as const;
const COLUMNS = ["turndown", "with gfm", "sitelift", "ratio", "from nodes", "ratio"];

/** Median time of a conversion; its error where it throws. */
function time(convert: () => unknown): number | string {
  const times: number[] = [];
  const end = performance.now() + 1_500;
  try {
    do {
      const start = performance.now();
      convert();
      times.push(performance.now() - start);
    } while (performance.now() < end && times.length < 200);
  } catch (error) {
    return error instanceof RangeError ? "overflow" : "throws";
  }
  return times.sort((a, b) => a - b)[times.length >> 1] ?? 0;
}

function measure(html: string): (number | string)[] {
  const alone = new Turndown(OPTIONS);
  const plugged = new Turndown(OPTIONS).use(gfm);
  const nodes = parseFragment(html).root()[0]?.children ?? [];
  const turndown = time(() => alone.turndown(html));
  const withGfm = time(() => plugged.turndown(html));
  const whole = time(() => toMarkdown(html));
  const fromNodes = time(() => convertNodes(nodes as never));
  return [turndown, withGfm, whole, ratio(whole, turndown), fromNodes, ratio(fromNodes, turndown)];
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
  "sitelift: from a string, parse, conversion and proof. from nodes: conversion and proof, as in a crawl, where the page is parsed already.\n\n",
);
line("ms", COLUMNS);
const [wanted = ""] = process.argv.slice(2);
for (const [name, make] of Object.entries({ ...ARTICLES, ...SHAPES }))
  if (name.includes(wanted)) line(name, measure(make()));
