/** Web archives that a site is read from: what a site file says of one, and what is known of it in a crawl. */
import { z } from "zod";

/**
 * `wayback`: an index as the Internet Archive has it. `pywb`: one as pywb and OutbackCDX have it. `memento`: TimeMaps,
 * or a replay that leads to the nearest capture. `files`: WARC and WACZ files of one's own.
 */
const ARCHIVE_KINDS = ["wayback", "pywb", "memento", "files"] as const;
export type ArchiveKind = (typeof ARCHIVE_KINDS)[number];

const httpUrl = z.url({ protocol: /^https?$/ });

const day = z
  .string()
  .regex(/^\d{4}(?:-\d\d(?:-\d\d)?)?$/, "expected a year, a month or a day such as 2021-12-31");

const perMinute = z.strictObject({
  index: z.number().int().min(1).max(100_000),
  replay: z.number().int().min(1).max(100_000),
});

/** One item of `archive` in a site file. */
const archiveItem = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]*$/, "expected lower-case letters, digits, dots and hyphens")
    .optional()
    .describe("A known web archive, such as internet-archive; or a name for one of your own."),
  kind: z
    .enum(ARCHIVE_KINDS)
    .optional()
    .describe(
      "How it is asked. Default: that of the known archive; memento where only `base` is given.",
    ),
  base: httpUrl
    .optional()
    .describe(
      "What comes before the 14 digits in the URL of a capture: https://web.archive.org/web/.",
    ),
  index: httpUrl.optional().describe("URL of its CDX server."),
  collection: z
    .union([z.string().regex(/^[\w.-]+$/), z.number().int()])
    .optional()
    .describe("Collection, where the archive has several (Archive-It)."),
  path: z.string().min(1).optional().describe("Folder or file of WARC or WACZ files (kind files)."),
  from: day.optional().describe("Only captures of this year, month or day, and later ones."),
  to: day.optional().describe("Only captures until the end of this year, month or day."),
  perMinute: perMinute
    .optional()
    .describe("Requests a minute that an archive of your own allows; four fifths of it are used."),
});

/** The value of `archive` in a site file. */
export const archiveList = z
  .array(z.union([z.string().min(1), archiveItem]))
  .min(1)
  .describe(
    "Web archives to read the site from with `crawl --from-archive`, in the order in which they are asked: names (internet-archive, arquivo, archive-it, ukwa, ukgwa, unesco), base URLs, folders of WARC files, or objects.",
  );
export type ArchiveInput = z.input<typeof archiveList>[number];

/** A web archive, complete. */
const webArchive = z.strictObject({
  name: z.string().min(1),
  kind: z.enum(ARCHIVE_KINDS),
  /** What comes before the digits of a capture; of files, their path. */
  base: z.string().min(1),
  index: z.string().nullable(),
  /** Digits of times, as many as were given. */
  from: z
    .string()
    .regex(/^\d{4,14}$/)
    .nullable(),
  to: z
    .string()
    .regex(/^\d{4,14}$/)
    .nullable(),
  perMinute,
});
export type WebArchive = z.output<typeof webArchive>;

/** Which of several good captures of an article is taken. */
const PREFER = /^(?:last-good|first-good|nearest:\d{4}-\d\d-\d\d)$/;

/** What a crawl from web archives was told: its replay chooses by the same. */
export const archiveRun = z.strictObject({
  archives: z.array(webArchive).min(1),
  prefer: z.string().regex(PREFER),
});
export type ArchiveRun = z.output<typeof archiveRun>;
