/** Snapshots: each whole, in a chain, and every version that one names still there. */
import { join } from "node:path";
import { readText } from "../../disk/read.js";
import { byTimestamp } from "../../disk/timestamp.js";
import {
  type PastRun,
  readHistory,
  renderBadge,
  renderHistory,
  storedHistory,
} from "../history.js";
import { FILES, RUN_FILES, SNAPSHOTS } from "../layout.js";
import { isSnapshotPath, parseSnapshot, versionPath } from "../snapshots.js";
import type { KnownEntries } from "./entries.js";
import { checkSum, type Inquiry, textOf } from "./inquiry.js";

const VERSION = new RegExp(`^${SNAPSHOTS}/entries/([0-9a-f]{64})\\.json$`);

/** They follow from the snapshots or tell of a build, and runs write them anew. */
const RUNS: ReadonlySet<string> = new Set(Object.values(RUN_FILES));

/** Captures that snapshots name. */
export interface NamedCaptures {
  /** The snapshot that names each, by its folder in the archive. */
  readonly byPath: ReadonlyMap<string, string>;
  /** That of the run that wrote the archive last; null where that run had none, or is not known. */
  readonly last: string | null;
}

/** @returns how many snapshots there are, and the captures that they name */
export async function checkSnapshots(
  inquiry: Inquiry,
  { hashes }: Pick<KnownEntries, "hashes">,
): Promise<{ readonly snapshots: number; readonly captures: NamedCaptures }> {
  const { files, report } = inquiry;
  const paths: string[] = [];
  for (const path of files.keys()) {
    if (!path.startsWith(`${SNAPSHOTS}/`)) continue;
    const [, sha256] = VERSION.exec(path) ?? [];
    if (isSnapshotPath(path)) paths.push(path);
    else if (RUNS.has(path)) continue;
    else if (sha256 === undefined) report("stray", path, "not a file of a snapshot");
    else await checkSum(inquiry, path, { sha256 });
  }
  let last: { path: string; sha256: string; capture: string | null } | null = null;
  const byPath = new Map<string, string>();
  const missing = new Set<string>();
  paths.sort(byTimestamp);
  const newest = await hashesOf(inquiry, paths.at(-1));
  for (const path of paths) {
    const read = parseSnapshot(await textOf(inquiry, path));
    if ("problem" in read) {
      report("snapshot", path, read.problem);
      // What the next one must follow is no longer known.
      last = null;
      continue;
    }
    const { previous, entries, sha256, capture } = read;
    if (capture !== null && !byPath.has(capture)) byPath.set(capture, path);
    if (previous !== null && !files.has(previous.file)) {
      missing.add(previous.file);
      report("missing", previous.file, `named by ${path} as the snapshot before it, but missing`);
    } else if (last !== null && (previous?.file !== last.path || previous.sha256 !== last.sha256))
      report("snapshot-chain", path, `does not follow ${last.path} as it is now`);
    for (const { id, hash } of entries)
      if (!hashes.has(hash) && !newest.has(hash) && !files.has(versionPath(hash)))
        report("snapshot-version", path, `version ${hash} of ${id} is missing`);
    last = { path, sha256, capture };
  }
  const isLast = await checkRunFiles(inquiry, missing);
  return {
    snapshots: paths.length,
    captures: { byPath, last: isLast ? (last?.capture ?? null) : null },
  };
}

/** Versions that only entries.jsonl has, where it is damaged: of these the damage is reported, and no snapshot is at fault. */
async function hashesOf(inquiry: Inquiry, newest: string | undefined): Promise<Set<string>> {
  if (newest === undefined || !inquiry.changed.has(FILES.entries)) return new Set();
  const read = parseSnapshot(await textOf(inquiry, newest));
  return new Set("problem" in read ? [] : read.entries.map(({ hash }) => hash));
}

/** Of a history.csv that cannot be read. */
const NOTHING = { lines: "", lost: [] };

/** Exit codes of a run that leaves a snapshot: the badge of each has a colour. */
const CODES = [0, 1, 3, 4, 130];

/**
 * What follows from the snapshots says what they say; where the last run ended before it was written, what those before it
 * say. A line of the history whose snapshot is missing or damaged is right.
 *
 * @param missing snapshots that have been reported
 * @returns whether the newest snapshot is that of the last run
 */
async function checkRunFiles(inquiry: Inquiry, missing: ReadonlySet<string>): Promise<boolean> {
  const { root, disk, files, notes, report } = inquiry;
  const runs = await readHistory(root, disk);
  const last = runs.at(-1);
  if (last === undefined) return true;
  const badge = files.has(RUN_FILES.badge)
    ? await readText(join(root, RUN_FILES.badge), disk).catch(() => "")
    : null;
  const history = await storedHistory(root, runs, disk).catch(() => NOTHING);
  const { lines, lost } = history ?? NOTHING;
  for (const { path } of lost)
    if (!files.has(path) && !missing.has(path))
      report("missing", path, `named by ${RUN_FILES.history}, but missing`);
  const isLast = lost.every(({ time }) => time < last.time);
  const before = runs.slice(0, -1);
  const badges = (run: PastRun | undefined) =>
    run === undefined ? [] : CODES.map((code) => renderBadge(run, code));
  const check = (path: string, isNow: boolean, isOlder: boolean) => {
    if (isNow) return;
    if (isOlder) notes.push(`${path} does not have the last run yet: the next run writes it`);
    else report("run-files", path, "does not say what the snapshots say");
  };
  if (history !== null)
    check(RUN_FILES.history, lines === renderHistory(runs), lines === renderHistory(before));
  if (badge !== null && isLast)
    check(RUN_FILES.badge, badges(last).includes(badge), badges(before.at(-1)).includes(badge));
  return isLast;
}
