import { describe, expect, test } from "vitest";
import { cssUrls } from "../../src/extract/css-urls.js";
import { type RequisiteKind, requisitesOf } from "../../src/extract/requisites.js";

const AT = "https://a.example/news/one";

function found(
  text: string,
  { kind = "page" as RequisiteKind | "page", all = false, url = AT, type = "text/html" } = {},
): string[] {
  const headers = { "content-type": `${type}; charset=utf-8` };
  const page = { url, requestedUrl: url, status: 200, headers, body: Buffer.from(text) };
  return [...requisitesOf(page, kind, { all, encoding: null })].map(
    (one) => `${one.kind} ${one.url.replace("https://a.example", "")}`,
  );
}

describe("what a page loads to be looked at", () => {
  test.each<[html: string, ...wanted: string[]]>([
    ['<link rel="stylesheet" href="/a.css">', "style /a.css"],
    ["<LINK REL=StyleSheet HREF=a.css>", "style /news/a.css"],
    ['<link rel="alternate stylesheet" href="/a.css">'],
    [
      '<link rel="shortcut icon" href="/i.ico"><link rel=apple-touch-icon href=t.png>',
      "asset /i.ico",
      "asset /news/t.png",
    ],
    ['<link rel="canonical" href="/x"><link rel="alternate" hreflang="fr" href="/fr">'],
    [
      '<link rel=preload as=font href="/f.woff2"><link rel=modulepreload href="/m.js">',
      "asset /f.woff2",
      "script /m.js",
    ],
    ['<script src="/a.js?v=1&amp;w=2"></script>', "script /a.js?v=1&w=2"],
    [
      '<script type=module>import a from "./b.js"; import("/c.js")</script>',
      "script /news/b.js",
      "script /c.js",
    ],
    [
      '<style>@import "x.css"; p { background: url(b.png) }</style>',
      "style /news/x.css",
      "asset /news/b.png",
    ],
    ['<p style="background:url(&quot;b.png&quot;)">', "asset /news/b.png"],
    [
      '<img src="/styles/thumb/x.jpg" srcset="/x1.jpg 1x, /x2.jpg 2x">',
      "image /styles/thumb/x.jpg",
      "image /x1.jpg",
      "image /x2.jpg",
    ],
    [
      '<picture><source srcset="/x.webp" type="image/webp"><img src="/x.png"></picture>',
      "image /x.webp",
      "image /x.png",
    ],
    [
      '<img src="data:image/gif;base64,R0" data-src="/late.jpg" data-srcset="/l1.jpg 100w,/l2.jpg 200w">',
      "image /late.jpg",
      "image /l1.jpg",
      "image /l2.jpg",
    ],
    ['<div data-bg="/back.jpg" data-url="/page">', "image /back.jpg"],
    ['<noscript><img src="/plain.png"></noscript>', "image /plain.png"],
    ['<video poster="/p.jpg" src="/v.mp4"></video><audio src="/a.mp3">', "image /p.jpg"],
    [
      '<input type="image" src="/go.png"><td background="/old.gif">',
      "image /go.png",
      "image /old.gif",
    ],
    [
      '<svg><use xlink:href="/icons.svg#a"/><image href="/in.png"/><use href="#b"/></svg>',
      "image /icons.svg",
      "image /in.png",
    ],
    [
      '<object type="image/svg+xml" data="/d.svg"></object><object data="/d.swf"></object>',
      "image /d.svg",
    ],
    [
      '<img src="//cdn.example/x.png#f"><img src="mailto:x"><img src="">',
      "image https://cdn.example/x.png",
    ],
    [
      '<base href="https://b.example/c/"><img src="x.png"><base href="/d/">',
      "image https://b.example/c/x.png",
    ],
    ['<!-- <img src="/no.png"> --><!--><img src="/yes.png">', "image /yes.png"],
    ['<textarea><img src="/no.png"></textarea><script>"<img src=/no.png>"</script>'],
    ['<a href="/report.pdf">a file</a><iframe src="/frame"></iframe>'],
    ["<img src=/a.png <img src=/b.png", "image /a.png"],
  ])("%s", (html, ...wanted) => {
    expect(found(html)).toEqual(wanted);
  });

  test("with `all`, also recordings, frames, linked files and what scripts obviously load", () => {
    expect(
      found(
        `<a href="/report.pdf">a file</a><a href="/page">a page</a><iframe src="/frame"></iframe>
         <video src="/v.mp4"><track src="/v.vtt"></video><link rel=manifest href="/m.json">
         <script>load("/js/late.js"); var s = {"url":"\\/css\\/late.css","n":"no/url","p":"/page"}</script>`,
        { all: true },
      ),
    ).toEqual([
      "file /report.pdf",
      "frame /frame",
      "file /v.mp4",
      "file /v.vtt",
      "file /m.json",
      "script /js/late.js",
      "style /css/late.css",
    ]);
  });

  test("URLs of a page are read in its coding", () => {
    const body = Buffer.from('<img src="/\xfcber.png">', "latin1");
    const headers = { "content-type": "text/html; charset=windows-1252" };
    const page = { url: AT, requestedUrl: AT, status: 200, headers, body };
    const [one] = requisitesOf(page, "page", { all: false, encoding: null });
    expect(one?.url).toBe("https://a.example/%C3%BCber.png");
  });
});

describe("what a style sheet loads", () => {
  test.each<[css: string, ...wanted: string[]]>([
    ["a{background:url(x.png)}", "x.png"],
    ["a{background:url( 'x y.png' )}", "x y.png"],
    ['a{background:URL("x.png")}', "x.png"],
    ["a{background:url(x\\(1\\).png)}", "x(1).png"],
    ["a{background:url(\\78.png)}", "x.png"],
    [
      '@import "a.css"; @import url(b.css) print; @import url("c.css");',
      "@a.css",
      "@b.css",
      "@c.css",
    ],
    ["/* url(no.png) */ a{} /* open url(no.png)"],
    ['a::before{content:"url(no.png)"} b{background:url(yes.png)}', "yes.png"],
    ["@font-face{src:local('X'),url(f.woff2) format('woff2'),url(f.woff)}", "f.woff2", "f.woff"],
    [
      'a{background:image-set("x.png" 1x, "y.png" type("image/png") 2x)} b{content:"no"}',
      "x.png",
      "y.png",
    ],
    ["a{background:url(x.png", " x.png".trim()],
    ['@charset "utf-8"; a{}'],
  ])("%s", (css, ...wanted) => {
    expect([...cssUrls(css)].map(({ url, isImport }) => (isImport ? `@${url}` : url))).toEqual(
      wanted,
    );
  });

  test("its URLs count from where it is", () => {
    const at = { kind: "style" as const, url: "https://a.example/css/main.css", type: "text/css" };
    expect(found("@import 'b.css';a{background:url(../img/x.png)}", at)).toEqual([
      "style /css/b.css",
      "asset /img/x.png",
    ]);
  });
});
