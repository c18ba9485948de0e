/** Lists whose further pages are behind forms, as public bodies have them. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { SiteInput } from "../../src/site/site.js";
import { inspectHere } from "../commands/here.js";
import { scratch } from "../commands/sitelift.js";
import { article, type Crawled, crawlServed, FIELDS, type Route } from "./site.js";

const row = (n: number) => `<li class="row"><a href="/a/${n}">Article ${n}</a></li>`;
const rows = (page: number) =>
  [1, 2, 3]
    .map((at) => page * 3 - 3 + at)
    .filter((n) => n <= 7)
    .map(row)
    .join("");

type Ask = Parameters<Route>[0];

/** Seven articles, three a page. @param list what the list answers, by what was sent */
const site =
  (list: (ask: Ask, fields: URLSearchParams) => ReturnType<Route>): Route =>
  (ask) => {
    const n = /^\/a\/(\d+)$/.exec(ask.url)?.[1];
    if (n !== undefined) return article(`Article ${n}`);
    const { pathname, searchParams } = new URL(ask.url, ask.origin);
    if (!/^\/(?:list|go)/.test(pathname)) return 404;
    return list(ask, ask.method === "POST" ? new URLSearchParams(ask.body) : searchParams);
  };

const crawled = (route: Route, next: object, more: Partial<SiteInput> = {}): Promise<Crawled> =>
  crawlServed(route, (origin) => ({
    start: `${origin}/list`,
    listing: { rows: ".row", next: next as never },
    fields: FIELDS,
    ...more,
  }));

/** As ASP.NET prints a grid: a state of some size, the page in it, and postbacks. */
function aspx(page: number, pager: string, list = rows(page)): string {
  const state = Buffer.from(`page=${page};${"x".repeat(9_000)}`).toString("base64");
  return `<form method="post" action="./list" id="aspnetForm"><input type="hidden" name="__EVENTTARGET" value="">
    <input type="hidden" name="__EVENTARGUMENT" value=""><input type="hidden" name="__VIEWSTATE" value="${state}">
    <input type="text" name="ctl00$q" value="Müller &amp; Co"><input type="submit" name="ctl00$go" value="Search">
    <ul>${list}</ul><div class="pager">${pager}</div></form>`;
}
const aspPage = (fields: URLSearchParams) => {
  const state = Buffer.from(fields.get("__VIEWSTATE") ?? "", "base64").toString();
  const [, before = ""] = /^page=(\d)/.exec(state) ?? [];
  return before === "" || fields.get("ctl00$q") !== "Müller & Co" ? null : Number(before);
};
const grid = site(({ method }, fields) => {
  const [, wanted = "1"] = /^Page\$(\d)$/.exec(fields.get("__EVENTARGUMENT") ?? "") ?? [];
  if (method === "POST" && (aspPage(fields) === null || fields.get("__EVENTTARGET") !== "ctl00$g"))
    return 500;
  const page = Number(wanted);
  const link = (n: number) =>
    n === page
      ? `<span>${n}</span>`
      : `<a href="javascript:__doPostBack(&#39;ctl00$g&#39;,&#39;Page$${n}&#39;)">${n}</a>`;
  return aspx(page, [1, 2, 3].map(link).join(""));
});
const nextLink = (last: number) =>
  site(({ method }, fields) => {
    if (method === "POST" && fields.get("__EVENTTARGET") !== "ctl00$next") return 500;
    const page = method === "POST" ? (aspPage(fields) ?? 0) + 1 : 1;
    const way =
      page < last
        ? `href='javascript:WebForm_DoPostBackWithOptions(new WebForm_PostBackOptions("ctl00$next", "", true, "", "", false, true))'`
        : 'class="aspNetDisabled"';
    const back = page > 1 ? `<a href="javascript:__doPostBack('ctl00$prev','')">Previous</a>` : "";
    const list = page === last ? rows(page) + rows(page + 1) : rows(page);
    return aspx(page, `${back} <a id="next" ${way}>Next</a>`, list);
  });
/** A form of PHP: hidden inputs, a token in a session that a cookie names, and a button. */
const php = site(({ method, headers }, fields) => {
  const session = /\bPHPSESSID=(\w+)/.exec(headers.cookie ?? "")?.[1];
  const token = (page: number) => `t-s3cret-${page}`;
  const page = method === "POST" ? Number(fields.get("page")) : 1;
  if (method === "POST" && (session !== "s3cret" || fields.get("token") !== token(page - 1)))
    return `<ul>${rows(1)}</ul><form method="post"><input type="hidden" name="page" value="2"><button name="go" value="next">Next</button></form>`;
  const form = `<form method="post" action="/list"><input type="hidden" name="token" value="${token(page)}">
    <input type="checkbox" name="old" value="1"><input type="hidden" name="page" value="${page + 1}">
    <button type="submit" name="go" value="next">Next</button></form>`;
  return {
    body: `<!DOCTYPE html><html lang="en"><body><ul>${rows(page)}</ul>${page < 3 ? form : ""}</body></html>`,
    headers: method === "GET" ? { "set-cookie": "PHPSESSID=s3cret; path=/; HttpOnly" } : {},
  };
});

test.each<[string, Route, object]>([
  ["ASP.NET by its numbers", grid, { submit: ".pager span + a" }],
  ["ASP.NET by its next link", nextLink(3), { submit: "#next" }],
  ["ASP.NET with two pages", nextLink(2), { submit: "#next" }],
  ["PHP with a session", php, { submit: "button[value=next]" }],
  [
    "one that its script fills, in a table",
    site((_, fields) => {
      const page = Number(fields.get("pageNo") ?? 1);
      const next =
        page < 3
          ? `<a class="on" href="#" onclick="goPage(${page + 1}); return false">Next</a>`
          : "";
      return `<ul>${rows(page)}</ul><table><form name="f" method="post" action="/go"><tr><td>
        <input type="hidden" name="pageNo" value="${page}"><input type="hidden" name="board" value="7"></td></tr></form></table>${next}`;
    }),
    { submit: "a.on", set: { pageNo: "{1}" } },
  ],
  [
    "one that is sent by GET",
    site((_, fields) => {
      const page = Number(fields.get("p") ?? 1);
      const button = page < 3 ? `<input type="submit" value="Next">` : "";
      return `<ul>${rows(page)}</ul><form action="/list"><select name="kind"><option value="a">A</option><option value="n" selected>N</option></select>
        <input type="hidden" name="p" value="${page + 1}">${button}</form>`;
    }),
    { submit: "input[value=Next]" },
  ],
  [
    "one that is answered by a redirect",
    site(({ method, headers, origin }, fields) => {
      const page = /at=(\d)/.exec(headers.cookie ?? "")?.[1] ?? "1";
      if (method === "POST")
        return {
          status: 302,
          headers: {
            location: `${origin}/list?show=${fields.get("to")}`,
            "set-cookie": `at=${fields.get("to")}`,
          },
          body: "",
        };
      const at = fields.has("show") ? Number(page) : 1;
      const form =
        at < 3
          ? `<form method="post" action="/go"><button name="to" value="${at + 1}">Next</button></form>`
          : "";
      return `<ul>${rows(at)}</ul>${form}`;
    }),
    { submit: "button" },
  ],
])("a list behind a form of %s is read to its end", async (_, route, next) => {
  const { code, stderr, entries, isRebuilt, asked } = await crawled(route, next);
  expect(code, stderr).toBe(0);
  expect(entries).toHaveLength(7);
  expect(isRebuilt).toBe(true);
  expect(
    asked.filter(({ url }) => url.startsWith("/a/")).map(({ headers }) => headers.cookie),
  ).toEqual(Array.from({ length: 7 }, () => undefined));
});

const button = (more = "") => `<form method="post"${more}><button>Next</button></form>`;

test.each<[string, Route, object, string]>([
  [
    "a form that answers with the same page",
    site(() => `<ul>${rows(1)}</ul>${button()}`),
    { submit: "button" },
    "only rows that were seen before",
  ],
  [
    "a postback whose state changes and whose page does not",
    (() => {
      let asked = 0;
      return site(
        () =>
          `<ul>${rows(1)}</ul><form method="post"><input type="hidden" name="s" value="${++asked}"><button>Next</button></form>`,
      );
    })(),
    { submit: "button" },
    "the site may not take what its form sends",
  ],
  [
    "a button in no form",
    site(() => `<ul>${rows(1)}</ul><button>Next</button>`),
    { submit: "button" },
    "it is in no form",
  ],
  [
    "a form without a button",
    site(() => `<ul>${rows(1)}</ul><form method="post"><input name="page"></form>`),
    { submit: "form" },
    "has no button that submits it",
  ],
  [
    "a script whose fields nobody names",
    site(
      () =>
        `<ul>${rows(1)}</ul><form method="post"><a href="javascript:turn(2,'x')">Next</a></form>`,
    ),
    { submit: "form a" },
    "its script calls turn(2, x): say which fields of the form it fills with `set`",
  ],
  [
    "a form that sends more than any does",
    site(
      () =>
        `<ul>${rows(1)}</ul><form method="post"><input type="hidden" name="s" value="${"v".repeat(4_200_000)}"><button>Next</button></form>`,
    ),
    { submit: "button" },
    "at most 4194304 are sent",
  ],
  [
    "a form of another site",
    site(() => `<ul>${rows(1)}</ul>${button(' action="http://other.example/list"')}`),
    { submit: "button" },
    "outside the site",
  ],
])("%s is a gap with a reason", async (_, route, next, message) => {
  const { code, account, isRebuilt, asked } = await crawled(route, next);
  expect(account.gaps?.join("\n")).toContain(message);
  expect(code).toBe(3);
  expect(isRebuilt).toBe(true);
  expect(asked.length).toBeLessThan(20);
});

test("inspect says what looks like the way on, and what to write for it", async () => {
  const folder = scratch();
  const page = join(folder, "list.html");
  writeFileSync(page, `<html><body><ul>${rows(1)}</ul>${button()}</body></html>`);
  const site = join(folder, "site.json");
  const url = "https://office.example/list";
  const input = { name: "office", start: url, listing: { rows: ".row" }, fields: FIELDS };
  writeFileSync(site, JSON.stringify(input));
  const { stdout, stderr } = await inspectHere(page, { site, url });
  expect(stdout + stderr).toContain('`"next": { "submit": "form" }` sends its form');
});

test("a list whose first page has nothing that `submit` names is drift", async () => {
  const route = site(() => `<ul>${rows(1)}</ul>${button()}`);
  const { code, stderr } = await crawled(route, { submit: "a.next" });
  expect(code).toBe(4);
  expect(stderr).toContain("listing.next matched nothing on the first page");
  expect(stderr).toContain('`"next": { "submit": "form" }` sends its form');
});
