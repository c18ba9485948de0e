import { describe, expect, test } from "vitest";
import { noFacts } from "../../src/archive/links.js";
import { renderAccount } from "../../src/archive/report/account-markdown.js";
import { decisionsOf } from "../../src/archive/report/decisions.js";
import { verdictOn } from "../../src/archive/report/verdict.js";
import { reportOf } from "../../src/archive/write/account.js";
import { Tally } from "../../src/archive/write/tally.js";
import type { Finding } from "../../src/model.js";
import type { Run } from "../../src/schema/run-report.js";
import { NO_RUN, SITE } from "./samples.js";

function reportWith(run: Partial<Run>) {
  const linked = { links: noFacts(), fragments: [], translations: { missing: [] } };
  const more = { redirects: 0, unknownOverrides: [] };
  const archive = new Tally().holdings({ ...linked, media: new Map() }, [], more);
  const index = {
    site: null,
    entries: new Map(),
    media: [],
    ledger: [],
    owned: new Set(""),
  };
  const before = { index, ids: new Map(), readByOthers: null };
  const read = { ledger: [], kept: [], balance: [], written: [], ...before };
  const report = reportOf({ ...NO_RUN, ...run }, { ...read, site: "office", out: "/out" }, archive);
  return { ...report, archive };
}

function whyOf(run: Partial<Run>): string {
  const report = reportWith(run);
  return verdictOn(report, decisionsOf(report, new Map())).why;
}

const finding = (name: string, message: string): Finding => ({
  ...{ finding: name, place: `${SITE}/news`, count: null },
  message,
});
const SITEMAP = finding("not-in-list", "in the sitemap, not in the list: 1");

describe("the verdict on a list that was read to its end", () => {
  test.each<[what: string, run: Partial<Run>, words: string]>([
    ["nothing was found", {}, "and no rows seem to be missing. Every"],
    ["a sitemap names more", { open: [SITEMAP] }, "but the site's feed or sitemap names articles"],
    ["rows are fewer", { fewer: ["60 rows, 70 before"] }, "but there is less of something"],
    ["every row leads away", { outside: "all rows" }, "but every row links outside the site"],
    [
      "the site file accepts it",
      { accepted: [{ ...SITEMAP, reason: "drafts" }] },
      "no rows seem to be missing beyond what the site file accepts",
    ],
  ])("fits the findings where %s", (_, run, words) => {
    expect(whyOf(run)).toContain(words);
    if (/^but/.test(words)) expect(whyOf(run)).not.toContain("no rows seem to be missing");
  });
});

describe("the verdict counts the points that are listed to decide", () => {
  const gaps = { complete: false, gaps: ["a gap"] };
  const odd = { notes: ["one", "two"] };
  test.each<[what: string, run: Partial<Run>, words: string | null, listed: number]>([
    ["nothing", {}, null, 0],
    ["two notes", odd, "1 point to decide.", 1],
    ["a finding", { outside: "all rows" }, "1 point to decide, a finding.", 1],
    [
      "findings alone",
      { outside: "all rows", fewer: ["60 rows, 70 before"] },
      "2 points to decide, all findings.",
      2,
    ],
    ["both", { ...odd, outside: "all rows" }, "2 points to decide, 1 finding among them.", 2],
    ["a gap", { ...gaps, ...odd }, "2 points to decide, 1 finding among them.", 2],
    [
      "drift",
      { ...gaps, ...odd, drift: ["title matches nothing"] },
      "3 points to decide, 2 findings among them.",
      3,
    ],
  ])("where there is %s", (_, run, words, listed) => {
    if (words === null) expect(whyOf(run)).not.toContain("to decide");
    else expect(whyOf(run)).toContain(words);
    const shown = renderAccount(reportWith(run), new Map());
    expect(shown.match(/^\d+\. \*\*/gm) ?? []).toHaveLength(listed);
  });
});

test("on template drift no gap is offered to accept, and the drift itself is", () => {
  const gap = finding("page-empty", "listing page 2 has no rows");
  const odd = finding("title-repeated", 'all articles have the title "News"');
  const words = (run: Partial<Run>) => renderAccount(reportWith(run), new Map());
  const run = { complete: false, gaps: [gap.message], open: [gap, odd] };
  expect(words(run)).toContain('{ "finding": "page-empty"');
  const drifted = words({ ...run, drift: [`news: ${odd.message}`] });
  expect(drifted).not.toContain('{ "finding": "page-empty"');
  expect(drifted).toContain('{ "finding": "title-repeated"');
});

test("words to add to a site file have quoted keys, as JSON and code take them", () => {
  const base = reportWith({ outside: "all rows", leftBehind: ["a place"] });
  const embedded = { address: "https://static.example/a.png", entry: "a", state: null };
  const lost = { url: `${SITE}/a`, state: "excluded", reason: "no capture of it", entry: null };
  const report = {
    ...base,
    archive: {
      ...base.archive,
      notWritten: [lost],
      links: { ...base.archive.links, embedded: [embedded] },
    },
  } as Parameters<typeof decisionsOf>[0];
  const types = decisionsOf(report, new Map()).map(({ type }) => type);
  const pasted = types.filter((type) => type.startsWith('"'));
  expect(pasted.map((type) => Object.keys(JSON.parse(`{${type}}`))[0])).toEqual(
    expect.arrayContaining(["origins", "ignore", "media"]),
  );
  for (const type of types) expect(type).toMatch(/^(?:"|sitelift |\/PATH|grep )/);
});

describe("what the site file accepts, and what is the same many times", () => {
  const url = `${SITE}/news/secret`;
  const unwritten = (state: "rejected" | "failed") => {
    const report = reportWith({
      accepted: ["article-rejected", "article-failed"].map((name) => {
        return { ...finding(name, "is not public"), place: url, reason: "known" };
      }),
    });
    const one = { url, state, reason: "a password", entry: null };
    return { ...report, archive: { ...report.archive, notWritten: [one] } };
  };

  test.each(["rejected", "failed"] as const)("is not to be decided again, %s", (state) => {
    const report = unwritten(state);
    expect(decisionsOf(report, new Map())).toEqual([]);
    expect(verdictOn(report, []).word).toBe("Complete");
    const open = decisionsOf({ ...report, accepted: [] }, new Map());
    expect(open.map(({ isFinding }) => isFinding)).toEqual([true]);
  });

  test("pages that were not migrated are listed once each, that of most links first", () => {
    const report = reportWith({});
    const link = (entry: string, path: string) => {
      return { entry, address: `${SITE}${path}`, state: null };
    };
    const notMigrated = [
      ...["a", "b"].map((id) => link(id, "/about")),
      link("a", "/one"),
      ...["a", "b", "c"].map((id) => link(id, "/news")),
    ];
    const links = { ...report.archive.links, notMigrated };
    const decisions = decisionsOf({ ...report, archive: { ...report.archive, links } }, new Map());
    expect(decisions.map(({ title }) => title)).toEqual([
      "6 links to pages that were not migrated",
    ]);
    expect(decisions[0]?.examples.map(({ code, text }) => [code, text])).toEqual([
      [`${SITE}/news`, "3 links"],
      [`${SITE}/about`, "2 links"],
      [`${SITE}/one`, ""],
    ]);
  });
});

test("a translation that the list of its language does not name is not to be found by reading that language", () => {
  const report = reportWith({});
  const missing = ["fr", "ar"].map((language) => ({
    ...{ id: "alpha0000000", language },
    address: `${SITE}/${language}/node/5`,
  }));
  const archive = { ...report.archive, languages: { en: 2, fr: 1 } };
  const account = {
    ...report,
    archive: { ...archive, translations: { ...archive.translations, missing } },
  };
  const points = decisionsOf(account, new Map()).filter(({ title }) => /translation/.test(title));
  expect(points.map(({ title, type }) => [title, type])).toEqual([
    [
      "1 translation named by their page but not in the archive",
      "sitelift crawl SITE --out ARCHIVE --languages all",
    ],
    [
      "1 translation named by their page but not by the list of their language",
      `sitelift inspect ${SITE}/fr/node/5 --site SITE`,
    ],
  ]);
});
