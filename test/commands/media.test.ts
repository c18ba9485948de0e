/** Images, attachments and links through real crawls of a small site on two hosts. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seaPicture } from "../../fixtures/office/png.js";
import { events, scratch, sitelift } from "./sitelift.js";

const [LARGE, SMALL, OTHER, LONE] = [
  seaPicture(24, 16, 1),
  seaPicture(12, 8, 1),
  seaPicture(24, 16, 2),
  seaPicture(24, 16, 3),
].map((bytes) => Buffer.from(bytes));
const PDF = Buffer.from("%PDF-1.4\n%%EOF\n");
const FILES = "/sites/default/files";
const STYLE = `${FILES}/styles/large/public`;

const html = (body: string) => `<!DOCTYPE html><html lang="en"><body>${body}</body></html>`;
const article = (title: string, body: string) =>
  html(`<main><h1>${title}</h1><div class="story">${body}</div></main>`);

let origin = "";
let elsewhere = "";
let asked: string[] = [];
const cwd = scratch();

const pages = (): Record<string, string | Buffer> => ({
  "/robots.txt": "User-agent: *\nDisallow: /private/\n",
  "/list": html(
    ["a", "b", "lost"]
      .map((name) => `<article><h2><a href="/${name}">${name}</a></h2></article>`)
      .join(""),
  ),
  "/a": article(
    "a",
    `<p><img src="${STYLE}/one.png?itok=AbC" alt="The large one" title="Seen from afar"></p>
    <p><img src="${STYLE}/lone.png?itok=AbC" alt=""></p>
    <p><img src="/copy of one.png"> <img src="/fake.png"> <img src="/gone.jpg"> <img src="/private/x.png"></p>
    <p><img src="${elsewhere}/far.png"> <img src="http://unknown.example/far.png"></p>
    <p><a href="/report.pdf?v=1#page=2">the report</a> <a href="/b#the-part">part</a> <a href="/b#nowhere">nowhere</a></p>
    <p><a href="/b?utm_source=x">b</a> <a href="/unlisted">unlisted</a> <a href="/lost">lost</a> <a href="mailto:x@y.example">mail</a> <a href="https://out.example/">out</a></p>`,
  ),
  "/b": article("b", `<h2>The part</h2><p>Back to <a href="${origin}/a">a</a>.</p>`),
  [`${FILES}/one.png`]: LARGE ?? "",
  [`${STYLE}/one.png`]: SMALL ?? "",
  [`${STYLE}/lone.png`]: LONE ?? "",
  "/copy%20of%20one.png": LARGE ?? "",
  "/fake.png": html("<p>Not found</p>"),
  "/private/x.png": OTHER ?? "",
  "/report.pdf": PDF,
  "/far.png": OTHER ?? "",
});

function serve(): Promise<Server> {
  const server = createServer((request, response) => {
    const path = request.url?.split("?")[0] ?? "";
    asked.push(path);
    const found = pages()[path];
    // What a server says of a file is not believed: every picture is sent as text.
    const type = typeof found === "string" ? "text/html" : "text/plain";
    response.writeHead(found === undefined ? 404 : 200, { "content-type": type });
    response.end(found);
  });
  return new Promise((done) => server.listen(0, "127.0.0.1", () => done(server)));
}
const originOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

let servers: Server[] = [];
beforeAll(async () => {
  servers = [await serve(), await serve()];
  [origin = "", elsewhere = ""] = servers.map(originOf);
  const site = {
    name: "small",
    start: `${origin}/list`,
    language: "en",
    politeness: { delay: 0 },
    listing: { rows: "article", link: "h2 a" },
    fields: { title: { listing: "h2", article: "h1" }, body: { article: ".story" } },
    media: { origins: [elsewhere] },
    requisites: "none",
  };
  writeFileSync(join(cwd, "site.json"), JSON.stringify(site));
});
afterAll(() => {
  for (const server of servers) server.close();
});

async function crawl(...more: string[]) {
  asked = [];
  const own = ["--requisites", "none", "--json"];
  const args = ["crawl", "site.json", "--out", "out", ...own, ...more];
  const { exitCode, stdout, stderr } = await sitelift(args, { cwd });
  return { exitCode, stderr, end: events(stdout).at(-1) as Record<string, unknown> };
}
const read = (path: string) => readFileSync(join(cwd, "out", path), "utf8");
const account = () => JSON.parse(read("account.json"));
const media = () => readdirSync(join(cwd, "out/media")).sort();

describe("media", () => {
  let first: Awaited<ReturnType<typeof crawl>>;
  let body = "";
  beforeAll(async () => {
    first = await crawl("--max-failed-media", "3");
    body = read("content/en/undated/a.md");
  });

  test("media stores each distinct file once, named by its content and typed by its bytes", () => {
    expect(first.end.media).toEqual({ files: 4, failed: 3 });
    expect(media().map((name) => name.replace(/-[0-9a-f]{16}\./, "."))).toEqual([
      "copy-of-one.png",
      "far.png",
      "lone.png",
      "report.pdf",
    ]);
  });

  test("media stores the original of a scaled image, or the scaled image when there is no original", () => {
    const stored = (name: string) =>
      readFileSync(join(cwd, "out/media", media().find((one) => one.startsWith(name)) ?? ""));
    expect(stored("copy-of-one")).toEqual(LARGE);
    expect(stored("lone")).toEqual(LONE);
    expect(asked).not.toContain(`${STYLE}/one.png`);
  });

  test("media links in texts lead to the stored files and keep their words", () => {
    expect(body).toMatch(
      /!\[The large one\]\(\.\.\/\.\.\/\.\.\/media\/copy-of-one-[0-9a-f]{16}\.png "Seen from afar"\)/,
    );
    expect(body).toMatch(
      /\[the report\]\(\.\.\/\.\.\/\.\.\/media\/report-[0-9a-f]{16}\.pdf#page=2\)/,
    );
  });

  test("media files that cannot be stored keep their URL and are reported with the reason", () => {
    for (const path of ["/fake.png", "/gone.jpg", "/private/x.png"])
      expect(body).toContain(`](${origin}${path})`);
    expect(
      account().media.failed.map((one: Record<string, string>) => [one.address, one.reason]),
    ).toEqual([
      [`${origin}/fake.png`, "a web page was answered"],
      [`${origin}/gone.jpg`, "HTTP 404"],
      [`${origin}/private/x.png`, "robots.txt: Disallow: /private/"],
    ]);
    const [a = ""] = read("entries.jsonl")
      .split("\n")
      .filter((line) => line.includes("/gone.jpg"));
    const named = JSON.parse(a).data.media as {
      sourceUrl: string;
      path: string | null;
      reason?: string;
    }[];
    const reasons = named.flatMap(({ sourceUrl, path, reason }) =>
      path === null ? [[sourceUrl.slice(origin.length), reason]] : [],
    );
    expect(reasons).toEqual([
      ["/fake.png", "a web page was answered"],
      ["/gone.jpg", "HTTP 404"],
      ["/private/x.png", "robots.txt: Disallow: /private/"],
    ]);
    expect(named.filter(({ path }) => path !== null).some((one) => "reason" in one)).toBe(false);
    expect(read("account.md")).toContain("a web page was answered");
    expect(asked).not.toContain("/private/x.png");
  });

  test("media on hosts that are not allowed is not requested, but reported", () => {
    expect(body).toContain("](http://unknown.example/far.png)");
    expect(account().links.embedded).toMatchObject([{ address: "http://unknown.example/far.png" }]);
  });

  test("front matter lists media in the order of the text, with null for failures", () => {
    const line = read("entries.jsonl")
      .split("\n")
      .map((text) => (text === "" ? {} : JSON.parse(text)))
      .find(({ slug }) => slug === "a");
    expect(line.data.media).toHaveLength(8);
    expect(line.data.media[0]).toMatchObject({
      sourceUrl: `${origin}${FILES}/one.png`,
      mediaType: "image/png",
      bytes: LARGE?.length,
      alt: "The large one",
      title: "Seen from afar",
      kind: "image",
    });
    expect(line.data.media.filter((one: { path: unknown }) => one.path === null)).toHaveLength(3);
  });

  test("links lead to the new files, and the report accounts for all others", () => {
    for (const link of ["[part](b.md#the-part)", "[b](b.md)", "[nowhere](b.md#nowhere)"])
      expect(body).toContain(link);
    for (const link of [`[unlisted](${origin}/unlisted)`, `[lost](${origin}/lost)`])
      expect(body).toContain(link);
    expect(read("content/en/undated/b.md")).toContain("[a](a.md)");
    const { links } = account();
    expect(links).toMatchObject({ entries: 4, files: 5, external: 1, other: 1 });
    expect(links.notMigrated).toMatchObject([{ address: `${origin}/unlisted`, state: null }]);
    expect(links.broken).toMatchObject([{ address: `${origin}/lost`, state: "failed" }]);
    expect(links.fragments).toMatchObject([{ fragment: "nowhere" }]);
  });

  test("verify accepts the archive with media and finds a damaged image", async () => {
    expect((await sitelift(["verify", "out"], { cwd })).stdout).toContain("checks out");
    const name = `out/media/${media()[0]}`;
    const bytes = readFileSync(join(cwd, name));
    rmSync(join(cwd, name));
    const { stdout, exitCode } = await sitelift(["verify", "out"], { cwd });
    expect(exitCode).toBe(1);
    expect(stdout).toContain("media-missing");
    writeFileSync(join(cwd, name), bytes);
  });

  test("a second run fetches no stored media and rewrites nothing", async () => {
    const before = read("archive.json");
    const { end } = await crawl("--max-failed-media", "3");
    // What is a web page again is asked for twice: it may be an error page.
    expect(asked.filter((path) => /\.(png|pdf)$/.test(path))).toEqual(["/fake.png", "/fake.png"]);
    expect(end.entries).toMatchObject({ new: 0, edited: 0, unchanged: 2 });
    expect(read("archive.json")).toBe(before);
  });

  test("a damaged media file is fetched again", async () => {
    const name = media().find((one) => one.startsWith("far")) ?? "";
    writeFileSync(join(cwd, "out/media", name), "damaged");
    await crawl("--max-failed-media", "3");
    expect(asked).toContain("/far.png");
    expect(readFileSync(join(cwd, "out/media", name))).toEqual(OTHER);
  });

  test("--refetch-media fetches all media again, and --no-media fetches none", async () => {
    await crawl("--refetch-media");
    expect(asked).toEqual(expect.arrayContaining(["/report.pdf", "/far.png"]));
    const { end } = await crawl("--no-media");
    expect(asked.filter((path) => /\.(png|pdf|jpg)$/.test(path))).toEqual([]);
    expect(end.media).toMatchObject({ files: 4 });
  });

  test("a lost media file is replaced by its old URL until it is fetched again", async () => {
    rmSync(join(cwd, "out/media", media().find((one) => one.startsWith("far")) ?? ""));
    await crawl("--no-media");
    expect(read("content/en/undated/a.md")).toContain(`](${elsewhere}/far.png)`);
    expect((await sitelift(["verify", "out"], { cwd })).exitCode).toBe(0);
    await crawl();
    expect(read("content/en/undated/a.md")).toContain("](../../../media/far-");
  });

  test("more media failures than allowed are findings", async () => {
    // The list names a page that is gone, which weighs more: without it the media decide.
    const listed = await crawl("--max-failed-media", "2", "--limit", "2");
    expect(listed.exitCode).toBe(1);
    expect((await crawl("--max-failed-media", "50%", "--limit", "2")).exitCode).toBe(0);
    expect((await crawl("--max-failed-media", "some")).exitCode).toBe(2);
  });
});
