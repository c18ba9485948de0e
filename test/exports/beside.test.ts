/** What an article has beside its text: every target names it, with its words. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "cheerio";
import { parse as parseCsv } from "csv-parse/sync";
import { load as parseYaml } from "js-yaml";
import sqlite3 from "node-sqlite3-wasm";
import { beforeAll, describe, expect, test } from "vitest";
import { besideFront, mediaBeside } from "../../src/exports/beside.js";
import type { PublishedMedia } from "../../src/exports/export.js";
import { scratch, sitelift } from "../commands/sitelift.js";
import { LEAD_ALT, PAPER_TITLE, trapArchive } from "./trap-archive.js";

let archive = "";
beforeAll(async () => {
  archive = await trapArchive();
});

async function exported(target: string, ...more: string[]): Promise<string> {
  const out = join(scratch(), "out");
  const args = ["export", archive, "--to", target, "--out", out, "--json", ...more];
  const { exitCode, stderr } = await sitelift(args, {});
  expect(exitCode, stderr).toBe(0);
  return out;
}

const textOf = (...path: string[]) => readFileSync(join(...path), "utf8");
const bodyOf = (text: string) => text.slice(text.indexOf("\n---\n") + 5);
const LEAD = expect.stringMatching(/^\/media\/main-picture-[0-9a-f]{16}\.png$/);
const PICTURES = [
  { src: LEAD, alt: LEAD_ALT, title: "a 'title'" },
  { src: expect.stringMatching(/^\/media\/further-/), caption: "شرح & <c>" },
];
const ATTACHMENTS = [
  {
    href: expect.stringMatching(/^\/media\/paper-[0-9a-f]{16}\.pdf$/),
    label: PAPER_TITLE,
    type: "application/pdf",
    bytes: 15,
  },
];

describe("front matter", () => {
  test.each([
    ["astro", "src/content/articles/ar/2021/arabic.md"],
    ["eleventy", "src/articles/ar/2021/arabic.md"],
    ["docusaurus", "blog/ar/2021/arabic.md"],
    ["jekyll", "_posts/ar/2021/2021-12-15-arabic.md"],
  ])("%s has a main picture, pictures and attached files in front matter", async (target, path) => {
    const front = parseYaml(textOf(await exported(target), path).split("---\n")[1] ?? "");
    expect(front).toMatchObject({ image: LEAD, pictures: PICTURES, attachments: ATTACHMENTS });
  });

  test("hugo has them where its own templates and themes look for them", async () => {
    const out = await exported("hugo", "--base", "/new");
    const front = parseYaml(textOf(out, "content/ar/2021/arabic.md").split("---\n")[1] ?? "");
    const below = expect.stringMatching(/^\/new\/media\/main-picture-/);
    expect(front).toMatchObject({ images: [below], featured_image: below });
    expect(front).toMatchObject({ params: { pictures: [{ src: below, alt: LEAD_ALT }, {}] } });
  });

  test("jekyll and eleventy name them without the prefix that their filters add", async () => {
    const jekyll = await exported("jekyll", "--base", "/new");
    const front = textOf(jekyll, "_posts/ar/2021/2021-12-15-arabic.md").split("---\n")[1] ?? "";
    expect(parseYaml(front)).toMatchObject({ image: LEAD, pictures: PICTURES });
  });

  test("an article with nothing beside its text gets no key for it", async () => {
    const text = textOf(await exported("hugo"), "content/fr/2021/french.md");
    expect(text).not.toMatch(/images|featured_image|pictures|attachments/);
  });
});

test("docusaurus, which gets no template, shows them in the body, escaped", async () => {
  const out = await exported("docusaurus");
  const $ = load(bodyOf(textOf(out, "blog/ar/2021/arabic.md")));
  const images = $("figure img").toArray();
  expect(images.map(({ attribs }) => attribs.alt)).toEqual([LEAD_ALT, ""]);
  expect($("figcaption").text()).toBe("شرح & <c>");
  expect($("ul a").text()).toBe(PAPER_TITLE);
  const [lead, further] = images.map(({ attribs }) => attribs.src ?? "");
  for (const src of [lead, further, $("ul a").attr("href") ?? ""])
    expect(existsSync(join(out, "static", decodeURIComponent(src ?? ""))), src).toBe(true);
});

test("wordpress has the main picture as the featured image, and the others at the end of the text", async () => {
  const xml = load(textOf(await exported("wordpress"), "articles.xml"), { xml: true });
  const items = xml("item").toArray();
  const named = (title: string) =>
    items.find((item) => xml(item).children("title").text() === title);
  const post = xml(named("النص العربي"));
  const metas = post.children("wp\\:postmeta").toArray();
  const thumbnail = metas.find(
    (meta) => xml(meta).children("wp\\:meta_key").text() === "_thumbnail_id",
  );
  const number = xml(thumbnail).children("wp\\:meta_value").text();
  const attachment = items.find(
    (item) => xml(item).children("wp\\:post_id").text() === number && number !== "",
  );
  expect(xml(attachment).children("wp\\:attachment_url").text()).toMatch(/main%20picture\.png$/);
  const content = load(post.children("content\\:encoded").text());
  expect(content("figure img").attr("src")).toBe("https://old.example/files/further.png");
  expect(content("ul a").text()).toBe(PAPER_TITLE);
});

test("drupal has the main picture in field_image, and the others at the end of the text", async () => {
  const out = await exported("drupal");
  const { translations } = JSON.parse(textOf(out, "data/translations.json"));
  const record = translations.find(({ id }: { id: string }) => id.startsWith("arabic"));
  const { files } = JSON.parse(textOf(out, "data/files.json"));
  expect(files.map(({ path }: { path: string }) => path)).toContain(record.picture);
  expect(record.picture_alt).toBe(LEAD_ALT);
  expect(load(record.body)("figure, ul a")).toHaveLength(2);
  const path = "config/install/migrate_plus.migration.sitelift_office_translations.yml";
  expect(parseYaml(textOf(out, path))).toMatchObject({
    process: { "field_image/target_id": [{ source: "picture" }, {}] },
  });
});

test("csv, jsonl and sqlite tell what is in the text from what is beside it", async () => {
  const rows: Record<string, string>[] = parseCsv(textOf(await exported("csv"), "articles.csv"), {
    columns: true,
  });
  const row = rows.find(({ id }) => id?.startsWith("arabic"));
  expect(row?.pictures).toMatch(/^\/media\/main-picture-.*\n\/media\/further-/);
  expect(row?.attachments).toMatch(/^\/media\/paper-/);
  const lines = textOf(await exported("jsonl"), "articles.jsonl")
    .trimEnd()
    .split("\n");
  const media = lines.flatMap((line) => JSON.parse(line).media);
  expect(media.filter(({ inText }) => !inText)).toMatchObject([
    { alt: LEAD_ALT, title: "a 'title'", kind: "image" },
    { caption: "شرح & <c>", kind: "image" },
    { title: PAPER_TITLE, kind: "file", mediaType: "application/pdf" },
  ]);
  expect(media.filter(({ inText }) => inText)).toMatchObject([{ alt: "a dot" }]);
  const file = join(await exported("sqlite"), "articles.db");
  const database = new sqlite3.Database(file, { readOnly: true });
  const found = database.all("SELECT title, kind FROM media WHERE in_text = 0 ORDER BY position");
  database.close();
  expect(found).toEqual([
    { title: "a 'title'", kind: "image" },
    { title: null, kind: "image" },
    { title: PAPER_TITLE, kind: "file" },
  ]);
});

const one = (href: string, more: Partial<PublishedMedia> = {}): PublishedMedia => ({
  ...{ path: `media/${href}`, sourceUrl: `https://old.example/${href}`, href },
  ...{ alt: null, title: null, caption: null, kind: "file", mediaType: null },
  ...{ bytes: 1, sha256: null },
  ...more,
});

test("a file that the old site had at two URLs is shown once, with the words of the first", () => {
  const picture = { kind: "image", mediaType: "image/png" } as const;
  const beside = [
    one("a.png", { ...picture, alt: "first" }),
    one("b.png", picture),
    one("a.png", { ...picture, alt: "second" }),
    one("c.pdf"),
    one("c.pdf"),
  ];
  const { pictures, attachments } = besideFront({ beside, fields: [] });
  expect(pictures?.map(({ src, alt }) => [src, alt])).toEqual([
    ["a.png", "first"],
    ["b.png", undefined],
  ]);
  expect(attachments).toHaveLength(1);
});

test.each(["", "  "])("a file whose words are %j is named by its file name", (words) => {
  const beside = [one("a%20paper.pdf", { title: words, caption: words, alt: words })];
  expect(besideFront({ beside, fields: [] }).attachments).toMatchObject([{ label: "a paper.pdf" }]);
});

describe("what a body names", () => {
  test.each([
    ["an image", "![dot](/media/a.png)"],
    ["a link to a moment of it", "[film](/media/a.png#t=10)"],
    ["a reference", "![dot][1]\n\n[1]: /media/a.png"],
    ["HTML", '<video poster="/media/a.png"></video>'],
  ])("%s in the text is not beside it", (_, body) => {
    expect(mediaBeside(body, [one("/media/a.png")])).toEqual([]);
  });

  test.each(["", "`![dot](/media/a.png)`", "/media/a.png", "![b](/media/a.png.bak)"])(
    "the body %j does not show a file",
    (body) => {
      expect(mediaBeside(body, [one("/media/a.png")])).toHaveLength(1);
    },
  );
});
