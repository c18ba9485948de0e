/** How the commands are typed that walk a site, live or from captures. */
import { type Description, type Line, Option, type OptionsOf } from "./command.js";
import { json, language, notify, preset, site } from "./options.js";
import { calendarDate, duration, languages, prefer, threshold, whole } from "./values.js";
import { beside, bySite, type Needless, option, without } from "./without-effect.js";

export const demo = {
  options: (line: Line) =>
    line
      .option("--out <dir>", "archive folder", "output/demo")
      .option("--serve", "only serve the office, until interrupted")
      .option(
        "--port <n>",
        "with --serve: port to serve on; 0 for any free one",
        whole(0, 65_535),
        0,
      )
      .addOption(language())
      .addOption(json()),
  examples: ["demo", "demo --serve --port 8080"],
  needless: [
    beside("serve", "--serve", ["out", "language"]),
    without("serve", "--serve", ["port"]),
  ],
} satisfies Description;
export type DemoOptions = OptionsOf<typeof demo>;

/** A command that walks a site. */
const walking = (line: Line) =>
  line
    .option("--out <dir>", "archive folder (default: output/<site>)")
    .addOption(preset())
    .addOption(language())
    .option(
      "--languages <list>",
      "also walk these languages of the language switcher: en,fr,ar or all",
      languages,
    )
    .option("--limit <n>", "read at most n articles", whole(1))
    .option("--since <date>", "leave out articles dated before YYYY-MM-DD", calendarDate)
    .option("--no-articles", "read the listing only, not the article pages")
    .option("--no-witness", "do not compare the list with the site's feed and sitemap")
    .option("--dry-run", "read everything, write nothing, print what would be written")
    .option(
      "--max-rejected <n>",
      "entries that may go to quarantine, as a number or a percentage (default: 0)",
      threshold,
    )
    .option(
      "--overrides <file>",
      "decisions about single articles, in addition to <archive>/overrides.yaml",
    )
    .addOption(notify())
    .option("--no-media", "do not fetch images and attachments")
    .option(
      "--max-failed-media <n>",
      "images and attachments that may fail, as a number or a percentage (default: 0)",
      threshold,
    );

const ofWalk: readonly Needless[] = [
  beside("media", "--no-media", ["refetchMedia", "maxFailedMedia"]),
  beside("dryRun", "--dry-run", ["selfContained", "refetchMedia", "maxFailedMedia", "requisites"]),
  beside("articles", "--no-articles", ["prefer"]),
  {
    off: ["witness"],
    why: "with --limit: a part of a list is not compared",
    when: ({ given }) => given.limit !== undefined,
  },
];

export const crawl = {
  options: (line: Line) =>
    walking(line)
      .option("--concurrency <n>", "requests at a time to one host (default: 2)", whole(1, 64))
      .option(
        "--delay <ms>",
        "milliseconds between the starts of two requests (default: 250)",
        whole(0, 600_000),
      )
      .option("--ignore-robots", "also fetch what robots.txt disallows, for your own site only")
      .option(
        "--wait-for-robots <duration>",
        "go on asking for a robots.txt that cannot be read, such as 10m or 2h (default: a few attempts within a minute)",
        duration,
      )
      .option(
        "--from-archive [archive]",
        "read the site from web archives instead of the live web: those of the site file, or a known name, the base URL of a replay, a folder of WARC files",
      )
      .option(
        "--prefer <which>",
        "which good capture of an article to take: last-good, first-good or nearest:YYYY-MM-DD (default: last-good)",
        prefer,
      )
      .option(
        "--mend-links",
        "with --from-archive: ask every link to another site once, and let those that are dead lead to the capture nearest to the article's date",
      )
      .option("--refetch-media", "fetch images and attachments again that are already stored")
      .addOption(
        new Option(
          "--requisites <what>",
          "files that pages need to be looked at, for the capture (default: look)",
        ).choices(["none", "look", "all"] as const),
      )
      .option(
        "--self-contained",
        "store every page whole, so that the capture needs no earlier one",
      )
      .addOption(json()),
  examples: ["crawl unesco-beijing --limit 20 --dry-run", "crawl my-site.ts --out archive"],
  needless: [
    ...bySite(({ args }) => args[0], false),
    ...ofWalk,
    {
      off: ["delay", "concurrency", "ignoreRobots", "waitForRobots"],
      why: "with --from-archive: a web archive has a pace of its own",
      when: ({ given }) => given.fromArchive !== undefined,
    },
    {
      off: ["requisites"],
      why: "with --from-archive: articles and their images are all that is asked for",
      when: ({ given }) => given.fromArchive !== undefined && given.requisites !== "none",
    },
  ],
} satisfies Description;
/** Of a build too, as far as it has them. */
export type CrawlOptions = OptionsOf<typeof crawl>;

/** What `--watch` neither writes nor judges. */
const WRITING = [
  ...["out", "dryRun", "overrides", "maxRejected", "maxFailedMedia", "media"],
  ...["witness", "since", "notify"],
];

export const build = {
  options: (line: Line) =>
    walking(line)
      .option(
        "--at <date>",
        "read crawls until YYYY-MM-DD, and of other captures the newest responses until then",
        calendarDate,
      )
      .option(
        "--watch",
        "show what each change of the site file changes on some articles; writes nothing",
      )
      .addOption(
        new Option("--sample <n>", "articles that --watch reads (default: 20)")
          .argParser(whole(1, 1_000))
          .implies({ watch: true as const }),
      )
      .addOption(
        new Option(
          "--manifest <file>",
          'make the build of one line of a JSON Lines file: {"site": …, "captures": […], "out": …}',
        ).conflicts(["site", "out", "at", "preset", "language", "watch"]),
      )
      .option(
        "--index <n>",
        "which line of --manifest, counted from 0 (default: JOB_COMPLETION_INDEX)",
        whole(0),
      )
      .option(
        "--check",
        "where --manifest finds its build done, build again and compare every file",
      )
      .addOption(site())
      .addOption(json()),
  examples: [
    "build archive/captures/* --site my-site.ts --out again",
    "build --manifest builds.jsonl --index 3",
  ],
  needless: [
    ...bySite(option, false),
    beside("watch", "--watch", WRITING),
    without("manifest", "--manifest", ["index", "check"]),
    ...ofWalk.map(
      (one): Needless => ({
        ...one,
        when: (line) => !line.given.watch && one.when(line),
      }),
    ),
  ],
} satisfies Description;
export type BuildOptions = OptionsOf<typeof build>;

export const archiveList = {
  options: (line: Line) =>
    line
      .option("--in <archive>", "known web archive or base URL of a replay to ask")
      .addOption(json()),
  examples: [
    "archive list unesco-beijing",
    "archive list https://example.org/news --in https://web.archive.org/web",
  ],
} satisfies Description;
export type ArchiveListOptions = OptionsOf<typeof archiveList>;
