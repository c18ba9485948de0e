/** What an archive in a store says of its own runs: by its history.csv, which is short, and not by its snapshots. */
import { csvRows } from "../archive/csv.js";
import { FILES, RUN_FILES } from "../archive/layout.js";
import { type ArchiveState, NO_STATE } from "./archive-state.js";
import type { Store } from "./store.js";

/** Runs of which the number of entries is kept: the newest. */
const MOST = 60;

/** @param prefix what the keys of the archive begin with */
export async function storedState(store: Store, prefix: string): Promise<ArchiveState> {
  const bytes = await store.read(`${prefix}${RUN_FILES.history}`);
  const [head = [], ...lines] = csvRows(Buffer.from(bytes ?? []).toString("utf8"));
  const runs = lines.map((cells) => new Map(head.map((name, at) => [name, cells[at] ?? ""])));
  const number = (run: ReadonlyMap<string, string>, ...names: readonly string[]) =>
    names.reduce((sum, name) => sum + Number(run.get(name) ?? 0), 0);
  const last = runs.at(-1);
  if (last === undefined) return NO_STATE;
  const entries = number(last, "entries");
  return {
    ...NO_STATE,
    last: {
      time: last.get("time") ?? "",
      complete: last.get("complete") === "true",
      interrupted: last.get("interrupted") === "true",
      exitCode: null,
      rules: null,
    },
    changes:
      runs.length === 1
        ? { new: entries, changed: 0, gone: 0 }
        : {
            new: number(last, "added"),
            changed: number(last, "edited", "reread", "renamed"),
            gone: number(last, "newly gone"),
          },
    trend: runs
      .slice(-MOST)
      .map((run) => ({ time: run.get("captured") ?? "", entries: number(run, "entries") })),
    hasReport: (await store.list(`${prefix}${FILES.report}`)).length > 0,
  };
}
