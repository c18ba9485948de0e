/** Snapshots: each whole, in a chain, and every version that one names still there. */
import { join } from "node:path";
import { errorCode } from "../../disk/disk.js";
import { hashFile, readText } from "../../disk/read.js";
import { byMoment } from "../../disk/timestamp.js";
import { SNAPSHOTS } from "../layout.js";
import { isSnapshotPath, parseSnapshot, versionPath } from "../snapshots.js";
import type { Known } from "./entries.js";
import type { Inquiry } from "./findings.js";

const VERSION = new RegExp(`^${SNAPSHOTS}/entries/([0-9a-f]{64})\\.json$`);

/** @returns how many snapshots there are */
export async function checkSnapshots(inquiry: Inquiry, { hashes }: Known): Promise<number> {
  const { root, disk, files, report } = inquiry;
  const paths: string[] = [];
  for (const path of files.keys()) {
    if (!path.startsWith(`${SNAPSHOTS}/`)) continue;
    const [, hash] = VERSION.exec(path) ?? [];
    if (isSnapshotPath(path)) paths.push(path);
    else if (hash === undefined) report("stray", path, "no snapshot has such a file");
    else {
      const found = await hashFile(join(root, path), disk).catch(
        (error: unknown) => errorCode(error) ?? String(error),
      );
      if (found !== hash) report("checksum", path, `expected SHA-256 ${hash}, found ${found}`);
    }
  }
  let last: { path: string; sha256: string } | null = null;
  for (const path of paths.sort(byMoment)) {
    const read = parseSnapshot(await readText(join(root, path), disk));
    if ("problem" in read) {
      report("snapshot", path, read.problem);
      // What came before it can no longer be told.
      last = null;
      continue;
    }
    const { previous, entries, sha256 } = read;
    if (previous !== null && !files.has(previous.file))
      report("missing", previous.file, `${path} names it as the snapshot before it`);
    else if (last !== null && (previous?.file !== last.path || previous.sha256 !== last.sha256))
      report("snapshot-chain", path, `it does not follow ${last.path} as it stands`);
    for (const { id, hash } of entries)
      if (!hashes.has(hash) && !files.has(versionPath(hash)))
        report("snapshot-version", path, `it names version ${hash} of ${id}, which is not there`);
    last = { path, sha256 };
  }
  return paths.length;
}
