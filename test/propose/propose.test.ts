import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LISTING_PATHS } from "../../fixtures/office/server.js";
import type { Theme } from "../../fixtures/office/theme.js";
import { convertArticle } from "../../src/convert/draft.js";
import { readArticle } from "../../src/extract/article.js";
import { readListing } from "../../src/extract/listing.js";
import { parsePage } from "../../src/extract/tree.js";
import type { Page } from "../../src/model.js";
import type { Part, Proposal } from "../../src/propose/proposal.js";
import { propose } from "../../src/propose/propose.js";
import { drupal7 } from "../../src/site/presets/drupal7.js";
import { resolveSite } from "../../src/site/resolve.js";
import type { SiteInput } from "../../src/site/site.js";
import { DEEP, runs } from "../deep.js";
import { OFFICE, officePage } from "../support/office-source.js";
import { AMBIGUOUS_SITE, pageOf, SITES } from "./sites.js";

function read(page: Page, input: SiteInput) {
  const site = resolveSite(input, { drupal7 }, "proposed");
  const listing = readListing(parsePage(page, site), site);
  const data = listing.rows.map(
    (row) => convertArticle(site, row.url ?? page.url, row, null).draft.data,
  );
  return { site, listing, data };
}

const choice = (proposal: Proposal | null, part: Part) =>
  proposal?.choices.find((one) => one.part === part);

/** Every selector of a site file. */
function selectorsOf(input: SiteInput): string[] {
  const found: string[] = [];
  const visit = (value: unknown, key: string) => {
    if (
      typeof value === "string" &&
      !/^(?:name|start|language|preset|prefer|attribute|read|pageParameter|unknownValues|formats|empty)$/.test(
        key,
      )
    )
      found.push(value);
    else if (Array.isArray(value)) for (const one of value) visit(one, key);
    else if (typeof value === "object" && value !== null)
      for (const [name, one] of Object.entries(value)) visit(one, name);
  };
  visit(input, "");
  return found;
}

/** Chains of positions, positions in a name, and what a build made. */
const UNSTABLE =
  /nth-child.*nth-child|nth-of-type|-\d+(?![\w-]*\))|css-|__[A-Za-z0-9]*[A-Z]|odd|even/;

describe("what a proposal leaves", () => {
  const [one] = SITES.filter(({ article }) => article?.html.includes("<h1"));
  if (one?.article == null) throw new Error("no invented site has an article with a heading");
  const { url, html } = one.article;
  const beside = `<div class="hero"><img src="/quay.jpg" alt=""></div><p class="byline-note">By Ann Keeper</p>`;
  const more = html.replace(/<h1[^>]*>.*?<\/h1>/s, (heading) => heading + beside);
  const proposal = propose(pageOf(one.url, one.listing), pageOf(url, more), { name: "left" });

  test("a proposal reads images beside the text as media of the article", () => {
    expect(choice(proposal, "media")).toMatchObject({ samples: ["/quay.jpg"] });
    const [media] = [proposal?.site.article?.media].flat();
    expect(media).toMatch(/\.hero img$/);
  });

  test("a proposal names words that are in no field, and no menu or footer", () => {
    expect(proposal?.left).toEqual([
      expect.stringContaining("By Ann Keeper"),
      expect.stringContaining(".comments-area"),
    ]);
  });
});

describe("proposals for other sites than Drupal's", () => {
  test.each(SITES.map((site) => [site.name, site] as const))(
    "a proposal reads rows, dates, pager and body of %s",
    (_, one) => {
      const page = pageOf(one.url, one.listing);
      const article = one.article === null ? null : pageOf(one.article.url, one.article.html);
      const proposal = propose(page, article, { name: "test" }) as Proposal;
      const { site, listing, data } = read(page, proposal.site);
      expect(data.map(({ title }) => title)).toEqual(one.titles);
      expect(data.map(({ date }) => date)).toEqual(one.dates);
      expect(listing.next).toBe(one.next);
      if (one.pageCount !== undefined) expect(listing.pageCount).toBe(one.pageCount);
      if (one.types !== undefined) expect(data.map(({ type }) => type)).toEqual(one.types);
      if (article !== null)
        expect(readArticle(parsePage(article), site).readings.body?.raw).toContain(
          one.bodyHolds ?? "lighthouse",
        );
      expect(proposal.reads).toMatchObject({ rows: one.titles.length, titles: one.titles.length });
      for (const selector of selectorsOf(proposal.site)) expect(selector).not.toMatch(UNSTABLE);
      for (const { samples, matched, part, reason } of proposal.choices) {
        expect(reason, part).not.toBe("");
        if (part !== "language" && part !== "format")
          expect([part, samples.length, matched]).not.toContain(0);
      }
    },
  );

  test("the proposed body excludes comments and side blocks", () => {
    const [one] = SITES;
    const html = one?.article?.html ?? "";
    const proposal = propose(
      pageOf(one?.url ?? "", one?.listing ?? ""),
      pageOf("https://sound.example/x", html),
      { name: "t" },
    );
    expect(choice(proposal, "body")).toMatchObject({ value: ".entry-content", sure: true });
  });

  test("a proposal names what could not be found", () => {
    const missing = (name: string) => {
      const one = SITES.find((site) => site.name === name);
      return propose(pageOf(one?.url ?? "", one?.listing ?? ""), null, { name: "t" })?.missing.join(
        "\n",
      );
    };
    expect(missing("relative dates")).toMatch(/date: .*counted from now/);
    expect(missing("relative dates")).toMatch(/next: there is no pager/);
    expect(missing("cards with a time element, in Arabic")).toMatch(/body: no article page/);
  });

  test("every alternative for the rows says how many rows it matches, beyond 40 too", () => {
    const rows = Array.from(
      { length: 45 },
      (_, index) =>
        `<li class="story"><div class="card"><a href="/s/${index}">Story number ${index} of the harbour</a> 5 May 2021</div></li>`,
    );
    const page = pageOf(
      "https://a.example/",
      `<main><ul class="list">${rows.join("")}</ul></main>`,
    );
    const options = choice(propose(page, null, { name: "t" }), "rows")?.options ?? [];
    expect(options.length).toBeGreaterThan(1);
    expect(new Set(options.map(({ matched }) => matched))).toEqual(new Set(["45 rows"]));
  });

  test("a page without rows gets no proposal", () => {
    expect(propose(pageOf("https://a.example/", "<p>Hello.</p>"), null, { name: "t" })).toBeNull();
  });
});

describe("proposals for arbitrary pages", () => {
  const piece = fc.constantFrom(
    '<ul class="md:next a.b">',
    "</ul>",
    '<li class="post-1 post"><a href="/a">One title of many</a> 3/4/2021</li>',
    '<li class="post-2 post"><a href="/b">Another title</a> 23/4/2021</li>',
    '<a class="next:hover next" href="?page=1">2</a>',
    '<a rel="next" href="javascript:x">next</a>',
    '<table><tr><th>A</th></tr><tr><td><a href="c">C c c c c</a></td><td>x</td></tr>',
    '<p id="1:2">A paragraph that is long enough to be one, and longer.</p>',
    '<span class="current">1</span>',
    '<time datetime="2021-13-45">x</time>',
    "<h1>",
    "<main>",
    "&nbsp;",
  );

  test("propose never throws, and a proposed site file is valid", () => {
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 14 }),
        fc.array(piece, { maxLength: 6 }),
        (list, text) => {
          const article = text.length === 0 ? null : pageOf("https://a.example/x", text.join(""));
          const page = pageOf("https://a.example/list", list.join(""));
          const proposal = propose(page, article, { name: "t" });
          if (proposal !== null) expect(proposal.reads.rows).toBeGreaterThan(0);
        },
      ),
      { numRuns: runs(20) },
    );
  });

  test("a heading that is never closed, and so holds all rows or the text, is not proposed for removal", () => {
    const row = (url: string) =>
      `<li class="post"><a href="${url}">A title of some length</a></li>`;
    const page = pageOf("https://a.example/list", `<h1>${row("/a")}${row("/b")}`);
    const text = "<p>A paragraph that is long enough to be one, and longer.</p>";
    for (const html of [
      `<h1>${text}`,
      `<main><h1>A title of some length</h1>${text}${text}</main>`,
    ]) {
      const proposal = propose(page, pageOf("https://a.example/a", html), { name: "t" });
      expect(proposal?.reads.rows).toBe(2);
      expect(proposal?.site.remove ?? []).not.toContain("h1");
    }
  });

  test("a link whose class only contains the word next is proposed as uncertain", () => {
    const [one] = SITES;
    const html = (one?.listing ?? "")
      .replace(/<nav class="navigation pagination">.*?<\/nav>/s, "")
      .replace("</main>", '<a class="next" href="/events/1">Next event</a></main>');
    const proposal = propose(pageOf(one?.url ?? "", html), null, { name: "t" });
    expect(choice(proposal, "next")).toMatchObject({ sure: false });
  });
});

describe("numeric date formats", () => {
  const events = (dates: string[], language = "en") => {
    const rows = dates.map(
      (date, index) =>
        `<li class="event"><a href="/e/${index}">Event number ${index} of the year</a> <em class="event-date">${date}</em></li>`,
    );
    return propose(
      pageOf(
        "https://pier.example/events",
        `<html lang="${language}"><main><ul class="events">${rows.join("")}</ul></main></html>`,
      ),
      null,
      { name: "t" },
    );
  };

  test.each<[string[], string, boolean, RegExp]>([
    [
      ["12/3/2021", "12/23/2021", "12/1/2021"],
      "M/d/yyyy",
      true,
      /12\/23\/2021 proves month first: there is no month 23/,
    ],
    [["3/12/2021", "23/12/2021", "1/12/2021"], "d/M/yyyy", true, /23\/12\/2021 proves day first/],
    [["19.11.2021", "3.11.2021", "2.10.2021"], "d.M.yyyy", true, /19\.11\.2021 proves day first/],
    [["2021/12/23", "2021/12/03", "2021/11/30"], "yyyy/M/d", true, /the year comes first/],
    [["2021. 12. 23.", "2021. 12. 03.", "2021. 11. 30."], "yyyy. M. d.", true, /the year comes/],
    [["23 2021-12", "03 2021-12", "30 2021-11"], "d yyyy-M", true, /the year comes first/],
    [["23.12.2021 um 16:33 Uhr", "3.12.2021 um 9:05 Uhr"], "d.M.yyyy 'um' H:mm 'uhr'", true, /./],
    [["(23.12.2021 16:33)", "(03.12.2021 09:05)"], "d.M.yyyy H:mm", true, /./],
    [["23/12/2021 às 16h33", "03/12/2021 às 9h05"], "d/M/yyyy 'as' H'h'mm", true, /./],
    [["23/12/2021 - 16:33 GMT+7", "03/12/2021 - 9:05 GMT+7"], "d/M/yyyy - H:mm 'gmt+7'", true, /./],
    [
      ["12/11/2021", "11/12/2021", "10/05/2021", "09/09/2021"],
      "M/d/yyyy",
      true,
      /sorted by date if it is month first/,
    ],
    [["03/05/2021", "02/04/2021", "05/01/2021"], "M/d/yyyy", false, /ambiguous/],
    [["13/12/2021", "12/13/2021", "05/01/2021"], "d/M/yyyy", false, /contradict each other/],
    [["23/12/21", "22/12/21", "05/01/21"], "d/M/yy", true, /proves day first/],
    [
      ["12/23/2021 - 10:30", "12/03/2021 - 09:15", "11/30/2021 - 08:00"],
      "M/d/yyyy - H:mm",
      true,
      /proves month first/,
    ],
  ])("the proposed date format is derived from the dates %j", (dates, format, sure, reason) => {
    const proposal = events(dates);
    expect(choice(proposal, "format")).toMatchObject({
      value: format,
      sure,
      reason: expect.stringMatching(reason),
    });
  });

  test("an ambiguous date format in a day-first language lists day first and stays uncertain", () => {
    expect(
      choice(events(["03/05/2021", "02/04/2021", "05/01/2021"], "es"), "format"),
    ).toMatchObject({
      value: "d/M/yyyy",
      sure: false,
      options: [
        expect.objectContaining({ value: "d/M/yyyy" }),
        expect.objectContaining({ value: "M/d/yyyy" }),
      ],
    });
  });

  test("a picked date format is used in the proposed site file", () => {
    const { url, listing } = AMBIGUOUS_SITE;
    const proposal = propose(pageOf(url, listing), null, {
      name: "t",
      picks: { format: "d/M/yyyy" },
    });
    expect(choice(proposal, "format")).toMatchObject({ sure: true, reason: "chosen by you" });
    expect(
      read(pageOf(url, listing), proposal?.site as SiteInput).data.map(({ date }) => date),
    ).toEqual(AMBIGUOUS_SITE.dates);
  });

  test("the machine-readable date of an article decides the order of day and month", () => {
    const { url, listing } = AMBIGUOUS_SITE;
    const article =
      '<main><h1>Regatta of the year</h1><time datetime="2021-05-03T10:00:00+02:00">3 May</time><div class="text"><p>Boats of all kinds raced around the three islands.</p></div></main>';
    expect(
      choice(propose(pageOf(url, listing), pageOf(`${url}/0`, article), { name: "t" }), "format"),
    ).toMatchObject({
      value: "d/M/yyyy",
      sure: true,
      reason: expect.stringContaining("03/05/2021 is 2021-05-03"),
    });
  });
});

/** Every pager with every kind of rows, which meet each pair of the other two; `DEEP` takes all four with them. */
const THEMES = (["core", "bootstrap", "bem", "mini", "stripped"] as const).flatMap((pager, one) =>
  (["div", "list", "table"] as const).flatMap((rows, other) =>
    [0, 1, 2, 3]
      .filter((pair) => DEEP || pair === (one + other) % 4)
      .map((pair) => ({ pager, rows, wrappers: pair % 2 === 0, dateAttributes: pair > 1 })),
  ),
);

describe("proposals for the test office", () => {
  const page = (path: string, theme: Partial<Theme>) =>
    officePage(`${OFFICE}${path}`, { theme }) as Page;
  const dated: Record<string, number> = {};

  test.each(THEMES)(
    "a preset is proposed for the office with $pager pager, rows as $rows, wrappers $wrappers, date attributes $dateAttributes",
    (theme) => {
      const listing = page(`${LISTING_PATHS.en}?page=1`, theme);
      const first = propose(listing, null, { name: "office" }) as Proposal;
      const article = officePage(first.reads.article ?? "", { theme }) as Page;
      const proposal = propose(listing, article, { name: "office" }) as Proposal;
      expect(proposal.site).toMatchObject({
        preset: "drupal7",
        language: "en",
        // The page that was looked at is the second.
        start: `${OFFICE}${LISTING_PATHS.en}`,
      });
      expect(proposal.site.listing).toBeUndefined();
      const { data, listing: seen } = read(listing, proposal.site);
      expect(seen).toMatchObject({ next: `${OFFICE}${LISTING_PATHS.en}?page=2`, pageCount: 10 });
      expect(data).toHaveLength(7);
      // Every theme gives the same titles and the same dates.
      const dates = data.map(({ date }) => date);
      const key = JSON.stringify([data.map(({ title }) => title), dates]);
      dated[key] = (dated[key] ?? 0) + 1;
      expect(Object.keys(dated)).toHaveLength(1);
      expect(dates.filter((date) => date !== null).length).toBeGreaterThanOrEqual(6);
      expect(proposal.missing).toEqual([]);
    },
  );

  test.each(THEMES.map((theme) => ({ ...theme, dateAttributes: false })))(
    "a proposal without a preset reads the office with $pager pager, rows as $rows, wrappers $wrappers",
    (theme) => {
      const listing = page(`${LISTING_PATHS.en}?page=1`, theme);
      const article = officePage(`${OFFICE}/news/tide-tables-for-2021`, { theme }) as Page;
      const proposal = propose(listing, article, { name: "office", preset: false }) as Proposal;
      const { listing: seen, data } = read(listing, proposal.site);
      expect(data).toHaveLength(7);
      expect(seen.next).toBe(`${OFFICE}${LISTING_PATHS.en}?page=2`);
      const withPreset = read(
        listing,
        (propose(listing, null, { name: "office" }) as Proposal).site,
      );
      expect(data.map(({ title }) => title)).toEqual(withPreset.data.map(({ title }) => title));
      const dates = withPreset.data.map(({ date }) => date);
      const said = proposal.missing.join("\n");
      if (!/date:/.test(said)) expect(data.map(({ date }) => date)).toEqual(dates);
      for (const selector of selectorsOf(proposal.site)) expect(selector).not.toMatch(UNSTABLE);
    },
  );

  test.each(["fr", "ar"] as const)("a proposal reads the office's listing in %s", (language) => {
    for (const rows of ["div", "table"] as const) {
      const listing = page(LISTING_PATHS[language], { rows, dateAttributes: false });
      const proposal = propose(listing, null, { name: "office" }) as Proposal;
      const { data } = read(listing, proposal.site);
      expect(proposal.site.language).toBe(language);
      expect(data.length).toBeGreaterThan(3);
      expect(
        proposal.reads.dates + (proposal.missing.some((line) => line.startsWith("date")) ? 1 : 0),
      ).toBeGreaterThan(3);
    }
  });
});

/** Real pages that belong to their publishers: used where a checkout has them beside it, never copied into it. */
const PAGES = resolve(import.meta.dirname, "../../../shared/cases/pages");

describe.skipIf(!existsSync(PAGES))(
  "real pages (skipped unless they are next to the checkout)",
  () => {
    interface Indexed {
      readonly file: string;
      readonly kind: string;
      readonly attainable: { items: number };
      readonly pager: { next_href: string; total_pages: number };
    }
    const starts: Record<string, string> = {
      "core-pager-table.html": "http://www.ca11.uscourts.gov/oral-argument-recordings",
      "bem-pager-table.html": "https://www.bap1.uscourts.gov/bapopn",
      "bem-pager-exposed-form.html": "https://www.justice.gov/olc/opinions?items_per_page=40",
      "relative-dates.html": "https://www.uscfc.uscourts.gov/aggregator/sources/11",
    };
    const index = existsSync(PAGES)
      ? (JSON.parse(readFileSync(resolve(PAGES, "index.json"), "utf8")) as Indexed[])
      : [];

    test.each(
      index
        .filter(({ kind }) => kind === "listing")
        .flatMap((one) => [true, false].map((preset) => [one.file, preset, one] as const)),
    )(
      "a proposal reads the saved page %s (preset allowed: %s)",
      (file, preset, { attainable, pager }) => {
        const url = starts[file] ?? "";
        const page = pageOf(url, readFileSync(resolve(PAGES, file), "utf8"));
        const proposal = propose(page, null, { name: "real", preset }) as Proposal;
        const { items } = JSON.parse(
          readFileSync(resolve(PAGES, file.replace(".html", ".expected.json")), "utf8"),
        ) as { items: { date: string; url: string }[] };
        const { listing, data } = read(page, proposal.site);
        expect(listing.rows.length).toBeGreaterThanOrEqual(attainable.items);
        expect(listing.next).toBe(new URL(pager.next_href, url).href);
        expect(listing.pageCount).toBe(pager.total_pages);
        if (file === "relative-dates.html") {
          expect(data.every(({ date }) => date === null)).toBe(true);
          expect(proposal.missing.join("\n")).toMatch(/date: .*counted from now/);
        } else {
          // One of the transcriptions leaves rows of its page out.
          const dates = data.map(({ date }) => date);
          expect(dates).toEqual(expect.arrayContaining(items.map(({ date }) => date)));
          expect(dates).not.toContain(null);
        }
        for (const selector of selectorsOf(proposal.site)) expect(selector).not.toMatch(UNSTABLE);
      },
    );
  },
);

describe("fields of a site's own", () => {
  const page = (url: string, body: string): Page => ({
    ...{ url, requestedUrl: url, status: 200, headers: { "content-type": "text/html" } },
    body: Buffer.from(`<!DOCTYPE html><html lang=en><body>${body}</body></html>`),
  });
  const names = ["ferry", "library", "harbour", "school"];
  const rows = names.map(
    (name) =>
      `<li class=row><h2><a href="/${name}">About the ${name}</a></h2><time>3 May 2021</time></li>`,
  );
  const listing = page("https://bay.example/news", `<main><ul>${rows.join("")}</ul></main>`);
  const article = (name: string, author: string, tags: readonly string[]) =>
    page(
      `https://bay.example/${name}`,
      `<main><article><h1>About the ${name}</h1><p class=byline>By <a href="/people/${author}">${author}</a></p>
      <figure class=lead-image><img src="/${name}.jpg" alt=""></figure>
      <div class=text>${`<p>Many words about the ${name} and all who use it every day.</p>`.repeat(6)}</div>
      <ul class=post-tags>${tags.map((tag) => `<li><a href="/tags/${tag}">${tag}</a></li>`).join("")}</ul>
      </article></main>`,
    );
  const [first, second] = [
    article("ferry", "Ann", ["sea", "boats"]),
    article("library", "Bo", ["books"]),
  ];
  const proposal = propose(listing, first, { name: "bay", others: [second] });

  test("a proposal reads who wrote an article, its tags and its main picture from what was left behind", () => {
    const { fields } = proposal?.site ?? {};
    expect(fields).toMatchObject({
      author: { kind: "text" },
      tags: { kind: "list" },
      image: { kind: "image" },
    });
    expect(proposal?.left).toEqual([]);
    const { site } = read(listing, proposal?.site as SiteInput);
    const readings = readArticle(parsePage(second, site), site);
    const row = readListing(parsePage(listing, site), site).rows[1];
    const converted = row && convertArticle(site, second.url, row, readings);
    expect(converted?.draft.data.fields).toEqual({
      author: "Bo",
      tags: ["books"],
      image: "https://bay.example/library.jpg",
    });
    expect(choice(proposal, "tags")).toMatchObject({ samples: ["sea", "boats"] });
  });

  test("what only another article has is proposed too", () => {
    const bare = page(
      "https://bay.example/ferry",
      `<main><article><h1>About the ferry</h1><div class=text>${"<p>Many words about the ferry and all who use it every day.</p>".repeat(6)}</div></article></main>`,
    );
    const { site, left } = propose(listing, bare, { name: "bay", others: [second] }) ?? {};
    expect(Object.keys(site?.fields ?? {})).toEqual(
      expect.arrayContaining(["author", "tags", "image"]),
    );
    expect(left).toEqual([]);
  });
});
