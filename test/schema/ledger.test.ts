import { describe, expect, it } from "vitest";
import type { Outcome } from "../../src/model.js";
import { checkBalance, countStates, outcomeLine } from "../../src/schema/ledger.js";

const line = (url: string, state: string, entry?: string): Outcome =>
  ({ url, state, listedOn: [], ...(entry === undefined ? {} : { entry }) }) as Outcome;

describe("checkBalance", () => {
  it.each<[what: string, outcomes: Outcome[], listed: number, entries: string[], codes: string[]]>([
    ["nothing listed balances", [], 0, [], []],
    [
      "each URL in one state balances",
      [
        line("a", "written", "x"),
        line("b", "duplicate", "x"),
        line("c", "failed"),
        line("d", "gone", "y"),
      ],
      4,
      ["x", "y"],
      [],
    ],
    ["a lost URL does not balance", [line("a", "failed")], 2, [], ["ledger-sum"]],
    [
      "a URL twice does not balance",
      [line("a", "failed"), line("a", "gone")],
      1,
      [],
      ["ledger-sum", "ledger-url-twice"],
    ],
    [
      "an unknown state does not balance",
      [line("a", "skipped")],
      1,
      [],
      ["ledger-sum", "ledger-state"],
    ],
    [
      "a state that names a member of every object does not balance",
      [line("a", "constructor")],
      1,
      [],
      ["ledger-sum", "ledger-state"],
    ],
    [
      "a written line without its entry does not balance",
      [line("a", "written")],
      1,
      [],
      ["ledger-entry-missing"],
    ],
    [
      "a duplicate of a missing entry does not balance",
      [line("a", "duplicate", "x")],
      1,
      [],
      ["ledger-entry-missing"],
    ],
    [
      "a gone line of a missing entry does not balance",
      [line("a", "gone", "x")],
      1,
      [],
      ["ledger-entry-missing"],
    ],
    [
      "an entry without a line does not balance",
      [line("a", "failed")],
      1,
      ["x"],
      ["entry-not-in-ledger"],
    ],
    [
      "an entry with duplicates only does not balance",
      [line("a", "duplicate", "x")],
      1,
      ["x"],
      ["entry-not-in-ledger"],
    ],
  ])("a ledger with %s", (_, outcomes, listed, entries, codes) => {
    const found = checkBalance(outcomes, listed, new Set(entries));
    expect(found.map(({ code }) => code)).toEqual(codes);
  });

  it("countStates counts every state, also those without a line", () => {
    expect(countStates([line("a", "failed"), line("b", "failed")])).toEqual({
      written: 0,
      duplicate: 0,
      excluded: 0,
      rejected: 0,
      failed: 2,
      gone: 0,
      "not-reached": 0,
    });
  });

  it.each([
    [{ url: "a", state: "failed", listedOn: [] }, true],
    [{ url: "a", state: "skipped", listedOn: [] }, false],
    [{ url: "a", state: "failed", listedOn: [], status: 500 }, false],
    [{ url: "", state: "failed", listedOn: [] }, false],
    [{ url: "a", state: "failed" }, false],
  ])("outcomeLine finds that line %j is valid: %s", (value, valid) => {
    expect(outcomeLine.safeParse(value).success).toBe(valid);
  });
});
