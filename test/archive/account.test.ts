import { micromark } from "micromark";
import { describe, expect, it } from "vitest";
import { noFacts } from "../../src/archive/links.js";
import { reportOf, Tally } from "../../src/archive/write/account.js";
import { renderAccount } from "../../src/archive/write/account-markdown.js";
import type { Outcome } from "../../src/model.js";
import type { EntryLine } from "../../src/schema/entry.js";
import { entry, NO_RUN, SITE } from "./samples.js";

const HOSTILE = "<script>alert(1)</script> [x](javascript:y) `a` *b* | c\n# d \u202e&amp; {{ e }}";

const LEDGER: readonly Outcome[] = [
  { url: `${SITE}/a`, state: "written", entry: "alpha0000000", listedOn: [] },
  { url: `${SITE}/b`, state: "rejected", reason: HOSTILE, listedOn: [] },
  { url: `${SITE}/c`, state: "excluded", reason: "override: told twice", listedOn: [] },
];

const FINISHED: Parameters<Tally["holdings"]>[0] = {
  links: noFacts(),
  fragments: [{ entry: "alpha0000000", target: "alpha0000000", fragment: "`x`" }],
  translations: {
    missing: [{ id: "alpha0000000", language: "fr", address: `${SITE}/fr` }],
  },
  media: new Map([3, 4].map((bytes) => [`media/${bytes}`, { bytes }])),
};

function reported(tally: Tally, ledger = LEDGER) {
  const archive = tally.holdings(FINISHED, ledger, {
    redirects: 2,
    unknownOverrides: ["/nowhere"],
  });
  const run = { ...NO_RUN, complete: false, gaps: [`gap ${HOSTILE}`] };
  const index = { site: null, entries: new Map(), media: [], ledger: [], owned: new Set("") };
  const read = { ledger, kept: [], balance: [], written: [], index, ids: new Map() };
  return { ...reportOf(run, { ...read, site: "office", out: "/out" }, archive), archive };
}

function line(
  name: string,
  ...from: Parameters<typeof entry> extends [string, ...infer More] ? More : never
): EntryLine {
  const { id, slug, data, body } = entry(name, ...from);
  return { id, slug, path: `content/en/2021/${name}.md`, data, body } as EntryLine;
}

function closed() {
  const tally = new Tally();
  const loss = { construct: "iframe", kind: "html" as const, count: 2, sample: HOSTILE };
  tally.add(
    line("alpha", { title: HOSTILE.replace("\n", " "), date: null, warnings: ["seen"] }),
    { losses: [loss], warnings: ["date-in-text"], overrides: ["title"] },
    () => "",
  );
  const media = [
    {
      sourceUrl: `${SITE}/x.png`,
      path: null,
      sha256: null,
      bytes: null,
      mediaType: null,
      alt: null,
    },
  ];
  tally.add(
    line("beta", { language: "fr", media, translations: {} }),
    { losses: [loss] },
    () => "HTTP 404",
  );
  return reported(tally);
}

describe("RunReport and account.md", () => {
  it("the report of a run counts and names everything that the run listed", () => {
    const report = closed();
    expect(report).toMatchObject({
      complete: false,
      counts: { listed: 3, written: 1, rejected: 1, excluded: 1 },
    });
    expect(report.archive).toMatchObject({
      entries: 2,
      languages: { en: 1, fr: 1 },
      notWritten: [
        { url: `${SITE}/b`, state: "rejected", reason: HOSTILE },
        { url: `${SITE}/c`, state: "excluded" },
      ],
      warnings: [{ code: "date-in-text", entries: [{ entry: "alpha0000000", message: "seen" }] }],
      missing: {
        date: ["alpha0000000"],
        type: [],
        summary: ["alpha0000000", "beta00000000"],
        body: [],
      },
      losses: [{ construct: "iframe", kind: "html", count: 4, entries: 2 }],
      media: {
        files: 2,
        bytes: 7,
        failed: [{ address: `${SITE}/x.png`, reason: "HTTP 404", entries: ["beta00000000"] }],
      },
      translations: { linked: 0, without: { en: 1, fr: 1 } },
      overrides: {
        applied: [{ entry: "alpha0000000", keys: ["title"] }],
        excluded: [`${SITE}/c`],
        unknown: ["/nowhere"],
      },
    });
  });

  it("account.md escapes all text of the site", () => {
    const text = renderAccount(closed(), (id) => ({
      title: HOSTILE,
      path: `content/en/${id} x.md`,
    }));
    const html = micromark(text, { allowDangerousHtml: true });
    expect(html).not.toContain("<script");
    expect(html).not.toContain('javascript:y"');
    expect(html).not.toContain("<em>");
    expect(text).not.toContain("\u202e");
    expect(html.match(/<h1>/g)).toHaveLength(1);
    expect(html).toContain('href="content/en/alpha0000000%20x.md"');
    for (const words of ["rejected", "HTTP 404", "date-in-text", "/nowhere", "iframe"])
      expect(text).toContain(words);
  });

  it.each([
    ["127-0-0-1-news", "127-0-0-1-news"],
    ["1. first", "1\\. first"],
    ["2) second", "2\\) second"],
    ["- third", "\\- third"],
    ["+ fourth", "\\+ fourth"],
    ["=", "\\="],
  ])(
    "account.md writes the name %s as %s: only what would begin a list or a heading is escaped",
    (site, shown) => {
      const [heading] = renderAccount({ ...closed(), site }, () => null).split("\n");
      expect(heading).toBe(`# Account of ${shown}`);
    },
  );

  it("account.md cuts long lists and says where the rest is", () => {
    const ledger = Array.from({ length: 130 }, (_, n) => ({
      url: `${SITE}/${n}`,
      state: "failed" as const,
      reason: "HTTP 500",
      listedOn: [],
    }));
    const report = reported(new Tally(), ledger);
    const text = renderAccount(report, () => null);
    expect(text).toContain("### failed (130)");
    expect(text).toContain("- and 30 more, in account.json");
    expect(report.archive.notWritten).toHaveLength(130);
  });
});
