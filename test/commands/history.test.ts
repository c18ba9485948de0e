/** What changed on the site, apart from what changed because the site file did: diff, changes.atom and report.html. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SaxesParser } from "saxes";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildHere, crawlHere } from "./here.js";
import { events, scratch, sitelift } from "./sitelift.js";
import { serveSite } from "./small-site.js";

const NAMES = ["one", "two", "three", "four", "five", "six"];
const PICTURE = `data:image/png;base64,${"iVBORw0KGgo".repeat(60)}`;
const cwd = scratch();
const read = (path: string) => readFileSync(join(cwd, path), "utf8");

/** What the editors have made of the site. */
const state = { words: "old words", reads: 100, listed: NAMES, box: "" };

/** Every page has a counter of visits and a list of other articles, which say nothing of the article. */
function page(path: string): string | number {
  if (path === "/list")
    return state.listed.map((name) => `<li><a href="/${name}">About ${name}</a></li>`).join("");
  const name = path.slice(1);
  if (!NAMES.includes(name)) return 404;
  const words = name === "three" ? state.words : "the same words";
  return `<main><h1>About ${name}</h1><p>Here are ${words} of ${name}, a long sentence of many words.</p><p class="box">Share this story with your friends and all of your family.${state.box}</p></main>
<div class="visits">${state.reads++} reads</div><ul class="other"><li><a href="/list">No ${state.reads}</a></li></ul>`;
}

let served: Awaited<ReturnType<typeof serveSite>>;
function writeSite(remove: readonly string[]) {
  const site = {
    ...{ name: "history", start: served.start, politeness: { delay: 0, concurrency: 2 } },
    listing: { rows: "body > li", link: "a", next: [] },
    remove: [...remove],
    fields: { title: { listing: "a", article: "h1" }, body: { article: "main" } },
    ignore: [
      { select: ".visits", reason: "a counter" },
      { select: ".other", reason: "others" },
    ],
  };
  writeFileSync(join(cwd, "site.json"), JSON.stringify(site));
}

async function crawl(out = "out") {
  const { exitCode, stdout, stderr } = await crawlHere(cwd, out);
  expect(exitCode, stdout + stderr).toBe(0);
  return stdout;
}

beforeAll(async () => {
  served = await serveSite(page);
  writeSite(["h1"]);
  await crawl();
  await crawl();
});
afterAll(() => served[Symbol.dispose]());

/** Titles of the entries of a feed, which is well-formed. */
function feedOf(path: string) {
  const text = read(path);
  const parser = new SaxesParser({ xmlns: true });
  parser.on("error", (error) => {
    throw error;
  });
  parser.write(text).close();
  const ids = [...text.matchAll(/<id>(.*?)<\/id>/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  return [...text.matchAll(/<title>(.*?)<\/title>/g)].slice(1).map(([, title]) => title);
}

test("a run that changes nothing leaves the feed and the report as they are, and adds a line to history.csv", () => {
  expect(feedOf("out/changes.atom")).toEqual([]);
  expect(read("out/report.html")).not.toContain("run by run");
  const lines = read("out/snapshots/history.csv").trim().split("\r\n");
  expect(lines).toHaveLength(3);
  expect(new Set(lines.map((line) => line.split(",").length)).size).toBe(1);
  const badge = JSON.parse(read("out/snapshots/badge.json"));
  expect(Object.keys(badge)).toEqual(["schemaVersion", "label", "message", "color"]);
  expect(badge.message).toMatch(/^6 articles, \d{4}-\d\d-\d\d$/);
  expect(badge.color).toBe("brightgreen");
});

describe("one article is edited on the site, and a selector is removed in the site file", () => {
  beforeAll(async () => {
    state.words = `new words <code>${PICTURE}</code>`;
    writeSite(["h1", ".box"]);
    const dry = await crawlHere(cwd, "out", { dryRun: true });
    for (const stdout of [dry.stdout, await crawl()])
      expect(stdout).toContain("(0 new, 1 edited, 5 read in another way, 0 unchanged)");
  });

  test("diff --summary counts the change of the site apart from those of the site file", async () => {
    const { stdout } = await sitelift(["diff", "out", "--last", "--summary"], { cwd });
    expect(stdout).toContain("the site file or overrides.yaml changed between them");
    expect(stdout).toMatch(/^Edited\n {2}About three .*body: 1 line added, \d+ removed/m);
    expect(stdout).toMatch(/1 edited, 5 read in another way; 0 the same/);
    expect(stdout.split("\n").length).toBeLessThan(20);
    const [, shown = ""] = stdout.split(/^Read in another way.*\n/m);
    const lines = shown.split("\n");
    expect(lines[0]).toBe("  body: 5");
    expect(lines.slice(1, 4).every((line) => line.startsWith("  About "))).toBe(true);
    expect(lines.slice(4, 6)).toEqual(["  and 2 more; without --summary all are shown", ""]);
  });

  test("diff shows no encoded bytes, with and without --summary", async () => {
    for (const more of [[], ["--summary"]]) {
      const { stdout } = await sitelift(["diff", "out", "--last", ...more], { cwd });
      expect(stdout).not.toMatch(/[\w+/=]{120,}/);
    }
    const { stdout } = await sitelift(["diff", "out", "--last"], { cwd });
    expect(stdout).toContain("data:image/png;base64,…(");
  });

  test("diff --json says of each edit whether the site or the site file made it", async () => {
    const { stdout } = await sitelift(["diff", "out", "--last", "--json"], { cwd });
    const all = events(stdout);
    const edits = all.filter(({ event }) => event === "edited");
    expect(edits.map(({ title, by }) => [title, by])).toEqual([
      ["About three", "site"],
      ...["five", "four", "one", "six", "two"].map((name) => [`About ${name}`, "rules"]),
    ]);
    const { old, new: now } = all.at(-1) as unknown as Record<"old" | "new", { rules: string }>;
    expect(old.rules).toMatch(/^[0-9a-f]{64}$/);
    expect(now.rules).not.toBe(old.rules);
  });

  test("the feed names the change of the site, and those of the site file in one entry", () => {
    expect(feedOf("out/changes.atom")).toEqual([
      "Edited: About three",
      "5 entries are read in another way",
    ]);
    expect(read("out/changes.atom")).not.toMatch(/[\w+/=]{120,}/);
  });

  test("report.html shows the run that changed something, and its numbers", () => {
    const part = /<section id="changes".*?<\/section>/s.exec(read("out/report.html"))?.[0] ?? "";
    const rows = [...part.matchAll(/<tr><th scope="row">\d{4}-\d\d-\d\d<\/th>(.*?)<\/tr>/g)];
    expect(rows.map(([, cells]) => cells?.replace(/<[^>]+>/g, " ").trim())).toEqual([
      "6  0  1  0  0  0  5  0  whole",
    ]);
  });

  test("an edit of the site without a change of the site file is an edit, also one of a number alone", async () => {
    state.words = `new words <code>${PICTURE}</code> since 1999`;
    await crawl();
    state.words = `new words <code>${PICTURE}</code> since 2001`;
    await crawl();
    const { stdout } = await sitelift(["diff", "out", "--last", "--summary"], { cwd });
    expect(stdout).toMatch(/1 edited; 5 the same/);
    expect(feedOf("out/changes.atom").slice(0, 2)).toEqual(Array(2).fill("Edited: About three"));
  });

  test("a build of all captures by the first site file gives a feed and a report of its own, the same each time", async () => {
    const all = ["changes.atom", "report.html"] as const;
    for (const out of ["built", "again"]) {
      const { exitCode, stderr } = await buildHere(cwd, ["out"], out);
      expect(exitCode, stderr).toBe(0);
    }
    for (const path of all) expect(read(`built/${path}`)).toBe(read(`again/${path}`));
    expect(feedOf("built/changes.atom")).toEqual(Array(3).fill("Edited: About three"));
    const { stdout, exitCode } = await sitelift(["verify", "built"], { cwd });
    expect(exitCode, stdout).toBe(0);
  });
});

test("a build of all captures gives the feed and the report of the crawls, to the byte", async () => {
  Object.assign(state, { words: "old words", listed: NAMES.slice(0, 5) });
  writeSite(["h1"]);
  await crawl("live");
  Object.assign(state, { words: "other words", listed: NAMES });
  await crawl("live");
  Object.assign(state, { listed: NAMES.slice(1) });
  await crawl("live");
  await buildHere(cwd, ["live"], "replayed");
  expect(feedOf("live/changes.atom")).toEqual([
    "Gone: About one",
    "Added: About six",
    "Edited: About three",
  ]);
  for (const path of ["changes.atom", "report.html"])
    expect(read(`replayed/${path}`), path).toBe(read(`live/${path}`));
});
