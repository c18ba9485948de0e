/** What `verify` says to do about each kind of finding, and that it helps. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { verifyArchive } from "../../src/archive/verify/verify.js";
import { capturesOf } from "../capture/office.js";
import { crawlHere } from "./here.js";
import { scratch, sitelift } from "./sitelift.js";
import { serveSite } from "./small-site.js";

/** Path of the one content file of an archive. */
function contentOf(archive: string): string {
  const names = readdirSync(archive, { recursive: true, encoding: "utf8" });
  return names.find((name) => name.endsWith(".md") && name.startsWith("content")) ?? "";
}

test("each kind of finding says what to do about it, and a crawl heals what it is said to heal", async () => {
  const list = '<li><a href="/a">One</a></li>';
  using served = await serveSite((path) => (path === "/list" ? list : "<p>Words of it.</p>"));
  const { start } = served;
  const cwd = scratch();
  const site = {
    ...{ name: "hints", start, politeness: { delay: 0, concurrency: 1 } },
    listing: { rows: "li", link: "a", next: [] },
    fields: { title: { listing: "a" }, body: { article: "p" } },
  };
  writeFileSync(join(cwd, "site.json"), JSON.stringify(site));
  const archive = join(cwd, "one");
  expect((await crawlHere(cwd, "one")).exitCode).toBe(0);
  const content = contentOf(archive);
  const capture = `captures/${capturesOf(archive)[0]}`;
  writeFileSync(join(archive, content), "changed");
  rmSync(join(archive, "redirects.csv"));
  rmSync(join(archive, capture, "index.cdxj"));
  writeFileSync(join(archive, "notes.txt"), "mine");
  const hints = async () => {
    const { findings } = await verifyArchive(archive);
    return Object.fromEntries(findings.map(({ path, hint }) => [path.split(":")[0], hint]));
  };
  expect(await hints()).toEqual({
    [content]: expect.stringContaining("Crawl again"),
    "redirects.csv": expect.stringContaining("Crawl again"),
    [`${capture}/index.cdxj`]: expect.stringMatching(
      /^Restore the capture from a copy: .*crawl --self-contained/,
    ),
    "notes.txt": expect.stringContaining("Move the file out"),
  });
  expect((await crawlHere(cwd, "one")).exitCode).toBe(0);
  expect(Object.keys(await hints()).sort()).toEqual([`${capture}/index.cdxj`, "notes.txt"]);
  writeFileSync(join(archive, "ledger.jsonl"), "{");
  expect((await hints())["ledger.jsonl"]).toContain("crawl to another folder");
});

test("of a changed content file it is shown where each value differs, and what to do is said once", async () => {
  const files = Array.from({ length: 9 }, (_, n) => `<a href="/a${n}.pdf">File ${n}</a>`).join(" ");
  const list = '<li><a href="/a">One</a></li>';
  using served = await serveSite((path) =>
    path === "/list" ? list : `<p>Words of it. ${files}</p>`,
  );
  const { start } = served;
  const cwd = scratch();
  const site = {
    ...{ name: "places", start, politeness: { delay: 0, concurrency: 1 } },
    listing: { rows: "li", link: "a", next: [] },
    fields: { title: { listing: "a" }, body: { article: "p" } },
  };
  writeFileSync(join(cwd, "site.json"), JSON.stringify(site));
  await crawlHere(cwd, "one");
  const path = contentOf(join(cwd, "one"));
  const file = join(cwd, "one", path);
  const text = readFileSync(file, "utf8");
  const front = text.slice(0, text.indexOf("\n---"));
  expect(front).toContain("/a8.pdf");
  const changed = front.replace("/a8.pdf", "/other.pdf").replace("One", "Two");
  writeFileSync(file, changed + text.slice(front.length));
  const ended = await sitelift(["verify", "one"], { cwd });
  const lines = ended.stdout.split("\n").filter((line) => !line.startsWith("note"));
  expect(lines).toEqual([
    expect.stringMatching(/^size|^checksum/),
    expect.stringMatching(/^checksum/),
    `front-matter ${path}: title: expected "One", found "Two"`,
    expect.stringMatching(
      /: media\[8\]\.sourceUrl: expected "[^"]*a8\.pdf", found "[^"]*other\.pdf"$/,
    ),
    expect.stringContaining("Crawl again"),
    expect.stringMatching(/^4 findings in one/),
    "",
  ]);
});
