/** Blocks of WordPress of which an article has the words once. */
import { expect, test } from "vitest";
import { crawlServed } from "./site.js";

const FILE = '<a href="/files/report.pdf">The report of the year</a>';
const BUTTON = '<a href="/files/report.pdf" class="wp-block-file__button" download>Download</a>';

test.each([
  ["the name and a button", FILE + BUTTON, "[The report of the year]"],
  ["the name alone", FILE, "[The report of the year]"],
  ["a button alone", BUTTON, "[Download]"],
])("a file block with %s is one link", async (_, block, words) => {
  const { code, stderr, entries } = await crawlServed(
    ({ url }) => {
      if (url.endsWith(".pdf")) return { type: "application/pdf", body: "%PDF-1.7\n%%EOF\n" };
      const title = '<h1 class="entry-title"><a href="/one/">One</a></h1>';
      const text = `<p>All the words of it.</p><div class="wp-block-file">${block}</div>`;
      const content = url === "/list" ? "" : `<div class="entry-content">${text}</div>`;
      return `<main><article class="hentry">${title}${content}</article></main>`;
    },
    (origin) => ({ start: `${origin}/list`, preset: "wordpress" }),
  );
  expect(code, stderr).toBe(0);
  expect(String(entries[0]?.body).replace(/\(\S+\)/, "")).toBe(`All the words of it.\n\n${words}`);
});
