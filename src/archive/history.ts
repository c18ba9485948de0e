/** The runs of an archive, as the heads of its snapshots tell them: what is before their entries is short. */
import { join } from "node:path";
import { z } from "zod";
import type { Disk } from "../disk/disk.js";
import { decodeText, parseJson, readChunks } from "../disk/read.js";
import { type RecordedChanges, type Snapshot, snapshot } from "../schema/snapshot.js";
import { snapshotPaths } from "./snapshots.js";

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
