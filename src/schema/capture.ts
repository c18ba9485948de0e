/** The schemas of the files beside the WARC file of a capture. */
import { z } from "zod";
import { archiveRun } from "./web-archive.js";
import { archivePath, count, entryId, sha256, timestamp } from "./words.js";

/** Version of the form of capture.json. A reader refuses a higher one. */
export const CAPTURE_VERSION = 1;

const recordId = z.string().regex(/^<urn:uuid:[0-9a-f-]{36}>$/, "is not a record id");

/** What is stored of the files that pages need to be looked at. */
export const requisiteLoad = z.enum(["none", "look", "all"]);

/** The options of a crawl beside its site: a replay walks the same way. */
export const captureRun = z.strictObject({
  site: z.string().min(1),
  limit: count.nullable(),
  since: z.string().nullable(),
  articles: z.boolean(),
  media: z.boolean(),
  languages: z.union([z.literal("all"), z.array(z.string()).readonly()]).nullable(),
  ignoreRobots: z.boolean(),
  /** Captures of older versions have none. */
  requisites: requisiteLoad.default("none"),
  /** Of a crawl from web archives. */
  archive: archiveRun.optional(),
});
export type CaptureRun = z.output<typeof captureRun>;

/** What fetching requisites took: requests, what it added to the WARC file, and time. */
const requisiteCost = z.strictObject({ requests: count, bytes: count, seconds: z.number().min(0) });
export type RequisiteCost = z.output<typeof requisiteCost>;

/** What capture.json holds. It is written last: a folder with it is a finished capture. */
export const captureAccount = z.strictObject({
  captureVersion: z.literal(CAPTURE_VERSION),
  generator: z.string().min(1),
  run: captureRun,
  startedAt: timestamp,
  finishedAt: timestamp,
  counts: z.strictObject({
    responses: count,
    revisits: count,
    failures: count,
    entries: count,
    /** Responses that were moved here from captures that are gone; not there where there are none. */
    moved: count.optional(),
  }),
  /** Not there where none were fetched. */
  requisites: requisiteCost.optional(),
  files: z.array(z.strictObject({ path: archivePath, bytes: count, sha256 })),
});
export type CaptureAccount = z.output<typeof captureAccount>;

/** A line of captures/pruned.jsonl: a capture that was removed, and why. */
export const prunedLine = z.strictObject({
  capture: z.string().min(1),
  /** When it was removed, by which program and with which options. */
  removedAt: timestamp,
  generator: z.string().min(1),
  keep: z.string().nullable(),
  before: z.string().nullable(),
  /** Bytes of all its files. */
  bytes: count,
  /** What of it was moved into which later capture; null for nothing. */
  moved: z.strictObject({ to: z.string().min(1), responses: count, bytes: count }).nullable(),
  account: captureAccount,
});
export type PrunedLine = z.output<typeof prunedLine>;

/** The response that something was read from. */
const source = z.strictObject({
  url: z.string().min(1),
  record: recordId,
  /** Payload digest, `sha1:` and base32. */
  digest: z.string().regex(/^sha1:[A-Z2-7]{32}$/),
  /** SHA-256 of the same payload. */
  sha256,
  fetchedAt: timestamp,
});

/** A line of records.jsonl: where an entry was read from, and which selector gave each field. */
export const recordLine = z.strictObject({
  entry: entryId,
  listing: source.nullable(),
  page: source.nullable(),
  fields: z.record(
    z.string(),
    z.strictObject({ from: z.enum(["listing", "article"]), selector: z.string() }),
  ),
});
export type RecordSource = z.output<typeof source>;

/** First line of a journal: whose it is. */
export const journalHead = z.strictObject({
  journalVersion: z.literal(1),
  generator: z.string().min(1),
  run: captureRun,
  startedAt: timestamp,
  /** The warcinfo record. */
  info: recordId,
});
export type JournalHead = z.output<typeof journalHead>;

/** A further line: one exchange, or the beginning of a further session, and where its records are. */
export const journalLine = z.strictObject({
  kind: z.enum(["session", "response", "revisit", "failure"]),
  offset: count,
  /** Bytes of all records of the line, and of the first. */
  length: count,
  first: count,
  id: recordId,
  date: timestamp,
  url: z.string(),
  /** Of a revisit, the status of the response that it repeats; and the digests of its payload. */
  status: count,
  mime: z.string(),
  digest: z.string(),
  sha256,
  /** URL of the replay that gave a capture of a web archive; left out for what came from the URL itself. */
  source: z.string().optional(),
  /** Key of a POST, and what the index says of it; left out for a GET. */
  post: z
    .strictObject({
      key: z.string(),
      request: z.strictObject({ method: z.string(), requestBody: z.string() }),
    })
    .optional(),
});
export type JournalLine = z.output<typeof journalLine>;
