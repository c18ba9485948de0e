/** The recipe for cron of docs/snapshots.md, run as it is there for five months while the site changes, breaks and heals. */
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { scratch, sitelift } from "./sitelift.js";
import { serveSite } from "./small-site.js";

const RECIPE = readFileSync(resolve(import.meta.dirname, "../../docs/snapshots.md"), "utf8");
const [, line = ""] = /^0 3 1 \* \* .*? npx sitelift (.*?) >>/m.exec(RECIPE) ?? [];
const ARGS = line.split(" ");

const cwd = scratch();
const read = (path: string) => readFileSync(join(cwd, path), "utf8");
const NAMES = Array.from({ length: 12 }, (_, at) => `story-${String.fromCharCode(97 + at)}`);

const site = { listed: NAMES, isDown: false, row: "row", words: "Calm sea." };
function page(path: string): string | number {
  if (path === "/robots.txt") return 404;
  if (site.isDown) return 404;
  if (path === "/list")
    return site.listed
      .map((name) => `<li class="${site.row}"><a href="/${name}">About ${name}</a></li>`)
      .join("");
  return NAMES.includes(path.slice(1))
    ? `<article><h1>About ${path.slice(1)}</h1><p>${path === "/story-b" ? site.words : "Calm sea."}</p></article>`
    : 404;
}

let served: Awaited<ReturnType<typeof serveSite>>;
beforeAll(async () => {
  served = await serveSite(page);
  const file = {
    ...{ name: "gazette", start: served.start, politeness: { delay: 0, concurrency: 2 } },
    listing: { rows: "li.row", link: "a", next: [] },
    fields: { title: { listing: "a", article: "h1" }, body: { article: "p" } },
  };
  writeFileSync(join(cwd, "gazette.json"), JSON.stringify(file));
  writeFileSync(join(cwd, "notify.sh"), "#!/bin/sh\ncat >> notices.jsonl\nexit 7\n", {
    mode: 0o755,
  });
});
afterAll(() => served[Symbol.dispose]());
beforeEach(() => vi.useFakeTimers({ toFake: ["Date"], shouldAdvanceTime: true }));
afterEach(() => vi.useRealTimers());

/** The first of a month, at three. */
async function month(number: number) {
  vi.setSystemTime(new Date(`2026-0${number}-01T03:00:00Z`));
  const ended = await sitelift(ARGS, { cwd });
  const notices = read("notices.jsonl").trim().split("\n");
  expect(notices).toHaveLength(number);
  const notice = JSON.parse(notices.at(-1) ?? "");
  // The command of the recipe fails here, which says so and changes nothing.
  expect(ended.stderr).toContain("--notify: the command ended with 7");
  expect(notice).toMatchObject({ event: "end", exitCode: ended.exitCode });
  return { ...ended, notice, badge: () => JSON.parse(read("gazette/snapshots/badge.json")) };
}

test("the recipe for cron tells of changes, of a site that broke and of one that healed", async () => {
  expect(ARGS[0]).toBe("crawl");
  const january = await month(1);
  expect(january.exitCode, january.stdout + january.stderr).toBe(0);
  expect(january.badge()).toMatchObject({
    message: "12 articles, 2026-01-01",
    color: "brightgreen",
  });

  site.words = "A storm.";
  const february = await month(2);
  expect(february.exitCode, february.stdout).toBe(0);
  expect(february.notice.entries).toMatchObject({ edited: 1, unchanged: 11 });
  expect(read("gazette/changes.atom").match(/<title>Edited: /g)).toHaveLength(1);
  const feed = read("gazette/changes.atom");

  // The list is not there: nothing of the archive changes, and nothing is gone.
  site.isDown = true;
  const march = await month(3);
  expect(march.exitCode).toBe(5);
  expect(march.notice.error).toContain("cannot be crawled");
  expect(read("gazette/changes.atom")).toBe(feed);

  // It is there again, with half of its list: most rows have another class.
  Object.assign(site, { isDown: false, listed: NAMES.slice(0, 6) });
  const april = await month(4);
  expect(april.exitCode, april.stdout).toBe(1);
  expect(april.stdout).toContain("the list has 6 articles, and 12 in the run before (-50 %)");
  expect(april.badge().color).toBe("yellow");
  expect(read("gazette/account.md")).toContain('"finding": "fewer-rows"');

  site.listed = NAMES;
  const may = await month(5);
  expect(may.exitCode, may.stdout).toBe(0);
  expect(may.notice.entries).toMatchObject({ returned: 6 });
  expect(may.badge()).toMatchObject({ message: "12 articles, 2026-05-01", color: "brightgreen" });
  const lines = read("gazette/snapshots/history.csv").trim().split("\r\n");
  expect(lines.slice(1).map((one) => one.slice(0, 10))).toEqual([
    "2026-01-01",
    "2026-02-01",
    "2026-04-01",
    "2026-05-01",
  ]);
  vi.useRealTimers();
  const verified = await sitelift(["verify", "gazette"], { cwd });
  expect(verified.exitCode, verified.stdout).toBe(0);
  const history = read("gazette/snapshots/history.csv");
  const found = async (path: string, text: string) => {
    const before = read(path);
    writeFileSync(join(cwd, path), text);
    const { stdout } = await sitelift(["verify", "gazette", "--json"], { cwd });
    writeFileSync(join(cwd, path), before);
    const events = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    return events.filter(({ event }) => event !== "end").map(({ code, event }) => code ?? event);
  };
  // A run that ended before it wrote its line has done no damage.
  const cut = `${history.trim().split("\r\n").slice(0, -1).join("\r\n")}\r\n`;
  expect(await found("gazette/snapshots/history.csv", cut)).toEqual(["note"]);
  expect(await found("gazette/snapshots/history.csv", history.replace("12", "13"))).toEqual([
    "run-files",
  ]);
  const badge = read("gazette/snapshots/badge.json");
  expect(await found("gazette/snapshots/badge.json", badge.replace("12", "13"))).toEqual([
    "run-files",
  ]);
});
