import { expect, test } from "vitest";
import { rulesHash } from "../../src/commands/run/run-history.js";
import { resolveSite } from "../../src/site/resolve.js";
import type { SiteInput } from "../../src/site/site.js";

const SITE = {
  name: "lists",
  listing: { rows: "li", link: "a", next: [] },
  fields: { title: { listing: "a" }, body: { article: "main" } },
  lists: [
    { name: "news", start: "https://a.example/news" },
    { name: "events", start: "https://a.example/events" },
  ],
};
const hash = (more: object = {}, options = {}) =>
  rulesHash(resolveSite({ ...SITE, ...more } as SiteInput, {}, "test"), [], options);

test.each<[string, object]>([
  ["politeness", { politeness: { delay: 7, concurrency: 1 } }],
  ["accept", { accept: [{ finding: "fewer-rows", place: "rows", reason: "they moved" }] }],
  ["health", { health: { title: 0.5 } }],
  ["ignore", { ignore: [{ select: ".x", reason: "a counter" }] }],
  ["fewer", { fewer: false }],
  ["requisites", { requisites: { load: "all" } }],
  ["archive", { archive: ["https://web.archive.org/web/"] }],
])("%s of a site with several lists is not a rule of how its pages are read", (_, more) => {
  expect(hash(more)).toBe(hash());
});

test.each<[string, object, object]>([
  ["a selector", { fields: { ...SITE.fields, body: { article: "article" } } }, {}],
  ["a selector of one list", { lists: [{ ...SITE.lists[0], remove: [".x"] }, SITE.lists[1]] }, {}],
  ["--no-articles", {}, { articles: false }],
])("%s is one", (_, more, options) => {
  expect(hash(more, options)).not.toBe(hash());
});
