import { describe, expect, test } from "vitest";
import { openArticle } from "../../src/crawl/article.js";
import { readArticle } from "../../src/extract/article.js";
import { readListing } from "../../src/extract/listing.js";
import { parsePage } from "../../src/extract/tree.js";
import type { Page } from "../../src/model.js";
import { unesco } from "../../src/site/presets/unesco.js";
import { resolveSite } from "../../src/site/resolve.js";

const START = "https://en.unesco.org/countries/field-offices/beijing-cluster-office";
const site = resolveSite(
  { name: "office", preset: "unesco", start: START, language: "en" },
  { unesco },
  "test",
);

function page(url: string, body: string): Page {
  const html = `<!DOCTYPE html><html lang="en"><head><title>x</title></head><body>${body}</body></html>`;
  const headers = { "content-type": "text/html; charset=utf-8" };
  return { url, requestedUrl: url, status: 200, headers, body: Buffer.from(html) };
}

/** The table of events of a cluster office. @param cell attributes of a cell of a column */
function events(cell: (column: string) => string): string {
  const row = (date: string, place: string, title: string) =>
    `<tr><td${cell("field-event-date")}>${date}</td><td${cell("field-where")}>${place}</td><td${cell("title")}><a href="/events/${title.toLowerCase()}">${title}</a></td></tr>`;
  return `<div id="block-system-main"><h1>Cluster office</h1><p>Head of office: A. Person</p>
<div class="view"><div class="view-content"><table class="views-table cols-3">
<thead><tr><th>When</th><th>Where</th><th>Title</th></tr></thead>
<tbody>${row("12 May 2016 to 14 May 2016", "Beijing", "Forum")}${row("3 March 2015", "Ulaanbaatar", "Training")}</tbody>
</table></div><div class="item-list"><ul class="pager"><li class="pager-current">1</li>
<li class="pager-item"><a href="?page=1">2</a></li><li class="pager-next"><a href="?page=1">next ›</a></li></ul></div></div></div>`;
}

const NEWS_URL =
  "http://www.unesco.org/new/en/brasilia/about-this-office/single-view/news/a_new_school/";
const NEWS = `<div id="content"><div class="news-single-item">
<div class="news-single-timedata">12.05.2014 - UNESCO Office in Brasilia</div><h1>A new school</h1>
<div class="news-single-img"><img src="/fileadmin/school.jpg" alt="A school"><p class="news-single-imgcaption">© UNESCO</p></div>
<p class="bodytext">The school was opened on Monday.</p>
<div class="news-single-backlink"><a href="/new/en/brasilia/">&lt;- Back to: Dynamic Content Single View</a></div>
</div><a href="#top">Back to top</a></div>`;

describe("older templates of UNESCO's offices", () => {
  test.each<[string, (column: string) => string]>([
    ["with the class names of Views", (column) => ` class="views-field views-field-${column}"`],
    ["without class names", () => ""],
  ])("the table of events %s is a list: its dates are their first days", (_, cell) => {
    const listing = readListing(parsePage(page(START, events(cell)), site), site);
    const rows = listing.rows.map((row) => {
      const { draft } = openArticle(site, row, null).finish(row.url ?? "", []) as {
        draft: { data: { title: unknown; date: unknown } };
      };
      return [draft.data.title, draft.data.date];
    });
    expect(rows).toEqual([
      ["Forum", "2016-05-12"],
      ["Training", "2015-03-03"],
    ]);
    expect(listing.next).toBe(`${START}?page=1`);
  });

  test("the single view of tt_news gives title, date before the dash and text, without its way back", () => {
    const article = readArticle(parsePage(page(NEWS_URL, NEWS), site), site);
    const row = { listing: START, position: 1, url: NEWS_URL, base: START, readings: {} };
    const { draft } = openArticle(site, row, article).finish(NEWS_URL, []) as {
      draft: { data: { title: unknown; date: unknown }; body: string };
    };
    expect([draft.data.title, draft.data.date]).toEqual(["A new school", "2014-05-12"]);
    expect(draft.body).toContain("The school was opened on Monday.");
    expect(draft.body).not.toMatch(/Back to|12\.05\.2014/);
  });
});
