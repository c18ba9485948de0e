/** Recorded pages against the office as it is now, over real sockets. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { type RunningOffice, startOffice, type Theme } from "../../fixtures/office/server.js";
import { events, scratch, sitelift } from "../commands/sitelift.js";

let office: RunningOffice | null = null;
afterEach(async () => {
  await office?.close();
  office = null;
});

const ARTICLE = "/news/hundred-volunteers-weigh-a-beach";
const LISTING = "/fieldoffice/harbour-islands/articles";

/** Records two pages of an office, and leaves the folder. */
async function recorded(theme: Partial<Theme> = {}): Promise<{ cwd: string; port: number }> {
  office = await startOffice({ theme });
  const { origin, port } = office;
  const cwd = scratch();
  mkdirSync(join(cwd, "cases"));
  const site = {
    name: "harbour",
    preset: "drupal7",
    start: `${origin}${LISTING}`,
    politeness: { delay: 0 },
    fields: { date: { formats: ["M/d/yyyy"] }, type: { unknownValues: "keep" } },
  };
  writeFileSync(join(cwd, "site.json"), JSON.stringify(site));
  const pages = [`${origin}${LISTING}`, `${origin}${ARTICLE}`];
  const { exitCode, stderr } = await sitelift(
    ["record", ...pages, "--site", "site.json", "--out", "cases"],
    { cwd },
  );
  expect(exitCode, stderr).toBe(0);
  return { cwd, port };
}

async function drift(cwd: string, ...args: string[]) {
  const { exitCode, stdout, stderr } = await sitelift(["drift", "cases", "--json", ...args], {
    cwd,
  });
  const seen = events(stdout);
  const classes = seen.filter(({ event }) => event === "case").map((one) => one.class);
  return { exitCode, classes, seen, stderr };
}

describe("sitelift drift", () => {
  test("drift reports an unchanged site as the same", async () => {
    const { cwd } = await recorded();
    expect(await drift(cwd)).toMatchObject({ exitCode: 0, classes: ["same", "same"] });
  });

  test("drift reports changed words separately from a changed template", async () => {
    const { cwd, port } = await recorded();
    const path = join(cwd, "cases/hundred-volunteers-weigh-a-beach/page.html");
    const text = readFileSync(path, "utf8");
    writeFileSync(path, text.replaceAll("A hundred volunteers", "Two hundred volunteers"));
    expect(await drift(cwd)).toMatchObject({ exitCode: 0, classes: ["content", "same"] });
    await office?.close();
    office = await startOffice({ port, theme: { wrappers: false } });
    const { exitCode, classes, seen } = await drift(cwd);
    expect(exitCode).toBe(4);
    expect(classes).toEqual(["content", "template"]);
    expect(JSON.stringify(seen)).toContain("matched nothing on 7 rows; it was 7 of 7");
  });

  test("drift reports a missing article as gone and a silent site as unreachable, and fails for neither", async () => {
    const { cwd, port } = await recorded();
    const about = join(cwd, "cases/hundred-volunteers-weigh-a-beach/case.json");
    writeFileSync(about, readFileSync(about, "utf8").replaceAll(ARTICLE, "/news/no-such-article"));
    expect(await drift(cwd)).toMatchObject({ exitCode: 0, classes: ["gone", "same"] });
    await office?.close();
    office = null;
    expect(port).toBeGreaterThan(0);
    const { exitCode, classes, stderr } = await drift(cwd);
    expect(classes).toEqual(["unreachable", "unreachable"]);
    expect(exitCode).toBe(0);
    expect(stderr).toContain("does not fail the run");
  }, 120_000);

  test("drift skips a page that is kept with a reason, and requires the reason", async () => {
    const { cwd, port } = await recorded();
    const about = join(cwd, "cases/listing-1/case.json");
    const text = readFileSync(about, "utf8");
    await office?.close();
    office = await startOffice({ port, theme: { wrappers: false } });
    writeFileSync(about, text.replace('"kind"', '"kept": "the old design",\n  "kind"'));
    const { exitCode, classes, seen } = await drift(cwd);
    expect(exitCode).toBe(0);
    expect(classes).toHaveLength(1);
    expect(seen.filter(({ event }) => event === "kept")).toMatchObject([
      { case: "listing-1", reason: "the old design" },
    ]);
    expect(office.requests.map(({ url }) => url)).not.toContain(LISTING);
    writeFileSync(about, text.replace('"kind"', '"kept": "",\n  "kind"'));
    expect((await drift(cwd)).seen.at(-1)).toMatchObject({ exitCode: 1, counts: { unread: 1 } });
  });

  test("drift connects to no private address that only a case names", async () => {
    const { cwd } = await recorded();
    const inside = await startOffice();
    try {
      const about = join(cwd, "cases/listing-1/case.json");
      const named = readFileSync(about, "utf8").replaceAll(office?.origin ?? "", inside.origin);
      writeFileSync(about, named);
      const { classes, seen } = await drift(cwd);
      expect(classes).toEqual(["same", "unreachable"]);
      expect(JSON.stringify(seen)).toContain("127.0.0.1 is an address which is not public");
      expect(inside.requests).toEqual([]);
    } finally {
      await inside.close();
    }
  });

  test("drift warns of old cases, and fails with --max-age-fails", async () => {
    const { cwd } = await recorded();
    const about = join(cwd, "cases/listing-1/case.json");
    const old = readFileSync(about, "utf8").replace(/"recorded": "\d{4}/, '"recorded": "2020');
    writeFileSync(about, old);
    expect((await drift(cwd, "--max-age", "90d")).exitCode).toBe(0);
    const { exitCode, seen } = await drift(cwd, "--max-age", "90d", "--max-age-fails");
    expect(exitCode).toBe(1);
    expect(seen.filter(({ event }) => event === "old")).toMatchObject([{ case: "listing-1" }]);
  });
});
