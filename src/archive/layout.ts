/** What an archive holds at its top: names, and what is on the disk. */
import { join } from "node:path";
import type { Disk } from "../disk/disk.js";
import { READINGS } from "../disk/layout.js";
import { byCodeUnits } from "../text.js";

export const FILES = {
  manifest: "archive.json",
  entries: "entries.jsonl",
  provenance: "provenance.jsonl",
  ledger: "ledger.jsonl",
  redirects: "redirects.csv",
  account: "account.json",
  accountText: "account.md",
  report: "report.html",
  feed: "changes.atom",
  health: "health.json",
} as const;

/** Those that a run takes over line by line. All others follow from them, and from the files in folders. */
export const LINE_FILES: ReadonlySet<string> = new Set([
  FILES.entries,
  FILES.provenance,
  FILES.ledger,
]);

/** The user's decisions about single articles: read by a run, never written. */
export const OVERRIDES = "overrides.yaml";

/** Folder of the snapshots, one file a run, and of the versions of entries that they name. */
export const SNAPSHOTS = "snapshots";

/**
 * Beside the snapshots, since runs renew them: what all runs came to, as a table, the last one as a badge, and what a
 * build of a manifest was made of.
 */
export const RUN_FILES = {
  history: `${SNAPSHOTS}/history.csv`,
  badge: `${SNAPSHOTS}/badge.json`,
  build: `${SNAPSHOTS}/build.json`,
} as const;

/** Files below a folder with their sizes, and everything that is neither file nor folder. */
export async function listFiles(root: string, disk: Disk) {
  const files = new Map<string, number>();
  const odd: string[] = [];
  const waiting = [""];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop())
    for (const name of (await disk.readdir(join(root, folder))).sort(byCodeUnits)) {
      const path = `${folder}${name}`;
      // The user's own file, which may be a link to where it is kept; and what only saves work.
      if (path === OVERRIDES || path === READINGS) continue;
      const stats = await disk.lstat(join(root, path));
      if (stats.isDirectory()) waiting.push(`${path}/`);
      else if (stats.isFile()) files.set(path, stats.size);
      else odd.push(path);
    }
  return { files, odd };
}
