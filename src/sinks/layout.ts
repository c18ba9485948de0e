/** Names of what an archive holds at its top. */

export const FILES = {
  manifest: "archive.json",
  entries: "entries.jsonl",
  provenance: "provenance.jsonl",
  ledger: "ledger.jsonl",
  redirects: "redirects.csv",
} as const;

/** Folder of the snapshots, one file a run, and of the versions of entries that they name. */
export const SNAPSHOTS = "snapshots";

/** Folder for temporary files: on the same file system as all others, and cleared in one go after a crash. */
export const STAGING = ".staging";

/** In the staging folder: the paths of a placing that may have been cut off. */
export const PLACING = "placing.json";

/** Holds the process id of the run that owns the folder. */
export const LOCK = ".lock";
