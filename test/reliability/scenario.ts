/** One way in which a site goes wrong, and what must come of it when it is crawled. */
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { type Crawled, crawlFrom, type HereOptions } from "../commands/here.js";
import { type Scenario, startFaultServer } from "../fault-server.js";
import { readLedger } from "./cli.js";
import { FaultyOffice, html, LIST, type OfficeShape } from "./office.js";

/** What goes wrong: scenarios by path, which may ask the office for its proper response. */
type Faults = (office: FaultyOffice) => Readonly<Record<string, Scenario>>;

export interface Case {
  readonly shape?: Partial<OfficeShape>;
  readonly options?: HereOptions;
  readonly faults: Faults;
  readonly code: number;
  /** How many URLs end in each state. */
  readonly states: Readonly<Record<string, number>>;
  /** What each gap of the account says. */
  readonly gaps?: RegExp;
  /** What the account says of what is not a gap. */
  readonly notes?: RegExp;
  /** What the reason of every URL that was not written says. */
  readonly reason?: RegExp;
  /** Most requests beside those of articles and robots.txt; twelve are two passes and some attempts. */
  readonly most?: number;
}

/** Something once or some times, and afterwards what is right. */
export const first =
  (times: number, wrong: Scenario, office: FaultyOffice): Scenario =>
  (ask) =>
    ask.times <= times ? wrong(ask) : office.answer(ask);

/** Crawls the office with its faults, and checks what the case says. */
export async function checkCase(one: Case): Promise<Crawled> {
  const office = new FaultyOffice(one.shape);
  const server = await startFaultServer({
    "/robots.txt": html("", 404),
    "*": (ask) => office.answer(ask),
    ...one.faults(office),
  });
  // Scenarios run several at a time, where the hooks of the runner know no single test.
  const folder = await mkdtemp(join(tmpdir(), "sitelift-reliability-"));
  try {
    const out = join(folder, "out");
    const run = await crawlFrom(`${server.origin}${LIST}`, out, one.options);
    const states: Record<string, number> = {};
    const ledger = await readLedger(out);
    for (const { state } of ledger) states[state] = (states[state] ?? 0) + 1;
    expect({ code: run.code, states, stderr: run.stderr }).toMatchObject({
      code: one.code,
      states: one.states,
    });
    expect(states).toEqual(one.states);
    // A crawl that was refused leaves nothing, not even the folder that it made.
    expect(existsSync(out)).toBe(one.code !== 5);
    const gaps = run.end?.gaps ?? [];
    expect(gaps.length > 0).toBe(one.gaps !== undefined);
    for (const gap of gaps) expect(gap).toMatch(one.gaps ?? /^$/);
    if (one.notes !== undefined) {
      const { notes } = JSON.parse(readFileSync(join(out, "account.json"), "utf8"));
      expect(notes.join("\n")).toMatch(one.notes);
    }
    if (one.reason !== undefined)
      for (const { state, reason } of ledger)
        if (state !== "written") expect(reason).toMatch(one.reason);
    const others = server.asked.filter(({ path }) => !/^.robots.txt$|story-/.test(path));
    expect(others.length).toBeLessThanOrEqual(one.most ?? 12);
    return run;
  } finally {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}
