/** Web archives that a site is read from: what a site file says of one, and what is known of it in a crawl. */
import { z } from "zod";
import { isCalendarDate } from "../dates/calendar.js";
import { optional } from "./words.js";

/**
 * `wayback`: an index as the Internet Archive has it. `pywb`: one as pywb and OutbackCDX have it. `memento`: TimeMaps,
 * or a replay that leads to the nearest capture. `files`: WARC and WACZ files of one's own. `commoncrawl`: an index server
 * of one index a crawl, and records read by range. `commoncrawl-files`: the same, its index files read by range.
 */
const ARCHIVE_KINDS = [
  "wayback",
  "pywb",
  "memento",
  "files",
  "commoncrawl",
  "commoncrawl-files",
] as const;
export type ArchiveKind = (typeof ARCHIVE_KINDS)[number];

const httpUrl = z.url({ protocol: /^https?$/ });

/** A crawl of Common Crawl; those before 2013 have no week. */
export const CRAWL_ID = /^CC-MAIN-\d{4}(?:-\d\d|-\d{4})?$/;

/** One end of a window. */
const bound = z
  .string()
  .refine(
    (text) =>
      CRAWL_ID.test(text) ||
      (/^\d{4}(?:-\d\d){0,2}$/.test(text) &&
        isCalendarDate(`${text}${"-01-01".slice(text.length - 4)}`)),
    "expected a year, a month or a day such as 2021, 2021-12 or 2021-12-31 (for common-crawl also a crawl such as CC-MAIN-2021-25)",
  );

/** False where what is to be first is after what is to be last. */
function isInOrder({ from, to }: { from?: string | undefined; to?: string | undefined }): boolean {
  if (from === undefined || to === undefined || CRAWL_ID.test(from) !== CRAWL_ID.test(to))
    return true;
  return from.slice(0, to.length) <= to;
}

const perMinute = z.strictObject({
  index: z.int().min(1).max(100_000),
  replay: z.int().min(1).max(100_000),
});

/** One item of `archive` in a site file. */
const archiveItem = z.strictObject({
  name: optional(
    z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]*$/, "expected lower-case letters, digits, dots and hyphens"),
    "A known web archive, such as internet-archive; or a name for one of your own.",
  ),
  kind: optional(
    z.enum(ARCHIVE_KINDS),
    "How it is asked. Default: that of the known archive; memento where only `base` is given.",
  ),
  base: optional(
    httpUrl,
    "What comes before the 14 digits in the URL of a capture: https://web.archive.org/web/.",
  ),
  index: optional(httpUrl, "URL of its CDX server."),
  timegate: optional(
    httpUrl,
    "What comes before the URL of a page where the archive is asked for the capture nearest to a time (RFC 7089; kind memento).",
  ),
  collection: optional(
    z.union([z.string().regex(/^[\w.-]+$/), z.int()]),
    "Collection, where the archive has several (Archive-It).",
  ),
  path: optional(z.string().min(1), "Folder or file of WARC or WACZ files (kind files)."),
  from: optional(
    bound,
    "Only captures of this year, month or day, and later ones; of common-crawl, or its first crawl (CC-MAIN-2021-25).",
  ),
  to: optional(
    bound,
    "Only captures until the end of this year, month or day; of common-crawl, or its last crawl.",
  ),
  perMinute: optional(
    perMinute,
    "Requests a minute that an archive of your own allows; four fifths of it are used.",
  ),
});

/** The value of `archive` in a site file. */
export const archiveList = z
  .array(
    z.union([
      z.string().min(1),
      archiveItem.refine(isInOrder, { path: ["to"], message: "is before `from`" }),
    ]),
  )
  .min(1)
  .describe(
    "Web archives to read the site from with `crawl --from-archive`, in the order in which they are asked: names (internet-archive, common-crawl, arquivo, archive-it, ukwa, ukgwa, unesco), base URLs, folders of WARC files, or objects.",
  );
export type ArchiveInput = z.input<typeof archiveList>[number];

const digits = z.string().regex(/^\d{4,14}$/);

/** A web archive, complete. */
const webArchive = z.strictObject({
  name: z.string().min(1),
  kind: z.enum(ARCHIVE_KINDS),
  /** What comes before the digits of a capture; of files, their path. */
  base: z.string().min(1),
  index: z.string().nullable(),
  /** Left out where its replay leads to the nearest capture. */
  timegate: z.string().optional(),
  /** Digits of times, as many as were given. */
  from: digits.nullable(),
  to: digits.nullable(),
  /** First and last of the crawls of Common Crawl that are asked; left out where the times say it. */
  crawls: z.strictObject({ from: z.string().nullable(), to: z.string().nullable() }).optional(),
  perMinute,
});
export type WebArchive = z.output<typeof webArchive>;

/** Which of several good captures of an article is taken. */
const PREFER = /^(?:last-good|first-good|nearest:\d{4}-\d\d-\d\d)$/;

/** What a crawl from web archives was told: its replay chooses by the same. */
export const archiveRun = z.strictObject({
  archives: z.array(webArchive).min(1),
  prefer: z.string().regex(PREFER),
  /** True where dead links to other sites were given captures. */
  mendLinks: z.literal(true).optional(),
});
export type ArchiveRun = z.output<typeof archiveRun>;
