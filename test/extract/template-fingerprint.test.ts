import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Theme } from "../../fixtures/office/theme.js";
import { readArticle } from "../../src/extract/article.js";
import { readListing } from "../../src/extract/listing.js";
import { templateFingerprint } from "../../src/extract/template-fingerprint.js";
import { parseFragment, parsePage } from "../../src/extract/tree.js";
import { demo } from "../../src/site/presets/demo.js";
import { drupal7 } from "../../src/site/presets/drupal7.js";
import { resolveSite } from "../../src/site/resolve.js";
import { OFFICE, officePage } from "../support/office-source.js";

const hash = (html: string) => {
  const root = parseFragment(html).root()[0];
  if (root === undefined) throw new Error("there is no tree");
  return templateFingerprint(root);
};

const SAME: readonly (readonly [what: string, one: string, other: string])[] = [
  ["other words", "<p>One.</p>", "<p>Two, and more.</p>"],
  ["a further paragraph", "<p>One.</p>", "<p>One.</p><p>Two.</p>"],
  [
    "a longer menu",
    '<ul><li class="first"><a href="/a">a</a></li><li class="last"><a href="/b">b</a></li></ul>',
    '<ul><li class="first"><a href="/a">a</a></li><li><a href="/b">b</a></li><li class="last"><a href="/c">c</a></li></ul>',
  ],
  [
    "a row at another position",
    '<div class="views-row views-row-1 views-row-odd views-row-first">a</div>',
    '<div class="views-row views-row-12 views-row-even">a</div>',
  ],
  [
    "view-dom-id",
    '<div class="view view-dom-id-5b2f8dd1cf0a9cba5b2f8dd1cf0a9cba">a</div>',
    '<div class="view view-dom-id-0123456789abcdef0123456789abcdef">a</div>',
  ],
  [
    "a form's token",
    '<input type="hidden" name="form_build_id" id="form-Yb3xk9Qw0pZr7LmNv2aTd_8-KjHgFdSaQwErTyUiO1" value="form-Yb3">',
    '<input type="hidden" name="form_build_id" id="form-AaBbCcDdEe1FfGgHhIiJjKkLlMmNnOoPpQqRrSsTtUu" value="form-AaB">',
  ],
  [
    "a cache-busting query",
    '<link rel="stylesheet" href="/a.css?qx1"><script src="/a.js?v=1"></script>',
    '<link rel="stylesheet" href="/a.css?qx2"><script src="/a.js?v=2"></script>',
  ],
  [
    "a style sheet and a script",
    "<style>a{}</style><script>1</script>",
    "<style></style><script></script>",
  ],
  ["a comment", "<p>a</p><!-- one -->", "<!-- other --><p>a</p>"],
  ["the order of classes", '<p class="a b">a</p>', '<p class="b a">a</p>'],
  ["the number of an id", '<p id="edit-submit--2">a</p>', '<p id="edit-submit--3">a</p>'],
];

const OTHER: readonly (readonly [what: string, one: string, other: string])[] = [
  ["another element", "<b>a</b>", "<strong>a</strong>"],
  ["another class", '<p class="field-body">a</p>', '<p class="body">a</p>'],
  ["a wrapper", "<p>a</p>", "<div><p>a</p></div>"],
  ["another order", "<h1>a</h1><p>b</p>", "<p>b</p><h1>a</h1>"],
  ["another attribute", "<time>a</time>", '<time datetime="2021-12-03">a</time>'],
  ["another property", '<p property="dc:date">a</p>', '<p property="dc:created">a</p>'],
];

describe("templateFingerprint", () => {
  it.each(SAME)("the fingerprint of a template is the same with %s", (_, one, other) => {
    expect(hash(other)).toBe(hash(one));
  });

  it.each(OTHER)("the fingerprint of a template changes with %s", (_, one, other) => {
    expect(hash(other)).not.toBe(hash(one));
  });

  it("the fingerprint of a template does not depend on any words", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (words) => {
        const text = words.replace(/[<&\0]/g, "");
        expect(hash(`<h1>${text || "a"}</h1><p>b</p>`)).toBe(hash("<h1>a</h1><p>b</p>"));
      }),
    );
  });

  it("the fingerprint of a deeply nested page is found in time", () => {
    expect(hash("<span>".repeat(50_000))).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe("the office", () => {
  const site = resolveSite(demo("en"), { drupal7 }, "test");
  const read = (path: string, theme: Partial<Theme> = {}) => {
    const page = officePage(OFFICE + path, { theme });
    if (typeof page === "number") throw new Error(`${path} answers ${page}`);
    return parsePage(page, site);
  };
  const article = (theme?: Partial<Theme>) =>
    readArticle(read("/news/sand-that-walks", theme), site).markup;
  const rows = (page: number, theme?: Partial<Theme>) =>
    readListing(read(`${new URL(site.start).pathname}?page=${page}`, theme), site).rows;

  it("the office has the same template whenever it is rendered", () => {
    expect(article({ salt: "later" })).toBe(article());
    expect(rows(3, { salt: "later" }).map(({ markup }) => markup)).toEqual(
      rows(3).map(({ markup }) => markup),
    );
  });

  it("the office has one template for all rows that print the same fields", () => {
    const all = [...rows(1), ...rows(2), ...rows(8)];
    const fields = all.map(({ readings }) => Object.keys(readings).sort().join());
    const byFields = new Map<string, Set<unknown>>();
    for (const [at, { markup }] of all.entries()) {
      const key = fields[at] ?? "";
      byFields.set(key, (byFields.get(key) ?? new Set()).add(markup));
    }
    expect([...byFields.values()].map(({ size }) => size)).toEqual([...byFields].map(() => 1));
  });

  it.each<Partial<Theme>>([{ doctype: "html5" }, { dateAttributes: false }])(
    "the fingerprint of an article changes with the theme %j",
    (theme) => {
      expect(article(theme)).not.toBe(article());
    },
  );

  it.each<Partial<Theme>>([{ rows: "table" }, { rows: "list" }, { wrappers: false }])(
    "the fingerprints of rows change with the theme %j",
    (theme) => {
      const [one, other] = [rows(1), rows(1, theme)];
      expect(other.map(({ url }) => url)).toEqual(one.map(({ url }) => url));
      for (const [at, { markup }] of other.entries()) expect(markup).not.toBe(one[at]?.markup);
    },
  );
});
