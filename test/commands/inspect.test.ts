import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { OFFICE_PATH, startOffice } from "../../fixtures/office/server.js";
import { renderPage } from "../../fixtures/office/site.js";
import { showWarnings } from "../../src/commands/inspect/fields.js";
import type { Terminal } from "../../src/commands/terminal.js";
import { type Ended, scratch, sitelift } from "./sitelift.js";

const START = `http://office.example${OFFICE_PATH}`;

interface Inspected {
  readonly kind: "listing" | "article";
  readonly url: string;
  readonly rows: {
    title: string;
    url: string | null;
    date: string | null;
    type: string | null;
    dateText: string | null;
  }[];
  readonly next: string | null;
  readonly pageCount: number | null;
  readonly pageNumber: number | null;
  readonly entry: { data: Record<string, unknown>; body: string } | null;
  readonly warnings: { code: string; message: string }[];
}

/** Saves a page of the office as `page.html` in an empty folder. */
function saved(path: string): string {
  const cwd = scratch();
  writeFileSync(join(cwd, "page.html"), renderPage(path).body);
  return cwd;
}

const shown = ({ stdout }: Ended) => JSON.parse(stdout) as Inspected;
const codes = ({ warnings }: Inspected) => warnings.map(({ code }) => code);

describe("sitelift inspect", () => {
  test("inspect fetches a page of the demonstration office, as crawl and record do", async () => {
    const ended = await sitelift(["inspect", START, "--site", "demo", "--json"]);
    expect(ended.exitCode, ended.stderr).toBe(0);
    expect(shown(ended)).toMatchObject({ kind: "listing", url: START });
  });

  test("inspect reads a saved listing page with a built-in site", async () => {
    const args = ["inspect", "page.html", "--site", "demo", "--url", `${START}?page=2`, "--json"];
    const ended = await sitelift(args, { cwd: saved(`${OFFICE_PATH}?page=2`) });
    expect(ended.exitCode, ended.stderr).toBe(0);
    const page = shown(ended);
    expect(page).toMatchObject({
      kind: "listing",
      why: expect.stringMatching(/^it has 7 rows by .+, a pager of 10 pages$/),
      next: `${START}?page=3`,
      pageNumber: 3,
      pageCount: 10,
    });
    expect(page.rows).toHaveLength(7);
    for (const row of page.rows)
      expect(row).toMatchObject({ title: expect.any(String), dateText: expect.anything() });
  });

  test("inspect reads a saved page whose URL is unknown with a preset alone", async () => {
    const ended = await sitelift(["inspect", "page.html", "--preset", "drupal7", "--json"], {
      cwd: saved(OFFICE_PATH),
    });
    const page = shown(ended);
    expect(page.rows).toHaveLength(7);
    expect(page.next).toMatch(/articles\?page=1$/);
    expect(codes(page)).toContain("no-address");
  });

  test("inspect reports no drift for a page beyond the last", async () => {
    const args = [
      "inspect",
      "page.html",
      "--preset",
      "drupal7",
      "--url",
      `${START}?page=999`,
      "--json",
    ];
    const ended = await sitelift(args, { cwd: saved(`${OFFICE_PATH}?page=999`) });
    expect(ended.exitCode).toBe(0);
    const page = shown(ended);
    expect(page).toMatchObject({ kind: "listing", rows: [], next: null, pageCount: 10 });
    expect(codes(page)).toEqual(["no-rows"]);
  });

  test("inspect reports drift when the selectors match no row", async () => {
    const cwd = saved(OFFICE_PATH);
    const path = join(cwd, "page.html");
    writeFileSync(path, readFileSync(path, "utf8").replaceAll("views-row", "teaser-row"));
    const ended = await sitelift(["inspect", "page.html", "--site", "demo", "--json"], { cwd });
    expect(ended.exitCode).toBe(4);
    expect(shown(ended)).toMatchObject({ kind: "listing", rows: [] });
  });

  test("inspect detects the preset of a saved article, and warns that its URL is unknown", async () => {
    const ended = await sitelift(["inspect", "page.html", "--json"], {
      cwd: saved("/news/tide-tables-for-2021"),
    });
    expect(ended.exitCode, ended.stderr).toBe(0);
    const page = shown(ended);
    expect(page).toMatchObject({
      kind: "article",
      url: "http://saved.invalid/page.html",
    });
    expect(page.entry?.data).toMatchObject({
      title: expect.stringContaining("Tide tables"),
      date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
    });
    expect(codes(page)).toEqual(["no-address", "preset-assumed"]);
  });

  test("inspect prints a page of a running office as text for people", async () => {
    const office = await startOffice();
    try {
      const ended = await sitelift([
        "inspect",
        `${office.origin}${OFFICE_PATH}`,
        "--preset",
        "drupal7",
      ]);
      expect(ended.exitCode, ended.stderr).toBe(0);
      expect(ended.stdout).toMatch(/title +7 of 7/);
      expect(ended.stdout).toContain("page     1 of 10");
      expect(ended.stdout).toContain(`${office.origin}${OFFICE_PATH}?page=1`);
      expect(ended.stdout).not.toContain("\u001b[");
    } finally {
      await office.close();
    }
  });

  test.each([
    ["no pager", "", null],
    ["a next link alone", '<a class="next page-numbers" href="/page/2/">n</a>', null],
    [
      "a whole pager",
      '<span class="page-numbers current">1</span><a class="page-numbers" href="/page/2/">2</a><a class="next page-numbers" href="/page/2/">n</a>',
      "1 of 2",
    ],
  ])(
    "inspect of a list with %s says no more of its place than is known",
    async (_, pager, place) => {
      const cwd = scratch();
      const row = (at: number) =>
        `<article class="post"><h2 class="entry-title"><a href="/${at}/">Title ${at}</a></h2><time class="entry-date published" datetime="2021-01-0${at}">1</time></article>`;
      const html = `<html lang="en"><body><main>${[1, 2, 3].map(row).join("")}${pager}</main></body></html>`;
      writeFileSync(join(cwd, "page.html"), html);
      const args = ["inspect", "page.html", "--preset", "wordpress", "--as", "listing"];
      const { stdout } = await sitelift([...args, "--url", "https://quay.example/"], { cwd });
      expect(stdout).not.toContain("?");
      const found = /^ {2}page +(.*)$/m.exec(stdout)?.[1] ?? null;
      expect(found).toBe(place);
      // A row may hold the text of a short post; these do not.
      expect(stdout).toMatch(/^ {2}body +read on the article page$/m);
      expect(stdout).not.toContain("0 of 3 \n");
      expect(stdout).toMatch(/^ {2}title +3 of 3$/m);
      expect(stdout).toMatch(/^ {2}summary +0 of 3$/m);
      if (pager === "") expect(stdout).not.toContain("this is the last page");
    },
  );

  test("inspect warns about ambiguous numeric dates in each row, with one hint", async () => {
    const cwd = saved(OFFICE_PATH);
    const path = join(cwd, "page.html");
    const html = readFileSync(path, "utf8").replace(/ content="\d{4}-[^"]*"/g, "");
    writeFileSync(path, html);
    const { stdout } = await sitelift(["inspect", "page.html", "--preset", "drupal7"], { cwd });
    expect(stdout.match(/issue row/g)?.length).toBeGreaterThan(3);
    expect(stdout.match(/Numbers alone do not show/g)).toHaveLength(1);
  });

  test("inspect shows what is on an article page and in no field, by place", async () => {
    const cwd = saved("/news/tide-tables-for-2021");
    const args = ["inspect", "page.html", "--site", "demo"];
    const { stdout } = await sitelift(args, { cwd });
    expect(stdout).toMatch(/^words of the page {2}\d+ in fields, 0 removed, \d+ in no field/m);
    expect(stdout).toMatch(/^ignored {2}\.field-name-field-tags {2}2 words: "Tags: Tides"$/m);
    expect(stdout).toMatch(/^left +.*view-related-articles.* words: "Postcards/m);
    const around = stdout.indexOf("in menus, headers, footers and side blocks:");
    expect(around).toBeLessThan(stdout.indexOf('"Skip to main content"'));
    const { content } = JSON.parse((await sitelift([...args, "--json"], { cwd })).stdout);
    expect(content.blocks).toContainEqual(
      expect.objectContaining({ place: ".submitted", isIgnored: true, sample: expect.any(String) }),
    );
  });

  test.each([
    [["inspect", "nowhere.html"], "neither a URL nor a file"],
    [["inspect", "."], "cannot be read"],
    [["inspect", "page.html", "--preset", "drupal8"], 'unknown preset "drupal8"'],
  ])("inspect refuses %j and says what is wrong", async (args, words) => {
    const ended = await sitelift(args);
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toContain(words);
    expect(ended.stderr).not.toContain("    at ");
  });
});

test("a warning that rows share is shown once, with how many have it", () => {
  const lines: string[] = [];
  const terminal = { print: (line = "") => lines.push(line), colours: { yellow: String } };
  const same = { code: "excerpt-end", message: "left out" };
  showWarnings(terminal as unknown as Terminal, [same, { code: "other", message: "one" }, same]);
  expect(lines).toEqual(["", "warning excerpt-end: left out (2 times)", "warning other: one"]);
});
