/** What a verification finds, and what its checks share. */

import type { Disk } from "../../disk/disk.js";
import type { Manifest } from "../../schema/manifest.js";

export interface Finding {
  /** Short word that stays the same between versions. */
  readonly code: string;
  /** Path in the archive, with a line number where there is one. */
  readonly path: string;
  /** What was expected and what was found. */
  readonly message: string;
  readonly hint: string;
}

export interface Inquiry {
  readonly root: string;
  readonly disk: Disk;
  /** Every file below the root, by path, with its size. Symlinks and what they lead to are left out. */
  readonly files: ReadonlyMap<string, number>;
  /** Null when archive.json is missing or not valid. */
  readonly manifest: Manifest | null;
  readonly report: (code: string, path: string, message: string) => void;
}

const RESTORE = "Restore the file from a copy, or build the archive again.";
const PACK = "Restore the package from a copy, or pack the archive again.";

/** What to do about each finding. */
const HINTS: Readonly<Record<string, string>> = {
  unfinished: "Run the crawl again: it finishes or clears what was cut off.",
  symlink: "Replace the link with what it leads to, or remove it.",
  stray: "Move the file out of the archive; sitelift neither wrote it nor touches it.",
  "link-broken": "Correct the link on the site or in the site file, and build the archive again.",
};

/** A finding with its hint. */
export function finding(code: string, path: string, message: string): Finding {
  const hint = /^[^/]+\.wacz(?:\/|$)/.test(path) ? PACK : HINTS[code];
  return { code, path, message, hint: hint ?? RESTORE };
}
