import { applyPatch } from "diff";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Change, changes } from "../../src/archive/diff/changes.js";
import { bodyPatch } from "../../src/archive/diff/fields.js";
import type { ArchiveState } from "../../src/archive/diff/states.js";
import type { EntryData, Outcome, State } from "../../src/model.js";
import type { SnapshotEntry } from "../../src/schema/snapshot.js";
import { urlKey } from "../../src/url/url.js";

const HOST = "https://office.example";

interface Sample {
  readonly id: string;
  readonly at: string;
  readonly title?: string;
  readonly body?: string;
  readonly aliases?: readonly string[];
  readonly state?: State;
  readonly page?: string | null;
  readonly picture?: string;
}

/** A state of an archive that is on no disk. */
function stateOf(
  samples: readonly Sample[],
  more: { root?: string; complete?: boolean; ledger?: readonly Outcome[] } = {},
): ArchiveState {
  const versions = new Map<string, { data: EntryData; body: string }>();
  const entries = samples.map((one): SnapshotEntry => {
    const { id, at, title = "Title", body = "Body", state = "written" } = one;
    const aliases = (one.aliases ?? []).map((alias) => `${HOST}/${alias}`);
    const media = one.picture === undefined ? [] : [{ sha256: "0123", path: one.picture }];
    const fields = one.picture === undefined ? {} : { lead: one.picture };
    const own = { id, title, sourceUrl: `${HOST}/${at}`, aliases, media, fields };
    const data = own as unknown as EntryData;
    const hash = JSON.stringify([data, body]);
    versions.set(hash, { data, body });
    return {
      id,
      hash,
      read: JSON.stringify([title, body]),
      state,
      url: data.sourceUrl,
      title,
      path: `content/${at}.md`,
      ...(one.page === undefined ? {} : { markup: { row: "row", page: one.page } }),
    };
  });
  return {
    root: "/archive",
    time: "2026-01-31T00:00:00Z",
    complete: true,
    captured: null,
    ...more,
    entries: new Map(entries.map((entry) => [entry.id, entry])),
    ledger:
      more.ledger === undefined
        ? null
        : new Map(more.ledger.map((line) => [urlKey(line.url), line])),
    read: async ({ hash }) => {
      const version = versions.get(hash);
      if (version === undefined) throw new Error(`there is no version ${hash}`);
      return version;
    },
  };
}

async function collected(before: ArchiveState, after: ArchiveState): Promise<Change[]> {
  const all: Change[] = [];
  for await (const change of changes(before, after)) all.push(change);
  return all;
}

const brief = (all: readonly Change[]) =>
  all.map((change) => {
    const more =
      change.kind === "unread"
        ? change.why
        : change.kind === "gone"
          ? (change.into?.id ?? null)
          : change.kind === "renamed"
            ? change.from.url.slice(HOST.length + 1)
            : change.kind === "edited"
              ? [
                  ...change.fields.map(({ field }) => field),
                  ...(change.body === null ? [] : ["body"]),
                ]
              : null;
    return [change.kind, change.entry.url.slice(HOST.length + 1), more];
  });

const line = (at: string, state: State, more: Partial<Outcome> = {}): Outcome => ({
  url: `${HOST}/${at}`,
  state,
  listedOn: [],
  ...more,
});
const OTHER = { root: "/other" };

const CASES: readonly {
  readonly what: string;
  readonly before: ArchiveState;
  readonly after: ArchiveState;
  readonly expected: ReturnType<typeof brief>;
}[] = [
  {
    what: "no change gives nothing",
    before: stateOf([{ id: "a", at: "a" }]),
    after: stateOf([{ id: "a", at: "a" }]),
    expected: [],
  },
  {
    what: "a new title and body are one edit",
    before: stateOf([{ id: "a", at: "a" }]),
    after: stateOf([{ id: "a", at: "a", title: "New", body: "New" }]),
    expected: [["edited", "a", ["title", "body"]]],
  },
  {
    what: "another name of the same stored file is not an edit",
    before: stateOf([{ id: "a", at: "a", picture: "media/ship-0123456789abcdef.png" }]),
    after: stateOf([{ id: "a", at: "a", picture: "media/a-boat-0123456789abcdef.png" }]),
    expected: [],
  },
  {
    what: "another file of the same name is an edit",
    before: stateOf([{ id: "a", at: "a", picture: "media/ship-0123456789abcdef.png" }]),
    after: stateOf([{ id: "a", at: "a", picture: "media/ship-fedcba9876543210.png" }]),
    expected: [["edited", "a", ["media", "fields.lead"]]],
  },
  {
    what: "a rename and an edit at once are two changes",
    before: stateOf([{ id: "a", at: "a" }]),
    after: stateOf([{ id: "a", at: "b", aliases: ["a"], title: "New" }]),
    expected: [
      ["edited", "b", ["title"]],
      ["renamed", "b", "a"],
    ],
  },
  {
    what: "archives that were crawled apart show a rename although the ids differ",
    before: stateOf([{ id: "a", at: "a", aliases: ["node/1"] }]),
    after: stateOf([{ id: "b", at: "b", aliases: ["node/1"] }], OTHER),
    expected: [["renamed", "b", "a"]],
  },
  {
    what: "one id for two articles in archives that were crawled apart is not a rename",
    before: stateOf([{ id: "x", at: "b", aliases: ["a"] }]),
    after: stateOf(
      [
        { id: "x", at: "a", title: "Another" },
        { id: "y", at: "b" },
      ],
      OTHER,
    ),
    expected: [["added", "a", null]],
  },
  {
    what: "one URL for two articles in one archive is a new article and a rename",
    before: stateOf([{ id: "x", at: "a" }]),
    after: stateOf([
      { id: "x", at: "b", aliases: [] },
      { id: "y", at: "a", title: "Another" },
    ]),
    expected: [
      ["added", "a", null],
      ["renamed", "b", "a"],
    ],
  },
  {
    what: "entries go and return, each reported once",
    before: stateOf([
      { id: "a", at: "a" },
      { id: "b", at: "b", state: "gone" },
      { id: "c", at: "c", state: "gone" },
    ]),
    after: stateOf([
      { id: "a", at: "a", state: "gone" },
      { id: "b", at: "b" },
      { id: "c", at: "c", state: "gone" },
    ]),
    expected: [
      ["gone", "a", null],
      ["returned", "b", null],
    ],
  },
  {
    what: "an article whose page failed is unread, not gone and not the same",
    before: stateOf([{ id: "a", at: "a" }]),
    after: stateOf([{ id: "a", at: "a", state: "failed" }]),
    expected: [["unread", "a", "failed"]],
  },
  {
    what: "an article that is unread has the reason of the ledger",
    before: stateOf([{ id: "a", at: "a" }]),
    after: stateOf([{ id: "a", at: "a", state: "failed" }], {
      ledger: [line("a", "failed", { reason: "status 503" })],
    }),
    expected: [["unread", "a", "failed: status 503"]],
  },
  {
    what: "an article that a later run rejected or did not reach is unread",
    before: stateOf([
      { id: "a", at: "a" },
      { id: "b", at: "b" },
    ]),
    after: stateOf([
      { id: "a", at: "a", state: "rejected" },
      { id: "b", at: "b", state: "not-reached" },
    ]),
    expected: [
      ["unread", "a", "rejected"],
      ["unread", "b", "not-reached"],
    ],
  },
  {
    what: "an article that another archive could not fetch is unread",
    before: stateOf([{ id: "a", at: "a" }]),
    after: stateOf([], { ...OTHER, ledger: [line("a", "failed", { reason: "status 503" })] }),
    expected: [["unread", "a", "failed: status 503"]],
  },
  {
    what: "an article that another archive did not reach is unread",
    before: stateOf([{ id: "a", at: "a" }]),
    after: stateOf([], { ...OTHER, ledger: [], complete: false }),
    expected: [["unread", "a", "the listing was not read to its end"]],
  },
  {
    what: "an article that another archive never listed is gone",
    before: stateOf([{ id: "a", at: "a" }]),
    after: stateOf([], { ...OTHER, ledger: [] }),
    expected: [["gone", "a", null]],
  },
  {
    what: "an entry that was merged into another is gone, and names it",
    before: stateOf([
      { id: "a", at: "a" },
      { id: "b", at: "b" },
    ]),
    after: stateOf([{ id: "a", at: "a", aliases: ["b"] }]),
    expected: [
      ["edited", "a", ["aliases"]],
      ["gone", "b", "a"],
    ],
  },
  {
    what: "a new template counts only where both archives have one and nothing was edited",
    before: stateOf([
      { id: "a", at: "a", page: "one" },
      { id: "b", at: "b", page: "one" },
      { id: "c", at: "c" },
      { id: "d", at: "d", page: "one" },
    ]),
    after: stateOf([
      { id: "a", at: "a", page: "two" },
      { id: "b", at: "b", page: null },
      { id: "c", at: "c", page: "two" },
      { id: "d", at: "d", page: "two", title: "New" },
    ]),
    expected: [
      ["edited", "d", ["title"]],
      ["template", "a", null],
    ],
  },
];

const NAMED = CASES.map((one) => [one.what, one] as const);

describe("changes", () => {
  it.each(NAMED)(
    "changes between two states of an archive: %s",
    async (_, { before, after, expected }) => {
      expect(brief(await collected(before, after))).toEqual(expected);
    },
  );
});

/** A body as a file: one line feed at the end, none where there are no lines. */
const file = (body: string) => (body === "" ? "" : `${body}\n`);
const NAMES = ["content/a.md", "content/a.md"] as const;

it("the name of a file is not part of an edit of the text beside it", async () => {
  const state = (word: string, name: string) =>
    stateOf([
      {
        id: "a",
        at: "a",
        body: `${word}\n\n![](../media/${name}.png)\n\n![](../media/lone.png)`,
        picture: `media/${name}.png`,
      },
    ]);
  const [change] = await collected(
    state("Old", "ship-0123456789abcdef"),
    state("New", "a-boat-0123456789abcdef"),
  );
  const body = change?.kind === "edited" ? (change.body ?? "") : "";
  const lines = body.split("\n").slice(2);
  expect(lines.filter((one) => /^[+-]/.test(one))).toEqual(["-Old", "+New"]);
});

describe("bodyPatch", () => {
  it("bodyPatch gives a patch that turns the old body into the new one", () => {
    const body = fc
      .array(fc.constantFrom("", "# One", "two", "three and four", "- five", "`six`"), {
        maxLength: 30,
      })
      .map((lines) => lines.join("\n").replace(/\n+$/, ""));
    fc.assert(
      fc.property(body, body, (from, to) => {
        const patch = bodyPatch(from, to, NAMES);
        if (patch === null) expect(to).toBe(from);
        else expect(applyPatch(file(from), patch)).toBe(file(to));
      }),
    );
  });

  it("bodyPatch gives a full patch in time for long bodies that have nothing in common", () => {
    const lines = (word: string) => Array.from({ length: 10_000 }, (_, at) => `${word} ${at}`);
    const [from, to] = [lines("old").join("\n"), lines("new").join("\n")];
    expect(applyPatch(`${from}\n`, bodyPatch(from, to, NAMES) ?? "")).toBe(`${to}\n`);
  });

  it("bodyPatch gives a patch from an empty body and to one", () => {
    for (const [from, to] of [
      ["", "words"],
      ["words", ""],
    ] as const)
      expect(bodyPatch(from, to, NAMES)?.split("\n").slice(3)).toEqual(
        expect.arrayContaining([from === "" ? "+words" : "-words"]),
      );
  });
});
