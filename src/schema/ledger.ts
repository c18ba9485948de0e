/** The ledger: the schema of its lines, and whether it balances. */
import { z } from "zod";
import { CODES, type Outcome, STATES, type State } from "../model.js";
import { entryId, optional, timestamp } from "./words.js";

/** One line of ledger.jsonl. */
export const outcomeLine = z
  .strictObject({
    url: z.string().min(1).describe("URL that was listed; for a row without a link, its place."),
    state: z.enum(STATES).describe("What became of it."),
    reason: optional(z.string().min(1), "Why, where the state alone does not say it."),
    code: optional(
      z.enum(CODES),
      "Of what could not be read and another run would find the same, why: the site has no such page, refuses it, sent what cannot be read, or a capture or the web archives lack it.",
    ),
    entry: optional(
      entryId,
      "Id of the entry that holds it: its own, the one it duplicates, or an earlier one.",
    ),
    lists: optional(
      z.array(z.string()),
      "Names of the lists that named it, where the site has several.",
    ),
    listedOn: z
      .array(z.string())
      .describe(
        "Each row that named it: URL of the listing page, #, place on it; for a capture of a web archive, @ and its 14 digits.",
      ),
    mementos: optional(
      z.array(
        z.strictObject({
          archive: z.string().min(1).describe("Name of the archive."),
          time: timestamp.describe("When it was captured."),
          refused: optional(z.string(), "Why it is not used; without it, it is."),
        }),
      ),
      "Captures of web archives that were tried for it, in order.",
    ),
  })
  .meta({
    $id: "urn:sitelift:ledger-line:1",
    title: "sitelift ledger.jsonl",
    description: "One line of ledger.jsonl: what became of one listed URL.",
  });

/** Something that is wrong with a whole archive or a run. */
export interface Imbalance {
  readonly code:
    | "ledger-sum"
    | "ledger-url-twice"
    | "ledger-state"
    | "ledger-entry-missing"
    | "entry-not-in-ledger";
  readonly message: string;
}

/** How many URLs ended in each state; every state is present. */
export function countStates(outcomes: Iterable<Outcome>): Record<State, number> {
  const counts = Object.fromEntries(STATES.map((state) => [state, 0])) as Record<State, number>;
  for (const { state } of outcomes) if (Object.hasOwn(counts, state)) counts[state]++;
  return counts;
}

/**
 * Checks that every listed URL ended in exactly one state, and that entries and ledger know each other.
 *
 * @param outcomes the whole ledger
 * @param listed how many URLs were listed, counted apart from the ledger
 * @param entries ids of all entries of the archive
 * @returns what does not add up; empty when all does
 */
export function checkBalance(
  outcomes: readonly Outcome[],
  listed: number,
  entries: ReadonlySet<string>,
): Imbalance[] {
  const all: Imbalance[] = [];
  const found = (code: Imbalance["code"], message: string) => all.push({ code, message });
  const counts = countStates(outcomes);
  const sum = STATES.reduce((total, state) => total + counts[state], 0);
  if (sum !== listed) found("ledger-sum", `${listed} URLs were listed, but ${sum} have a state`);
  const seen = new Set<string>();
  const held = new Set<string>();
  for (const { url, state, entry } of outcomes) {
    if (seen.has(url)) found("ledger-url-twice", `duplicate URL ${url}`);
    seen.add(url);
    if (!Object.hasOwn(counts, state)) found("ledger-state", `${url}: unknown state ${state}`);
    const needsEntry = state === "written" || state === "duplicate";
    if (entry === undefined ? needsEntry : !entries.has(entry)) {
      const what = entry === undefined ? "is not named" : `${entry} does not exist`;
      found("ledger-entry-missing", `${url} is ${state}, and its entry ${what}`);
    }
    if (entry !== undefined && state !== "duplicate") held.add(entry);
  }
  for (const id of entries)
    if (!held.has(id)) found("entry-not-in-ledger", `no line of the ledger names the entry ${id}`);
  return all;
}
