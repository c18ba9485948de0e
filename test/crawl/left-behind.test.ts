import { describe, expect, test } from "vitest";
import { addRemains, LeftBehind } from "../../src/crawl/left-behind.js";
import { leftFindings, leftNotes } from "../../src/crawl/left-words.js";
import { hashOfWords } from "../../src/extract/words.js";
import type { Block } from "../../src/model.js";

const BASE = "https://example.org/news/one";

function block(place: string, sample: string, more: Partial<Block> = {}): Block {
  return {
    ...{ place, sample, hash: hashOfWords(sample), isAround: false, isIgnored: false },
    ...{ words: sample.split(" ").length, images: 0, files: 0, links: 0, leadsTo: [] },
    ...more,
  };
}

/** What a walk over articles leaves, each given by its blocks. */
function remainsOf(
  articles: readonly (readonly Block[])[],
  {
    ignore = [],
    listed = [],
  }: { ignore?: { select: string; reason: string }[]; listed?: string[] } = {},
) {
  const leftBehind = new LeftBehind();
  for (const blocks of articles) leftBehind.see({ base: BASE, read: 100, removed: 1, blocks });
  return leftBehind.remains({ ignore }, (url) => listed.includes(url));
}

const times = (n: number, blocksOf: (at: number) => readonly Block[]) =>
  Array.from({ length: n }, (_, at) => blocksOf(at));
const findings = (remains: ReturnType<typeof remainsOf>, complete = true) =>
  leftFindings({ remains, complete });

describe("what article pages leave", () => {
  test("words that repeat are furniture, and words of an article's own were left", () => {
    const remains = remainsOf(
      times(30, (at) => [block("footer", "Sea Council"), block(".lead", `Lead number ${at}`)]),
    );
    expect(remains.furniture).toMatchObject([{ place: "footer", articles: 30, words: 60 }]);
    expect(remains.left).toMatchObject([{ place: ".lead", articles: 30, words: 90 }]);
    expect(remains.left[0]?.samples).toEqual(["Lead number 0", "Lead number 1", "Lead number 2"]);
    expect(findings(remains)).toEqual([
      expect.stringMatching(
        /^`\.lead` holds 90 words on 30 of 30 articles, in no field, such as "Lead number 0"; .*`ignore`.*"select": "\.lead"/,
      ),
    ]);
  });

  test("places that differ in the number of a class alone are one place and one finding", () => {
    const remains = remainsOf(
      times(30, (at) => [
        block(`.card2 > .color${at % 9}`, `Kind number ${at}`),
        block(".card2 > .lead", `Lead number ${at}`),
        block(`.step${(at % 2) + 1} h3`, `Step number ${at}`),
      ]),
    );
    expect(remains.left.map(({ place, articles, words }) => [place, articles, words])).toEqual([
      [".card2 > .lead", 30, 90],
      ['.card2 > [class*="color"]', 30, 90],
      ['[class*="step"] h3', 30, 90],
    ]);
    expect(findings(remains)).toHaveLength(3);
    expect(findings(remains)[1]).toContain('{ "select": ".card2 > [class*=\\"color\\"]"');
  });

  test("authors of many articles each are not furniture", () => {
    const remains = remainsOf(times(30, (at) => [block(".by", `By author${at % 3}`)]));
    expect(remains.left).toMatchObject([{ place: ".by", articles: 30 }]);
  });

  test("a menu that differs from one part of the site to another is furniture", () => {
    const menu = (at: number) => block("nav", `Menu ${at % 5}`, { isAround: true });
    const remains = remainsOf(times(30, (at) => [menu(at)]));
    expect(remains.left).toEqual([]);
    expect(remains.furniture).toMatchObject([{ place: "nav", articles: 30 }]);
  });

  test("links to listed articles are navigation, and links to keywords are not", () => {
    const url = (name: string) => `https://example.org/${name}`;
    const articles = times(30, (at) => [
      block(".next a", `Story ${at + 1}`, { leadsTo: [`/${at + 1}`] }),
      block(".keys a", `Key ${at % 7}`, { leadsTo: [`/key/${at % 7}`] }),
    ]);
    const remains = remainsOf(articles, {
      listed: times(31, () => []).map((_, at) => url(`${at}`)),
    });
    expect(remains.navigation).toMatchObject([{ place: ".next a", articles: 30 }]);
    expect(remains.left).toMatchObject([{ place: ".keys a", articles: 30, isLinked: true }]);
    expect(findings(remains)).toHaveLength(1);
    // Where the list was not read to its end, more may be listed.
    expect(findings(remains, false)).toEqual([]);
  });

  test.each([
    [1, 20, 0],
    [2, 39, 1],
  ])("content on %i of %i articles gives %i findings", (some, all, expected) => {
    const remains = remainsOf(
      times(all, (at) => (at < some ? [block(".note", `Note ${at}`)] : [])),
    );
    expect(remains.left).toHaveLength(1);
    expect(findings(remains)).toHaveLength(expected);
  });

  test("one article shows nothing that repeats, which is a note and no finding", () => {
    const remains = remainsOf([[block("footer", "Sea Council")]]);
    expect(findings(remains)).toEqual([]);
    expect(leftNotes(remains, { ignore: [] })).toEqual([
      expect.stringContaining("one article was read"),
    ]);
  });

  test("what is ignored is counted with its reason, and what matches nothing is noted", () => {
    const ignore = [
      { select: ".keys", reason: "keywords" },
      { select: ".gone", reason: "was there once" },
    ];
    const articles = times(30, (at) => [block(".keys", `Key ${at}`, { isIgnored: true })]);
    const remains = remainsOf(articles, { ignore });
    expect(remains.ignored).toMatchObject([{ place: ".keys", articles: 30, reason: "keywords" }]);
    expect(findings(remains)).toEqual([]);
    expect(leftNotes(remains, { ignore })).toEqual([expect.stringContaining(".gone")]);
  });

  test("no word is lost in the sum, however many places and contents there are", () => {
    const articles = times(2_000, (at) => [
      block(`.place-${at}`, `Words of ${at}`),
      block(".lead", `Lead of ${at}`),
      block("footer", `Footer of part ${at % 40}`, { isAround: true }),
    ]);
    const remains = remainsOf(articles);
    const { left, furniture, navigation } = remains;
    const words = [...left, ...furniture, ...navigation].map((place) => place.words);
    expect(words.reduce((sum, n) => sum + n, 0)).toBe(2_000 * (3 + 3 + 4));
    expect(left.find(({ place }) => place === ".lead")).toMatchObject({ articles: 2_000 });
    expect(left.length).toBeLessThanOrEqual(1_001);
  });

  test("two walks are one sum", () => {
    const one = remainsOf(times(3, (at) => [block(".lead", `Lead ${at}`)]));
    const other = remainsOf(
      times(2, (at) => [block(".lead", `Chapeau ${at}`), block("p", `P ${at}`)]),
    );
    const both = addRemains(one, other);
    expect(both).toMatchObject({ articles: 5, words: { read: 500, removed: 5 } });
    expect(both.left).toMatchObject([
      { place: ".lead", articles: 5, words: 10 },
      { place: "p", articles: 2, words: 4 },
    ]);
  });
});
