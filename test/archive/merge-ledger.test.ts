import { describe, expect, it } from "vitest";
import type { ArchivedEntry } from "../../src/archive/nouns.js";
import { mergeLedger } from "../../src/archive/write/merge-ledger.js";
import type { Outcome } from "../../src/model.js";
import type { RunOutcome } from "../../src/schema/run-report.js";

type Listed = Pick<ArchivedEntry, "id" | "sourceUrl" | "aliases">;

const held = (id: string, url = id, aliases: string[] = []): Listed => ({
  id,
  sourceUrl: url,
  aliases,
});
const line = (
  url: string,
  state: Outcome["state"],
  more: Partial<RunOutcome> = {},
): RunOutcome => ({
  url,
  state,
  listedOn: ["list#1"],
  ...more,
});
const lost = { reason: "no longer listed", listedOn: [] };
const unread = { reason: "the listing was not read to its end", listedOn: [] };

/** Before: entry `a` was written, and `b` was a duplicate of it. */
const a = held("a");
const before = [line("a", "written", { entry: "a" }), line("b", "duplicate", { entry: "a" })];

const CASES: readonly {
  readonly what: string;
  readonly complete: boolean;
  readonly outcomes: readonly RunOutcome[];
  readonly written?: readonly Listed[];
  readonly earlier?: readonly Listed[];
  readonly before?: readonly Outcome[];
  readonly ledger: readonly Outcome[];
  readonly kept: readonly string[];
}[] = [
  {
    what: "a complete run that no longer lists an entry marks it gone, and keeps it",
    complete: true,
    outcomes: [],
    ledger: [
      line("a", "gone", { ...lost, entry: "a" }),
      line("b", "gone", { ...lost, entry: "a" }),
    ],
    kept: ["a"],
  },
  {
    what: "an interrupted run does not mark an unlisted entry gone",
    complete: false,
    outcomes: [],
    ledger: [
      line("a", "not-reached", { ...unread, entry: "a" }),
      line("b", "not-reached", { ...unread, entry: "a" }),
    ],
    kept: ["a"],
  },
  ...(["failed", "rejected", "excluded", "not-reached"] as const).map((state) => ({
    what: `a line in state ${state} names the entry that the archive keeps`,
    complete: true,
    outcomes: [line("a", state, { reason: "x", status: 500 }), line("b", "failed")],
    ledger: [{ ...line("a", state), reason: "x", entry: "a" }, line("b", "failed")],
    kept: ["a"],
  })),
  ...[404, 410].map((status) => ({
    what: `a response of ${status} marks a kept entry gone`,
    complete: true,
    outcomes: [
      line("a", "failed", { reason: `status ${status}`, status }),
      line("b", "failed", { status }),
    ],
    ledger: [line("a", "gone", { reason: `status ${status}`, entry: "a" }), line("b", "failed")],
    kept: ["a"],
  })),
  {
    what: "an entry whose URL now leads to another is replaced",
    complete: true,
    outcomes: [line("a", "written", { entry: "n" })],
    written: [held("n", "new")],
    ledger: [line("a", "written", { entry: "n" }), line("b", "gone", lost)],
    kept: [],
  },
  {
    what: "an entry whose URL is an alias of a new one is replaced",
    complete: true,
    outcomes: [line("new", "written", { entry: "n" })],
    written: [held("n", "new", ["a"])],
    ledger: [
      line("a", "duplicate", { reason: "of new", entry: "n", listedOn: [] }),
      line("b", "gone", lost),
      line("new", "written", { entry: "n" }),
    ],
    kept: [],
  },
  {
    what: "a gone entry that returns is written",
    complete: true,
    outcomes: [line("a", "written", { entry: "a" })],
    written: [a],
    earlier: [],
    before: [line("a", "gone", { ...lost, entry: "a" })],
    ledger: [line("a", "written", { entry: "a" })],
    kept: [],
  },
  {
    what: "earlier lines keep their last state when the listing was not read to its end",
    complete: false,
    outcomes: [],
    earlier: [],
    before: [
      line("f", "failed", { reason: "500" }),
      line("r", "rejected"),
      line("g", "gone", { reason: "410", listedOn: [] }),
    ],
    ledger: [
      line("f", "failed", { reason: "500" }),
      line("g", "gone", { reason: "410", listedOn: [] }),
      line("r", "rejected"),
    ],
    kept: [],
  },
  {
    what: "earlier lines are gone when the listing was read to its end",
    complete: true,
    outcomes: [],
    earlier: [],
    before: [
      line("f", "failed", { reason: "500" }),
      line("r", "rejected"),
      line("g", "gone", { reason: "410", listedOn: [] }),
    ],
    ledger: [
      line("f", "gone", lost),
      line("g", "gone", { reason: "410", listedOn: [] }),
      line("r", "gone", lost),
    ],
    kept: [],
  },
  {
    what: "an entry without a line in the ledger gets one",
    complete: true,
    outcomes: [line("u", "failed")],
    earlier: [held("u"), held("v")],
    before: [],
    ledger: [line("u", "failed", { entry: "u" }), line("v", "gone", { ...lost, entry: "v" })],
    kept: ["u", "v"],
  },
];

const NAMED = CASES.map((one) => [one.what, one] as const);

describe("mergeLedger", () => {
  it.each(NAMED)(
    "%s",
    (_, { complete, outcomes, written = [], earlier = [a], ledger, kept, ...given }) => {
      const merged = mergeLedger({ outcomes, complete }, written, earlier, given.before ?? before);
      expect(merged.ledger).toEqual(ledger);
      expect(merged.kept.map(({ id }) => id)).toEqual(kept);
      expect(merged.carried).toBe(ledger.length - outcomes.length);
    },
  );

  it.each(NAMED)(
    "mergeLedger gives the same a second time: %s",
    (_, { complete, outcomes, written = [], earlier = [a], ledger, kept }) => {
      const still = earlier.filter(({ id }) => kept.includes(id));
      expect(mergeLedger({ outcomes, complete }, written, still, ledger).ledger).toEqual(ledger);
    },
  );

  it("mergeLedger sorts the ledger in code unit order and drops the status of responses", () => {
    const { ledger } = mergeLedger(
      {
        outcomes: [
          line("\u00e9", "failed", { status: 500 }),
          line("Z", "failed"),
          line("a", "failed"),
        ],
        complete: true,
      },
      [],
      [],
      [],
    );
    expect(ledger.map(({ url }) => url)).toEqual(["Z", "a", "\u00e9"]);
    expect(JSON.stringify(ledger)).not.toContain("500");
  });
});

describe("mergeLedger of a run of some languages", () => {
  const earlier = [
    { ...held("en1"), language: "en" },
    { ...held("fr1"), language: "fr-FR" },
  ];
  const known = [
    line("en1", "written", { entry: "en1", listedOn: ["en#1"] }),
    line("fr1", "written", { entry: "fr1", listedOn: ["fr#1"] }),
    line("fr2", "rejected", { reason: "data.title: is empty", listedOn: ["fr#2"] }),
  ];

  it("a run of one language changes no ledger line of other languages", () => {
    const { ledger, kept } = mergeLedger(
      { outcomes: [], complete: true, languages: ["en"] },
      [],
      earlier,
      known,
    );
    expect(ledger).toEqual([line("en1", "gone", { ...lost, entry: "en1" }), ...known.slice(1)]);
    expect(kept.map(({ id }) => id)).toEqual(["en1", "fr1"]);
  });

  it("a run of all languages changes the ledger lines of all", () => {
    const run = { outcomes: [], complete: true, languages: null };
    const { ledger } = mergeLedger(run, [], earlier, known);
    expect(ledger.map(({ state }) => state)).toEqual(["gone", "gone", "gone"]);
  });
});

it("an article that an override excludes leaves the archive, whatever an earlier run stored", () => {
  const reason = "override: no longer wanted";
  const outcomes = [line("a", "excluded", { reason, withdrawn: true })];
  const { ledger, kept } = mergeLedger({ outcomes, complete: true }, [], [a], before.slice(0, 1));
  expect(ledger).toEqual([line("a", "excluded", { reason })]);
  expect(kept.map(({ id }) => id)).toEqual([]);
});
