/** Images whose bytes are in the page (`data:`), through a crawl, a second one and a build. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { seaPicture } from "../../fixtures/office/png.js";
import { crawlHere } from "./here.js";
import { scratch } from "./sitelift.js";

const PNG = Buffer.from(seaPicture(24, 16, 1));
const BASE64 = PNG.toString("base64");
const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><circle r="1"/></svg>';
const story = [
  `<img alt="Chart" src="data:image/png;base64,${BASE64}">`,
  `<img alt="Again" src="data:application/octet-stream;base64,${BASE64.replace(/(.{60})/g, "$1\n")}">`,
  `<img alt="Drawn" src="data:image/svg+xml,${encodeURIComponent(SVG)}">`,
  `<img alt="Plain" src='data:image/svg+xml;utf8,${SVG}'>`,
  `<img alt="Runs" src="data:image/svg+xml,${encodeURIComponent("<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>")}">`,
].join(" ");

test("an image in the page is stored as a file, by its bytes, and the site is not asked for it", async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    const body =
      request.url === "/list"
        ? '<article><a href="/a">One</a></article>'
        : `<main><h1>One</h1><div class="story"><p>Before ${story} after.</p></div></main>`;
    response.writeHead(request.url === "/robots.txt" ? 404 : 200, { "content-type": "text/html" });
    response.end(`<!doctype html><html lang="en"><body>${body}</body></html>`);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  try {
    const cwd = scratch();
    const start = `http://127.0.0.1:${(server.address() as AddressInfo).port}/list`;
    const fields = { title: { listing: "a", article: "h1" }, body: { article: ".story" } };
    const listing = { rows: "article", next: [] };
    writeFileSync(join(cwd, "site.json"), JSON.stringify({ name: "s", start, listing, fields }));
    const first = await crawlHere(cwd, "A", { delay: 0 });
    // The one that runs is refused, and that is a finding.
    expect(first.exitCode, first.stderr).toBe(1);
    const text = () => readFileSync(join(cwd, "A/entries.jsonl"), "utf8");
    const { body, data } = JSON.parse(text());
    expect(body).not.toContain("data:");
    expect(readdirSync(join(cwd, "A/media"))).toHaveLength(2);
    expect(
      data.media.map(({ alt, mediaType }: { alt: string; mediaType: string }) => [alt, mediaType]),
    ).toEqual([
      ["Chart", "image/png"],
      ["Drawn", "image/svg+xml"],
      ["Runs", null],
    ]);
    const path: string = data.media[0].path;
    expect(readFileSync(join(cwd, "A", path))).toEqual(PNG);
    expect(body.split(path)).toHaveLength(3);
    const before = text();
    await crawlHere(cwd, "A", { delay: 0 });
    expect(text()).toBe(before);
    expect(new Set(asked)).toEqual(new Set(["/robots.txt", "/list", "/a"]));
  } finally {
    server.close();
  }
});
