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
