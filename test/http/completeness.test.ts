/** Whether a page is whole: HTML may leave its last end tags out, and a page that was cut has lost them. */
import { describe, expect, test } from "vitest";
import { incompleteness } from "../../src/http/completeness.js";

const judged = (html: string, { hasLength = true } = {}) => {
  const body = Buffer.from(html);
  const length = hasLength ? { "content-length": String(body.length) } : {};
  const headers = { "content-type": "text/html; charset=utf-8", ...length };
  return incompleteness({
    url: "http://x/",
    requestedUrl: "http://x/",
    status: 200,
    headers,
    body,
  });
};

const WORDS = "<p>The harbour is open.<p>The ferry is back at noon";
const WHOLE: Record<string, string> = {
  "no end tag that may be left out": `<!doctype html><html lang=en><meta charset=utf-8><title>A</title><main><h1>A</h1><div>${WORDS}</div></main>`,
  "no end tag at all": `<!doctype html><html lang=en><title>A</title><main><h1>A</h1><div class=story>${WORDS}`,
  "an end of its body alone": "<html><head><title>A</title></head><body><p>Words.</p></body>",
  "all of its elements closed":
    "<html><head><title>A</title></head><body><div><p>Words.</p></div>\n",
  "a script that speaks of tags": `<html><title>A</title><script>"<div></p>"</script><main>${WORDS}</main>`,
};
const CUT: Record<string, string> = {
  "its words": "<html><head><title>A</title></head><body><p>Words of the harb",
  "an open element": "<html><head><title>A</title></head><body><div><p>Words.</p>",
  "a tag": "<html><head><title>A</title></head><body><div><p>Words.</p></di",
  "a script": "<html><title>A</title><main><p>Words.<script>var a = ",
  "a comment": "<html><title>A</title><main><p>Words.<!-- and so",
};

describe("a page without </html>", () => {
  test.each(Object.entries(WHOLE))("a page with %s is whole by its length", (_, html) => {
    expect(judged(html)).toBeNull();
    expect(judged(html, { hasLength: false })).toContain("</html> is missing");
  });
  test.each(Object.entries(CUT))("a page that was cut in %s is not whole", (_, html) => {
    expect(judged(html)).toContain("</html> is missing");
  });
});

const MAIN = "<main><p>The harbour is open.</p>";
const REST = "<p>The ferry is back at noon.</p></main></body></html>";
const around = (middle: string) =>
  `<!doctype html><html lang="en"><head><title>A</title></head><body>${MAIN}${middle}${REST}`;

describe("a page whose rest a browser does not show", () => {
  test.each([
    ["a script element", around("<script>var a = 1;")],
    ["a style element", around("<STYLE>p {}")],
    ["a noscript element", around("<noscript><img src=/a.png>")],
    ["a title element", around("").replace("</title>", "")],
    ["a tag (<a)", around('<a href="/x>more</a>').replace('lang="en"', "lang=en")],
    ["a tag (<a)", around("<a href='/x>more</a>")],
  ])("it is in %s that has no end", (what, html) => {
    expect(judged(html)).toBe(`the rest of the page is in ${what} that has no end`);
  });
  test.each([
    ["a script that makes a style", around('<script>$("<style>").appendTo("head")</script>')],
    ["a script that writes a script", around('<script>write("<script><\\/script>")</script>')],
    ["a comment with a script", around("<!-- <script> -->")],
    ["a value that names a tag", around('<a title="<style>" href="/x">more</a>')],
    ["an empty title of a drawing", around("<svg><title/></svg>")],
    ["an apostrophe in a tag", around("<p it's>A.</p>")],
    [
      "a counter without its end after all",
      `${around("").replace(/<.body.*/, "")}<noscript></html>`,
    ],
  ])("%s holds nothing of it", (_, html) => {
    expect(judged(html)).toBeNull();
  });
});
