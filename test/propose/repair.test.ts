import { expect, test } from "vitest";
import type { Page } from "../../src/model.js";
import { repair } from "../../src/propose/repair/repair.js";

const page = (url: string, body: string): Page => ({
  ...{ url, requestedUrl: url, status: 200, headers: { "content-type": "text/html" } },
  body: Buffer.from(`<!DOCTYPE html><html><body>${body}</body></html>`),
});

test("the next page of a list behind a form is asked for neither by a POST nor by its name, and the repair says so", async () => {
  const origin = "https://example.org";
  const ns = [1, 2, 3, 4];
  const rows = ns.map((n) => `<p class="row"><a href="/a/${n}">Story ${n}</a></p>`).join("");
  const listing = page(
    `${origin}/list`,
    `${rows}<form method="post"><button name="page" value="2">Next</button></form>`,
  );
  const articles = ns.map((n) =>
    page(`${origin}/a/${n}`, `<h1>Story ${n}</h1><div class="text"><p>Text ${n}.</p></div>`),
  );
  const asked: string[] = [];
  const found = await repair(
    {
      ...{ name: "posts", start: listing.url },
      listing: { rows: ".row", next: { submit: "button" } },
      fields: { title: { article: "h1" }, body: { article: ".text" } },
    },
    null,
    {
      before: { listings: [listing], articles },
      now: { listing, articles },
      get: async (url) => {
        asked.push(url);
        return null;
      },
      isKnown: (key) => /\/a\/\d$/.test(key),
    },
  );
  expect(asked).toEqual([]);
  expect(found.unsure).toContainEqual(expect.stringContaining("by a POST"));
  expect([found.changes, found.refused]).toEqual([[], []]);
});
