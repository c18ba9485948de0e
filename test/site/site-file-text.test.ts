import { expect, test } from "vitest";
import { rewritten } from "../../src/site/site-file-text.js";

const TS = `import { defineSite } from "sitelift";
const shared = { title: "h1" };

export default defineSite({
  name: "a",
  // The rows.
  listing: { rows: ".row", next: ["a.next", 'a[rel="next"]'] }, // and the pager
  fields: {
    title: shared,
    date: { listing: { select: ".d", attribute: "datetime" } },
    type: { ...shared },
    body: {},
  },
});
`;
const JSON_TEXT = `{
  "name": "a",
  "listing": { "rows": ".row" },
  "lists": [{ "name": "b", "start": "https://a.org" }]
}
`;

test.each([
  [
    TS,
    "listing.rows",
    [".row", ".new"],
    `rows: [".row", ".new"], next: ["a.next", 'a[rel="next"]'] }, // and`,
  ],
  [TS, "listing.next", "a.on", `listing: { rows: ".row", next: "a.on" }, // and`],
  [TS, "listing.link", "a", `listing: { link: "a", rows: ".row"`],
  [
    TS,
    "fields.date.listing",
    [{ select: ".e", read: "own" }],
    `date: { listing: [{ select: ".e", read: "own" }] },`,
  ],
  [TS, "fields.date.formats", ["d/M/yyyy"], `date: { formats: ["d/M/yyyy"], listing: {`],
  [TS, "fields.body.article", ".b", `body: { article: ".b" },`],
  [TS, "article.media", [".m"], `defineSite({\n  article: { media: [".m"] },\n  name: "a",`],
  [JSON_TEXT, "listing.rows", [".row", ".new"], `"listing": { "rows": [".row", ".new"] },`],
  [
    JSON_TEXT,
    "fields.date.listing",
    ".d",
    `{\n  "fields": { "date": { "listing": ".d" } },\n  "name": "a",`,
  ],
  [JSON_TEXT, "lists.0.listing.rows", ".r", `[{ "listing": { "rows": ".r" }, "name": "b"`],
])(
  "a value is written into a site file, and the rest stays (%#: %s)",
  (text, path, value, found) => {
    const isJson = text === JSON_TEXT;
    const now = rewritten(text, [{ path: path.split("."), value }], isJson);
    expect(now).toContain(found);
    if (isJson) expect(() => JSON.parse(now ?? "")).not.toThrow();
  },
);

test.each([
  [TS, "fields.title.listing", "a name"],
  [TS, "fields.type.listing", "a spread beside it"],
  [`export default makeSite({ listing: { rows: "a" } });`, "listing.rows", "a call around it"],
  [`export default { listing: { rows: "a" + b } };`, "listing.rows", "a sum"],
  [`export default { listing: { rows: ["a", ...b] } };`, "listing.rows", "a spread"],
  [`export default { listing: { rows: rows(1) } };`, "listing.rows", "a call"],
  ["export default { listing: { rows: `a` } };", "listing.rows", "a template"],
])("code is not rewritten (%#)", (text, path) => {
  expect(rewritten(text, [{ path: path.split("."), value: ".x" }], false)).toBeNull();
});
