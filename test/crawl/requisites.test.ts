/** What is fetched for looking at pages does not depend on what comes first, and ends. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Requisites } from "../../src/crawl/requisites.js";
import type { MediaResponse, Page, Source } from "../../src/model.js";
import { drupal7 } from "../../src/site/presets/drupal7.js";
import { resolveSite } from "../../src/site/resolve.js";
import type { SiteInput } from "../../src/site/site.js";

const ORIGIN = "https://a.example";

function siteWith(requisites: SiteInput["requisites"]) {
  const given = { name: "a", preset: "drupal7", start: `${ORIGIN}/`, requisites };
  return resolveSite(given, { drupal7 }, "test");
}

function pageOf(path: string, text: string, type = "text/html"): Page {
  const url = ORIGIN + path;
  const headers = { "content-type": `${type}; charset=utf-8` };
  return { url, requestedUrl: url, status: 200, headers, body: Buffer.from(text) };
}

/** Answers after the time that `wait` gives. */
function sourceOf(
  answer: (path: string) => string,
  wait: () => Promise<unknown> = async () => {},
): { source: Source; asked: string[] } {
  const asked: string[] = [];
  const requisite = async (url: string): Promise<MediaResponse> => {
    const path = url.replace(ORIGIN, "");
    asked.push(path);
    await wait();
    if (path.includes("missing")) return { failure: { stage: "fetch", url, reason: "HTTP 404" } };
    return { page: pageOf(path, answer(path), "text/css") };
  };
  return { source: { run: async () => {}, requisite }, asked };
}

const SHEETS: Readonly<Record<string, string>> = {
  "/a.css": '@import "b.css"; x{background:url(1.png)}',
  "/b.css": '@import "a.css"; x{background:url(missing.png)}',
};

describe("files that pages need", () => {
  test("are the same with any number of requests in flight, whichever comes first", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 200 }),
        async (scheduler, concurrency, files, bytes) => {
          const run = async (many: number, wait?: () => Promise<unknown>) => {
            const requisites = new Requisites(siteWith({ files, bytes }), { media: true });
            for (const [at, images] of ["abc", "bcd", "cm"].entries())
              requisites.page(
                pageOf(
                  `/page${at}`,
                  `<link rel=stylesheet href=/a.css>${[...images].map((name) => `<img src="/${name}.png">`).join("")}<img src=/missing${at}.png>`,
                ),
              );
            const { source } = sourceOf((path) => SHEETS[path] ?? path.repeat(5), wait);
            return requisites.fetch(source, many);
          };
          const running = run(concurrency, () => scheduler.schedule(Promise.resolve()));
          await scheduler.waitFor(running);
          expect(await running).toEqual(await run(1));
        },
      ),
      { numRuns: 40 },
    );
  });

  test("end where style sheets lead on for ever, and say where", async () => {
    const requisites = new Requisites(siteWith("look"), { media: true });
    requisites.page(pageOf("/page", "<link rel=stylesheet href=/0.css>"));
    const { source, asked } = sourceOf(
      (path) => `@import "${Number.parseInt(path.slice(1), 10) + 1}.css";`,
    );
    const report = await requisites.fetch(source, 2);
    expect(asked).toEqual(["/0.css", "/1.css", "/2.css", "/3.css", "/4.css", "/5.css"]);
    expect(report?.missing).toEqual([
      {
        url: `${ORIGIN}/6.css`,
        reason: "more than 5 deep in style sheets, scripts or frames",
        pages: 1,
        samples: [`${ORIGIN}/page`],
      },
    ]);
  });

  test("of a page that names very many are bounded, and that is said", async () => {
    const requisites = new Requisites(siteWith({ files: 100 }), { media: true });
    const many = Array.from({ length: 20_000 }, (_, at) => `<img src="/${at}.png">`).join("");
    requisites.page(pageOf("/page", many));
    const { source, asked } = sourceOf(() => "x");
    const report = await requisites.fetch(source, 4);
    expect(asked).toHaveLength(100);
    expect(report).toMatchObject({ files: 100, more: 4_800 });
    expect(report?.missing).toHaveLength(100);
    expect(report?.notes).toEqual([
      expect.stringMatching(/was used up: 4900 files/),
      expect.stringMatching(/names more than 5000 files .* first https:\/\/a\.example\/page/),
    ]);
  });

  test("are asked for those first that most pages need, and never a page that was read", async () => {
    const requisites = new Requisites(siteWith("all"), { media: true });
    requisites.page(pageOf("/1", "<img src=/b.png><iframe src=/2></iframe>"));
    requisites.page(pageOf("/2", "<img src=/c.png><img src=/a.png>"));
    requisites.page(pageOf("/3", "<img src=/c.png><iframe src=https://b.example/x></iframe>"));
    const { source, asked } = sourceOf(() => "x");
    await requisites.fetch(source, 1);
    expect(asked).toEqual(["/c.png", "/a.png", "/b.png"]);
  });
});
