/** Files against archive.json: none missing, none stray, none changed. */

import { join } from "node:path";
import { errorCode } from "../../disk/disk.js";
import { LOCK, STAGING } from "../../disk/layout.js";
import { hashFile } from "../../disk/read.js";
import { byCodeUnits } from "../../text.js";
import { FILES } from "../layout.js";
import type { Inquiry } from "./findings.js";

/** Folders that keep their own books, and packages, which hold theirs. */
const APART = /^(?:captures|snapshots)\/|^[^/]+\.wacz$/;

/** @returns how many files were read */
export async function checkFiles({ root, disk, files, manifest, report }: Inquiry) {
  const listed = new Set<string>([FILES.manifest]);
  let last = "";
  let read = 0;
  for (const { path, bytes, sha256 } of manifest?.files ?? []) {
    if (listed.has(path)) report("listed-twice", FILES.manifest, `${path} is listed twice`);
    else if (byCodeUnits(last, path) > 0)
      report("not-sorted", FILES.manifest, `${path} stands after ${last}`);
    listed.add(path);
    last = path;
    const size = files.get(path);
    if (size === undefined) {
      report("missing", path, "archive.json lists this file, and it is not there");
      continue;
    }
    if (size !== bytes) report("size", path, `expected ${bytes} bytes, found ${size}`);
    const found = await hashFile(join(root, path), disk).catch(codeOf);
    read++;
    if (found.length < 64) report("unreadable", path, `it cannot be read: ${found}`);
    else if (found !== sha256)
      report("checksum", path, `expected SHA-256 ${sha256}, found ${found}`);
  }
  for (const path of files.keys()) {
    if (path === LOCK || path.startsWith(`${LOCK}.`) || path.startsWith(`${STAGING}/`))
      report("unfinished", path, "a run goes on here, or one was cut off");
    else if (manifest !== null && !listed.has(path) && !APART.test(path))
      report("stray", path, "archive.json does not list this file");
  }
  return read;
}

function codeOf(error: unknown): string {
  return errorCode(error) ?? String(error);
}
