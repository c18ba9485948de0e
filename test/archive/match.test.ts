/** Renamed articles: one entry under a new URL, in real archives. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { verifyArchive } from "../../src/archive/verify/verify.js";
import { openArchive } from "../../src/archive/write/archive.js";
import type { Entry } from "../../src/model.js";
import type { Run } from "../../src/schema/run-report.js";
import { entryId } from "../../src/url/url.js";
import { contentsOf, temporaryFolder } from "./folders.js";
import { entry, OPTIONS, runOf, SITE } from "./samples.js";

/** An article at `/<name>`, with the id that a crawl would give it. */
function at(name: string, aliases: readonly string[] = [], title = "Title"): Entry {
  const sourceUrl = `${SITE}/${name}`;
  const id = entryId(sourceUrl);
  const full = aliases.map((alias) => `${SITE}/${alias}`);
  return entry(name, { id, sourceUrl, aliases: full, title }, { id });
}

async function crawl(folder: string, given: readonly Entry[], run: Run = runOf(given)) {
  const archive = await openArchive(folder, OPTIONS);
  for (const one of given) await archive.entry(one);
  return archive.commit(run).finally(() => archive.close());
}

/** URL, id and aliases of every entry, without the host. */
async function entriesOf(folder: string) {
  const lines = (await readFile(join(folder, "entries.jsonl"), "utf8")).trimEnd().split("\n");
  const found = lines.map((line) => JSON.parse(line) as { id: string; data: Entry["data"] });
  return Object.fromEntries(
    found.map(({ id, data }) => {
      const aliases = data.aliases.map((alias) => alias.slice(SITE.length + 1));
      expect(data.id).toBe(id);
      return [data.sourceUrl.slice(SITE.length + 1), [id, ...aliases]];
    }),
  );
}

const idOf = (name: string) => entryId(`${SITE}/${name}`);

/** Each line: the article's URL and its aliases, run after run. */
const STORIES: readonly {
  readonly what: string;
  readonly runs: readonly (readonly Entry[])[];
  readonly moved?: readonly { from: string; to: string }[];
  readonly end: Readonly<Record<string, readonly string[]>>;
  readonly renamed?: number;
}[] = [
  {
    what: "an article keeps its id when its URL redirects to a new one",
    runs: [[at("old")], [at("new", ["old"])]],
    end: { new: [idOf("old"), "old"] },
    renamed: 1,
  },
  {
    what: "an article keeps its id when its URL changes and its short link stays",
    runs: [[at("old", ["node/1"])], [at("new", ["node/1"])]],
    end: { new: [idOf("old"), "node/1", "old"] },
    renamed: 1,
  },
  {
    what: "an article keeps its id through two renames and an unchanged run",
    runs: [
      [at("a", ["node/1"])],
      [at("b", ["node/1"])],
      [at("c", ["node/1"])],
      [at("c", ["node/1"])],
    ],
    end: { c: [idOf("a"), "a", "b", "node/1"] },
    renamed: 0,
  },
  {
    what: "an article keeps its id when it returns to its first URL",
    runs: [[at("a", ["node/1"])], [at("b", ["node/1"])], [at("a", ["node/1"])]],
    end: { a: [idOf("a"), "b", "node/1"] },
    renamed: 1,
  },
  {
    what: "an article is matched by its URL before its short link, and a short link of two URLs follows the page",
    runs: [
      [at("a", ["node/1"]), at("b", ["node/2"])],
      [at("c", ["node/1"]), at("a", ["node/2"])],
    ],
    end: {
      a: [idOf("a"), "node/2"],
      b: [idOf("b"), "node/2"],
      c: [idOf("c"), "node/1"],
    },
  },
  {
    what: "a new article at a URL that another has left gets an id of its own",
    runs: [
      [at("a", ["node/1"])],
      [at("b", ["node/1"])],
      [at("b", ["node/1"]), at("a", ["node/2"])],
    ],
    end: { a: [entryId(`${SITE}/a#2`), "node/2"], b: [idOf("a"), "node/1"] },
  },
  {
    what: "an article keeps its id when its old URL redirects and no row names it any more",
    runs: [[at("old")], [at("new")]],
    moved: [{ from: `${SITE}/old`, to: `${SITE}/new` }],
    end: { new: [idOf("old"), "old"] },
    renamed: 1,
  },
  {
    what: "an alias that all articles share matches none of them",
    runs: [[at("a", ["front"]), at("b", ["front"])], [at("c", ["front"])]],
    end: {
      a: [idOf("a"), "front"],
      b: [idOf("b"), "front"],
      c: [idOf("c"), "front"],
    },
    renamed: 0,
  },
];

const NAMED = STORIES.map((one) => [one.what, one] as const);

describe("matching articles of one run with entries of earlier runs", () => {
  it.each(NAMED)("%s", async (_, { runs, moved = [], end, renamed }) => {
    const folder = await temporaryFolder();
    let account = await crawl(folder, []);
    for (const [turn, given] of runs.entries()) {
      const last = turn === runs.length - 1 ? { moved } : {};
      account = await crawl(folder, given, { ...runOf(given), ...last });
    }
    expect(await entriesOf(folder)).toEqual(end);
    if (renamed !== undefined) expect(account.entries.renamed).toBe(renamed);
    expect(account.balance).toEqual([]);
    expect((await verifyArchive(folder)).findings).toEqual([]);
    const before = await contentsOf(folder);
    const again = await crawl(folder, runs.at(-1) ?? []);
    expect(await contentsOf(folder)).toEqual(before);
    expect(again.entries).toMatchObject({ new: 0, edited: 0, renamed: 0 });
  });

  it("redirects.csv leads the old path of a renamed article to its file", async () => {
    const folder = await temporaryFolder();
    await crawl(folder, [at("old", ["node/1"])]);
    await crawl(folder, [at("new", ["node/1"])]);
    expect(await readFile(join(folder, "redirects.csv"), "utf8")).toBe(
      [
        "old path,new path,status",
        "/new,/content/en/2021/new,301",
        "/node/1,/content/en/2021/new,301",
        "/old,/content/en/2021/new,301",
        "",
      ].join("\r\n"),
    );
  });

  it("an entry whose URL is listed but failed keeps its id when a new article takes its old URL", async () => {
    const folder = await temporaryFolder();
    await crawl(folder, [at("a", ["node/1"])]);
    await crawl(folder, [at("b", ["node/1"])]);
    const given = [at("a", ["node/2"])];
    const failed = { url: `${SITE}/b`, state: "failed", reason: "500", listedOn: ["x"] } as const;
    await crawl(folder, given, runOf(given, [failed]));
    expect(await entriesOf(folder)).toEqual({
      a: [entryId(`${SITE}/a#2`), "node/2"],
      b: [idOf("a"), "a", "node/1"],
    });
    expect((await verifyArchive(folder)).findings).toEqual([]);
  });

  it("matching does not depend on the order in which entries arrive", async () => {
    const [one, other] = [await temporaryFolder(), await temporaryFolder()];
    const first = [at("a", ["node/1"]), at("b", ["node/2"]), at("c", ["node/3"])];
    const next = [at("a", ["node/9"]), at("x", ["node/1"]), at("y", ["b"]), at("c", ["node/3"])];
    await crawl(one, first);
    await crawl(one, next);
    await crawl(other, first.toReversed());
    await crawl(other, next.toReversed());
    const ledgerless = async (folder: string) => {
      const { "ledger.jsonl": _, "archive.json": __, ...files } = await contentsOf(folder);
      return files;
    };
    expect(await ledgerless(other)).toEqual(await ledgerless(one));
  });

  it("a dry run matches renamed articles too", async () => {
    const folder = await temporaryFolder();
    await crawl(folder, [at("old", ["node/1"]), at("same", ["node/2"])]);
    await crawl(folder, [at("new", ["node/1"]), at("same", ["node/2"])]);
    const archive = await openArchive(folder, { ...OPTIONS, dryRun: true });
    const given = [at("new", ["node/1"]), at("same", ["node/2"], "Edited")];
    for (const one of given) await archive.entry(one);
    const { entries } = await archive.commit(runOf(given));
    expect(entries).toMatchObject({ new: 0, edited: 1, unchanged: 1, renamed: 0 });
  });
});
