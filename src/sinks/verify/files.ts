/** Files against archive.json: none missing, none stray, none changed. */

import { join } from "node:path";
import { type Disk, errorCode } from "../disk.js";
import { FILES, LOCK, OVERRIDES, STAGING } from "../layout.js";
import { byCodeUnits } from "../order.js";
import { hashFile } from "../reading.js";
import type { Inquiry } from "./findings.js";

/** Folders that keep their own books, and packages, which hold theirs. */
const APART = /^(?:captures|snapshots)\/|^[^/]+\.wacz$/;

/** Files below a folder with their sizes, and everything that is neither file nor folder. */
export async function listFiles(root: string, disk: Disk) {
  const files = new Map<string, number>();
  const odd: string[] = [];
  const waiting = [""];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop())
    for (const name of (await disk.readdir(join(root, folder))).sort(byCodeUnits)) {
      const path = `${folder}${name}`;
      // The user's own file, which may be a link to where it is kept.
      if (path === OVERRIDES) continue;
      const stats = await disk.lstat(join(root, path));
      if (stats.isDirectory()) waiting.push(`${path}/`);
      else if (stats.isFile()) files.set(path, stats.size);
      else odd.push(path);
    }
  return { files, odd };
}

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
