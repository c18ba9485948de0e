/** How an incomplete run ends: with what helps, by the reasons of what it lacks. */
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { buildHere, crawlHere } from "./here.js";
import { scratch } from "./sitelift.js";
import { serveSite } from "./small-site.js";

const ROWS = ["a", "b", "c"].map((name) => `<li><a href="/${name}">${name}</a></li>`).join("");

async function crawled(statuses: Readonly<Record<string, number>>, accept: readonly object[] = []) {
  const served = await serveSite((path) =>
    path === "/list" ? ROWS : (statuses[path] ?? `<div class="story"><p>Of ${path}.</p></div>`),
  );
  const site = {
    ...{ name: "lasting", start: served.start, politeness: { delay: 0, concurrency: 2 } },
    listing: { rows: "li", link: "a", next: [] },
    fields: { title: { listing: "a" }, body: { article: ".story" } },
    accept,
  };
  const cwd = scratch();
  writeFileSync(join(cwd, "site.json"), JSON.stringify(site));
  const { exitCode, stdout } = await crawlHere(cwd, "one", { witness: false });
  served[Symbol.dispose]();
  const account = readFileSync(join(cwd, "one/account.md"), "utf8");
  return { cwd, exitCode, last: stdout.trimEnd().split("\n").at(-1), account };
}

test("a lasting 404 and a refusal are to be accepted, and not to be asked for again", async () => {
  const { cwd, exitCode, last, account } = await crawled({ "/a": 404, "/b": 403 });
  expect(exitCode).toBe(3);
  expect(last).toContain(
    "another run finds the same: 1 page is not on the site, 1 page is refused by the site",
  );
  expect(last).not.toContain("run the same command again");
  expect(account).toContain("1 article of the list that the site does not have");
  expect(account).toContain("1 article that the site refuses");
  expect(account).toMatch(/"finding": "article-failed", "place": "\S+\/a"/);
  const built = await buildHere(cwd, ["one"], "two");
  expect(built.stdout).toContain("the capture holds what the crawl lacked");
});

test("where one of several pages may come, the command is to be run again", async () => {
  const { last } = await crawled({ "/a": 404, "/b": 503 });
  expect(last).toContain("run the same command again. It finds the rest the same: 1 page is not");
  const passing = await crawled({ "/b": 503 });
  expect(passing.last).toMatch(/run the same command again$/);
});

test("a page that is gone for good and accepted leaves the run complete", async () => {
  const reason = "not on the site any more";
  const accept = [{ finding: "article-failed", place: "/a", reason }];
  expect((await crawled({ "/a": 404 }, accept)).exitCode).toBe(0);
});

/** What a server answers at a path, and the code of the failure in the ledger. */
const FAULTS: Readonly<
  Record<string, [answer: (response: ServerResponse) => void, code?: string]>
> = {
  "/404": [(response) => response.writeHead(404).end(), "gone"],
  "/403": [(response) => response.writeHead(403).end(), "refused"],
  "/503": [(response) => response.writeHead(503).end()],
  "/type": [(response) => response.writeHead(200, { "content-type": "a/b" }).end("x"), "unusable"],
  "/coding": [
    (response) => response.writeHead(200, { "content-encoding": "gzip, br" }).end("x"),
    "unusable",
  ],
  "/loop": [(response) => response.writeHead(302, { location: "/loop" }).end(), "refused"],
  "/header": [(response) => response.writeHead(200, { a: "x".repeat(300_000) }).end(), "unusable"],
  "/cut": [
    (response) => {
      response.writeHead(200, { "content-type": "text/html", "content-length": "99" });
      response.write("<html>", () => response.destroy());
    },
  ],
};

test("each failure has its code in the ledger, and the same where the archive is built from the capture", async () => {
  const rows = Object.keys(FAULTS).map((path) => `<li><a href="${path}">${path}</a></li>`);
  const server = createServer(({ url = "" }, response) => {
    const [answer] = FAULTS[url] ?? [];
    if (answer !== undefined) return answer(response);
    response.writeHead(url === "/list" ? 200 : 404, { "content-type": "text/html" });
    response.end(`<html><body>${rows.join("")}</body></html>`);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const start = `http://127.0.0.1:${(server.address() as AddressInfo).port}/list`;
  const site = {
    ...{ name: "faults", start, politeness: { delay: 0, concurrency: 2 } },
    listing: { rows: "li", link: "a", next: [] },
    fields: { title: { listing: "a" }, body: { article: "p" } },
  };
  const cwd = scratch();
  writeFileSync(join(cwd, "site.json"), JSON.stringify(site));
  await crawlHere(cwd, "one", { witness: false });
  server.close();
  await buildHere(cwd, ["one"], "two");
  const ledger = (out: string) => readFileSync(join(cwd, out, "ledger.jsonl"), "utf8");
  const lines = ledger("one").trimEnd().split("\n");
  const codes = lines.map((line) => {
    const { url, code } = JSON.parse(line);
    return [new URL(url).pathname, code];
  });
  expect(Object.fromEntries(codes)).toEqual(
    Object.fromEntries(Object.entries(FAULTS).map(([path, [, code]]) => [path, code])),
  );
  expect(ledger("two")).toBe(ledger("one"));
});
