/** `sitelift record` from captures: what was captured, without the network. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OFFICE_PATH, type RunningOffice } from "../../fixtures/office/server.js";
import { capturesOf, officeWithSite } from "../capture/office.js";
import { events, scratch, sitelift } from "./sitelift.js";

const ARTICLE = "/news/office-moves-by-rowing-boat";

let cwd: string;
let office: RunningOffice;
let listing: string;
let article: string;
beforeAll(async () => {
  cwd = scratch();
  office = await officeWithSite(cwd);
  listing = `${office.origin}${OFFICE_PATH}`;
  article = `${office.origin}${ARTICLE}`;
  const crawled = await sitelift(["crawl", "site.json", "--out", "A"], { cwd });
  expect(crawled.exitCode, crawled.stderr).toBe(0);
  const live = ["record", listing, article, "--site", "site.json", "--out", "live"];
  const recorded = await sitelift(live, { cwd });
  expect(recorded.exitCode, recorded.stderr).toBe(0);
  const walked = await sitelift(["record", listing, "--walk", ...live.slice(3)], { cwd });
  expect(walked.exitCode, walked.stderr).toBe(0);
  const name = capturesOf(join(cwd, "A"))[0] ?? "";
  copyFileSync(join(cwd, "A/captures", name, "data.warc.gz"), join(cwd, "site.warc.gz"));
  const packed = await sitelift(["pack", "A", "--out", "site.wacz"], { cwd });
  expect(packed.exitCode, packed.stderr).toBe(0);
  await office.close();
});
afterAll(() => office.close());

function record(out: string, ...args: readonly string[]) {
  return sitelift(["record", ...args, "--site", "site.json", "--out", out], { cwd });
}

/** Every file of a folder of cases, but for the time of recording. */
function filesOf(out: string, kept = /./): Record<string, string> {
  const names = readdirSync(join(cwd, out), { recursive: true, encoding: "utf8" });
  const files = names.filter((name) => /\.\w+$/.test(name) && kept.test(name)).sort();
  const read = (name: string) =>
    readFileSync(join(cwd, out, name), "latin1").replace(/"recorded": ".*"/, "");
  return Object.fromEntries(files.map((name) => [name, read(name)]));
}

describe("record from a capture", () => {
  test("record leaves a case that exists, records the others and names it", async () => {
    const urls = ["A", "--url", listing, "--url", article];
    expect((await record("some", "A", "--url", listing)).exitCode).toBe(0);
    const before = Object.keys(filesOf("some"));
    const ended = await record("some", ...urls);
    expect(ended.exitCode, ended.stderr).toBe(1);
    expect(ended.stderr).toMatch(/not recorded: there is already a case \S+ in .*--force/);
    expect(Object.keys(filesOf("some")).length).toBeGreaterThan(before.length);
    const again = await record("some", ...urls);
    expect(again.exitCode).toBe(2);
  });

  test.each([
    ["a WARC file", "site.warc.gz"],
    ["a WACZ package", "site.wacz"],
    ["an archive", "A"],
  ])("record from %s writes the same cases as from the network", async (name, capture) => {
    const out = name.replaceAll(" ", "-");
    const ended = await record(out, capture, "--url", listing, "--url", article);
    expect(ended.exitCode, ended.stderr).toBe(0);
    expect(filesOf(out)).toEqual(filesOf("live", /^(?!walk)/));
    expect(Object.keys(filesOf(out)).length).toBeGreaterThan(6);
  });

  test("record from a capture keeps the listing page of an article", async () => {
    const list = join(cwd, "live/listing-1/expected.json");
    const { rows } = JSON.parse(readFileSync(list, "utf8")) as { rows: { url: string }[] };
    const url = rows[0]?.url ?? "";
    const more = ["--url", url, "--listing", listing, "--name", "first"];
    const ended = await record("R", "site.warc.gz", ...more);
    expect(ended.exitCode, ended.stderr).toBe(0);
    const kept = filesOf("R/first", /html$/);
    expect(kept["listing.html"]).toBe(filesOf("live")["listing-1/page.html"]);
    expect(kept["page.html"]).toContain("</html>");
  });

  test("record from a capture records the whole walk from the site's start or from a given URL", async () => {
    const ended = await record("W", "site.warc.gz", "--walk");
    expect(ended.exitCode, ended.stderr).toBe(0);
    expect(filesOf("W")).toEqual(filesOf("live", /^(walk|\.git)/));
    const named = await record("W2", "site.warc.gz", "--walk", "--url", listing);
    expect(named.exitCode, named.stderr).toBe(0);
    expect(filesOf("W2")).toEqual(filesOf("W"));
  });

  test("record from a capture without a URL lists the captured URLs and writes nothing", async () => {
    const ended = await record("X", "site.warc.gz");
    expect(ended.exitCode).toBe(2);
    const lines = ended.stderr.split("\n").map((line) => line.trim());
    expect(lines).toContain(listing);
    expect(ended.stderr).toContain("--url");
    expect(ended.stderr).not.toContain("robots.txt");
    expect(ended.stderr).not.toMatch(/\.(?:png|jpg|pdf)$/m);
    expect(existsSync(join(cwd, "X"))).toBe(false);
  });

  test("record refuses a URL that the capture does not hold before it writes anything", async () => {
    const ended = await record("X", "A", "--url", listing, "--url", `${office.origin}/nowhere`);
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toContain("the capture does not hold");
    expect(existsSync(join(cwd, "X"))).toBe(false);
  });

  test("record reads a folder of saved pages, but makes no case of a walk with gaps", async () => {
    mkdirSync(join(cwd, "saved"));
    copyFileSync(join(cwd, "live/listing-1/page.html"), join(cwd, "saved/list.html"));
    writeFileSync(join(cwd, "saved/pages.json"), JSON.stringify({ "list.html": listing }));
    const ended = await record("S", "saved", "--url", listing);
    expect(ended.exitCode, ended.stderr).toBe(0);
    expect(filesOf("S", /expected/)).toEqual(filesOf("live", /^listing-1\/expected/));
    const walked = await record("SW", "saved", "--walk", "--url", listing);
    expect(walked.exitCode).toBe(3);
    expect(walked.stderr).toContain("has gaps and cannot be a case");
    expect(existsSync(join(cwd, "SW"))).toBe(false);
  });

  test.each([
    ["a capture and an article URL without --url", () => ["site.warc.gz", article]],
    ["two pages with one name", () => ["A", "--url", listing, "--url", article, "--name", "x"]],
    ["a relative URL", () => ["A", "--url", "articles"]],
    ["a missing capture", () => ["site.json.warc"]],
    ["two URLs of one saved page", () => ["site.json", "--url", listing, "--url", article]],
  ])("record refuses %s", async (_, args) => {
    const ended = await record("X", ...args());
    expect(ended.exitCode, ended.stderr).toBe(2);
    expect(existsSync(join(cwd, "X"))).toBe(false);
  });

  test("record --json prints an event for each recorded case", async () => {
    const ended = await record("J", "site.warc.gz", "--url", article, "--json");
    expect(events(ended.stdout)).toMatchObject([
      { event: "recorded", kind: "article" },
      { event: "end", exitCode: 0, counts: { cases: 1 } },
    ]);
  });
});
