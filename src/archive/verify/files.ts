/** Files against archive.json: none missing, none stray, none changed. */
import { LOCK, STAGING } from "../../disk/layout.js";
import { FILES } from "../layout.js";
import { checkSum, type Inquiry, orderedKeys } from "./inquiry.js";

/** Captures, snapshots and packages list their own files. */
const APART = /^(?:captures|snapshots)\/|^[^/]+\.wacz$/;

/** @returns how many files were read */
export async function checkFiles(inquiry: Inquiry): Promise<number> {
  const { files, manifest, report } = inquiry;
  const listed = new Set<string>([FILES.manifest]);
  const check = orderedKeys(report, "listed-twice", "path");
  let read = 0;
  for (const { path, bytes, sha256 } of manifest?.files ?? []) {
    check(path, FILES.manifest);
    listed.add(path);
    if (!files.has(path)) {
      report("missing", path, `listed in ${FILES.manifest} but missing`);
      continue;
    }
    await checkSum(inquiry, path, { bytes, sha256 });
    read++;
  }
  for (const path of files.keys()) {
    if (path === LOCK || path.startsWith(`${LOCK}.`) || path.startsWith(`${STAGING}/`))
      report("unfinished", path, "a run is in progress, or was interrupted");
    else if (manifest !== null && !listed.has(path) && !APART.test(path))
      report("stray", path, `not listed in ${FILES.manifest}`);
  }
  return read;
}
