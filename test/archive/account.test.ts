import { micromark } from "micromark";
import { describe, expect, it } from "vitest";
import { noFacts } from "../../src/archive/links.js";
import { renderAccount } from "../../src/archive/report/account-markdown.js";
import { reportOf } from "../../src/archive/write/account.js";
import { Tally } from "../../src/archive/write/tally.js";
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
  media: new Map([3, 4].map((bytes) => [`media/${bytes}`, { bytes, mediaType: "image/png" }])),
};

function reported(tally: Tally, ledger = LEDGER) {
  const archive = tally.holdings(FINISHED, ledger, {
    redirects: 2,
    unknownOverrides: ["/nowhere"],
  });
  const run = { ...NO_RUN, complete: false, gaps: [`gap ${HOSTILE}`] };
  const index = {
    site: null,
    entries: new Map(),
    media: [],
    ledger: [],
    owned: new Set(""),
  };
  const read = {
    ledger,
    kept: [],
    balance: [],
    written: [],
    index,
    ids: new Map(),
    readByOthers: null,
  };
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
    const named = (id: string) =>
      [id, { title: HOSTILE, path: `content/en/${id} x.md`, date: null, sourceUrl: SITE }] as const;
    const text = renderAccount(closed(), new Map([named("alpha0000000"), named("beta00000000")]));
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
      const [heading] = renderAccount({ ...closed(), site }, new Map()).split("\n");
      expect(heading).toBe(`# Account of ${shown}`);
    },
  );

  const titled = (...all: [id: string, title: string, date: string | null][]) =>
    new Map(
      all.map(([id, title, date]) => [
        id,
        { title, path: `content/en/${id}.md`, date, sourceUrl: `${SITE}/${id}` },
      ]),
    );

  it("account.md tells what repeats by its count and three examples, and says where the rest is", () => {
    const tally = new Tally();
    for (let n = 0; n < 41; n++)
      tally.add(
        line(`e${n}`, { warnings: [`seen ${n}`] }),
        { warnings: ["date-in-text"] },
        () => "",
      );
    const ledger = Array.from({ length: 130 }, (_, n) => ({
      url: `${SITE}/${n}`,
      state: "failed" as const,
      reason: "HTTP 500",
      listedOn: [],
    }));
    const report = reported(tally, ledger);
    const text = renderAccount(report, new Map());
    expect(text).toContain("**Warning date-in-text: 41 times**");
    expect(text.match(/seen \d+/g)).toHaveLength(3);
    expect(text).toContain("failed (130): HTTP 500\n\n- ");
    expect(text).toContain("- and 127 more, in account.json");
    expect(report.archive.notWritten).toHaveLength(130);
  });

  it("account.md begins with the verdict, the numbers and what to decide, each with a command", () => {
    const text = renderAccount(closed(), new Map());
    const headings = text.match(/^##? .*/gm);
    expect(headings).toEqual(["# Account of office", "## Numbers", "## To decide", "## Details"]);
    expect(text).toMatch(/^# .*\n\n\*\*Incomplete\.\*\*/);
    const decisions = text.slice(text.indexOf("## To decide"), text.indexOf("## Details"));
    const items = decisions.match(/^\d+\. /gm) ?? [];
    expect(items.length).toBeGreaterThan(5);
    expect(decisions.match(/^ {3}`[^`]+`$/gm)).toHaveLength(items.length);
    // What decides about the exit code comes first.
    expect(decisions.lastIndexOf("(finding)")).toBeLessThan(decisions.indexOf("Warning"));
  });

  it("account.md names entries in the order of their dates and titles, undated ones last", () => {
    const tally = new Tally();
    const names: [string, string, string | null][] = [
      ["a000", "Zebra", "2020-01-02"],
      ["b000", "Older", "2019-05-06"],
      ["c000", "Undated", null],
      ["d000", "Ant", "2020-01-02"],
    ];
    const shelf = titled(...names);
    for (const [id, title, date] of names)
      tally.add(
        { ...line("x", { title, date }), id, body: "" },
        { overrides: ["title"] },
        () => "",
      );
    const text = renderAccount(reported(tally), shelf);
    const order = (part: string) => part.match(/Zebra|Older|Undated|Ant/g);
    const sorted = ["Older", "Ant", "Zebra", "Undated"];
    expect(order(text.slice(text.indexOf("Without body"), text.indexOf("### Links")))).toEqual(
      sorted,
    );
    expect(order(text.slice(text.indexOf("Applied (4)")))).toEqual(sorted);
  });

  it("account.md writes commands with the URL of the first example, quoted where a shell needs it", () => {
    const report = reported(new Tally(), []);
    const tally = new Tally();
    tally.add(line("alpha", { warnings: ["seen"] }), { warnings: ["date-in-text"] }, () => "");
    const archive = { ...report.archive, ...reported(tally).archive, notWritten: [] };
    archive.links = {
      ...archive.links,
      notMigrated: [{ entry: "x", address: `${SITE}/?b=1&c`, state: null }],
    };
    const text = renderAccount({ ...report, archive }, titled(["alpha0000000", "One", null]));
    expect(text).toContain(`\`sitelift inspect '${SITE}/?b=1&c' --site SITE\``);
    expect(text).toContain("`/alpha0000000: { set: { date: YYYY-MM-DD } }`");
  });

  it("account.md of a run that lacks nothing says that nothing is to decide", () => {
    const whole = { ...reported(new Tally(), []), complete: true, gaps: [] };
    const { fragments: _, ...links } = whole.archive.links;
    const archive = {
      ...whole.archive,
      links: { ...links, fragments: [] },
      translations: { linked: 0, pairs: {}, without: {}, missing: [] },
      overrides: { applied: [], excluded: [], unknown: [] },
    };
    const text = renderAccount({ ...whole, archive }, new Map());
    expect(text).toContain("**Complete.**");
    expect(text).toContain("## To decide\n\nNothing.");
  });
});
