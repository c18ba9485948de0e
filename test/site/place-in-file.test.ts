import { expect, test } from "vitest";
import { placeInFile } from "../../src/site/site-file-text.js";

const TS = `import { defineSite } from "sitelift";
// fields: { date: no }
export default defineSite({
  name: "a: {",
  listing: { rows: ["li", "tr"], fields: 1 },
  fields: {
    title: { listing: "h2" },
    date: { listing: ".d", dat: [{ select: "x" }, { selct: 'y, "' }] },
  },
});
`;

test.each([
  ["name", 4, 3],
  ["fields.date", 8, 5],
  ["fields.date.dat", 8, 28],
  ["fields.date.dat.1.selct", 8, 53],
  ["listing.rows.1", 5, 27],
  // What is not written out is where its owner is.
  ["fields.date.article", 8, 5],
])("the key %s is found at line %i, column %i", (path, line, column) => {
  expect(placeInFile(TS, path.split("."))).toEqual({ line, column });
});

test("a key is found in JSON, and none where there is none", () => {
  const json = '{\n  "name": "x",\n  "fields": {\n    "dat": 1\n  }\n}';
  expect(placeInFile(json, ["fields", "dat"])).toEqual({ line: 4, column: 5 });
  expect(placeInFile(json, ["start"])).toBeNull();
  expect(placeInFile("nothing", ["start"])).toBeNull();
});
