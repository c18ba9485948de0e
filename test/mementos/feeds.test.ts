/** What archived feeds, sitemaps and indexes name beside the captured listing pages. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { verifyArchive } from "../../src/archive/verify/verify.js";
import { buildFrom, crawlFrom } from "../commands/here.js";
import { scratch } from "../commands/sitelift.js";
import { type MockCapture, type MockOptions, startMock, waitingClock } from "./mock.js";
import { articleUrl, listed, pageUrl, START, siteOf, written } from "./site.js";

const [JUNE, AUGUST, DECEMBER] = ["20210603120000", "20210801120000", "20211225120000"];

const feed = (
  time: string,
  names: readonly string[],
  more: Partial<MockCapture> = {},
): MockCapture => ({
  url: `${START}/rss.xml`,
  time,
  type: "application/rss+xml",
  body: `<rss version="2.0"><channel><title>News</title>${names
    .map((name) => `<item><title>${name}</title><link>${articleUrl(name)}</link></item>`)
    .join("")}</channel></rss>`,
  ...more,
});

const sitemap = (
  time: string,
  urls: readonly string[],
  more: Partial<MockCapture> = {},
): MockCapture => ({
  url: "http://news.example/sitemap.xml",
  time,
  type: "application/xml",
  body: `<urlset>${urls.map((url) => `<url><loc>${url}</loc></url>`).join("")}</urlset>`,
  ...more,
});

async function crawlMock(
  captures: readonly MockCapture[],
  more: MockOptions & { site?: object } = {},
) {
  const mock = await startMock(captures, more);
  const base = `${mock.origin}/web/`;
  const site = siteOf([{ name: "mock", kind: "wayback", base }], more.site);
  const out = join(scratch(), "out");
  const run = () => crawlFrom(site, out, { fromArchive: true }, { clock: waitingClock() });
  const ended = await run();
  const account = () => JSON.parse(readFileSync(join(out, "account.json"), "utf8"));
  return { ...ended, mock, out, site, account };
}

const LIST = [listed(1, 1, JUNE, ["a"]), written("a", JUNE)];
const URLS = ["/", "/news", "/a/a", "/a/s", "/about"].map((path) => `http://news.example${path}`);

test("all captures of a feed, a sitemap and the index are compared with the list, and told apart", async () => {
  const { account, end, out, site, mock, code } = await crawlMock(
    [
      ...LIST,
      written("x", JUNE),
      written("f", AUGUST),
      feed(AUGUST, ["a", "f"]),
      feed(DECEMBER, ["a", "g"]),
      sitemap(DECEMBER, URLS),
    ],
    { site: { start: START } },
  );
  expect(code).toBe(1);
  expect(account().unlisted).toEqual([
    { url: articleUrl("f"), foundIn: ["feed", "index"] },
    { url: articleUrl("g"), foundIn: ["feed"] },
    ...account().unlisted.filter(({ url }: { url: string }) => url === articleUrl("s")),
    { url: articleUrl("x"), foundIn: ["index"] },
  ]);
  expect(JSON.stringify(end)).toMatch(
    /in the feed http:\/\/news.example\/news\/rss.xml, not in the list: 2/,
  );
  const text = readFileSync(join(out, "account.md"), "utf8");
  expect(text).toMatch(/### Known, and on no captured listing page \(\d\)/);
  expect(text).toContain("`http://news.example/a/g`: an archived feed");
  // They are not read.
  expect(mock.log.some(({ path }) => /id_\/.*\/a\/[fgx]/.test(path))).toBe(false);
  const built = join(scratch(), "built");
  await buildFrom(site, [join(out, "captures")], built);
  for (const name of ["account.json", "account.md", "ledger.jsonl"])
    expect(readFileSync(join(built, name), "utf8"), name).toBe(
      readFileSync(join(out, name), "utf8"),
    );
  expect((await verifyArchive(out)).findings).toEqual([]);
});

test("a sitemap below which the articles are names those that the list lacks, compressed or not", async () => {
  const at = (name: string) => `${START}/${name}`;
  const page = {
    ...listed(1, 1, JUNE, []),
    body: `<html><body><ul><li class="row"><a href="/news/a">Title of a</a></li></ul></body></html>`,
  };
  for (const more of [
    {},
    { body: gzipSync(Buffer.from(String(sitemap(JUNE, [at("a"), at("s")]).body))) },
  ]) {
    const { account, code } = await crawlMock([
      page,
      { ...written("a", JUNE), url: at("a") },
      sitemap(DECEMBER, [at("a"), at("s")], more),
    ]);
    expect([code, account().unlisted]).toEqual([1, [{ url: at("s"), foundIn: ["sitemap"] }]]);
  }
});

test("an archive without a feed or a sitemap says nothing of them, and asks for each once at most", async () => {
  const { code, end, mock, account } = await crawlMock(LIST);
  expect([code, end?.notes, account().unlisted]).toEqual([0, [], []]);
  const asked = mock.log.filter(({ path }) => path.includes("sitemap"));
  expect(asked.length).toBeLessThan(2);
});

test("a capture of a feed that cannot be read gives way to the next, and one that fails is a note", async () => {
  const cut = { body: "<rss><channel><item>" };
  const found = await crawlMock([...LIST, feed(AUGUST, ["a", "f"]), feed(DECEMBER, [], cut)]);
  expect(found.account().unlisted).toEqual([{ url: articleUrl("f"), foundIn: ["feed"] }]);
  const none = await crawlMock([...LIST, feed(AUGUST, ["a", "f"])], {
    fault: (path) => (path.includes("rss.xml") ? { status: 400 } : null),
  });
  expect(none.end?.notes?.join()).toMatch(
    /the list was not compared with .*rss.xml: the archive failed: mock/,
  );
});

test("a feed is read as a further list where the site file names it", async () => {
  const { code, out } = await crawlMock(
    [...LIST, written("f", AUGUST), feed(AUGUST, ["f"]), feed(JUNE, ["a"])],
    {
      site: {
        start: undefined,
        lists: [
          { name: "pages", start: START },
          { name: "feed", start: `${START}/rss.xml`, listing: { kind: "feed" } },
        ],
      },
    },
  );
  const ledger = readFileSync(join(out, "ledger.jsonl"), "utf8");
  expect([code, ledger]).toEqual([
    0,
    expect.stringContaining(`"listedOn":["${START}/rss.xml#1@${AUGUST}"]`),
  ]);
  expect(pageUrl(1)).toBe(START);
});
