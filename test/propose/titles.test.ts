/** Titles that `init` proposes for rows whose link holds more than the title. */
import { expect, test } from "vitest";
import { propose } from "../../src/propose/propose.js";
import { listingOf, siteOfProposal } from "../../src/propose/reads.js";
import { pageOf } from "./sites.js";

const WORDS = [
  "Ferry back at last",
  "The quay is closed",
  "Fog on 3/4 of days",
  "Salt is dear",
  "A new pilot",
];

test.each<[string, (title: string, day: number) => string]>([
  [
    "a date before it, in the link",
    (title, n) => `<li><a href="/a/${n}"><time>2023.02.0${n}</time> ${title}</a></li>`,
  ],
  [
    "a date after it, in the link that is the row",
    (title, n) =>
      `<td class="t"><a href="/a/${n}">${title} <span class="on">(0${n}.08.2019 10:21)</span></a></td>`,
  ],
  [
    "a day and a month before it",
    (title, n) => `<li><a href="/a/${n}"><span>[05-0${n}]</span>${title}</a></li>`,
  ],
  [
    "a date and a title that both have an element",
    (title, n) =>
      `<li><a href="/a/${n}"><span class="d">0${n}.08.2019</span><span class="w">${title}</span></a></li>`,
  ],
])("of rows with %s, the title is read alone", (_, row) => {
  const rows = WORDS.map((title, at) => row(title, at + 1));
  const list = rows[0]?.startsWith("<td")
    ? `<table>${rows.map((one) => `<tr>${one}</tr>`).join("")}</table>`
    : `<ul class="news">${rows.join("")}</ul>`;
  const page = pageOf(
    "https://gazette.example/news/",
    `<!doctype html><html lang="en"><body><main><h1>News</h1>${list}</main></body></html>`,
  );
  const found = propose(page, null, { name: "g" });
  if (found === null) throw new Error("nothing was proposed");
  const read = listingOf(page, siteOfProposal(found.site)).rows;
  expect(read.map(({ readings }) => readings.title?.printed)).toEqual(WORDS);
});
