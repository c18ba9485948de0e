/** Ctrl-C: what is in hand is finished and kept, and a second one stops at once. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { afterEach, describe, expect, test } from "vitest";
import { systemClock } from "../../src/http/clock.js";
import { temporaryFolder } from "../archive/folders.js";
import { crawlFrom } from "../commands/here.js";
import { answer, type FaultServer, type Scenario, startFaultServer } from "../fault-server.js";
import { readLedger, siteFile, startCli } from "./cli.js";
import { FaultyOffice, HTML, html, LIST } from "./office.js";

const servers: FaultServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function begin(faults: (office: FaultyOffice) => Readonly<Record<string, Scenario>>) {
  const office = new FaultyOffice();
  let seen = () => {};
  const asked = (path: string) =>
    new Promise<void>((resolve) => {
      seen = () => {
        if (server.asked.some((one) => one.path === path)) resolve();
      };
      seen();
    });
  const scenarios: Record<string, Scenario> = {
    "/robots.txt": html("", 404),
    "*": (ask) => office.answer(ask),
    ...faults(office),
  };
  const watched = Object.entries(scenarios).map(([path, scenario]): [string, Scenario] => [
    path,
    (ask) => {
      scenario(ask);
      seen();
    },
  ]);
  const server = await startFaultServer(Object.fromEntries(watched));
  servers.push(server);
  return { start: `${server.origin}${LIST}`, asked };
}

/** Crawls in a process of its own. */
async function spawned(faults: Parameters<typeof begin>[0]) {
  const { start, asked } = await begin(faults);
  const { file, out } = await siteFile(start, { politeness: { delay: 20 } });
  const args = ["crawl", file, "--out", out, "--json"];
  return { run: startCli(args), again: () => crawlFrom(start, out), asked, out };
}

/** Crawls in this process, which takes its own signal for Ctrl-C. @returns the crawl once a path was asked for */
async function interrupted(faults: Parameters<typeof begin>[0], path: string) {
  const { start, asked } = await begin(faults);
  const out = join(await temporaryFolder(), "out");
  const run = crawlFrom(start, out, {}, { clock: systemClock });
  await asked(path);
  process.emit("SIGINT");
  return { ...(await run), out };
}

const never: Scenario = () => {};
const heldBack: Scenario = (ask) => answer(ask, 429, { ...HTML, "retry-after": "250" });

describe("Ctrl-C", () => {
  test("Ctrl-C writes what was fetched, says how to resume and exits with 130, and the next run completes the crawl", async () => {
    const { run, again, asked, out } = await spawned(() => ({}));
    // The articles of the first page alone may all be written when it ends.
    await asked(`${LIST}?page=1`);
    run.signal("SIGINT");
    const ended = await run.done;
    expect(ended.code).toBe(130);
    expect(ended.end).toMatchObject({ event: "end", exitCode: 130 });
    expect(ended.stderr).toMatch(/run the same command again to resume/);
    const states = (await readLedger(out)).map(({ state }) => state);
    expect(states.filter((state) => state === "written").length).toBeGreaterThanOrEqual(4);
    expect(new Set(states)).toEqual(new Set(["written", "not-reached"]));
    expect((await again()).code).toBe(0);
    expect((await readLedger(out)).filter(({ state }) => state === "written")).toHaveLength(21);
  });

  test("Ctrl-C keeps articles fetched after one that is still missing", async () => {
    const { code, out } = await interrupted(() => ({ "/news/story-2": never }), "/news/story-7");
    expect(code).toBe(130);
    const ledger = await readLedger(out);
    // Four are asked at a time: those before the seventh have come.
    expect(ledger.find(({ url }) => url.endsWith("story-3"))?.state).toBe("written");
    expect(ledger.find(({ url }) => url.endsWith("story-2"))?.state).toBe("not-reached");
  });

  test.each<[string, (office: FaultyOffice) => Readonly<Record<string, Scenario>>, string]>([
    ["robots.txt gets no response", () => ({ "/robots.txt": never }), "/robots.txt"],
    ["robots.txt responds with 429", () => ({ "/robots.txt": heldBack }), "/robots.txt"],
    ["the first page gets no response", () => ({ [LIST]: never }), LIST],
    ["the first page responds with 429", () => ({ [LIST]: heldBack }), LIST],
    ["an article gets no response", () => ({ "/news/story-3": never }), "/news/story-3"],
  ])("Ctrl-C ends the crawl soon although %s", async (_, faults, path) => {
    expect((await interrupted(faults, path)).code).toBe(130);
  });

  test("a second Ctrl-C stops at once, and the next run completes the crawl", async () => {
    const { run, again, asked, out } = await spawned((office) => ({
      "/news/story-3": (ask) => (ask.times > 1 ? office.answer(ask) : undefined),
    }));
    await asked("/news/story-3");
    run.signal("SIGINT");
    await run.saw("press Ctrl-C again");
    run.signal("SIGINT");
    expect((await run.done).code).toBe(130);
    expect(existsSync(join(out, "archive.json"))).toBe(false);
    expect((await again()).code).toBe(0);
    expect(JSON.parse(await readFile(join(out, "archive.json"), "utf8")).counts.written).toBe(21);
  });
});
