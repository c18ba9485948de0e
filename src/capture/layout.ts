/** Names of the captures and of what each holds. */

/** Folder of the captures, one folder a crawl. */
export const CAPTURES = "captures";

/** The files of one capture. The journal is there until the capture is finished, the account after. */
export const CAPTURE_FILES = {
  data: "data.warc.gz",
  index: "index.cdxj",
  records: "records.jsonl",
  account: "capture.json",
  journal: "journal.jsonl",
} as const;

/** Beside the captures: one line for each that was removed. */
export const PRUNED = `${CAPTURES}/pruned.jsonl`;

/**
 * Line of a metadata record in a WARC file. The records after it are of the capture that it names, which was removed, and
 * were moved here because a later capture needs them.
 */
export const MOVED_FROM = "sitelift-moved-from";
