import { createHash } from "node:crypto";
import { SaxesParser } from "saxes";
import { expect, test } from "vitest";
import type { PastRun } from "../../src/archive/history.js";
import { noFacts } from "../../src/archive/links.js";
import { renderReport } from "../../src/archive/report/report.js";
import { bars } from "../../src/archive/report/svg.js";
import { reportOf } from "../../src/archive/write/account.js";
import { Tally } from "../../src/archive/write/tally.js";
import type { Outcome } from "../../src/model.js";
import { entry, NO_RUN, SITE } from "./samples.js";

const HOSTILE = "<script>alert(1)</script> \" onload='x' & {{ e }} \u202e ]]>";

interface Written {
  readonly date?: string | null;
  readonly type?: string | null;
  readonly language?: string;
  readonly title?: string;
  readonly warnings?: readonly string[];
}

/** The report of an archive that holds these entries. */
function reportOn(
  written: readonly Written[],
  more: readonly Outcome[] = [],
  links = noFacts(),
  runs: readonly PastRun[] = [],
) {
  const tally = new Tally();
  const shelf = new Map<
    string,
    { title: string; path: string; date: string | null; sourceUrl: string }
  >();
  const ledger: Outcome[] = [...more];
  for (const [at, data] of written.entries()) {
    const { slug, data: whole, body, provenance } = entry(`e${at}`, data);
    const id = `e${at}`.padEnd(12, "0");
    const path = `content/en/${at}.md`;
    tally.add(
      { id, slug, path, data: whole, body } as Parameters<Tally["add"]>[0],
      { ...provenance, warnings: (data.warnings ?? []).map(() => "seen") },
      () => "HTTP 404",
    );
    shelf.set(id, { ...whole, path });
    ledger.push({ url: whole.sourceUrl, state: "written", entry: id, listedOn: [] });
  }
  const archive = tally.holdings(
    {
      links,
      fragments: [],
      translations: { missing: [] },
      media: new Map([["media/a.png", { bytes: 9, mediaType: "image/png" }]]),
    },
    ledger,
    { redirects: 0, unknownOverrides: [] },
  );
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
  const report = reportOf(NO_RUN, { ...read, site: "office", out: "/out" }, archive);
  return { html: renderReport({ ...report, archive }, shelf, runs), archive };
}

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly parents: readonly Element[];
  text: string;
}

/** Every element of well-formed markup, in order. */
function elements(html: string): Element[] {
  const all: Element[] = [];
  const open: Element[] = [];
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const element = {
      name,
      attributes: attributes as Record<string, string>,
      parents: [...open],
      text: "",
    };
    all.push(element);
    open.push(element);
  });
  parser.on("text", (text) => {
    for (const element of open) element.text += text;
  });
  parser.on("closetag", () => {
    open.pop();
  });
  parser.write(html).close();
  return all;
}

const failed = (n: number): Outcome[] =>
  Array.from({ length: n }, (_, at) => {
    return {
      url: `${SITE}/f${at}`,
      state: "failed" as const,
      reason: `${HOSTILE} \u0007 \ud800`,
      listedOn: [],
    };
  });

test("report.html is well-formed, runs nothing, loads nothing, and allows its own style sheet alone", () => {
  const { html } = reportOn([{ title: HOSTILE, warnings: [HOSTILE] }, { type: "x<b>" }], failed(2));
  const all = elements(html);
  const style = all.find(({ name }) => name === "style")?.text ?? "";
  const policy = all.find(
    ({ attributes }) => attributes["http-equiv"] === "Content-Security-Policy",
  );
  const hash = createHash("sha256").update(style).digest("base64");
  expect(policy?.attributes.content).toBe(
    `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
  );
  expect(style).not.toMatch(/url\(|@import/);
  const names = new Set(all.map(({ name }) => name));
  for (const name of ["script", "img", "iframe", "object", "link", "form", "b"])
    expect(names).not.toContain(name);
  for (const { attributes } of all)
    for (const [name, value] of Object.entries(attributes)) {
      expect(name).not.toMatch(/^(?:on|style$|src)/);
      if (name === "href") expect(value).toMatch(/^(?:#|content\/|account\.)/);
    }
  expect(html).not.toContain("\u202e");
});

test("every picture of report.html has a title and is followed by its table", () => {
  const { html } = reportOn([{}, { date: null }, { language: "fr" }], failed(1));
  const all = elements(html);
  const pictures = all.filter(({ attributes }) => attributes.role === "img");
  expect(pictures.length).toBeGreaterThan(4);
  for (const picture of pictures) {
    const ids = picture.attributes["aria-labelledby"]?.split(" ") ?? [];
    for (const id of ids)
      expect(all.filter(({ attributes }) => attributes.id === id)).toHaveLength(1);
    const figure = picture.parents.at(-1);
    const tables = all.filter(({ name, parents }) => name === "table" && parents.at(-2) === figure);
    expect(tables.length, picture.text).toBeGreaterThan(0);
    expect(all.indexOf(tables[0] as Element)).toBeGreaterThan(all.indexOf(picture));
  }
});

test("words of a bar that are long go on in a further line, and none of them is lost", () => {
  const office = "application/vnd.openxmlformats-officedocument";
  const names = [
    "menus, footers and side blocks, which repeat",
    `${office}.wordprocessingml.document`,
    `${office}.presentationml.slideshow`,
    "x".repeat(80),
    "short",
  ];
  const caption = { id: "a", title: "A", text: "A" };
  const drawn = elements(bars(caption, names, [{ name: "n", values: [1, 2, 3, 4, 5] }]));
  const texts = drawn.filter(({ name }) => name === "text");
  const words = texts.filter(({ attributes }) => attributes.class !== "end");
  expect(
    words
      .map(({ text }) => text)
      .join("")
      .replaceAll(" ", ""),
  ).toBe(names.join("").replaceAll(" ", ""));
  expect(words.every(({ text }) => text.length <= 36)).toBe(true);
  const places = drawn.flatMap(({ name, attributes: { y, class: sort } }) =>
    (name === "text" && sort !== "end") || sort === "ground" ? [Number(y)] : [],
  );
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  const height = Number(drawn.find(({ name }) => name === "svg")?.attributes.height);
  expect(height - (places.at(-1) ?? 0)).toBe(20);
});

test("report.html has every month of the range, and entries without a date and in quarantine apart", () => {
  const rejected = { url: `${SITE}/r`, state: "rejected" as const, reason: "x", listedOn: [] };
  const { html } = reportOn(
    [{ date: "2020-11-03" }, { date: "2021-02-28", type: "talk" }, { date: null, type: null }],
    [rejected],
  );
  const part = html.slice(
    html.indexOf('<section id="months"'),
    html.indexOf('<section id="fields"'),
  );
  const rows = [...part.matchAll(/<tr><th scope="row">(.*?)<\/th><td class="n">(\d+)<\/td>/g)];
  expect(rows.map(([, name, n]) => [name, Number(n)])).toEqual([
    ["2020-11", 1],
    ["2020-12", 0],
    ["2021-01", 0],
    ["2021-02", 1],
    ["no date", 1],
    ["quarantine", 1],
  ]);
  // One path a series, one step of it for each column that holds something.
  expect(part.match(/<path d="M[^"]*" class="c/g)).toHaveLength(4);
});

test("the sums of report.html are those of the ledger", () => {
  const { html, archive } = reportOn(
    Array.from({ length: 30 }, (_, at) => ({
      type: `t${at % 12}`,
      date: at % 3 ? "2020-01-02" : null,
    })),
    failed(4),
  );
  const ledger = /<table aria-label="States of the ledger.*?<\/table>/s.exec(html)?.[0] ?? "";
  expect(
    [...ledger.matchAll(/row">(.*?)<.*?>(\d+)</g)].map(([, name, n]) => `${name} ${n}`),
  ).toEqual(["written 30", "failed 4", "sum 34", "listed 34"]);
  const months = html.slice(
    html.indexOf('<section id="months"'),
    html.indexOf('<section id="fields"'),
  );
  const sum = [...months.matchAll(/<tr><th scope="row">.*?<td class="n">(\d+)/g)];
  expect(sum.reduce((all, [, n]) => all + Number(n), 0)).toBe(archive.entries);
  const legend = [...months.matchAll(/<\/bdi> (\d+)<\/li>/g)];
  expect(legend.reduce((all, [, n]) => all + Number(n), 0)).toBe(archive.entries);
});

test("report.html stays below 200 kB, whatever the archive holds", () => {
  const links = noFacts();
  for (let at = 0; at < 3000; at++) links.hosts.set(`host-${at}.example`, at);
  links.external = 3000;
  const long = "word ".repeat(200);
  const written = Array.from({ length: 3000 }, (_, at) => ({
    title: `${long}${at}`,
    date: `${1980 + (at % 40)}-${String((at % 12) + 1).padStart(2, "0")}-01`,
    type: `${"type".repeat(20)}${at % 50}`,
    language: ["en", "fr", "ar"][at % 3] ?? "en",
    warnings: [long],
  }));
  const { html } = reportOn(written, failed(500), links);
  expect(Buffer.byteLength(html)).toBeLessThan(200_000);
  expect(reportOn(written, failed(500), links).html).toBe(html);
});

test("report.html counts by year where the range is longer than forty years", () => {
  const { html } = reportOn([{ date: "1901-05-01" }, { date: "2021-12-15" }]);
  expect(html).toContain('<th scope="row">1950</th>');
  expect(html).not.toContain('<th scope="row">1950-01</th>');
});

test("report.html of an empty archive is well-formed", () => {
  expect(elements(reportOn([]).html).map(({ name }) => name)).toContain("h1");
});
