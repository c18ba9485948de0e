/** A package in ReplayWeb.page, the viewer of the makers of WACZ, in a real browser. */
import { spawnSync } from "node:child_process";
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OFFICE_PATH, type RunningOffice } from "../fixtures/office/server.js";
import { packArchive } from "../src/archive/pack/pack.js";
import { FEW, linesOf, officeWithSite } from "./capture/office.js";
import { crawlHere } from "./commands/here.js";
import { scratch } from "./commands/sitelift.js";
import { CHROMIUM, type ChromiumPage, openChromium } from "./support/chromium.js";

/** Its files alone: its dependencies are built into them, and its `engines` asks for a newer Node. */
const VIEWER = "replaywebpage@2.5.3";

/** Fetches the viewer into a folder; why not, when it cannot be had. */
function fetchViewer(cwd: string): string | null {
  if (CHROMIUM === null) return "no Chromium on this machine";
  const packed = spawnSync("npm", ["pack", VIEWER, "--silent"], { cwd, encoding: "utf8" });
  if (packed.status !== 0) return `${VIEWER} cannot be fetched`;
  const unpacked = spawnSync("tar", ["xzf", packed.stdout.trim()], { cwd });
  return unpacked.status === 0 ? null : "no tar on this machine";
}

const cwd = scratch();
const skip = fetchViewer(cwd);

const TYPES: Readonly<Record<string, string>> = { ".html": "text/html", ".js": "text/javascript" };

/** Serves the viewer, and the package as `/a.wacz`, parts of which it asks for. */
async function serve(wacz: string): Promise<Server> {
  const server = createServer(({ url = "", method, headers }, response) => {
    const { pathname } = new URL(url, "http://viewer");
    const name = pathname === "/" ? "index.html" : pathname;
    const file = pathname === "/a.wacz" ? wacz : join(cwd, "package", name);
    if (!existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    const { size } = statSync(file);
    const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(headers.range ?? "") ?? [];
    const start = from === "" ? size - Number(to) : Number(from ?? 0);
    const end = from === "" || !to ? size - 1 : Math.min(Number(to), size - 1);
    response.writeHead(from === undefined ? 200 : 206, {
      "content-type": TYPES[extname(file)] ?? "application/octet-stream",
      "content-length": end - start + 1,
      "content-range": `bytes ${start}-${end}/${size}`,
    });
    if (method === "HEAD") response.end();
    else createReadStream(file, { start, end }).pipe(response);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return server;
}

/** Every element that matches, also inside of components. */
const ALL = `function all(selector, root = document) {
  return [...root.querySelectorAll(selector), ...[...root.querySelectorAll("*")].flatMap((one) => one.shadowRoot ? all(selector, one.shadowRoot) : [])];
}`;
const LISTED = `(() => { ${ALL} return all("wr-page-entry").length || null; })()`;
const CLICK = `(() => { ${ALL} const [entry] = all("wr-page-entry"); const [link] = all("a", entry.shadowRoot ?? entry); link.click(); return true; })()`;
/** Heading and words of the page that is shown. */
const SHOWN = `(() => { ${ALL}
  const page = all("iframe").map((frame) => frame.contentDocument).find((one) => one?.querySelector("h1"));
  return page?.readyState === "complete" ? { heading: page.querySelector("h1").textContent.trim(), text: page.body.innerText } : null;
})()`;

interface Shown {
  readonly heading: string;
  readonly text: string;
}

describe.skipIf(skip !== null)(
  `the package of three crawls, in ReplayWeb.page${skip === null ? "" : ` (skipped: ${skip})`}`,
  () => {
    let office: RunningOffice;
    let server: Server;
    let page: ChromiumPage;
    let source: string;
    let asked: number;
    beforeAll(async () => {
      office = await officeWithSite(cwd);
      for (let crawl = 0; crawl < 3; crawl++) await crawlHere(cwd, "A");
      await packArchive(join(cwd, "A"), join(cwd, "A.wacz"), "sitelift test");
      server = await serve(join(cwd, "A.wacz"));
      source = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      page = await openChromium(CHROMIUM ?? "");
      asked = office.requests.length;
    });
    afterAll(async () => {
      await page.close();
      server.closeAllConnections();
      server.close();
      await office.close();
    });

    const open = (url?: string) =>
      page.open(
        `${source}?source=${source}a.wacz#view=pages${url === undefined ? "" : `&url=${encodeURIComponent(url)}`}`,
      );
    const entries = () =>
      linesOf<{ data: { title: string; sourceUrl: string } }>(join(cwd, "A/entries.jsonl")).map(
        ({ data }) => data,
      );

    test("lists each page once, and shows the one that is clicked", async () => {
      await open();
      expect(await page.when(LISTED)).toBe(FEW);
      await page.when(CLICK);
      const { heading } = await page.when<Shown>(SHOWN);
      expect(entries().map(({ title }) => title)).toContain(heading);
    });

    test("shows an article and the second listing page by their URLs, and asks for nothing outside", async () => {
      const [article] = entries().filter(({ sourceUrl }) => !sourceUrl.includes("#"));
      await open(article?.sourceUrl);
      expect((await page.when<Shown>(SHOWN)).heading).toBe(article?.title);
      await open(`${office.origin}${OFFICE_PATH}?page=1`);
      const { text } = await page.when<Shown>(SHOWN);
      expect(entries().filter(({ title }) => text.includes(title)).length).toBeGreaterThan(1);
      expect(office.requests.length).toBe(asked);
      expect([...page.outside]).toEqual([]);
    });
  },
);
