/** What is on the disk below the folder of an archive. */
import { join } from "node:path";
import type { Disk } from "../disk/disk.js";
import { byCodeUnits } from "../text.js";
import { OVERRIDES } from "./layout.js";

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
