/** What helps, by the reason of a page that could not be read. */
import { expect, test } from "vitest";
import { type Remedy, remedyOf, remedyOfGap } from "../../src/schema/remedy.js";

test.each<[reason: string, remedy: Remedy]>([
  ["HTTP 404", "gone"],
  ["HTTP 410", "gone"],
  ['the page says that there is nothing here: "Page not found"; asked 4 times', "gone"],
  ["HTTP 403", "refused"],
  ["HTTP 401", "refused"],
  ["HTTP 429; asked 4 times", "again"],
  ["HTTP 503; asked 4 times", "again"],
  ["connection refused (ECONNREFUSED); asked 4 times", "again"],
  ["the content type is application/pdf, not HTML; asked 4 times", "page"],
  ["extract: it goes on over more than 51 pages", "page"],
  ["convert: it nests deeper than 500 elements", "page"],
  ["validate: the schema cannot be asked", "page"],
  ["the capture does not hold this URL", "capture"],
  ["the capture is damaged where its response was", "capture"],
  ["not archived: internet-archive has no capture", "archives"],
])("a page with the reason %s asks for %s", (reason, remedy) => {
  expect(remedyOf(reason)).toBe(remedy);
});

test.each<[gap: string, remedy: Remedy]>([
  ["listing page https://a.example/?page=2 could not be read: HTTP 404", "gone"],
  ["listing page https://a.example/?page=2 could not be read: HTTP 502; asked 4 times", "again"],
  ['the list "news" could not be read from https://a.example/: HTTP 403', "refused"],
  [
    "listing page https://a.example/ asks in the browser for https://a.example/n, which failed (HTTP 403): rows may be missing",
    "refused",
  ],
  ["listing page 4 has 9 rows where the others have 10", "again"],
  ["https://a.example/2 looks like the second listing page, and was not read", "list"],
])("the gap %s asks for %s", (gap, remedy) => {
  expect(remedyOfGap(gap)).toBe(remedy);
});
