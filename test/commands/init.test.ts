import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { OFFICE_PATH, startOffice } from "../../fixtures/office/server.js";
import { answer, startFaultServer } from "../fault-server.js";
import { AMBIGUOUS_SITE, SITES } from "../propose/sites.js";
import { events, scratch, sitelift } from "./sitelift.js";

const CONFIG = "sitelift.config.ts";
const WORKFLOW = ".github/workflows/sitelift.yml";

/** A folder with the pages of an invented site. */
function saved({
  listing,
  article,
}: {
  listing: string;
  article: { html: string } | null;
}): string {
  const cwd = scratch();
  writeFileSync(join(cwd, "list.html"), listing);
  if (article !== null) writeFileSync(join(cwd, "article.html"), article.html);
  return cwd;
}

const [wordpress] = SITES;
if (wordpress === undefined) throw new Error("no site");
const WORDPRESS = ["init", "list.html", "--url", wordpress.url, "--article", "article.html"];

describe("sitelift init", () => {
  test("init writes a workflow and a site file that crawl and inspect accept", async () => {
    const cwd = saved(wordpress);
    const ended = await sitelift(WORDPRESS, { cwd });
    expect(ended.exitCode, ended.stderr).toBe(0);
    // A package of this name from a registry could be anybody's.
    const workflow = readFileSync(join(cwd, WORKFLOW), "utf8");
    expect(workflow).toMatch(/npm ci\n *- run: npx --no sitelift test/);
    expect(readdirSync(cwd).sort()).toEqual([
      ".github",
      "article.html",
      "fixtures",
      "list.html",
      CONFIG,
    ]);
    const inspected = await sitelift(["inspect", "list.html", "--url", wordpress.url, "--json"], {
      cwd,
    });
    expect(inspected.exitCode, inspected.stderr).toBe(0);
    const { rows, next } = JSON.parse(inspected.stdout);
    expect(rows.map(({ title }: { title: string }) => title)).toEqual(wordpress.titles);
    expect(rows.map(({ date }: { date: string }) => date)).toEqual(wordpress.dates);
    expect(next).toBe(wordpress.next);
    const article = await sitelift(["inspect", "article.html", "--as", "article", "--json"], {
      cwd,
    });
    expect(JSON.parse(article.stdout).entry.body).toContain("One short point");
  });

  test("the cases that init records pass, and fail once the site file is wrong", async () => {
    const cwd = saved(wordpress);
    await sitelift([...WORDPRESS, "--name", "sound"], { cwd });
    const cases = join(cwd, "fixtures/cases/sound");
    expect(readFileSync(join(cases, "fog-over-the-northern-sound/expected.md"), "utf8")).toContain(
      "the bell was rung",
    );
    const tested = await sitelift(["test"], { cwd });
    expect(tested.exitCode, tested.stderr + tested.stdout).toBe(0);
    const path = join(cwd, CONFIG);
    writeFileSync(path, readFileSync(path, "utf8").replace('"h2"', '"h3"'));
    expect((await sitelift(["test"], { cwd })).exitCode).toBe(1);
  });

  test("init never overwrites: a second site gets a file of its own name, a third is an error", async () => {
    const cwd = saved(wordpress);
    await sitelift([...WORDPRESS, "--name", "sound"], { cwd });
    const before = readFileSync(join(cwd, CONFIG), "utf8");
    const second = await sitelift([...WORDPRESS, "--name", "sound"], { cwd });
    expect(second.exitCode, second.stderr).toBe(0);
    expect(existsSync(join(cwd, "sound.site.ts"))).toBe(true);
    const third = await sitelift([...WORDPRESS, "--name", "sound"], { cwd });
    expect(third.exitCode).toBe(2);
    expect(third.stderr).toContain("sound.site.ts exists already");
    expect(readFileSync(join(cwd, CONFIG), "utf8")).toBe(before);
    const forced = await sitelift([...WORDPRESS, "--name", "tone", "--out", CONFIG, "--force"], {
      cwd,
    });
    expect(forced.exitCode, forced.stderr).toBe(0);
    expect(readFileSync(join(cwd, CONFIG), "utf8")).toContain('name: "tone"');
  });

  test("init without a terminal names what is uncertain and writes nothing, unless --yes accepts it", async () => {
    const cwd = saved(AMBIGUOUS_SITE);
    const args = ["init", "list.html", "--url", AMBIGUOUS_SITE.url];
    const asked = await sitelift(args, { cwd });
    expect(asked.exitCode).toBe(1);
    expect(asked.stderr).toMatch(/format: M\/d\/yyyy \(ambiguous: .*; or d\/M\/yyyy/);
    expect(asked.stdout).toContain("export default defineSite({");
    expect(readdirSync(cwd)).toEqual(["list.html"]);
    const taken = await sitelift([...args, "--yes"], { cwd });
    expect(taken.exitCode, taken.stderr).toBe(0);
    expect(taken.stdout).toContain("taken without asking: format");
    expect(readFileSync(join(cwd, CONFIG), "utf8")).toMatch(/NOT SURE: .*ambiguous/);
  });

  test("init --dry-run writes nothing", async () => {
    const cwd = saved(wordpress);
    const ended = await sitelift([...WORDPRESS, "--dry-run"], { cwd });
    expect(ended.exitCode).toBe(0);
    expect(ended.stdout).toContain('rows: ".post"');
    expect(existsSync(join(cwd, CONFIG))).toBe(false);
  });

  test("init --json prints the proposal with its evidence, the written files and the end event", async () => {
    const cwd = saved(wordpress);
    const lines = events(
      (await sitelift([...WORDPRESS, "--json", "--out", "site.json"], { cwd })).stdout,
    );
    expect(lines[0]).toMatchObject({
      event: "proposal",
      site: { start: "https://sound.example/news/" },
      choices: expect.any(Array),
      missing: [],
    });
    expect(lines.slice(1, -1).map(({ path }) => path)).toEqual([
      "site.json",
      WORKFLOW,
      "fixtures/cases/sound-example-news/listing-2",
      "fixtures/cases/sound-example-news/fog-over-the-northern-sound",
    ]);
    expect(lines.at(-1)).toMatchObject({
      event: "end",
      exitCode: 0,
      counts: { rows: 6, dates: 6, unsure: 0, files: 2, cases: 2 },
    });
    expect(readFileSync(join(cwd, WORKFLOW), "utf8")).toContain("test --reporter github");
    expect(JSON.parse(readFileSync(join(cwd, "site.json"), "utf8"))).toEqual(
      (lines[0] as { site: unknown }).site,
    );
  });

  test("init on a running office proposes the preset and finds an article itself", async () => {
    const office = await startOffice();
    const cwd = scratch();
    try {
      const ended = await sitelift(["init", `${office.origin}${OFFICE_PATH}`, "--name", "office"], {
        cwd,
      });
      expect(ended.exitCode, ended.stderr).toBe(0);
      expect(ended.stdout).toContain("has no finding; the feed and sitemap were not asked");
      const text = readFileSync(join(cwd, CONFIG), "utf8");
      expect(text).toContain('preset: "drupal7"');
      expect(text).not.toContain("listing:");
      expect(ended.stdout).toMatch(/body .*field-name-body/);
      const crawled = await sitelift(["crawl", "--limit", "3", "--delay", "0", "--json"], { cwd });
      expect(events(crawled.stdout).at(-1)).toMatchObject({ counts: { written: 3, rejected: 0 } });
    } finally {
      await office.close();
    }
  });

  test("init says which findings a crawl with its site file has", async () => {
    const shell = (body: string) => `<!doctype html><html lang="en"><body>${body}</body></html>`;
    const row = (n: number) =>
      `<div class="card"><h2><a href="/card/${n}">The ferry came on day ${n}</a></h2><time datetime="2021-05-0${n}">${n} May 2021</time></div>`;
    const server = await startFaultServer({
      "*": (ask) => {
        const n = /^\/card\/([1-3])$/.exec(ask.path)?.[1];
        const words = `<p>The ferry came with crates ${n} times, and left them on the quay.</p>`;
        if (n !== undefined)
          return answer(
            ask,
            200,
            undefined,
            shell(`<h1>The ferry came on day ${n}</h1><main>${words}${words}</main>`),
          );
        if (ask.path !== "/news/") return answer(ask, 404);
        const button = '<button class="load-more" onclick="more(2)">Older posts</button>';
        answer(
          ask,
          200,
          undefined,
          shell(`<div class="list">${[1, 2, 3, 4].map(row).join("")}</div>${button}`),
        );
      },
    });
    try {
      const cwd = scratch();
      const ended = await sitelift(["init", `${server.origin}/news/`, "--yes"], { cwd });
      expect(ended.exitCode, ended.stderr).toBe(1);
      expect(ended.stderr).toMatch(
        /a crawl of at most 20 articles with it has findings:\n +failed .*\/card\/4: HTTP 404\n +gap .*"Older posts"/,
      );
      expect(existsSync(join(cwd, CONFIG))).toBe(true);
    } finally {
      await server.close();
    }
  });

  test("init of an article asks for the page that lists it, follows no byline and writes nothing", async () => {
    const words =
      "<p>The ferry came with crates of salt, and left them on the quay for the night.</p>";
    const post = `<!doctype html><html lang="en"><head><meta name="generator" content="WordPress 6.4"><meta property="og:type" content="article"></head><body><article class="post-7 hentry"><h1 class="entry-title">Ferry back</h1><span>By <a rel="author" href="/author/keeper/">Keeper</a></span><div class="entry-content">${words.repeat(6)}</div></article></body></html>`;
    const asked: string[] = [];
    const server = await startFaultServer({
      "*": (ask) => {
        asked.push(ask.path);
        answer(ask, 200, undefined, post);
      },
    });
    try {
      const cwd = scratch();
      const ended = await sitelift(["init", `${server.origin}/2021/ferry-back/`], { cwd });
      expect(ended.exitCode, ended.stdout).toBe(1);
      expect(ended.stdout).toMatch(/\? rows .* 1 row\n/);
      expect(ended.stderr).toMatch(
        /rows: .*this looks like an article; give the page that lists it.*\nGive the URL of the page/s,
      );
      expect(readdirSync(cwd)).toEqual([]);
      expect(asked.filter((path) => path !== "/robots.txt")).toEqual(["/2021/ferry-back/"]);
    } finally {
      await server.close();
    }
  });

  test("a second init of the same list gives its site another name and says so, and a name that was asked for is said to be shared", async () => {
    const cwd = saved(wordpress);
    await sitelift(WORDPRESS, { cwd });
    const second = await sitelift(WORDPRESS, { cwd });
    expect(second.exitCode, second.stderr).toBe(0);
    expect(second.stderr).toMatch(/another site file here has the name (\S+), .* named \1-2\n/);
    expect(readFileSync(join(cwd, "sound-example-news-2.site.ts"), "utf8")).toContain(
      'name: "sound-example-news-2"',
    );
    expect(second.stdout).toMatch(
      /next: npx sitelift inspect .*, then npx sitelift crawl sound-example-news-2.site.ts\n/,
    );
    const named = ["--name", "sound-example-news", "--out", "third.site.ts"];
    const third = await sitelift([...WORDPRESS, ...named], { cwd });
    expect(third.stderr).toMatch(
      /sitelift.config.ts has the name sound-example-news too, .*--name/,
    );
  });

  test("init says that it found no text where an article page has it in its body element alone", async () => {
    const shell = (body: string) => `<!doctype html><html lang="en"><body>${body}</body></html>`;
    const row = (n: number) =>
      `<tr><td>${n} May 2021</td><td><a href="/release/${n}.html">Release 3.${n} of the tide tables</a></td></tr>`;
    const server = await startFaultServer({
      "*": (ask) => {
        const n = /^\/release\/(\d)\.html$/.exec(ask.path)?.[1];
        const html =
          n === undefined
            ? shell(`<table>${[1, 2, 3, 4, 5].map(row).join("")}</table>`)
            : shell(
                `<h1>Release 3.${n} of the tide tables</h1> The tables of harbour ${n} were counted anew.`,
              );
        answer(ask, ask.path === "/" || n !== undefined ? 200 : 404, undefined, html);
      },
    });
    try {
      const ended = await sitelift(["init", `${server.origin}/`, "--yes"], { cwd: scratch() });
      expect(ended.stderr).toContain(`no text was found on ${server.origin}/release/1.html`);
      expect(ended.exitCode).toBe(1);
    } finally {
      await server.close();
    }
  });

  test("init looks at another article where the first is gone, and says it where none can be read", async () => {
    const shell = (body: string) => `<!doctype html><html lang="en"><body>${body}</body></html>`;
    const row = (n: number) =>
      `<div class="card"><h2><a href="/card/${n}">The ferry came on day ${n}</a></h2><p>${n} May 2021</p></div>`;
    const words = "<p>The ferry came with crates, and left them on the quay for the night.</p>";
    let gone = /[12]$/;
    const server = await startFaultServer({
      "*": (ask) => {
        const n = /^\/card\/(\d)$/.exec(ask.path)?.[1];
        if (ask.path === "/robots.txt" || (n !== undefined && gone.test(ask.path)))
          return answer(ask, 404);
        const article = `<h1>The ferry came on day ${n}</h1><main>${words.repeat(4)}</main>`;
        const list = `<div class="list">${[1, 2, 3, 4].map(row).join("")}</div>`;
        answer(ask, 200, undefined, shell(n === undefined ? list : article));
      },
    });
    try {
      const list = [`${server.origin}/news/`, "--yes", "--json", "--dry-run"];
      const some = await sitelift(["init", ...list], { cwd: scratch() });
      expect(events(some.stdout)[0]).toMatchObject({
        site: { fields: { body: { article: "main" } } },
      });
      gone = /\d$/;
      const none = await sitelift(["init", ...list.slice(0, 2)], { cwd: scratch() });
      expect(none.stderr).toMatch(
        /no article could be read, so the site file reads the rows alone/,
      );
      expect(none.exitCode).toBe(1);
    } finally {
      await server.close();
    }
  });

  test("init keeps an edited workflow", async () => {
    const cwd = saved(wordpress);
    await sitelift(WORDPRESS, { cwd });
    writeFileSync(join(cwd, WORKFLOW), "mine");
    await sitelift([...WORDPRESS, "--out", "other.site.ts"], { cwd });
    expect(readFileSync(join(cwd, WORKFLOW), "utf8")).toBe("mine");
  });

  test.each<[string, string[], string, number]>([
    ["a missing file", ["init", "gone.html"], "neither a URL nor a file", 2],
    ["a folder", ["init", "folder"], "cannot be read", 2],
    ["a page without a URL", ["init", "list.html"], "does not name the URL", 2],
    [
      "a page without rows",
      ["init", "empty.html", "--url", "https://a.example/"],
      "nothing on https://a.example/ repeats",
      1,
    ],
    [
      "a file outside the working folder",
      [...WORDPRESS, "--out", "../x.ts"],
      "outside the working folder",
      2,
    ],
    [
      "a file name that is not that of a site file",
      [...WORDPRESS, "--out", "site.yml"],
      "is not a name for a site file",
      2,
    ],
    [
      "an unsupported URL",
      [...WORDPRESS.slice(0, 2), "--url", "ftp://a"],
      '--url "ftp://a" is not a URL',
      2,
    ],
    ["an invalid name", [...WORDPRESS, "--name", "My Site"], "name", 2],
  ])("init reports %s and writes nothing", async (_, args, words, exitCode) => {
    const cwd = saved(wordpress);
    mkdirSync(join(cwd, "folder"));
    writeFileSync(join(cwd, "empty.html"), "<p>Nothing.</p>");
    const before = readdirSync(cwd);
    const ended = await sitelift(args, { cwd });
    expect(ended.stderr).toContain(words);
    expect(ended.stderr).not.toContain("    at ");
    expect(ended.exitCode).toBe(exitCode);
    expect(readdirSync(cwd)).toEqual(before);
  });
});
