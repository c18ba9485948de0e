/** The schema of a snapshot: the state of an archive after one run. */
import { z } from "zod";
import { STATES } from "../model.js";
import { count, entryId, optional, sha256, timestamp } from "./words.js";

/** Version of the form of snapshots. A reader refuses a higher one. */
export const SNAPSHOT_VERSION = 1;

/** One entry as it was after a run. */
const snapshotEntry = z.strictObject({
  id: entryId.describe("Identity of the article."),
  hash: sha256.describe(
    "SHA-256 of its version: the JSON of {id, slug, data, body} in entries.jsonl or snapshots/entries/.",
  ),
  read: sha256.describe(
    "SHA-256 of what its pages say: equal where only what surrounds it in the archive has changed.",
  ),
  state: z
    .enum(STATES)
    .describe(
      "written: the run read it. Any other: it stays from an earlier run, and this is why.",
    ),
  url: z.string().min(1).describe("Its canonical URL."),
  title: z.string().describe("Its title."),
  path: z.string().min(1).describe("Its content file."),
  markup: optional(
    z.strictObject({
      row: z.string().nullable(),
      page: z.string().nullable(),
      words: z.string().optional(),
    }),
    "Hashes of the template around its row and of its page, null where it has none, and of the words of the page, or of the row without one.",
  ),
  goneSince: optional(
    timestamp,
    "Time of the first run in a row that missed it; only where the state is gone.",
  ),
});
export type SnapshotEntry = z.output<typeof snapshotEntry>;

/** Kinds of change that a run records. An edit because the site file, overrides or sitelift changed is `reread`. */
export const RECORDED = ["added", "edited", "reread", "renamed", "gone", "returned"] as const;
export type Recorded = (typeof RECORDED)[number];

/** What a run changed, against the run before it. */
const recordedChanges = z.strictObject({
  isFirst: z
    .boolean()
    .describe(
      "Whether no run before it read the listing to its end: then nothing counts as a change.",
    ),
  entries: count.describe("Entries of the archive after the run."),
  rows: optional(count.nullable(), "Rows of the lists; null where the run read a part of them."),
  isFewer: optional(
    z.boolean(),
    "Whether the run has fewer rows or values than the one before: the next is compared with that one.",
  ),
  counts: z.record(z.enum(RECORDED), count),
  list: z
    .array(
      z.strictObject({
        kind: z.enum(RECORDED),
        id: entryId,
        title: z.string(),
        url: z.string().min(1),
        what: z.array(z.string()).describe("Each change, one line of words."),
      }),
    )
    .describe("The first of them, those of the site before those of the site file."),
});
export type RecordedChanges = z.output<typeof recordedChanges>;

/** What snapshots/<UTC time>.json holds. */
export const snapshot = z.strictObject({
  snapshotVersion: z.literal(SNAPSHOT_VERSION).describe("Version of this form."),
  time: timestamp.describe("When the run began."),
  site: z.string().min(1).describe("Name of the site."),
  generator: z.string().min(1).describe("Program and version of the run."),
  rules: optional(
    sha256.nullable(),
    "SHA-256 of the site file and of the overrides, as far as they decide about entries.",
  ),
  capture: z.string().min(1).nullable().describe("Folder of the run's capture; null without one."),
  captured: optional(
    timestamp.nullable(),
    "When its pages were fetched; the time of the run where this is not known.",
  ),
  complete: z.boolean().describe("Whether the listing was read to its end, without a gap."),
  interrupted: z.boolean().describe("Whether the run was stopped before its end."),
  previous: z
    .strictObject({ file: z.string().min(1), sha256 })
    .nullable()
    .describe("The snapshot before this one, and its sha256; null for the first."),
  counts: z.record(z.enum(["listed", ...STATES]), count).describe("URLs of the ledger by state."),
  changes: optional(recordedChanges, "What the run changed."),
  entries: z.array(snapshotEntry).describe("Every entry, sorted by id."),
  sha256: sha256.describe("SHA-256 of the JSON of all other keys, without white space."),
});
export type Snapshot = z.output<typeof snapshot>;
