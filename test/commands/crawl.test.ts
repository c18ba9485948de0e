import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { OFFICE_PATH, type RunningOffice, startOffice } from "../../fixtures/office/server.js";
import type { SiteInput } from "../../src/site/site.js";
import { FEW, FEWER, hashes } from "../capture/office.js";
import { crawlHere } from "./here.js";
import { type Ended, events, scratch, sitelift, siteliftProcess } from "./sitelift.js";

function endOf({ stdout }: Ended) {
  return events(stdout).at(-1) as {
    event: string;
    exitCode: number;
    counts: Record<string, number>;
    entries: Record<string, number>;
  };
}

/** Serves a small office on a loopback port, with a site file for it in the working folder. */
async function withOffice(
  cwd: string,
  site: Partial<SiteInput>,
  run: (office: RunningOffice) => Promise<void>,
): Promise<void> {
  const office = await startOffice({ edits: FEWER });
  const { fields, ...more } = site;
  const start = `${office.origin}${OFFICE_PATH}`;
  const input = {
    name: "office",
    preset: "drupal7",
    start,
    politeness: { delay: 0, concurrency: 4 },
    requisites: "none",
    fields: { date: { formats: ["M/d/yyyy"] }, ...fields },
    ...more,
  };
  writeFileSync(join(cwd, "site.json"), JSON.stringify(input));
  try {
    await run(office);
  } finally {
    await office.close();
  }
}

describe("the demonstration", () => {
  let cwd: string;
  let first: Ended;
  beforeAll(async () => {
    cwd = scratch();
    first = await sitelift(["demo"], { cwd });
  });

  test("crawl of the demonstration writes output/demo and prints where to look", () => {
    expect(first.exitCode, first.stderr).toBe(0);
    expect(first.stdout).toContain("70 articles listed on 10 listing pages");
    expect(first.stdout).toContain("written         70  (70 new, 0 edited, 0 unchanged)");
    expect(first.stdout).toContain("npx sitelift verify output/demo");
    const manifest = JSON.parse(readFileSync(join(cwd, "output/demo/archive.json"), "utf8"));
    expect(manifest.counts).toMatchObject({ listed: 70, written: 70, failed: 0 });
  });

  test("verify accepts the archive of the demonstration", async () => {
    const { exitCode, stdout } = await sitelift(["verify", "output/demo"], { cwd });
    expect(stdout).toContain("checks out");
    expect(exitCode).toBe(0);
  });

  test("verify finds a damaged file in the archive of the demonstration", async () => {
    writeFileSync(join(cwd, "output/demo/redirects.csv"), "source,target,status\r\n");
    const { exitCode, stdout } = await sitelift(["verify", "output/demo", "--json"], { cwd });
    expect(exitCode).toBe(1);
    expect(events(stdout).find(({ event }) => event === "finding")).toMatchObject({
      path: "redirects.csv",
    });
  });
});

describe("crawl", () => {
  test("crawl writes the same bytes in every time zone and locale, and a second one of an unchanged site rewrites no entry", async () => {
    const cwd = scratch();
    await withOffice(cwd, {}, async () => {
      for (const [out, TZ, LC_ALL] of [
        ["here", "Pacific/Kiritimati", "ar_EG.UTF-8"],
        ["there", "America/Anchorage", "tr_TR.UTF-8"],
      ] as const) {
        const env = { TZ, LC_ALL, LANG: LC_ALL };
        const args = ["crawl", "site.json", "--out", out];
        const { exitCode, stderr } = await siteliftProcess(args, { cwd, env });
        expect(exitCode, stderr).toBe(0);
      }
      const folder = join(cwd, "here");
      const before = hashes(folder);
      expect(hashes(join(cwd, "there"))).toEqual(before);
      const times = Object.keys(before).map((name) => statSync(join(folder, name)).mtimeMs);
      const again = await crawlHere(cwd, "here");
      expect(again.stdout).toContain(`(0 new, 0 edited, ${FEW} unchanged)`);
      expect(hashes(folder)).toEqual(before);
      expect(Object.keys(before).map((name) => statSync(join(folder, name)).mtimeMs)).toEqual(
        times,
      );
    });
  });

  test("crawl --dry-run reads everything, writes nothing and prints what it would write", async () => {
    const cwd = scratch();
    const { exitCode, stdout } = await sitelift(["crawl", "demo", "--dry-run", "--limit", "7"], {
      cwd,
    });
    expect(exitCode).toBe(0);
    expect(stdout).toContain("(7 new, 0 edited, 0 unchanged)");
    expect(stdout).toContain("nothing was written");
    expect(readdirSync(cwd)).toEqual([]);
  });

  test("crawl --json prints only JSON Lines on stdout, with the report last", async () => {
    const cwd = scratch();
    await withOffice(cwd, {}, async () => {
      const ended = await sitelift(["crawl", "site.json", "--json"], { cwd });
      expect(endOf(ended)).toMatchObject({
        event: "end",
        exitCode: 0,
        counts: { listed: FEW, written: FEW, "not-reached": 0 },
      });
      const read = events(ended.stdout).filter(({ event }) => event === "listing");
      expect(read.length).toBe(Math.ceil(FEW / 7));
      expect(ended.stderr).toContain(`${FEW} articles listed`);
    });
  });

  test("crawl --limit reads that many articles, and the ledger names the rest", async () => {
    const ended = await sitelift(["crawl", "demo", "--limit", "10", "--json"]);
    expect(endOf(ended)).toMatchObject({ exitCode: 0, counts: { written: 10 } });
    const { counts } = endOf(ended);
    expect(counts["not-reached"]).toBe((counts.listed ?? 0) - 10);
  });

  test("crawl --since excludes older articles, and the ledger names the rule", async () => {
    const cwd = scratch();
    await withOffice(cwd, {}, async () => {
      const args = ["crawl", "site.json", "--since", "2021-06-01", "--json"];
      const ended = await sitelift(args, { cwd });
      expect(endOf(ended).exitCode).toBe(0);
      expect(endOf(ended).counts.excluded).toBeGreaterThan(5);
      const ledger = readFileSync(join(cwd, "output/office/ledger.jsonl"), "utf8");
      expect(ledger).toMatch(/"state":"excluded","reason":"filter: dated 20\d\d-\d\d-\d\d, before/);
    });
  });

  test("crawl --no-articles reads only the listing", async () => {
    const cwd = scratch();
    await withOffice(cwd, {}, async (office) => {
      const bare = ["--no-articles", "--requisites", "none"];
      const ended = await sitelift(["crawl", "site.json", ...bare, "--json"], { cwd });
      expect(endOf(ended)).toMatchObject({ exitCode: 0, counts: { written: FEW } });
      const asked = new Set(office.requests.map(({ url }) => url.split("?")[0]));
      expect([...asked].sort()).toEqual([OFFICE_PATH, "/robots.txt"]);
    });
  });

  test("demo --json ends with the last event of its crawl", async () => {
    const ended = await sitelift(["demo", "--language", "fr", "--json"], { cwd: scratch() });
    expect(endOf(ended)).toMatchObject({ event: "end", exitCode: 0 });
    expect(ended.stderr).toContain("npx sitelift verify output/demo");
  });

  test.each(["fr", "ar"])(
    "crawl --language %s crawls the office in that language",
    async (language) => {
      const cwd = scratch();
      const args = ["crawl", "demo", "--language", language, "--limit", "3"];
      const { exitCode } = await sitelift(args, { cwd });
      expect(exitCode).toBe(0);
      expect(existsSync(join(cwd, `output/demo-${language}/content/${language}`))).toBe(true);
    },
  );

  test("crawl exits with findings above --max-rejected and keeps rejected entries in quarantine", async () => {
    const cwd = scratch();
    const site = { fields: { type: { values: { News: "news" } } } };
    await withOffice(cwd, site, async () => {
      const findings = await sitelift(["crawl", "site.json", "--json"], { cwd });
      expect(endOf(findings).exitCode).toBe(1);
      expect(findings.exitCode).toBe(1);
      const { rejected = 0, written = 0, listed } = endOf(findings).counts;
      expect(rejected).toBeGreaterThan(0);
      expect(written + rejected).toBe(listed);
      const folders = readdirSync(join(cwd, "output/office/quarantine"));
      expect(folders).toHaveLength(rejected);
      const kept = join(cwd, "output/office/quarantine", folders[0] ?? "");
      expect(readdirSync(kept).sort()).toEqual(["issues.json", "page.html", "record.json"]);
      expect(JSON.parse(readFileSync(join(kept, "issues.json"), "utf8"))[0]).toMatchObject({
        path: "data.type",
        raw: expect.any(String),
        selector: expect.any(String),
        hint: expect.stringContaining("fields.type.values"),
      });
      const budget = ["crawl", "site.json", "--max-rejected", `${rejected}`];
      expect((await sitelift(budget, { cwd })).exitCode).toBe(0);
      const percent = ["crawl", "site.json", "--max-rejected", "1%"];
      expect((await sitelift(percent, { cwd })).exitCode).toBe(1);
    });
  });

  test.each<[string, string[], string]>([
    ["an unknown site", ["crawl", "dmo"], 'Did you mean "demo"?'],
    ["a URL without a preset", ["crawl", "http://127.0.0.1:9/"], "--preset"],
    [
      "an unknown preset",
      ["crawl", "http://127.0.0.1:9/", "--preset", "drupl"],
      'Did you mean "drupal"?',
    ],
    ["a limit that is not a number", ["crawl", "demo", "--limit", "ten"], 'found "ten"'],
    ["a day that does not exist", ["crawl", "demo", "--since", "2021-02-30"], "2021-02-30"],
    ["a maximum that is not a number", ["crawl", "demo", "--max-rejected", "few"], 'found "few"'],
    ["an unknown option", ["crawl", "demo", "--limt", "3"], "--limit"],
    ["an unknown command", ["crwal"], "crawl"],
    ["an unknown language", ["crawl", "demo", "--language", "de"], "en, fr, ar"],
  ])("crawl refuses %s as a usage error with a hint", async (_, args, hint) => {
    const cwd = scratch();
    const { exitCode, stderr, stdout } = await sitelift(args, { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(hint);
    expect(stdout).toBe("");
    expect(readdirSync(cwd)).toEqual([]);
  });

  test("crawl of an unreachable site writes nothing", async () => {
    const cwd = scratch();
    const site = { name: "gone", preset: "drupal7", start: "http://127.0.0.1:9/articles" };
    writeFileSync(join(cwd, "gone.json"), JSON.stringify(site));
    const ended = await sitelift(["crawl", "gone.json", "--json"], { cwd });
    expect(ended.exitCode).toBe(5);
    expect(endOf(ended)).toMatchObject({ event: "end", exitCode: 5 });
    expect(ended.stderr).toMatch(
      /cannot be crawled: cannot reach the site: connection refused \(ECONNREFUSED\) \(robots\.txt is fetched first/,
    );
    expect(readdirSync(cwd)).toEqual(["gone.json"]);
  });

  test("crawl reports template drift when no selector finds rows", async () => {
    const cwd = scratch();
    await withOffice(cwd, { listing: { rows: ".card" } }, async () => {
      const { exitCode, stdout } = await crawlHere(cwd, "out");
      expect(stdout).toContain("listing.rows matched nothing on the first page");
      expect(exitCode).toBe(4);
    });
  });
});
