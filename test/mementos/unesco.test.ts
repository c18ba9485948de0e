/** `crawl unesco-beijing --from-archive`: the site that this tool was made for, in each of its templates, from captures. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { crawlSite } from "../../src/commands/crawl.js";
import { findWholeSite } from "../../src/site/load.js";
import type { Site } from "../../src/site/site.js";
import { Kept } from "../commands/here.js";
import { scratch } from "../commands/sitelift.js";
import { type MockCapture, startMock, waitingClock } from "./mock.js";

const JUNE = "20210603120000";
const html = (body: string) =>
  `<!DOCTYPE html><html lang="en"><head><title>x</title><meta name="Generator" content="Drupal 7 (http://drupal.org)"></head><body class="page-fieldoffice">${body}</body></html>`;
const capture = (url: string, body: string): MockCapture => ({ url, time: JUNE, body: html(body) });

/** The pager of Drupal 7, which counts from 0 and shows no parameter for its first page. */
function pager(path: string, page: number, last: number): string {
  const at = (n: number) => (n === 0 ? path : `${path}?page=${n}`);
  const next =
    page < last ? `<li class="pager-next"><a href="${at(page + 1)}">next ›</a></li>` : "";
  const items = Array.from({ length: last + 1 }, (_, n) =>
    n === page
      ? `<li class="pager-current">${n + 1}</li>`
      : `<li class="pager-item"><a href="${at(n)}">${n + 1}</a></li>`,
  );
  return `<div class="item-list"><ul class="pager">${items.join("")}${next}</ul></div>`;
}

interface Row {
  readonly title: string;
  readonly href: string;
  readonly type: string;
  readonly date: string;
}

const listPage = (path: string, page: number, last: number, rows: readonly Row[]) =>
  `<div class="view view-articles"><div class="view-content">${rows
    .map(
      ({ title, href, type, date }, at) => `<div class="views-row views-row-${at + 1}">
<div class="views-field views-field-title"><span class="field-content"><a href="${href}">${title}</a></span></div>
<div class="views-field views-field-body"><div class="field-content"><p>Summary of ${title}.</p></div></div>
<div class="views-field views-field-field-type"><div class="field-content">${type}</div></div>
<div class="views-field views-field-field-date"><div class="field-content"><span class="date-display-single">${date}</span></div></div></div>`,
    )
    .join("")}</div>${pager(path, page, last)}</div>`;

const node = (title: string) =>
  `<h1 class="title" id="page-title">${title}</h1><div id="block-system-main"><div class="node node-article"><div class="content">
<div class="field field-name-body"><div class="field-items"><div class="field-item even"><p>All of ${title}.</p></div></div></div></div></div></div>`;

const news = (title: string) => `<div id="content"><div class="news-single-item">
<div class="news-single-timedata">12.05.2014 - UNESCO Office in Beijing</div><h1>${title}</h1>
<p class="bodytext">All of ${title}.</p>
<div class="news-single-backlink"><a href="/new/en/beijing/">&lt;- Back to: Dynamic Content Single View</a></div></div></div>`;

async function entriesOf(site: Site, captures: readonly MockCapture[]) {
  const mock = await startMock(captures);
  const out = join(scratch(), "out");
  const terminal = new Kept({});
  const options = { fromArchive: `wayback:${mock.origin}/web/`, out };
  const { end } = await crawlSite(site, options, terminal, { clock: waitingClock() });
  const lines = readFileSync(join(out, "entries.jsonl"), "utf8").trim().split("\n");
  const entries = lines.map(
    (line) => JSON.parse(line) as { data: Record<string, unknown>; body: string },
  );
  return { code: end.exitCode, shown: terminal.stdout + terminal.stderr, entries };
}

test("the articles of the office, and its older news of another template, come with one command", async () => {
  const site = await findWholeSite("unesco-beijing", {});
  const path = "/fieldoffice/beijing/articles";
  const old = "http://www.unesco.org/new/en/beijing/about-this-office/single-view/news/a_school/";
  const { code, shown, entries } = await entriesOf(site, [
    capture(
      `https://en.unesco.org${path}`,
      listPage(path, 0, 1, [
        { title: "Water", href: "/news/water", type: "News", date: "12/23/2021" },
        { title: "Words", href: "/news/words", type: "-", date: "12/3/2021" },
      ]),
    ),
    capture(
      `https://en.unesco.org${path}?page=1`,
      listPage(path, 1, 1, [{ title: "A school", href: old, type: "Speech", date: "5/12/2014" }]),
    ),
    capture("https://en.unesco.org/news/water", node("Water")),
    capture("https://en.unesco.org/news/words", node("Words")),
    capture(old, news("A school")),
  ]);
  expect([code, shown]).toEqual([
    0,
    expect.stringContaining("composite of captures from 2021-06-03"),
  ]);
  expect(
    entries.map(({ data, body }) => [data.title, data.date, data.type, body.trim()]).sort(),
  ).toEqual([
    ["A school", "2014-05-12", "speech", "All of A school."],
    ["Water", "2021-12-23", "news", "All of Water."],
    ["Words", "2021-12-03", null, "All of Words."],
  ]);
});

test("the table of events of a cluster office is a list too", async () => {
  const cwd = scratch();
  const start = "https://en.unesco.org/countries/field-offices/beijing-cluster-office";
  const file = join(cwd, "site.json");
  writeFileSync(file, JSON.stringify({ name: "cluster", preset: "unesco", start, language: "en" }));
  const table = (page: number, rows: readonly [when: string, where: string, title: string][]) =>
    `<div id="block-system-main"><h1>Cluster office</h1><p>Head of office: A. Person</p><div class="view"><div class="view-content">
<table class="views-table cols-3"><thead><tr><th>When</th><th>Where</th><th>Title</th></tr></thead><tbody>${rows
      .map(
        ([when, where, title]) =>
          `<tr><td>${when}</td><td>${where}</td><td><a href="/events/${title.toLowerCase()}">${title}</a></td></tr>`,
      )
      .join("")}</tbody></table></div>${pager(new URL(start).pathname, page, 1)}</div></div>`;
  const { code, shown, entries } = await entriesOf(await findWholeSite(file, {}), [
    capture(start, table(0, [["12 May 2016 to 14 May 2016", "Beijing", "Forum"]])),
    capture(`${start}?page=1`, table(1, [["3 March 2015", "Ulaanbaatar", "Training"]])),
    capture("https://en.unesco.org/events/forum", node("Forum")),
    capture("https://en.unesco.org/events/training", node("Training")),
  ]);
  expect(code, shown).toBe(0);
  expect(entries.map(({ data }) => [data.title, data.date]).sort()).toEqual([
    ["Forum", "2016-05-12"],
    ["Training", "2015-03-03"],
  ]);
});
