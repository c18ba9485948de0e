/** Snapshots: each whole, in a chain, and every version that one names still there. */
import { join } from "node:path";
import { readText } from "../../disk/read.js";
import { byTimestamp } from "../../disk/timestamp.js";
import { readHistory, renderBadge, renderHistory } from "../history.js";
import { RUN_FILES, SNAPSHOTS } from "../layout.js";
import { isSnapshotPath, parseSnapshot, versionPath } from "../snapshots.js";
import type { KnownEntries } from "./entries.js";
import { checkSum, type Inquiry, textOf } from "./inquiry.js";

const VERSION = new RegExp(`^${SNAPSHOTS}/entries/([0-9a-f]{64})\\.json$`);

/** They follow from the snapshots or tell of a build, and runs write them anew. */
const RUNS: ReadonlySet<string> = new Set(Object.values(RUN_FILES));

/** @returns how many snapshots there are */
export async function checkSnapshots(
  inquiry: Inquiry,
  { hashes }: Pick<KnownEntries, "hashes">,
): Promise<number> {
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
  let last: { path: string; sha256: string } | null = null;
  for (const path of paths.sort(byTimestamp)) {
    const read = parseSnapshot(await textOf(inquiry, path));
    if ("problem" in read) {
      report("snapshot", path, read.problem);
      // What the next one must follow is no longer known.
      last = null;
      continue;
    }
    const { previous, entries, sha256 } = read;
    if (previous !== null && !files.has(previous.file))
      report("missing", previous.file, `named by ${path} as the snapshot before it, but missing`);
    else if (last !== null && (previous?.file !== last.path || previous.sha256 !== last.sha256))
      report("snapshot-chain", path, `does not follow ${last.path} as it is now`);
    for (const { id, hash } of entries)
      if (!hashes.has(hash) && !files.has(versionPath(hash)))
        report("snapshot-version", path, `version ${hash} of ${id} is missing`);
    last = { path, sha256 };
  }
  await checkRunFiles(inquiry);
  return paths.length;
}

/** Exit codes of a run that leaves a snapshot: the badge of each has a colour. */
const CODES = [0, 1, 3, 4, 130];

/** What follows from the snapshots says what they say; where the last run ended before it was written, what those before it say. */
async function checkRunFiles({ root, disk, files, notes, report }: Inquiry): Promise<void> {
  const runs = await readHistory(root, disk);
  const last = runs.at(-1);
  if (last === undefined) return;
  const before = runs.slice(0, -1);
  const rendered = {
    [RUN_FILES.history]: [[renderHistory(runs)], [renderHistory(before)]],
    [RUN_FILES.badge]: [runs, before].map((some) =>
      some.slice(-1).flatMap((run) => CODES.map((code) => renderBadge(run, code))),
    ),
  };
  for (const [path, [now = [], older = []]] of Object.entries(rendered)) {
    if (!files.has(path)) continue;
    const text = await readText(join(root, path), disk).catch(() => null);
    if (text !== null && now.includes(text)) continue;
    if (text !== null && older.includes(text))
      notes.push(`${path} does not have the last run yet: the next run writes it`);
    else report("run-files", path, "does not say what the snapshots say");
  }
}
