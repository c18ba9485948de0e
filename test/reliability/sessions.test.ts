/** Sites that write a session into every link: what a crawl keeps is the same each time. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { crawlFrom } from "../commands/here.js";
import { scratch } from "../commands/sitelift.js";
import { type Ask, answer, startFaultServer } from "../fault-server.js";
import { FaultyOffice, HTML, LIST } from "./office.js";

const added = (parameters: string) => (link: string) =>
  `${link}${link.includes("?") ? "&" : "?"}${parameters}`;
/** How a link becomes one of a session. */
const FORMS: Record<string, (session: string, number: number) => (link: string) => string> = {
  "a sid of eight characters": (session) => added(`sid=${session}`),
  PHPSESSID: (session) => added(`PHPSESSID=${session}`),
  "two numbers, as ColdFusion": (_, number) => added(`CFID=${number}&CFTOKEN=${number * 7}`),
  ASPSESSIONID: (session) => added(`ASPSESSIONIDQQ=${session}`),
  "jsessionid in the path": (session) => (link) =>
    link.replace(/(?=\?|$)/, `;jsessionid=${session}`),
  "a parameter that no list of names has": (session) => added(`zug=${session}`),
  "the time": (_, number) => added(`t=${1_600_000_000 + number}`),
  "letters alone": (_, number) => added(`token=abcdef${String.fromCharCode(97 + (number % 26))}`),
  "two of them": (session, number) => added(`a=${session}&b=${1_600_000_000 + number}`),
};

/** An office whose links all have a session, which is another one in each response. */
async function startOffice(form: (typeof FORMS)[string]) {
  const office = new FaultyOffice({ articles: 6, perPage: 3 });
  let sessions = 0;
  return startFaultServer({
    "*": (ask: Ask) => {
      const number = ++sessions;
      const session = `k${String(number).padStart(3, "0")}x${String(number * 31).padStart(3, "7")}`;
      const link = form(session, number);
      const { pathname, searchParams } = new URL(ask.path, "http://x");
      const path = pathname.replace(/;.*/, "");
      const story = Number(/story-(\d+)/.exec(path)?.[1] ?? 0);
      const body = `<p>See <a href="/news/story-${(story % 6) + 1}">another</a>, <a href="/elsewhere">more</a>.</p>`;
      const page =
        path === LIST
          ? office.listing(Number(searchParams.get("page") ?? 0))
          : story > 0
            ? office.article(story, body).replace(/<link[^>]*>/, "")
            : null;
      if (page === null) return answer(ask, 404, HTML, "");
      const linked = page.replace(/href="([^"]+)"/g, (_, href) => `href="${link(href)}"`);
      answer(ask, 200, HTML, linked.replaceAll("&b=", "&amp;b="));
    },
  });
}

describe.concurrent("sessions in links", () => {
  test.each(Object.entries(FORMS))(
    "two crawls of articles whose links have a session give the same entries: %s",
    async (_, form) => {
      const server = await startOffice(form);
      const out = join(scratch(), "out");
      try {
        const runs = [];
        const read = (path: string) => readFileSync(join(out, path), "utf8");
        for (let run = 0; run < 2; run++) {
          const { code, stderr } = await crawlFrom(`${server.origin}${LIST}`, out);
          expect(code, stderr).toBe(0);
          const { data } = JSON.parse(read("entries.jsonl").split("\n")[0] ?? "");
          expect(data.aliases).toEqual([]);
          const files = ["entries.jsonl", "ledger.jsonl", "redirects.csv"].map(read);
          expect(files.join("")).not.toMatch(/sid=|sess|CFID|zug=|[?;]t=|token=|\?a=/i);
          runs.push(files);
        }
        expect(runs[1]).toEqual(runs[0]);
        expect(read("entries.jsonl").trim().split("\n")).toHaveLength(6);
        expect(existsSync(join(out, "quarantine"))).toBe(false);
      } finally {
        await server.close();
      }
    },
  );

  test("a parameter that tells the articles apart stays, though it is another one each time", async () => {
    const server = await startOffice(
      (session) => (link) =>
        link.replace(/story-(\d+)$/, (_, number) => `story?id=${session}${number}`),
    );
    const out = join(scratch(), "out");
    try {
      const { code } = await crawlFrom(`${server.origin}${LIST}`, out);
      expect(code).not.toBe(0);
      const { notes } = JSON.parse(readFileSync(join(out, "account.json"), "utf8"));
      expect(notes.join()).toContain("every response has another id in the links of the list");
    } finally {
      await server.close();
    }
  });

  test("a parameter that stays the same in every response is part of the URL", async () => {
    const server = await startOffice(() => added("theme=classic"));
    const out = join(scratch(), "out");
    try {
      const { code, stderr } = await crawlFrom(`${server.origin}${LIST}`, out);
      expect(code, stderr).toBe(0);
      expect(readFileSync(join(out, "ledger.jsonl"), "utf8")).toContain("?theme=classic");
    } finally {
      await server.close();
    }
  });
});
