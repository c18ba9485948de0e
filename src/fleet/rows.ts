/** What became of each site of a fleet: a row of the table, of index.json and of index.html. Pure. */
import { z } from "zod";
import { EXIT, type ExitCode } from "../error.js";
import { count, sha256, siteName, timestamp } from "../schema/words.js";
import { type ArchiveState, HISTORY_LOST } from "./archive-state.js";
import { PERIODS } from "./file.js";
import type { FleetSite } from "./sites.js";

/** In words, from good to bad: the last that a site has is what the fleet ends with. */
const VERDICTS = {
  [EXIT.complete]: "complete",
  [EXIT.findings]: "findings",
  [EXIT.incomplete]: "incomplete",
  [EXIT.drift]: "drift",
  [EXIT.unreachable]: "unreachable",
  [EXIT.usage]: "not valid",
  [EXIT.interrupted]: "interrupted",
} as const satisfies Record<ExitCode, string>;
const FROM_GOOD_TO_BAD: readonly ExitCode[] = [0, 1, 3, 4, 5, 2, 130];

const row = z.strictObject({
  site: siteName.describe("Name of the site: the folder of its archive."),
  start: z.string().describe("Its start URL; empty where its site file is not valid."),
  host: z.string().describe("Host of the start URL."),
  every: z.enum(PERIODS).nullable().describe("How often it is due; null: every time."),
  ran: z.boolean().describe("Whether this run of the fleet crawled it."),
  due: z.string().nullable().describe("Until when it is not due; null where it was."),
  verdict: z
    .enum([...Object.values(VERDICTS), "not crawled"])
    .describe("What its last run came to, in a word."),
  exitCode: z
    .literal(FROM_GOOD_TO_BAD)
    .nullable()
    .describe("The same as `sitelift crawl` says it; null where there was no run."),
  todo: z.string().nullable().describe("What to do; null for nothing."),
  time: timestamp.nullable().describe("When the last run of its archive began."),
  entries: count.nullable().describe("Entries of its archive."),
  new: count.nullable().describe("Of them, new in its last run; null where that wrote nothing."),
  changed: count.nullable().describe("Changed by its last run."),
  gone: count.nullable().describe("Missed for the first time by its last run."),
  trend: z
    .array(z.strictObject({ time: timestamp, entries: count }))
    .describe("Entries after each of its runs, the newest last."),
  rules: sha256
    .nullable()
    .default(null)
    .describe("SHA-256 of its site file and options in its last run; null where it is not known."),
  report: z.string().nullable().describe("Path of its report.html from here; null without one."),
});
export type Row = z.output<typeof row>;

export const fleetIndex = z.strictObject({
  indexVersion: z.literal(1),
  generator: z.string().min(1).describe("Program and version."),
  time: timestamp.describe("When the run of the fleet began."),
  exitCode: z.int().describe("The worst of the sites that were crawled."),
  sites: z.array(row).describe("Every site of the fleet, in its order."),
});
export type FleetIndex = z.output<typeof fleetIndex>;

/** What a run of a site came to; of one that wrote nothing only why. */
export interface Ended {
  readonly exitCode: ExitCode;
  readonly todo: string | null;
  /** True where the archive has what the run read. */
  readonly isWritten: boolean;
}

/** @param ended null for a site that was not crawled in this run @param due until when it is not due */
export function rowOf(
  { name, start, host, every }: Pick<FleetSite, "name" | "start" | "host" | "every">,
  { last, changes, trend, hasReport }: ArchiveState,
  ended: Ended | null,
  due: string | null,
): Row {
  const exitCode = ended?.exitCode ?? last?.exitCode ?? null;
  const isKnown = ended === null || ended.isWritten;
  return {
    ...{ site: name, start, host, every, ran: ended !== null, due },
    verdict: exitCode === null ? "not crawled" : VERDICTS[exitCode],
    exitCode,
    todo: ended === null ? (exitCode === null ? null : todoOf(exitCode, name)) : ended.todo,
    time: last?.time ?? null,
    entries: trend.at(-1)?.entries ?? null,
    new: isKnown ? (changes?.new ?? null) : null,
    changed: isKnown ? (changes?.changed ?? null) : null,
    gone: isKnown ? (changes?.gone ?? null) : null,
    trend: [...trend],
    rules: null,
    report: hasReport ? `${name}/report.html` : null,
  };
}

/** The end of a run whose archive had lost its history: the next run has one again, and says nothing of it. */
export function withLoss({ exitCode, todo, isWritten }: Ended): Ended {
  const words = todo === null ? HISTORY_LOST : `${HISTORY_LOST}; ${todo}`;
  return { exitCode: exitCode || EXIT.findings, todo: words, isWritten };
}

/** What to do after a run. @param more of the run itself, such as the first selector that matches nothing */
export function todoOf(exitCode: ExitCode, name: string, more?: string): string | null {
  const because = more === undefined ? "" : `: ${more}`;
  switch (exitCode) {
    case EXIT.complete:
      return null;
    case EXIT.findings:
      return `decide what ${name}/account.md lists`;
    case EXIT.incomplete:
      return `run it again; ${name}/account.md names what is missing`;
    case EXIT.drift:
      return `mend the site file${because}`;
    case EXIT.interrupted:
      return "run it again: it goes on from there";
    default:
      return more ?? null;
  }
}

export function worstOf(rows: readonly Pick<Row, "ran" | "exitCode">[]): ExitCode {
  const codes = rows.filter(({ ran }) => ran).map(({ exitCode }) => exitCode ?? EXIT.complete);
  return FROM_GOOD_TO_BAD.findLast((code) => codes.includes(code)) ?? EXIT.complete;
}

/** `3 complete, 1 drift`: of the sites that were crawled, by verdict. */
export function sumOf(rows: readonly Row[]): string {
  const parts = FROM_GOOD_TO_BAD.flatMap((code) => {
    const n = rows.filter(({ ran, exitCode }) => ran && exitCode === code).length;
    return n === 0 ? [] : [`${n} ${VERDICTS[code]}`];
  });
  const left = rows.filter(({ ran }) => !ran);
  const later = left.filter(({ due }) => due !== null).length;
  if (later > 0) parts.push(`${later} not due`);
  if (left.length > later) parts.push(`${left.length - later} not begun`);
  return parts.join(", ");
}
