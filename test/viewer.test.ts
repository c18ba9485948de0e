/** A package in ReplayWeb.page, the viewer of the makers of WACZ, in a real browser. */
import { spawnSync } from "node:child_process";
import { createReadStream, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OFFICE_PATH, type RunningOffice } from "../fixtures/office/server.js";
import { packArchive } from "../src/archive/pack/pack.js";
import { demo } from "../src/site/presets/demo.js";
import type { SiteInput } from "../src/site/site.js";
import { linesOf, officeWithSite } from "./capture/office.js";
import { crawlHere } from "./commands/here.js";
import { scratch } from "./commands/sitelift.js";
import { CHROMIUM, type ChromiumPage, openChromium, type Part } from "./support/chromium.js";
import { difference } from "./support/pixels.js";

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

/** What is compared with the live page. */
const PAGES = {
  "an article with a styled image": "/news/old-charts-find-a-new-home",
  "the second listing page": `${OFFICE_PATH}?page=1`,
  "the right-to-left article": "/ar/akhbar/manarat-ras-mirru-tudi-min-jadid",
};

/** Every element that matches, also inside of components. */
const ALL = `function all(selector, root = document) {
  return [...root.querySelectorAll(selector), ...[...root.querySelectorAll("*")].flatMap((one) => one.shadowRoot ? all(selector, one.shadowRoot) : [])];
}`;
const LISTED = `(() => { ${ALL} return all("wr-page-entry").length || null; })()`;
const CLICK = `(() => { ${ALL} const entry = all("wr-page-entry").find((one) => !(one.shadowRoot ?? one).textContent.includes("/articles")); const [link] = all("a", entry.shadowRoot ?? entry); link.click(); return true; })()`;
/** What a document shows: its heading and words, the sizes of its images, its fonts, and what its style sheet does. */
const FACTS = `function factsOf(page) {
  const main = page?.querySelector("#main");
  if (page?.readyState !== "complete" || main == null) return null;
  const style = (element) => page.defaultView.getComputedStyle(element);
  const fonts = [...page.fonts].map(({ family, status }) => [family.replaceAll('"', ""), status]);
  if (fonts.some(([, status]) => status === "loading")) return null;
  return {
    heading: page.querySelector("h1").textContent.trim(),
    text: page.body.innerText,
    images: [...page.images].map(({ complete, naturalWidth, naturalHeight }) => [complete, naturalWidth, naturalHeight]),
    fonts,
    layout: [style(main).display, style(main).direction, style(page.querySelector("#header")).backgroundImage !== "none"],
  };
}`;
const LIVE = `(() => { ${FACTS} return factsOf(document); })()`;
const SHOWN = `(() => { ${ALL} ${FACTS}
  return all("iframe").map((frame) => factsOf(frame.contentDocument)).find((facts) => facts !== null) ?? null;
})()`;
/** Where the viewer shows a page. */
const FRAME = `(() => { ${ALL}
  const frame = all("iframe").find(({ contentDocument }) => contentDocument?.querySelector("#main"));
  const { x, y, width, height } = frame.getBoundingClientRect();
  return { x, y, width, height };
})()`;

interface Shown {
  readonly heading: string;
  readonly text: string;
  readonly images: readonly (readonly [complete: boolean, width: number, height: number])[];
  readonly fonts: readonly (readonly [family: string, status: string])[];
  readonly layout: readonly [display: string, direction: string, hasBackground: boolean];
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
      const site = JSON.parse(readFileSync(join(cwd, "site.json"), "utf8")) as SiteInput;
      const { language = "en", languages = {} } = demo("en");
      writeFileSync(join(cwd, "site.json"), JSON.stringify({ ...site, language, languages }));
      for (let crawl = 0; crawl < 3; crawl++)
        await crawlHere(cwd, "A", { requisites: "look", languages: ["en", "ar"] });
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
      const pages = new Set(entries().map(({ sourceUrl }) => sourceUrl.split("#")[0]));
      await open();
      expect(await page.when(LISTED)).toBe(pages.size);
      await page.when(CLICK);
      const { heading } = await page.when<Shown>(SHOWN);
      expect(entries().map(({ title }) => title)).toContain(heading);
    });

    test.each(Object.entries(PAGES))(
      "shows %s as the live page, and asks for nothing",
      async (_, path) => {
        await open(office.origin + path);
        const shown = await page.when<Shown>(SHOWN);
        const frame = await page.when<Part>(FRAME);
        const replayed = await page.screenshot(frame);
        expect(office.requests.length).toBe(asked);
        expect([...page.outside]).toEqual([]);

        await page.resize(frame);
        await page.open(office.origin + path);
        expect(shown).toEqual(await page.when<Shown>(LIVE));
        const live = await page.screenshot();
        await page.resize(null);
        asked = office.requests.length;
        // Edges of letters may be a shade lighter.
        expect(difference(replayed, live)).toBeLessThan(4);

        for (const [complete, width] of shown.images)
          expect([complete, width > 0]).toEqual([true, true]);
        expect(shown.images.length).toBeGreaterThan(0);
        expect(shown.fonts).toEqual([["Harbour Waves", "loaded"]]);
        expect(shown.layout).toEqual(["grid", path.startsWith("/ar") ? "rtl" : "ltr", true]);
      },
    );
  },
);
