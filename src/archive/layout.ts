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
