/** What an archive says of its own runs: on a disk by its snapshots, in a store by its history.csv, which is short. */
import { join } from "node:path";
import { csvRows } from "../archive/csv.js";
import { exitCodeOfBadge, readHistory, whenOf } from "../archive/history.js";
import { FILES, RUN_FILES } from "../archive/layout.js";
import { CAPTURE_FILES, CAPTURES, captureNames } from "../capture/layout.js";
import { type Disk, explained, unless } from "../disk/disk.js";
import { REDO_LIST, STAGING } from "../disk/layout.js";
import { checkJson, readText } from "../disk/read.js";
import type { ExitCode } from "../error.js";
import { manifest } from "../schema/manifest.js";
import type { LastRun } from "./schedule.js";
import type { Store } from "./store.js";

/** Runs of which the number of entries is kept: the newest. */
const MOST = 60;

/** Short, whatever the archive holds: one of each site is kept. */
export interface ArchiveState {
  readonly last:
    | (LastRun & {
        readonly exitCode: ExitCode | null;
        /** SHA-256 of what decided how pages were read; null where it is not known. */
        readonly rules: string | null;
      })
    | null;
  /** What the last run changed; null where it is not known. */
  readonly changes: {
    readonly new: number;
    readonly changed: number;
    readonly gone: number;
  } | null;
  /** Entries after each run, the newest last. */
  readonly trend: readonly { readonly time: string; readonly entries: number }[];
  /** True where a run was cut off, and can be resumed, or where the archive is damaged. */
  readonly isUnfinished: boolean;
  /** True where there is an archive, and no snapshot that says which runs it had. */
  readonly isHistoryLost: boolean;
  readonly hasReport: boolean;
}

export const NO_STATE: ArchiveState = {
  ...{ last: null, changes: null, trend: [] },
  ...{ isUnfinished: false, isHistoryLost: false, hasReport: false },
};

export const HISTORY_LOST =
  "the archive has lost its snapshots, and so which runs it had and what they changed; restore snapshots/ from a copy";

/** @param folder of the archive, which need not be there @throws {CliError} when the disk fails */
export function readState(folder: string, disk: Disk): Promise<ArchiveState> {
  return explained(stateOf(folder, disk), folder, "read");
}

async function stateOf(folder: string, disk: Disk): Promise<ArchiveState> {
  const runs = await readHistory(folder, disk);
  const last = runs.at(-1);
  const text = async (name: string) =>
    (await readText(join(folder, name), disk).catch(unless("ENOENT"))) ?? null;
  const newest = (await captureNames(folder, disk)).at(-1);
  const names = newest === undefined ? [] : await disk.readdir(join(folder, CAPTURES, newest));
  const history = (await text(RUN_FILES.history))?.trimEnd().split("\n").at(-1);
  const isEnded = last === undefined || history?.split(",")[0] === last.time;
  const { added, edited, reread, renamed, gone } = last?.changes?.counts ?? NONE;
  return {
    last:
      last === undefined
        ? null
        : {
            time: last.time,
            complete: last.complete,
            interrupted: last.interrupted,
            rules: last.rules ?? null,
            exitCode: isEnded ? exitCodeOfBadge(await text(RUN_FILES.badge)) : null,
          },
    changes:
      last?.changes === undefined
        ? null
        : last.changes.isFirst
          ? { new: last.changes.entries, changed: 0, gone: 0 }
          : { new: added, changed: edited + reread + renamed, gone },
    trend: runs.slice(-MOST).map((run) => ({
      time: whenOf(run),
      entries: run.changes?.entries ?? run.counts.written,
    })),
    isUnfinished:
      !isEnded ||
      (last !== undefined && !(await isWhole(folder, disk))) ||
      (names.includes(CAPTURE_FILES.journal) && !names.includes(CAPTURE_FILES.account)),
    // A first run that was cut off may have its archive.json in place, and not its snapshot yet.
    isHistoryLost:
      last === undefined &&
      (await text(FILES.manifest)) !== null &&
      (await text(join(STAGING, REDO_LIST))) === null,
    hasReport:
      (await disk.readdir(folder).catch(unless("ENOENT")))?.includes(FILES.report) ?? false,
  };
}

/** False where what a crawl goes by is cut or missing: a crawl mends what a crash left, or says what is damaged. */
async function isWhole(folder: string, disk: Disk): Promise<boolean> {
  const text = await readText(join(folder, FILES.manifest), disk).catch(unless("ENOENT"));
  const { value } = checkJson(text ?? "", manifest);
  for (const name of [FILES.entries, FILES.ledger]) {
    const listed = value?.files.find(({ path }) => path === name);
    const found = await disk.lstat(join(folder, name)).catch(unless("ENOENT"));
    if (listed === undefined || listed.bytes !== found?.size) return false;
  }
  return true;
}

const NONE = { added: 0, edited: 0, reread: 0, renamed: 0, gone: 0 };

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
