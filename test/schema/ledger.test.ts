import { describe, expect, it } from "vitest";
import type { Outcome } from "../../src/model.js";
import { checkBalance, countStates, outcomeLine } from "../../src/schema/ledger.js";

const line = (url: string, state: string, entry?: string): Outcome =>
  ({ url, state, listedOn: [], ...(entry === undefined ? {} : { entry }) }) as Outcome;

describe("the balance of a ledger", () => {
  it.each<[what: string, outcomes: Outcome[], listed: number, entries: string[], codes: string[]]>([
    ["nothing listed", [], 0, [], []],
    [
      "each address in one state",
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
    ["an address lost", [line("a", "failed")], 2, [], ["ledger-sum"]],
    [
      "an address twice",
      [line("a", "failed"), line("a", "gone")],
      1,
      [],
      ["ledger-sum", "ledger-url-twice"],
    ],
    ["an unknown state", [line("a", "skipped")], 1, [], ["ledger-sum", "ledger-state"]],
    ["a state of every object", [line("a", "constructor")], 1, [], ["ledger-sum", "ledger-state"]],
    ["written without its entry", [line("a", "written")], 1, [], ["ledger-entry-missing"]],
    ["a duplicate of nothing", [line("a", "duplicate", "x")], 1, [], ["ledger-entry-missing"]],
    ["a gone line of a lost entry", [line("a", "gone", "x")], 1, [], ["ledger-entry-missing"]],
    ["an entry without a line", [line("a", "failed")], 1, ["x"], ["entry-not-in-ledger"]],
    [
      "an entry with duplicates only",
      [line("a", "duplicate", "x")],
      1,
      ["x"],
      ["entry-not-in-ledger"],
    ],
  ])("with %s", (_, outcomes, listed, entries, codes) => {
    const found = checkBalance(outcomes, listed, new Set(entries));
    expect(found.map(({ code }) => code)).toEqual(codes);
  });

  it("counts every state, those with nothing too", () => {
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
  ])("line %j is valid: %s", (value, valid) => {
    expect(outcomeLine.safeParse(value).success).toBe(valid);
  });
});
