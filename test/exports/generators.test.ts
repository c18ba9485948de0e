import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "cheerio";
import { beforeAll, describe, expect, test } from "vitest";
import { readArchive } from "../../src/archive/read/archive.js";
import type { Publication, PublishedEntry } from "../../src/exports/export.js";
import { publish } from "../../src/exports/publication.js";
import { scratch, sitelift } from "../commands/sitelift.js";
import { DEEP } from "../deep.js";
import { type Built, installGenerators, linkModules, missing, run } from "./generator.js";
import { trapArchive } from "./trap-archive.js";

interface Generator {
  readonly target: string;
  /** Folder of the built site. */
  readonly built: string;
  /** Why it cannot run here; null when it can. */
  missing(): string | null;
  build(site: string): Promise<Built>;
}

const npm = installGenerators();

function fromNpm(target: string, built: string, ...command: string[]): Generator {
  return {
    target,
    built,
    missing: () => ("missing" in npm ? npm.missing : null),
    async build(site) {
      linkModules(site, "modules" in npm ? npm.modules : "");
      return run(process.execPath, command, site);
    },
  };
}

const GENERATORS: readonly Generator[] = [
  {
    target: "hugo",
    built: "public",
    missing: () => missing("hugo"),
    build: (site) => run("hugo", ["--panicOnWarning"], site),
  },
  {
    target: "jekyll",
    built: "_site",
    missing: () => missing("jekyll"),
    build: (site) => run("jekyll", ["build"], site),
  },
  fromNpm("eleventy", "_site", "node_modules/@11ty/eleventy/cmd.cjs"),
  fromNpm("astro", "dist", "node_modules/astro/astro.js", "build"),
];

/** What a generator does with each kind of text the traps show; the demonstration is built by all of them before a release. */
const ARCHIVES = [
  {
    name: "the demonstration archive",
    generators: DEEP ? /./ : /^$/,
    make: once(async () => {
      const cwd = scratch();
      const out = join(cwd, "demo");
      const args = ["crawl", "demo", "--languages", "all", "--out", out];
      const { exitCode, stderr } = await sitelift(args, { cwd });
      expect(exitCode, stderr).toBe(0);
      return out;
    }),
  },
  { name: "an archive of traps", generators: /./, make: once(trapArchive) },
];

/** Every generator reads the same archive: it is made for the first that asks. */
function once(make: () => Promise<string>): () => Promise<string> {
  let made: Promise<string> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Words of HTML, as a reader sees them. */
function wordsOf(html: string): string {
  return load(html).text().replace(/\s+/g, " ").trim();
}

const KINDS = GENERATORS.flatMap((generator) => {
  const why = generator.missing();
  return ARCHIVES.filter(({ generators }) => generators.test(generator.target)).map((archive) => ({
    ...archive,
    generator,
    skip: why !== null,
    title: `${generator.target} builds ${archive.name}${why === null ? "" : ` (skipped: ${why})`}`,
  }));
});

describe.each(KINDS)("$title", ({ generator, make, skip }) => {
  const { target, built, build } = generator;
  let site = "";
  let result: Built = { exitCode: null, output: "" };
  let publication: Publication;
  const entries: PublishedEntry[] = [];
  const pageOf = (address: string) =>
    readFileSync(join(site, built, address, "index.html"), "utf8");

  beforeAll(async () => {
    if (skip) return;
    const archive = await make();
    publication = await publish(await readArchive(archive), {
      target: { media: { folder: "", address: "/media" } },
    });
    for await (const entry of publication.entries()) entries.push(entry);
    site = join(scratch(), "site");
    const exported = await sitelift(["export", archive, "--to", target, "--out", site]);
    expect(exported.exitCode, exported.stderr).toBe(0);
    result = await build(site);
  }, 300_000);

  test.skipIf(skip)(`${target} builds the exported site without an error`, () => {
    expect(result.exitCode, result.output).toBe(0);
    expect(entries.length).toBeGreaterThan(5);
    // What the tests below look for is there to be found.
    expect(entries.some(({ data }) => data.direction === "rtl")).toBe(true);
    expect(entries.some(({ data }) => data.date === null)).toBe(true);
    expect(entries.some(({ translations }) => translations.length > 0)).toBe(true);
  });

  test.skipIf(skip)(
    `the site that ${target} builds has a page for each article, and no other`,
    () => {
      const pages = readdirSync(join(site, built), { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".html"))
        .filter((name) => load(readFileSync(join(site, built, name)))("article").length > 0)
        .map((name) => `/${name.slice(0, -"index.html".length)}`);
      expect(pages.sort()).toEqual(entries.map(({ address }) => address).sort());
    },
  );

  test.skipIf(skip)(
    `the site that ${target} builds has title, date, direction and words of each article`,
    () => {
      for (const { address, data, html } of entries) {
        const $ = load(pageOf(address));
        expect($("h1").first().text(), address).toBe(data.title);
        expect($("title").text(), address).toBe(data.title);
        const dates = $("time")
          .map((_, time) => $(time).attr("datetime"))
          .get();
        expect(dates, address).toEqual(data.date === null ? [] : [data.date]);
        expect($("html").attr("lang"), address).toBe(data.language.toLowerCase());
        expect($("html").attr("dir"), address).toBe(data.direction);
        expect(wordsOf($.html("article")), address).toContain(wordsOf(html()));
      }
    },
  );

  test.skipIf(skip)(
    `every link and image within the site that ${target} builds leads to a file`,
    () => {
      const dead: string[] = [];
      let [links, images] = [0, 0];
      for (const { address } of entries) {
        const $ = load(pageOf(address));
        for (const element of $("article a[href^='/'], article img[src^='/']").toArray()) {
          const target = $(element).attr("href") ?? $(element).attr("src") ?? "";
          if (element.tagName === "a") links++;
          else images++;
          const path = join(site, built, decodeURIComponent(target.replace(/[?#].*$/, "")));
          if (!existsSync(path.endsWith("/") ? join(path, "index.html") : path))
            dead.push(`${address} -> ${target}`);
        }
      }
      expect(dead).toEqual([]);
      expect(images).toBeGreaterThan(0);
      expect(links).toBeGreaterThan(0);
    },
  );

  test.skipIf(skip)(
    `every stored image and file of an article is named by its page in the site that ${target} builds`,
    () => {
      let beside = 0;
      for (const { address, media, ...entry } of entries) {
        beside += entry.beside.length;
        const $ = load(pageOf(address));
        const named = $("article img, article a, article source, article video")
          .toArray()
          .flatMap(({ attribs }) => [attribs.src, attribs.href, attribs.poster]);
        for (const { href } of media) {
          expect(named, `${address} ${href}`).toContain(href);
          expect(existsSync(join(site, built, decodeURIComponent(href ?? ""))), href ?? "").toBe(
            true,
          );
        }
        for (const { href, alt, kind } of entry.beside.filter((one) => one.kind === "image"))
          expect($(`img[src="${href}"]`).attr("alt"), `${address} ${kind}`).toBe(alt ?? "");
      }
      expect(beside).toBeGreaterThan(2);
    },
  );

  test.skipIf(skip)(
    `the translations of an article link one another in the site that ${target} builds`,
    () => {
      for (const { address, translations } of entries) {
        const $ = load(pageOf(address));
        for (const { language, href } of translations) {
          const named = $(`link[rel=alternate][hreflang="${language.toLowerCase()}"]`).attr("href");
          expect(new URL(named ?? "", "https://example.org").pathname, address).toBe(href);
        }
      }
    },
  );

  test.skipIf(skip)(
    `no page or feed of the site that ${target} builds has a date that the archive does not have`,
    () => {
      const dates = new Set(entries.map(({ data }) => data.date));
      const files = readdirSync(join(site, built), { recursive: true, encoding: "utf8" });
      for (const name of files.filter((file) => /\.(html|xml)$/.test(file))) {
        const text = readFileSync(join(site, built, name), "utf8");
        const found = text.matchAll(/(?:datetime="|<lastmod>)(\d{4}-\d{2}-\d{2})/g);
        for (const [, date = ""] of found) expect(dates.has(date), `${name}: ${date}`).toBe(true);
        expect(text, name).not.toMatch(/0001-01-01|Jan 0001|<pubDate>[^<]*0001/);
      }
    },
  );
});

const hugo = missing("hugo");
describe(`a site below a path prefix${hugo === null ? "" : ` (skipped: ${hugo})`}`, () => {
  test.skipIf(hugo !== null)(
    "every link, image and translation of a site below a path prefix stays below it",
    async () => {
      const site = join(scratch(), "site");
      const options = ["--base", "/archive", "--permalink", "/:language/:type/:slug/"];
      const args = ["export", await trapArchive(), "--to", "hugo", "--out", site, ...options];
      expect((await sitelift(args)).exitCode).toBe(0);
      const { exitCode, output } = await run("hugo", ["--panicOnWarning"], site);
      expect(exitCode, output).toBe(0);
      const $ = load(readFileSync(join(site, "public/en/news/links/index.html"), "utf8"));
      const targets = $("article a[href^='/'], article img[src^='/']")
        .toArray()
        .map((element) => $(element).attr("href") ?? $(element).attr("src") ?? "");
      expect(targets.length).toBeGreaterThan(5);
      for (const target of targets) {
        expect(target).toMatch(/^\/archive\//);
        const path = decodeURIComponent(target.slice("/archive".length).replace(/#.*$/, ""));
        const file = join(site, "public", path, path.endsWith("/") ? "index.html" : "");
        expect(existsSync(file), target).toBe(true);
      }
    },
  );
});
