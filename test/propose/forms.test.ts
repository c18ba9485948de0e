/** Pagers that are forms, as `init` proposes them. */
import { expect, test } from "vitest";
import { propose } from "../../src/propose/propose.js";

const URL_ = "https://office.example/news/list.aspx";
const rows = Array.from(
  { length: 6 },
  (_, n) =>
    `<li class="row"><h3><a href="/news/a-${n}.aspx">The title of article number ${n}</a></h3><span class="when">${n + 1} March 2021</span></li>`,
).join("");

function proposed(pager: string) {
  const html = `<!DOCTYPE html><html lang="en"><head><title>News</title></head><body><form method="post" action="./list.aspx">
    <input type="hidden" name="__VIEWSTATE" value="abc"><main><ul class="news">${rows}</ul></main>${pager}</form></body></html>`;
  const headers = { "content-type": "text/html; charset=utf-8" };
  const page = { url: URL_, requestedUrl: URL_, status: 200, headers, body: Buffer.from(html) };
  const found = propose(page, null, { name: "office", preset: false });
  const choice = found?.choices.find(({ part }) => part === "next");
  return { next: found?.site.listing?.next, choice, missing: found?.missing.join("\n") };
}

const post = (argument: string) => `javascript:__doPostBack(&#39;grid&#39;,&#39;${argument}&#39;)`;

test.each([
  [
    "numbers of ASP.NET",
    `<div class="pager"><span>1</span><a href="${post("Page$2")}">2</a><a href="${post("Page$3")}">3</a></div>`,
    "div.pager > span + a",
  ],
  [
    "numbers of a grid",
    `<table class="grid"><tr class="p"><td><span>1</span></td><td><a href="${post("Page$2")}">2</a></td><td><a href="${post("Page$3")}">3</a></td></tr></table>`,
    "td:has(> span:not(a)) + td > a",
  ],
  ["a button", '<p class="more"><button name="go" value="2" id="go">Next page</button></p>', "go"],
])("%s are proposed as what submits a form, to be looked at", (_, pager, submit) => {
  const { next, choice } = proposed(pager);
  expect(next).toEqual({ submit: expect.stringContaining(submit.replace("div", "")) });
  expect(choice?.sure).toBe(false);
  expect(choice?.reason).toContain("it sends a form");
});

test("a button that loads more and names no URL is asked about", () => {
  const { next, missing } = proposed(
    '<div class="load"><button type="button" onclick="more()">Load more</button></div>',
  );
  expect(next).toBeUndefined();
  expect(missing).toMatch(
    /"Load more" at form > div\.load > button looks like.*`"next": \{ "submit": .* "set": .*network tab/,
  );
});

test("a script that is not known is asked about", () => {
  const { missing } = proposed('<p class="on"><a href="javascript:goPage(2)">Next</a></p>');
  expect(missing).toMatch(
    /"Next" to javascript:goPage\(2\) at form > p\.on > a looks like.*`"next": \{ "submit": "form > p\.on > a", "set": /,
  );
});
