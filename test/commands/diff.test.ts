/** Snapshots and what changed, through real crawls of the demonstration office while its editors work. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import {
  type Edit,
  OFFICE_PATH,
  type RunningOffice,
  startOffice,
} from "../../fixtures/office/server.js";
import { byTimestamp, timestampIn, timestampOf } from "../../src/disk/timestamp.js";
import { FEW, FEWER } from "../capture/office.js";
import { crawlHere } from "./here.js";
import { events, scratch, sitelift, siteliftProcess } from "./sitelift.js";

const ADDED: Edit = {
  kind: "add",
  on: "2022-02-01",
  article: {
    path: "/news/a-new-pier",
    title: "A new pier",
    date: "2022-02-01",
    type: "News",
    body: "It reaches the water now.",
  },
};
const SAND = "/news/sand-that-walks";
const MATHS = "/news/maths-on-the-mudflat";
const LAMP = "/news/lamp-of-cape-merrow-lit-again";

/** Several crawls in a row. */
const SLOW = { timeout: 300_000 };

const cwd = scratch();
let office: RunningOffice;

/** Writes the site file; every crawl has its own archive folder. */
beforeAll(async () => {
  office = await startOffice({ edits: FEWER });
  const site = {
    name: "office",
    preset: "drupal7",
    start: office.origin + OFFICE_PATH,
    politeness: { delay: 0, concurrency: 4 },
    fields: { date: { formats: ["M/d/yyyy"] } },
  };
  writeFileSync(join(cwd, "site.json"), JSON.stringify(site));
});
afterAll(() => office.close());

async function crawl(out: string) {
  const ended = await crawlHere(cwd, out, { json: true });
  expect(ended.exitCode, ended.stderr).toBe(0);
  return events(ended.stdout).at(-1) as { entries: Record<string, number> };
}

async function diff(...args: string[]) {
  const { stdout, stderr, exitCode } = await sitelift(["diff", ...args, "--json"], { cwd });
  const all = events(stdout);
  const changes = all.slice(0, -1).map(({ event, url }) => [event, path(url)]);
  return { exitCode, stderr, all, changes, end: all.at(-1) as { counts: Record<string, number> } };
}

const path = (url: unknown) => String(url).slice(office.origin.length);

const lines = (name: string) =>
  readFileSync(join(cwd, name), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe("diff of an edited office", () => {
  let account: Awaited<ReturnType<typeof crawl>>;
  beforeAll(async () => {
    await crawl("a");
    // `--from` names a second: two runs of one second have one time, of which the newest counts.
    const began = timestampIn(`a/snapshots/${oldest("a")}`) ?? "";
    await vi.waitUntil(() => timestampOf(new Date().toISOString()) > began, { timeout: 5_000 });
    office.edit(
      ADDED,
      {
        kind: "change",
        on: "2022-02-02",
        path: MATHS,
        set: { title: "Maths", body: "Only this." },
      },
      { kind: "remove", on: "2022-02-02", path: SAND },
      { kind: "rename", on: "2022-02-02", path: LAMP, to: "/news/lamp" },
    );
    account = await crawl("a");
    await crawl("b");
  }, SLOW.timeout);

  test("diff reports each kind of change under its own name", async () => {
    const { changes, all, end, exitCode } = await diff("a", "--last");
    expect(changes).toEqual([
      ["added", "/news/a-new-pier"],
      ["edited", MATHS],
      ["renamed", "/news/lamp"],
      ["gone", SAND],
    ]);
    expect(exitCode).toBe(0);
    expect(end.counts).toMatchObject({ added: 1, edited: 1, renamed: 1, gone: 1, same: FEW - 3 });
    expect(all[1]).toMatchObject({
      title: "Maths",
      fields: [{ field: "title", from: "Maths on the mudflat", to: "Maths" }],
      body: expect.stringMatching(
        /^--- a\/content\/.*\n@@ .* @@\n-When the school.*\n\+Only this\.\n$/s,
      ),
    });
    expect(all[2]).toMatchObject({ from: { url: office.origin + LAMP } });
    expect(all[3]).toMatchObject({ since: expect.stringMatching(/^\d{4}-.*Z$/), into: null });
  });

  test("the report of the second run counts the same changes as diff", () => {
    expect(account.entries).toMatchObject({
      new: 1,
      edited: 1,
      renamed: 1,
      unchanged: FEW - 3,
      returned: 0,
      gone: 1,
      replaced: 0,
    });
  });

  test("a renamed article stays one entry, and both of its URLs redirect to it", () => {
    const held = lines("a/entries.jsonl").filter(({ data }) =>
      /Cape Merrow/.test(String((data as { title: string }).title)),
    );
    expect(held).toHaveLength(1);
    expect(held[0]?.data).toMatchObject({
      sourceUrl: `${office.origin}/news/lamp`,
      aliases: expect.arrayContaining([office.origin + LAMP]),
    });
    const redirects = readFileSync(join(cwd, "a/redirects.csv"), "utf8");
    const target = `/${String(held[0]?.path).replace(/\.md$/, "")}`;
    expect(redirects).toContain(`${LAMP},${target},301\r\n`);
    expect(redirects).toContain(`/news/lamp,${target},301\r\n`);
    const before = lines("a/ledger.jsonl").find(({ url }) => url === office.origin + LAMP);
    expect(before).toMatchObject({ state: "duplicate", entry: held[0]?.id });
  });

  test("the capture record of a renamed article keeps its id", async () => {
    const [, capture = ""] = readdirSync(join(cwd, "a/captures")).sort();
    const ids = lines(`a/captures/${capture}/records.jsonl`).map(({ entry }) => entry);
    const written = lines("a/ledger.jsonl").filter(({ state }) => state === "written");
    expect(ids).toEqual(written.map(({ entry }) => entry).sort());
  });

  test("an article that is gone from the site is kept in the archive", async () => {
    const line = lines("a/ledger.jsonl").find(({ url }) => url === office.origin + SAND);
    expect(line).toMatchObject({ state: "gone", reason: "no longer listed" });
    expect(lines("a/entries.jsonl").map(({ id }) => id)).toContain(line?.entry);
    const { exitCode, stdout } = await sitelift(["verify", "a"], { cwd });
    expect(exitCode, stdout).toBe(0);
  });

  test("diff prints every changed field by name, in colour when colours are on", async () => {
    const env = { FORCE_COLOR: "1" };
    const { stdout } = await siteliftProcess(["diff", "a", "--last"], { cwd, env });
    expect(stdout).toContain("\u001b[31m    - Maths on the mudflat\u001b[39m");
    const plain = await sitelift(["diff", "a", "--last"], { cwd });
    expect(plain.stdout).not.toContain("\u001b");
    expect(plain.stdout).toContain(`1 added, 1 edited, 1 renamed, 1 gone; ${FEW - 3} the same`);
  });

  test("diff --summary names both URLs of a renamed article", async () => {
    const { stdout } = await sitelift(["diff", "a", "--last", "--summary"], { cwd });
    const [, renamed = ""] = stdout.split(/^Renamed.*\n/m);
    expect(renamed.split("\n")[0]).toMatch(/^ {2}.+ \(http\S+ → http\S+\)$/);
  });

  test("diff --exit-code exits with 1 when something changed and with 0 when nothing did", async () => {
    expect((await diff("a", "--last", "--exit-code")).exitCode).toBe(1);
    expect((await diff("a", "a", "--exit-code")).exitCode).toBe(0);
  });

  test("diff compares two separately crawled archives by URL", async () => {
    await crawl("c");
    expect((await diff("b", "c")).changes).toEqual([]);
    const { changes } = await diff(`a/snapshots/${oldest("a")}`, "b");
    expect(changes).toEqual([
      ["added", "/news/a-new-pier"],
      ["edited", MATHS],
      ["renamed", "/news/lamp"],
      ["gone", SAND],
    ]);
    // What `a` keeps as gone is missing in `b`, and a link to the old URL of the renamed article
    // leads into `a`, which knew it, and out of `b`: nothing has changed since.
    expect((await diff("a", "b")).changes).toEqual([]);
  });

  test("diff accepts snapshots by file and by time", async () => {
    const first = oldest("a");
    const time = first.slice(0, 16);
    const expected = (await diff("a", "--last")).changes;
    expect((await diff(`a/snapshots/${first}`, "a")).changes).toEqual(expected);
    expect((await diff("a", "--from", time)).changes).toEqual(expected);
    expect((await diff("a", "--from", time, "--to", time)).changes).toEqual([]);
    const now = new Date().toISOString().slice(0, 4);
    expect((await diff("a", "--from", now)).changes).toEqual([]);
  });

  test("diff reports an article that is listed again as returned", SLOW, async () => {
    const other = await startOffice({ edits: FEWER });
    try {
      const site = JSON.parse(readFileSync(join(cwd, "site.json"), "utf8"));
      const start = other.origin + OFFICE_PATH;
      writeFileSync(join(cwd, "other.json"), JSON.stringify({ ...site, start }));
      const run = () => crawlHere(cwd, "d", { site: "other.json" });
      await run();
      other.edit({ kind: "remove", on: "2022-02-02", path: SAND });
      const listed = `${FEW - 1} articles listed on `;
      const asked = () => other.requests.filter(({ url }) => url === SAND).length;
      const { stdout } = await run();
      expect(stdout).toContain(listed);
      expect(stdout).toContain("listing pages, 1 URL of earlier runs");
      expect(stdout).toContain("(1 article missed for the first time)");
      // It was asked once where it is now; a later run takes it for gone.
      expect(asked()).toBe(2);
      await run();
      expect(asked()).toBe(2);
      other.edit({
        kind: "add",
        on: "2022-02-03",
        article: {
          path: SAND,
          title: "Sand",
          date: "2019-09-24",
          type: "News",
          body: "It is back.",
        },
      });
      expect((await run()).stdout).toContain(
        `(0 new, 1 edited, ${FEW - 1} unchanged, 1 of them returned)`,
      );
      const { all } = await diff("d", "--last");
      expect(all.map(({ event }) => event)).toEqual(["edited", "returned", "end"]);
    } finally {
      await other.close();
    }
  });

  test(
    "diff reports template changes apart from text changes, and ignores noise",
    SLOW,
    async () => {
      const first = await startOffice({ edits: FEWER });
      const site = JSON.parse(readFileSync(join(cwd, "site.json"), "utf8"));
      const start = first.origin + OFFICE_PATH;
      writeFileSync(join(cwd, "themes.json"), JSON.stringify({ ...site, start }));
      const run = () => crawlHere(cwd, "e", { site: "themes.json" });
      await run();
      await first.close();
      const edits: Edit[] = [
        ...FEWER,
        { kind: "change", on: "2022-02-02", path: MATHS, set: { body: "New." } },
      ];
      for (const [options, counts, hint] of [
        [{ theme: { salt: "later" } }, [0, 0], `no change; ${FEW} the same`],
        [{ theme: { wrappers: false } }, [0, FEW], `${FEW} template only; 0 the same`],
        [
          { theme: { doctype: "html5" as const }, edits },
          [1, FEW - 1],
          `1 edited, ${FEW - 1} template only`,
        ],
      ] as const) {
        const office = await startOffice({ port: first.port, edits: FEWER, ...options });
        try {
          const before = readFileSync(join(cwd, "e/provenance.jsonl"), "utf8");
          await run();
          if (counts[0] === 0 && counts[1] === 0)
            expect(readFileSync(join(cwd, "e/provenance.jsonl"), "utf8")).toBe(before);
          const { end } = await diff("e", "--last");
          expect([end.counts.edited, end.counts.template]).toEqual(counts);
          expect((await sitelift(["diff", "e", "--last"], { cwd })).stdout).toContain(hint);
        } finally {
          await office.close();
        }
      }
    },
  );

  test.each([
    [["a"], /nothing to compare/],
    [["nowhere", "a"], /there is no archive/],
    [["a/content", "a"], /neither an archive nor a snapshot/],
    [["a/snapshots/20000101T000000Z.json", "a"], /there is no snapshot/],
    [["b", "--last"], /has one snapshot, and two are needed/],
    [["a", "b", "--last"], /choose among the snapshots of one archive/],
    [["a", "--last", "--from", "2026"], /one or the other/],
    [["a", "--to", "2026"], /--to needs --from/],
    [["a", "--from", "1999-12-31"], /no snapshot as old as/],
    [["a", "--from", "yesterday"], /Expected a time such as/],
    [["a", "--from", "2026-13"], /Expected a time such as/],
    [["a", "--from", "2026-11-31"], /Expected a time such as/],
    [["a", "--from", "2026", "--to", "2026-02-29T10"], /Expected a time such as/],
    [["a", "--from", "20261130T246000Z"], /Expected a time such as/],
  ])("diff refuses %j with a reason", async (args, reason) => {
    const { exitCode, stderr } = await sitelift(["diff", ...args], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(reason);
  });

  test("diff compares an archive that has no snapshots", async () => {
    rmSync(join(cwd, "c/snapshots"), { recursive: true });
    expect((await diff(`a/snapshots/${oldest("a")}`, "c")).changes).toHaveLength(4);
    expect((await diff("c", "--last")).exitCode).toBe(2);
  });
});

function oldest(archive: string): string {
  const names = readdirSync(join(cwd, archive, "snapshots"));
  return names.filter((name) => name.endsWith(".json")).sort(byTimestamp)[0] ?? "";
}
