import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderPage } from "../../fixtures/office/site.js";
import { demo } from "../../src/site/presets/demo.js";
import { FEWER } from "../capture/office.js";
import { crawlHere } from "./here.js";
import { scratch, sitelift } from "./sitelift.js";
import { serveSite } from "./small-site.js";

type Template = (html: string) => string;

/** What the office's designers did over the summer: classes renamed, a wrapper added, the date moved out of its field. */
const NEW_OFFICE: Template = (html) => {
  const at = [html.indexOf('<div id="content"'), html.indexOf('<div id="sidebar-second"')] as const;
  const main = html
    .slice(...at)
    .replaceAll("views-row", "story")
    .replaceAll("view-content", "stories")
    .replaceAll("views-field-title", "story-title")
    .replaceAll("views-field-field-type", "story-kind")
    .replaceAll("views-field-body", "story-lead")
    .replace(
      /<div class="views-field views-field-field-date">(.*?)<\/div> {2}<\/div>/gs,
      '<div class="story-meta"><p>$1</p></div></div>',
    )
    .replaceAll("date-display-single", "when")
    .replaceAll("pager-next", "onward")
    .replaceAll("field-name-body", "story-text")
    .replaceAll("field-name-field-type", "story-kind");
  return html.slice(0, at[0]) + main + html.slice(at[1]);
};

describe("the demonstration office with a changed template", () => {
  const folder = scratch();
  let template: Template = (html) => html;
  const server = createServer(({ url = "/", headers }, response) => {
    const origin = `http://${headers.host}`;
    const answer = renderPage(url, { theme: {}, edits: FEWER, origin });
    const isPage = /html/.test(answer.headers["content-type"] ?? "");
    const { etag: _, "last-modified": __, ...rest } = answer.headers;
    response.writeHead(answer.status, rest);
    response.end(isPage ? template(answer.body.toString()) : answer.body);
  });
  const entries = () =>
    readFileSync(join(folder, "archive/entries.jsonl"), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
  const options = { media: false, witness: false };

  beforeAll(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const { start = "", ...office } = demo("en");
    const site = { ...office, start: start.replace("office.example", `127.0.0.1:${port}`) };
    writeFileSync(join(folder, "site.json"), JSON.stringify(site, null, 2));
  });
  afterAll(() => void server.close());

  test("is repaired, and the crawl is complete again", { timeout: 120_000 }, async () => {
    const first = await crawlHere(folder, "archive", options);
    expect(first.exitCode).toBe(0);
    const before = entries();
    template = NEW_OFFICE;
    expect((await crawlHere(folder, "archive", options)).exitCode).not.toBe(0);
    const accepted = await sitelift(["repair", "archive", "--site", "site.json", "--accept"], {
      cwd: folder,
    });
    expect(accepted.exitCode).toBe(0);
    expect(accepted.stdout).toContain("found listing.rows: .story");
    // What the preset says stays with the preset.
    const { listing, fields } = JSON.parse(readFileSync(join(folder, "site.json"), "utf8"));
    expect(listing.rows).toEqual([".story", "..."]);
    expect(JSON.stringify({ listing, fields })).not.toMatch(/views-row|field-name-body/);
    expect(accepted.stdout).toMatch(
      /wrote fixtures\/cases\/demo\/listing-[\d-]+\nwrote fixtures\/cases\/demo\/article-/,
    );
    expect((await sitelift(["test"], { cwd: folder })).exitCode).toBe(0);
    const again = await crawlHere(folder, "archive", options);
    expect(again.exitCode).toBe(0);
    const now = entries();
    expect(now.map(({ data }) => [data.title, data.date, data.type])).toEqual(
      before.map(({ data }) => [data.title, data.date, data.type]),
    );
  });
});

/** A list of eight articles on two pages. @param now how its pages are printed */
function pages(now: Look): (path: string) => string | number {
  const story = (n: number) => ({
    n,
    path: `/a/${n}`,
    title: `Story number ${n}`,
    date: `${n}/${n + 12}/2021`,
  });
  const all = Array.from({ length: 8 }, (_, at) => story(at + 1));
  return (path) => {
    const page = path === "/list" ? 1 : path === "/list?p=2" ? 2 : 0;
    if (page > 0)
      return now.list(
        all
          .slice(page * 4 - 4, page * 4)
          .map(now.row)
          .join("\n"),
        page,
      );
    const one = all.find((each) => each.path === path);
    return one === undefined
      ? 404
      : now.article(
          one,
          `<p>The text of story ${one.n} begins here.</p><p>It ends with ${one.n * 7} lamps.</p>`,
        );
  };
}

interface Story {
  readonly n: number;
  readonly path: string;
  readonly title: string;
  readonly date: string;
}
interface Look {
  readonly list: (rows: string, page: number) => string;
  readonly row: (story: Story) => string;
  readonly article: (story: Story, text: string) => string;
}

const OLD: Look = {
  list: (rows, page) =>
    `<div class="list">${rows}</div>${page === 1 ? '<a class="next" href="/list?p=2">Next page</a>' : ""}`,
  row: ({ path, title, date }) =>
    `<div class="row"><h2><a href="${path}">${title}</a></h2><span class="date">${date}</span></div>`,
  article: ({ title, date }, text) =>
    `<h1>${title}</h1><i class="date">${date}</i><div class="text">${text}</div>`,
};
const SITE = {
  name: "small",
  listing: { rows: ".row", link: "h2 a", next: "a.next" },
  fields: {
    title: { listing: "h2", prefer: "listing" },
    date: { listing: ".date", article: "i.date", formats: ["M/d/yyyy"] },
    body: { article: ".text" },
  },
};
const renamed = (from: string | RegExp, to: string): Look => ({
  list: (rows, page) => OLD.list(rows, page).replaceAll(from, to),
  row: (story) => OLD.row(story).replaceAll(from, to),
  article: (story, text) => OLD.article(story, text).replaceAll(from, to),
});

/** An archive of the old look, and the site as it looks now. */
async function changed(
  now: Look,
  write: (folder: string, start: string) => string = writeJson,
  before: (folder: string, start: string) => Promise<unknown> = async () => null,
) {
  const folder = scratch();
  let look = OLD;
  const site = await serveSite((path) => pages(look)(path));
  const file = write(folder, site.start);
  const first = await crawlHere(folder, "archive", { site: file, media: false, witness: false });
  expect(first.exitCode).toBe(0);
  await before(folder, site.start);
  look = now;
  const repair = (...more: string[]) =>
    sitelift(["repair", "archive", "--site", file, "--json", ...more], { cwd: folder });
  const text = () => readFileSync(join(folder, file), "utf8");
  const crawl = () => crawlHere(folder, "archive", { site: file, media: false, witness: false });
  return { folder, repair, text, crawl, [Symbol.dispose]: () => site[Symbol.dispose]() };
}

function writeJson(folder: string, start: string): string {
  const politeness = { delay: 0 };
  writeFileSync(join(folder, "site.json"), JSON.stringify({ ...SITE, start, politeness }, null, 2));
  return "site.json";
}

function events(stdout: string, name: string) {
  const all = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  return all.filter(({ event }) => event === name);
}

const SIDE = (rows: string) =>
  `<div class="aside"><p><a href="/a/1">Story number 1</a></p><p><a href="/a/2">Story number 2</a></p></div>${rows}`;

describe.each<readonly [string, Look, Readonly<Record<string, string>>]>([
  ["rows are renamed", renamed('"row"', '"card"'), { "listing.rows": ".card" }],
  [
    "rows are of another element, in a wrapper",
    {
      ...OLD,
      row: (one) => `<li><div class="w">${OLD.row(one).replace('"row"', '"x"')}</div></li>`,
      list: (rows, page) => OLD.list(`<ul class="cards">${rows}</ul>`, page),
    },
    { "listing.rows": ".cards > li" },
  ],
  [
    "known articles are beside the list too",
    { ...renamed('"row"', '"card"'), list: (rows, page) => OLD.list(SIDE(rows), page) },
    { "listing.rows": ".card" },
  ],
  [
    "titles are of another element",
    renamed(/(<\/?)h2/g, "$1h4"),
    { "listing.link": "a", "fields.title.listing": "h4" },
  ],
  ["the pager is renamed", renamed('"next"', '"onward"'), { "listing.next": ".onward" }],
  [
    "the date is in an attribute",
    {
      ...OLD,
      row: ({ n, ...one }) =>
        OLD.row({ n, ...one }).replace(
          /<span.*<\/span>/,
          `<time datetime="2021-0${n}-${n + 12}">in ${n} weeks</time>`,
        ),
    },
    { "fields.date.listing": "time (datetime)" },
  ],
  [
    "the date is printed in another form",
    { ...OLD, row: ({ n, ...one }) => OLD.row({ n, ...one, date: `2021.${n}.${n + 12}` }) },
    { "fields.date.formats": "yyyy.M.d" },
  ],
  [
    "the text is in another element",
    renamed('"text"', '"story"'),
    { "fields.body.article": ".story" },
  ],
])("%s", (_, look, found) => {
  test("and the site file is mended, by what is known", async () => {
    using site = await changed(look);
    const { exitCode, stdout } = await site.repair("--accept");
    const changes = events(stdout, "change").map(({ path, adds }) => [path.join("."), adds]);
    expect(Object.fromEntries(changes)).toEqual(found);
    expect(exitCode).toBe(0);
    expect((await site.crawl()).exitCode).toBe(0);
    expect(events((await site.repair()).stdout, "end")).toMatchObject([
      { exitCode: 0, counts: { changes: 0 } },
    ]);
  });
});

test.each<readonly [string, Look, string]>([
  ["texts", renamed('"text"', '"story"'), "fields.body.article"],
  ["dates", renamed(/<(\/?)(span|i)\b/g, "<$1u"), "fields.date.article"],
])(
  "crawls that have met the new place of %s are not what a repair is proved by",
  async (_, look, path) => {
    using site = await changed(look, (folder, start) => {
      const { date, ...fields } = SITE.fields;
      const { listing: __, ...article } = date;
      writeFileSync(
        join(folder, "site.json"),
        JSON.stringify({
          ...SITE,
          fields: { ...fields, date: article },
          start,
          politeness: { delay: 0 },
        }),
      );
      return "site.json";
    });
    for (const _ of [1, 2]) expect((await site.crawl()).exitCode).not.toBe(0);
    const { exitCode, stdout } = await site.repair("--accept");
    expect(events(stdout, "change").map((change) => change.path.join("."))).toEqual([path]);
    expect(exitCode).toBe(0);
    expect((await site.crawl()).exitCode).toBe(0);
  },
);

const LOST: Look = {
  ...OLD,
  article: (one, text) => OLD.article(one, text.replace(/<\/p>.*/, " …</p>")),
};

test.each<readonly [string, Look, RegExp]>([
  [
    "texts that are cut",
    LOST,
    /^fields\.body\.article: 0 of 8 known articles as before \(.*\), and no selector gives what it gave$/,
  ],
  [
    "a list of other articles",
    { ...OLD, row: (one) => OLD.row({ ...one, path: `/b/${one.n}` }) },
    /^listing\.rows: no article of the archive is linked/,
  ],
  [
    "titles in pictures",
    { ...OLD, row: (one) => OLD.row(one).replace(/>Story.*?</, '><img src="/t.png">text<') },
    /^fields\.title\.listing: 0 of 8/,
  ],
  [
    "dates that are gone",
    {
      list: OLD.list,
      row: (one) => OLD.row({ ...one, date: "" }),
      article: (one, text) => OLD.article({ ...one, date: "" }, text),
    },
    /^fields\.date\.listing: 0 of 8/,
  ],
])("%s cannot be proved: nothing is written, and the reason is said", async (_, look, reason) => {
  using site = await changed(look);
  const text = site.text();
  const { exitCode, stdout } = await site.repair("--accept");
  expect(exitCode).toBe(4);
  expect(events(stdout, "refused").map(({ message }) => message)).toContainEqual(
    expect.stringMatching(reason),
  );
  expect(site.text()).toBe(text);
  expect(existsSync(join(site.folder, "fixtures"))).toBe(false);
});

test("a proposal is shown as a patch, writes nothing and ends with 4; what is not sure is said", async () => {
  const other: Look = {
    ...renamed('"row"', '"card"'),
    article: (one, text) => OLD.article(one, text),
  };
  using site = await changed(other);
  const text = site.text();
  const { exitCode, stdout, stderr } = await site.repair();
  expect(exitCode).toBe(4);
  expect(stderr).toContain('+    "rows": [".row", ".card"],');
  expect(events(stdout, "end")).toMatchObject([
    { exitCode: 4, counts: { changes: 1, refused: 0 } },
  ]);
  expect(site.text()).toBe(text);
});

test("code of a site file is rewritten where it is plain, and otherwise what to change is printed", async () => {
  const write = (rows: string) => (folder: string, start: string) => {
    const fields = JSON.stringify(SITE.fields);
    const file = `import { defineSite } from "sitelift";
const row = ".row";
export default defineSite({
  name: "small", start: "${start}", politeness: { delay: 0 },
  listing: { rows: ${rows}, link: "h2 a", next: "a.next" }, // the list
  fields: ${fields},
});
`;
    writeFileSync(join(folder, "site.ts"), file);
    return "site.ts";
  };
  using plain = await changed(renamed('"row"', '"card"'), write('".row"'));
  expect((await plain.repair("--accept")).exitCode).toBe(0);
  expect(plain.text()).toContain(
    'listing: { rows: [".row", ".card"], link: "h2 a", next: "a.next" }, // the list',
  );
  expect((await plain.crawl()).exitCode).toBe(0);
  using code = await changed(renamed('"row"', '"card"'), write("row"));
  const { exitCode, stderr } = await code.repair("--accept");
  expect(exitCode).toBe(4);
  expect(stderr).toContain('change it by hand:\n  listing.rows: [".row", ".card"]');
});

test("the pages of now may come from a capture, without the network", async () => {
  using site = await changed(renamed('"row"', '"card"'));
  await site.crawl();
  const { exitCode, stdout } = await site.repair("--capture", "archive/captures");
  expect(exitCode).toBe(4);
  expect(events(stdout, "change")).toHaveLength(1);
});

test("cases of before stay and are passed over by drift; the new ones are compared", async () => {
  const record = (cwd: string, start: string) =>
    sitelift(["record", start, "--site", "site.json", "--name", "before"], { cwd });
  using site = await changed(renamed('"row"', '"card"'), writeJson, record);
  const here = (...args: string[]) => sitelift(args, { cwd: site.folder });
  await site.repair("--accept");
  expect((await here("test")).exitCode).toBe(0);
  const { stdout, exitCode } = await here("drift");
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/2 same.*0 template changed/s);
});

test("a folder without an archive is named", async () => {
  const folder = scratch();
  writeJson(folder, "https://example.org/list");
  const { exitCode, stderr } = await sitelift(["repair", "nowhere", "--site", "site.json"], {
    cwd: folder,
  });
  expect(exitCode).toBe(2);
  expect(stderr).toContain("hint: Write an archive first");
});

test("a built-in site has no file to be repaired", async () => {
  const { exitCode, stderr } = await sitelift(["repair", "--site", "unesco-beijing"]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain("unesco-beijing is built in");
});

test("one of several lists is repaired where its part of the site file is", async () => {
  const { listing, fields, name } = SITE;
  const write = (folder: string, start: string) => {
    const list = { name: "stories", start, listing: { rows: ".row" } };
    const site = { name, listing, fields, politeness: { delay: 0 }, lists: [list] };
    writeFileSync(join(folder, "site.json"), JSON.stringify(site, null, 2));
    return "site.json";
  };
  using site = await changed(renamed('"row"', '"card"'), write);
  const args = ["repair", "archive", "--site", "site.json#stories", "--accept"];
  const { exitCode, stdout } = await sitelift(args, { cwd: site.folder });
  expect(exitCode, stdout).toBe(0);
  expect(JSON.parse(site.text()).lists[0].listing.rows).toEqual([".row", ".card"]);
  expect((await site.crawl()).exitCode).toBe(0);
  expect((await sitelift(["test"], { cwd: site.folder })).exitCode).toBe(0);
});
