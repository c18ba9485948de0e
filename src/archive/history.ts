/**
 * The runs of an archive, as the heads of its snapshots tell them: what is before their entries is short. And what follows
 * from them: history.csv, a line for each run, and badge.json, the last one for shields.io.
 */
import { join } from "node:path";
import { z } from "zod";
import { type Disk, unless } from "../disk/disk.js";
import { decodeText, readChunks, readText } from "../disk/read.js";
import { timestampOf } from "../disk/timestamp.js";
import { EXIT, type ExitCode } from "../error.js";
import { STATES } from "../model.js";
import { RECORDED, type RecordedChanges, type Snapshot, snapshot } from "../schema/snapshot.js";
import { count, jsonText, parseJson } from "../text.js";
import { csvLine } from "./csv.js";
import { RUN_FILES, SNAPSHOTS } from "./layout.js";
import { isSnapshotPath, snapshotPaths } from "./snapshots.js";

/** A run, without the entries that it left. */
export type PastRun = Omit<Snapshot, "entries" | "sha256">;

/** A run of which it is known what it changed. */
export type ChangingRun = PastRun & { readonly changes: RecordedChanges };

const head = z.object({ ...snapshot.omit({ entries: true, sha256: true }).shape });

/** Every run, oldest first. A damaged snapshot is passed over: `verify` reports it. */
export async function readHistory(root: string, disk: Disk): Promise<PastRun[]> {
  const runs: PastRun[] = [];
  for (const path of await snapshotPaths(root, disk)) {
    const parsed = head.safeParse(parseJson(`${await headOf(join(root, path), disk)}\n}`));
    if (parsed.success) runs.push(parsed.data);
  }
  return runs;
}

/** The text of a snapshot before its entries. */
async function headOf(path: string, disk: Disk): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of readChunks(path, disk)) {
    pieces.push(piece);
    // A character may be cut off where a piece ends, and is whole when the next one is there.
    const text = Buffer.concat(pieces).toString("utf8");
    const end = text.indexOf(',\n  "entries": [');
    if (end !== -1) return decodeText(Buffer.from(text.slice(0, end)));
  }
  return "";
}

/** When the pages of a run were fetched. */
export function whenOf({ captured, time }: PastRun): string {
  return captured ?? time;
}

/** Rows of the last whole run whose yield was not in doubt; null when none is known. */
export function rowsBefore(runs: readonly PastRun[]): number | null {
  const last = runs.findLast(({ complete, interrupted, changes }) => {
    return complete && !interrupted && changes?.rows != null && changes.isFewer !== true;
  });
  return last?.changes?.rows ?? null;
}

/** Runs that changed something, oldest first. The first whole one is a beginning, and no change. */
export function changingRuns(runs: readonly PastRun[]): ChangingRun[] {
  return runs.filter(
    (run): run is ChangingRun =>
      run.changes !== undefined &&
      !run.changes.isFirst &&
      Object.values(run.changes.counts).some((n) => n > 0),
  );
}

/** A line of history.csv whose snapshot is missing or damaged, and the path that it has. */
export interface LostRun {
  readonly time: string;
  readonly path: string;
  readonly line: string;
}

/** history.csv as it is: the lines of known runs, and those of lost ones. Null where there is none. */
export async function storedHistory(root: string, runs: readonly PastRun[], disk: Disk) {
  const text = await readText(join(root, RUN_FILES.history), disk).catch(unless("ENOENT"));
  if (text === undefined) return null;
  const known = new Set(runs.map(({ time }) => time));
  const lost: LostRun[] = [];
  const lines = text.split(/(?<=\n)/).filter((line) => {
    const [time = ""] = line.split(",", 1);
    const path = `${SNAPSHOTS}/${timestampOf(time)}.json`;
    const isLost = isSnapshotPath(path) && !known.has(time);
    // The last one may be cut off.
    if (isLost) lost.push({ time, path, line: line.endsWith("\n") ? line : `${line}\r\n` });
    return !isLost;
  });
  return { lines: lines.join(""), lost };
}

/** history.csv. @param lost lines that are kept, since nothing else says any more what these runs came to */
export function renderHistory(runs: readonly PastRun[], lost: readonly LostRun[] = []): string {
  const head = ["time", "captured", "complete", "interrupted", "generator", "rules", "entries"];
  const cells = (run: PastRun) => [
    run.time,
    whenOf(run),
    run.complete,
    run.interrupted,
    run.generator,
    run.rules?.slice(0, 12) ?? "",
    run.changes?.entries ?? "",
    run.counts.listed,
    ...STATES.map((state) => run.counts[state]),
    ...RECORDED.map((kind) => run.changes?.counts[kind] ?? ""),
  ];
  const kinds = RECORDED.map((kind) => (kind === "gone" ? "newly gone" : kind));
  const lines = runs.map((run) => ({ time: run.time, line: csvLine(cells(run).map(String)) }));
  for (const one of lost) {
    // Runs are in their order, also where the clock was set back between two.
    const next = lines.findIndex(({ time }) => time > one.time);
    lines.splice(next === -1 ? lines.length : next, 0, one);
  }
  const first = csvLine([...head, "listed", ...STATES, ...kinds]);
  return [first, ...lines.map(({ line }) => line)].join("");
}

/** Colours by exit code: https://shields.io/badges/endpoint-badge. */
const COLOURS: Readonly<Record<number, string>> = {
  0: "brightgreen",
  1: "yellow",
  3: "orange",
  130: "lightgrey",
};

/** The exit code of the run that wrote a badge: null where the text is none of ours. A red one is of a drift: other runs leave none. */
export function exitCodeOfBadge(text: string | null): ExitCode | null {
  const colour = /"color": "(\w+)"/.exec(text ?? "")?.[1];
  if (colour === "red") return EXIT.drift;
  const codes = Object.values(EXIT);
  return codes.find((code) => COLOURS[code] !== undefined && COLOURS[code] === colour) ?? null;
}

/** The message has the day: a badge that nobody renews any more shows it. */
export function renderBadge(run: PastRun, exitCode: number): string {
  const entries = run.changes?.entries ?? run.counts.written;
  const badge = {
    schemaVersion: 1,
    label: run.site,
    message: `${count(entries, "article")}, ${whenOf(run).slice(0, 10)}`,
    color: COLOURS[exitCode] ?? "red",
  };
  return jsonText(badge);
}
