/** Names of what an archive holds at its top. */

export const FILES = {
  manifest: "archive.json",
  entries: "entries.jsonl",
  provenance: "provenance.jsonl",
  ledger: "ledger.jsonl",
  redirects: "redirects.csv",
  account: "account.json",
  accountText: "account.md",
  health: "health.json",
} as const;

/** The user's decisions about single articles: read by a run, never written. */
export const OVERRIDES = "overrides.yaml";

/** Folder of the snapshots, one file a run, and of the versions of entries that they name. */
export const SNAPSHOTS = "snapshots";

/** Folder of the captures, one folder a crawl. */
export const CAPTURES = "captures";

/** What stands in the folder of one capture. The journal is there until the capture is finished, the account after. */
export const CAPTURE_FILES = {
  data: "data.warc.gz",
  index: "index.cdxj",
  records: "records.jsonl",
  account: "capture.json",
  journal: "journal.jsonl",
} as const;

/** Folder for temporary files: on the same file system as all others, and cleared in one go after a crash. */
export const STAGING = ".staging";

/** In the staging folder: the paths of a placing that may have been cut off. */
export const PLACING = "placing.json";

/** Names the process that owns the folder. */
export const LOCK = ".lock";

/** Names the process that is taking the lock of a dead one over. */
export const TAKING = ".lock.taking";
