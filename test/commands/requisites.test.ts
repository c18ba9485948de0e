/** What pages need to be looked at: a site of two articles with a style sheet, and another host that it names. */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join, relative } from "node:path";
import process from "node:process";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { packArchive } from "../../src/archive/pack/pack.js";
import { verifyArchive } from "../../src/archive/verify/verify.js";
import type { SiteInput } from "../../src/site/site.js";
import { capturesOf, hashes, linesOf } from "../capture/office.js";
import { buildHere, crawlFrom, type HereOptions } from "./here.js";
import { scratch } from "./sitelift.js";

const HEAD =
  '<link rel="stylesheet" href="/main.css"><link rel="stylesheet" href="/away.css"><link rel=icon href="/icon.ico"><script src="http://other.example/lib.js"></script>';
const page = (body: string) =>
  `<!DOCTYPE html><html lang="en"><head>${HEAD}</head><body>${body}</body></html>`;
const article = (name: string) =>
  page(
    `<h1>${name}</h1><main><p>The words of ${name}, which are many.</p><img src="/small/${name}.png"><a href="/more.pdf">More</a></main><img src="/shared.png" alt="">`,
  );

const FILES: Readonly<Record<string, readonly [type: string, body: string]>> = {
  "/list": [
    "text/html",
    page(
      '<ul><li class="row"><a href="/one">one</a></li><li class="row"><a href="/two">two</a></li></ul>',
    ),
  ],
  "/one": ["text/html", article("one")],
  "/two": ["text/html", article("two").replace("</body>", '<img src="http://10.0.0.1/x.png">$&')],
  "/robots.txt": ["text/plain", "User-agent: *\nDisallow: /private/\n"],
  "/main.css": [
    "text/css",
    '@import "deep/1.css"; body{background:url(/back.png)} h1{background:url(/private/x.png)}',
  ],
  "/deep/1.css": ["text/css", '@import "2.css"; @font-face{font-family:F;src:url(f.woff2)}'],
  "/deep/2.css": ["text/css", ""],
  "/away.css": ["moved", "http://third.example/x.css"],
  "/icon.ico": ["image/x-icon", "icon"],
  "/back.png": ["image/png", "back"],
  "/shared.png": ["image/png", "shared"],
  "/deep/f.woff2": ["font/woff2", "font"],
  "/small/one.png": ["image/png", "small one"],
  "/more.pdf": ["application/pdf", "%PDF-1.4\n%%EOF\n"],
  "other.example/robots.txt": ["text/plain", ""],
  "other.example/lib.js": ["text/javascript", "load()"],
};

let server: Server;
let requests: string[] = [];
let onRequest = (_: string): void => {};
beforeAll(async () => {
  server = createServer(({ url = "", headers }, response) => {
    const key = `${headers.host === "other.example" ? "other.example" : ""}${url}`;
    onRequest(key);
    const [type, body] = FILES[key] ?? ["text/plain", null];
    if (type === "moved") {
      response.writeHead(302, { location: body ?? "" }).end();
      return;
    }
    const etag = `"${createHash("sha256")
      .update(body ?? "")
      .digest("hex")}"`;
    const isSame = headers["if-none-match"] === etag && body !== null;
    const status = body === null ? 404 : isSame ? 304 : 200;
    requests.push(`${status} ${key}`);
    const length = Buffer.byteLength(body ?? "");
    response.writeHead(
      status,
      isSame ? { etag } : { "content-type": type, etag, "content-length": length },
    );
    response.end(isSame ? undefined : (body ?? ""));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(() => void server.close());
beforeEach(() => {
  requests = [];
  onRequest = () => {};
});

const cwd = scratch();
const SITE = {
  name: "small",
  start: "http://site.example/list",
  listing: { rows: ".row", next: [] },
  fields: { title: { listing: "a", article: "h1" }, body: { article: "main" } },
} satisfies SiteInput;
writeFileSync(join(cwd, "site.json"), JSON.stringify(SITE));

function crawl(out: string, more: HereOptions = {}, site: SiteInput = SITE) {
  const { port } = server.address() as AddressInfo;
  const served = { address: "127.0.0.1", port };
  const hosts = { "site.example": served, "other.example": served };
  const options = { requisites: "look" as const, ...more };
  return crawlFrom(site, join(cwd, out), options, { hosts });
}

interface Account {
  readonly notes: readonly string[];
  readonly requisites?: {
    readonly files: number;
    readonly bytes: number;
    readonly more: number;
    readonly missing: readonly { url: string; reason: string; pages: number; samples: string[] }[];
  };
}
const accountOf = (out: string): Account =>
  JSON.parse(readFileSync(join(cwd, out, "account.json"), "utf8"));
const requestedFor = (...paths: string[]) =>
  requests.filter((one) => paths.some((path) => one.endsWith(` ${path}`)));

const NEEDED = [
  "/main.css",
  "/deep/1.css",
  "/deep/2.css",
  "/deep/f.woff2",
  "/back.png",
  "/icon.ico",
  "/shared.png",
  "/small/one.png",
  "other.example/lib.js",
];

describe("a crawl stores what pages need to be looked at", () => {
  test("in the capture alone, each URL once, and the account names what is missing, for most pages first", async () => {
    const { code, end } = await crawl("a");
    // The picture of the second article is missing on the site, and is an image of its entry as well.
    expect(code).toBe(1);
    for (const path of NEEDED) expect(requestedFor(path)).toEqual([`200 ${path}`]);
    expect(requestedFor("/small/two.png", "/more.pdf").sort()).toEqual([
      "200 /more.pdf",
      "404 /small/two.png",
    ]);
    expect(requestedFor("/private/x.png")).toEqual([]);
    const { requisites } = accountOf("a");
    expect(requisites?.files).toBe(NEEDED.length);
    expect(requisites?.missing).toEqual([
      // A host that no page names.
      expect.objectContaining({
        url: "http://site.example/away.css",
        reason: expect.stringMatching(
          /^scope: http:\/\/third\.example is not one .* \(redirected to /,
        ),
        pages: 3,
      }),
      {
        url: "http://site.example/private/x.png",
        reason: "robots.txt: Disallow: /private/",
        pages: 3,
        samples: ["list", "one", "two"].map((path) => `http://site.example/${path}`),
      },
      // No page may name a host of a private network.
      {
        url: "http://10.0.0.1/x.png",
        reason: expect.stringContaining("which is not public"),
        pages: 1,
        samples: ["http://site.example/two"],
      },
      {
        url: "http://site.example/small/two.png",
        reason: "HTTP 404",
        pages: 1,
        samples: ["http://site.example/two"],
      },
    ]);
    const text = readFileSync(join(cwd, "a/account.md"), "utf8");
    expect(text).toContain(
      "robots.txt: Disallow: /private/; 3 pages need it, `http://site.example/list`",
    );
    const [capture = ""] = capturesOf(join(cwd, "a"));
    const index = readFileSync(join(cwd, "a/captures", capture, "index.cdxj"), "utf8");
    expect(index).toContain('"url":"http://other.example/lib.js"');
    expect(readdirSync(join(cwd, "a/media"))).toEqual([expect.stringMatching(/^more-/)]);
    expect(linesOf(join(cwd, "a/ledger.jsonl"))).toHaveLength(2);
    // One came as an image of the archive; one redirects; two are for the robots.txt of the other hosts.
    const cost = { requests: 9 - 1 + 1 + 2 };
    expect(end).toMatchObject({ requisites: { files: 9, cost } });
    const account = readFileSync(join(cwd, "a/captures", capture, "capture.json"), "utf8");
    expect(JSON.parse(account)).toMatchObject({ run: { requisites: "look" }, requisites: cost });
  });

  test("a second crawl asks conditionally and changes no file, and a build gives the same archive", async () => {
    const before = hashes(join(cwd, "a"));
    await crawl("a");
    for (const path of NEEDED)
      expect(requestedFor(path)).toEqual([path === "/deep/2.css" ? `200 ${path}` : `304 ${path}`]);
    expect(hashes(join(cwd, "a"))).toEqual(before);
    requests = [];
    await buildHere(cwd, ["a/captures"], "b");
    expect(requests).toEqual([]);
    expect(hashes(join(cwd, "b"))).toEqual(before);
  });

  test("an interrupted crawl resumes without a second request for what came", async () => {
    onRequest = (path) => {
      if (path === "/deep/f.woff2") process.emit("SIGINT");
    };
    expect((await crawl("c")).code).toBe(130);
    onRequest = () => {};
    await crawl("c");
    for (const path of NEEDED) expect(requestedFor(path)).toEqual([`200 ${path}`]);
    expect(hashes(join(cwd, "c"))).toEqual(hashes(join(cwd, "a")));
  });

  test.each([
    ["files", { files: 4 }, 3],
    ["bytes", { bytes: 150 }, 3],
  ])("a budget of %s is kept, and what it cost is said", async (name, budget, files) => {
    await crawl(name, {}, { ...SITE, requisites: budget });
    const { requisites, notes } = accountOf(name);
    expect(requisites?.files).toBe(files);
    expect(requisites?.missing.some(({ reason }) => reason === "beyond the budget")).toBe(true);
    expect(notes).toContainEqual(
      expect.stringMatching(/^the budget of `requisites` .* was used up: \d+ files/),
    );
    const folder = scratch();
    writeFileSync(join(folder, "site.json"), JSON.stringify({ ...SITE, requisites: budget }));
    await buildHere(folder, [relative(folder, join(cwd, name, "captures"))], "b");
    expect(hashes(join(folder, "b"))).toEqual(hashes(join(cwd, name)));
  });

  test("`all` takes linked files too, and --no-media leaves images out", async () => {
    await crawl("d", { requisites: "all" });
    expect(requestedFor("/more.pdf")).toEqual(["200 /more.pdf"]);
    requests = [];
    await crawl("e", { media: false });
    expect(requestedFor("/shared.png", "/small/one.png", "/more.pdf")).toEqual([]);
    expect(requestedFor("/main.css", "/back.png", "/deep/f.woff2")).toHaveLength(3);
  });

  test.each<[name: string, options: HereOptions, site: SiteInput]>([
    ["--requisites none", { requisites: "none" }, SITE],
    ["requisites: none", { requisites: undefined }, { ...SITE, requisites: "none" }],
    ["--dry-run", { dryRun: true }, SITE],
  ])("%s fetches nothing besides", async (name, options, site) => {
    await crawl(name, options, site);
    expect(requestedFor("/main.css", "/icon.ico", "other.example/robots.txt")).toEqual([]);
    if (options.dryRun !== true) expect(accountOf(name).requisites).toBeUndefined();
  });

  test("but not where no row of the list was found, which the site file has to say first", async () => {
    const listing = { ...SITE.listing, rows: ".rwo" };
    const { code } = await crawl("no-rows", {}, { ...SITE, listing });
    expect(code).toBe(4);
    expect(new Set(requests)).toEqual(new Set(["200 /robots.txt", "200 /list"]));
  });

  test("verify says what showing the pages lacks, and calls nothing of it damage", async () => {
    const lacks = "4 files that pages need to be looked at are in no capture: see ";
    await packArchive(join(cwd, "a"), join(cwd, "a.wacz"), "sitelift test");
    const archive = await verifyArchive(join(cwd, "a"));
    const wacz = await verifyArchive(join(cwd, "a.wacz"));
    expect([archive.findings, wacz.findings]).toEqual([[], []]);
    expect(archive.notes).toEqual([`${lacks}account.json`]);
    expect(wacz.notes).toEqual([`${lacks}a.wacz/entries/account.json`]);
    await crawl("g", { requisites: "none" });
    await packArchive(join(cwd, "g"), join(cwd, "g.wacz"), "sitelift test");
    const bare = await verifyArchive(join(cwd, "g.wacz"));
    expect(bare.findings).toEqual([]);
    expect(bare.notes).toEqual([expect.stringContaining("without the design of their site")]);
  });
});
