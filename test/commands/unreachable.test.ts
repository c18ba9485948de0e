/** A site whose start cannot be read: what is said of the archive is true, and nothing else is served in its place. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { startOffice } from "../../fixtures/office/server.js";
import { build } from "../../src/commands/build.js";
import { crawl, crawlSite } from "../../src/commands/crawl.js";
import { beginCapture } from "../../src/commands/run/open-capture.js";
import { Terminal } from "../../src/commands/terminal.js";
import { realDisk } from "../../src/disk/disk.js";
import { CliError } from "../../src/error.js";
import { drupal7 } from "../../src/site/presets/drupal7.js";
import { resolveSite } from "../../src/site/resolve.js";
import { contentsOf } from "../archive/folders.js";
import { hasty } from "./here.js";
import { scratch } from "./sitelift.js";

vi.mock("../../fixtures/office/server.js", async (original) => {
  const server = await original<typeof import("../../fixtures/office/server.js")>();
  return { ...server, startOffice: vi.fn(server.startOffice) };
});
afterEach(() => vi.restoreAllMocks());

/** A terminal that shows nothing. */
class Silent extends Terminal {
  override print(): void {}
  override warn(): void {}
  override progress(): void {}
}
const silent = new Silent({});

/** Nothing listens there. */
const CLOSED = "http://127.0.0.1:9/articles";
const siteAt = (start: string, name = "gone") =>
  resolveSite({ name, preset: "drupal7", start }, { drupal7 }, "test");

async function hintOf(run: Promise<unknown>): Promise<string> {
  const error = await run.then(
    () => null,
    (one: unknown) => one,
  );
  if (!(error instanceof CliError)) throw error ?? new Error("the run did not fail");
  return error.hint ?? "";
}

test("crawl serves the demonstration office for its start URL, whatever the name of the site", async () => {
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const out = join(scratch(), "out");
  await hintOf(crawl(siteAt(CLOSED, "demo-shop"), { out }));
  expect(startOffice).not.toHaveBeenCalled();
  const start = "http://office.example/fieldoffice/harbour-islands/articles";
  await crawl(siteAt(start, "mine"), { out, limit: 1, media: false });
  expect(startOffice).toHaveBeenCalledOnce();
  expect(JSON.parse(readFileSync(join(out, "account.json"), "utf8"))).toMatchObject({
    site: "mine",
    entries: 1,
  });
});

test("a crawl that stores nothing says that nothing was written", async () => {
  const out = join(scratch(), "out");
  const run = crawlSite(siteAt(CLOSED), { out }, silent, { clock: hasty });
  expect(await hintOf(run)).toBe("Nothing was written.");
});

test("a failed crawl that added to a capture says that it keeps the capture and that the archive is unchanged", async () => {
  const out = scratch();
  const site = siteAt(CLOSED);
  const { capture, ...begun } = await beginCapture(out, site, {}, realDisk);
  const [request, response] = ["GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 404 Not Found\r\n\r\n"];
  await capture?.exchange({
    url: `${CLOSED}?page=1`,
    address: null,
    request: Buffer.from(request),
    response: Buffer.from(response),
    body: Buffer.from("No."),
    status: 404,
    whole: true,
    cached: null,
    startedAt: Date.now(),
    endedAt: Date.now(),
  });
  await begun[Symbol.asyncDispose]();
  const before = await contentsOf(out);
  const hint = await hintOf(crawlSite(site, { out }, silent, { clock: hasty }));
  expect(await contentsOf(out)).not.toEqual(before);
  expect(hint).toBe(
    `The archive is unchanged; ${capture?.path} keeps what was stored, and the next run resumes it.`,
  );
});

test("a build that fails at its second capture does not say that nothing was written", async () => {
  const cwd = scratch();
  const start = "http://a.example/list";
  const site = resolveSite(
    {
      name: "a",
      start,
      listing: { rows: "li" },
      fields: { title: { listing: "b" }, body: { listing: "p" } },
    },
    {},
    "test",
  );
  for (const [name, url] of [
    ["first", start],
    ["second", "http://a.example/other"],
  ] as const) {
    mkdirSync(join(cwd, name));
    writeFileSync(join(cwd, name, "1.html"), "<ul><li><b>One</b><p>Words.</p></li></ul>");
    writeFileSync(join(cwd, name, "pages.json"), JSON.stringify({ "1.html": url }));
  }
  const out = join(cwd, "out");
  const both = ["first", "second"].map((name) => join(cwd, name));
  const hint = await hintOf(build(both, site, { out }, silent));
  expect(readFileSync(join(out, "entries.jsonl"), "utf8")).toContain("One");
  expect(hint).toContain("The archive holds the captures before it.");
  expect(hint).not.toContain("Nothing was written");
  const other = join(cwd, "other");
  expect(await hintOf(build(both.slice(1), site, { out: other }, silent))).toContain(
    "Nothing was written",
  );
});
