/** The command line: the options of every command, and their types. Loads no command. */
import type { Command } from "@commander-js/extra-typings";
import { Option } from "./commander.js";
import {
  calendarDate,
  days,
  duration,
  keep,
  languages,
  names,
  prefer,
  threshold,
  time,
  whole,
} from "./option-values.js";
import { type Commands, DEFAULT_SITE } from "./program.js";
import {
  caseSite,
  json,
  kind,
  language,
  notify,
  on,
  preset,
  site,
  store,
} from "./shared-options.js";

export const demo = (command: Commands["demo"]) =>
  command
    .option("--out <dir>", "archive folder", "output/demo")
    .option("--serve", "only serve the office, until interrupted")
    .option("--port <n>", "with --serve: port to serve on; 0 for any free one", whole(0, 65_535), 0)
    .addOption(language())
    .addOption(json());

/** A command that walks a site, live or from a capture. */
const walking = <A extends unknown[]>(command: Command<A>) =>
  command
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

export const crawl = (command: Commands["crawl"]) =>
  walking(command)
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
    .option("--self-contained", "store every page whole, so that the capture needs no earlier one")
    .addOption(json());

export const fleet = (command: Commands["fleet"]) =>
  command
    .option("--out <dir>", "folder of the archives (default: that of the fleet file, or output)")
    .option("--all", "crawl every site, whether it is due or not")
    .option("--only <names>", "crawl these sites, due or not: names or patterns", names)
    .option(
      "--at-once <n>",
      "sites at a time (default: that of the fleet file, or 8)",
      whole(1, 256),
    )
    .option("--dry-run", "say what would be asked of each host, ask nothing and write nothing")
    .addOption(notify())
    .addOption(on().conflicts(["out", "atOnce"]))
    .addOption(store())
    .addOption(json());

/** A command of a fleet on many machines. */
const onMachines = <A extends unknown[]>(command: Command<A>) =>
  command.addOption(on().makeOptionMandatory()).addOption(store().makeOptionMandatory());

export const worker = (command: Commands["worker"]) =>
  onMachines(command)
    .option("--at-once <n>", "slices at a time, each of another host (default: 4)", whole(1, 256))
    .option("--pages <n>", "requests of a slice at most (default: 200)", whole(1, 100_000))
    .option("--time <duration>", "time of a slice at most (default: 10m)", duration)
    .option(
      "--lock <duration>",
      "give a slice to another worker after so long a silence (default: 30s)",
      duration,
    )
    .option("--work <dir>", "folder for what is in work (default: in that of the system)")
    .option("--until-done", "end when nothing is left to do")
    .addOption(json());

export const fleetStatus = (command: Commands["fleetStatus"]) =>
  onMachines(command).addOption(json());

export const fleetRetry = (command: Commands["fleetRetry"]) =>
  onMachines(command)
    .option("--anew", "begin a new snapshot of each, without what the store has lost")
    .addOption(json());

export const build = (command: Commands["build"]) =>
  walking(command)
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
    .option("--check", "where --manifest finds its build done, build again and compare every file")
    .addOption(site())
    .addOption(json());

export const archive = (command: Commands["archive"]) =>
  command
    .option("--in <archive>", "known web archive or base URL of a replay to ask")
    .addOption(json());

export const pack = (command: Commands["pack"]) =>
  command
    .option("--out <file>", "the package (default: <archive>.wacz)")
    .option("--sign <key>", "sign the package with this private key (ECDSA, a PEM file)")
    .addOption(json());

export const verify = (command: Commands["verify"]) =>
  command
    .option("--key <key>", "public key that must have signed the package (a PEM file)")
    .addOption(json());

export const prune = (command: Commands["prune"]) =>
  command
    .option(
      "--keep <rules>",
      "captures that stay, the last of each period: monthly:12,yearly (last:N, hourly, daily, weekly, monthly, yearly)",
      keep,
    )
    .option("--before <date>", "remove only captures that began before YYYY-MM-DD", calendarDate)
    .option("--dry-run", "show what would be removed, and remove nothing")
    .addOption(json());

export const diff = (command: Commands["diff"]) =>
  command
    .option("--last", "compare the two newest snapshots of the archive")
    .option(
      "--from <time>",
      "compare the archive as of a time: YYYY-MM-DD, or more or less of it",
      time,
    )
    .option("--to <time>", "with the archive as of this time (default: now)", time)
    .option("--summary", "print counts and one line for each change, not the changes themselves")
    .option("--exit-code", "exit with 1 when something changed")
    .addOption(json());

export const exporting = (command: Commands["exporting"]) =>
  command
    .requiredOption("--to <target>", "target, or a module with an export of your own")
    .option("--out <dir>", "folder of the export (default: output/<site>-<target>)")
    .option("--permalink <pattern>", "URLs on the new site (default: /:language/:year/:slug/)")
    .option("--path <pattern>", "names of content files (default: :language/:year/:slug)")
    .option("--base <path>", "path prefix of the new site, such as /archive")
    .option("--force", "write into a folder that holds something else, and over files you changed")
    .option("--dry-run", "calculate everything, write nothing, print what would be written")
    .addOption(json());

export const redirects = (command: Commands["redirects"]) =>
  command
    .addOption(
      new Option("--format <name>", "form of the redirects (default: json)").choices([
        "netlify",
        "nginx",
        "apache",
        "drupal",
        "json",
      ] as const),
    )
    .option("--out <file>", "write to a file instead of the terminal")
    .option("--to <target>", "target of the export, if it has URLs of its own kind")
    .option("--permalink <pattern>", "URLs on the new site, as given to export")
    .option("--base <path>", "path prefix of the new site, as given to export")
    .addOption(
      new Option(
        "--check <url>",
        "check that every old URL on a running site redirects permanently to a page",
      ).conflicts(["format", "out"]),
    )
    .addOption(json());

export const inspect = (command: Commands["inspect"]) =>
  command
    .addOption(site())
    .addOption(preset())
    .addOption(language())
    .option("--url <url>", "URL of a saved file")
    .addOption(
      new Option(
        "--capture <path>",
        "read the page from an archive, a WACZ or WARC file, without the network",
      ).conflicts("url"),
    )
    .addOption(kind())
    .addOption(json());

export const record = (command: Commands["record"]) =>
  command
    .addOption(site())
    .addOption(preset())
    .addOption(language())
    .option("--name <name>", "name of the case (default: from its URL or title)")
    .option("--out <dir>", "folder of the cases (default: fixtures/cases/<site>)")
    .option(
      "--url <url>",
      "URL of a saved file; for a capture, once for each page",
      (url: string, before: readonly string[] | undefined = []) => [...before, url],
    )
    .addOption(kind())
    .option("--listing <page>", "listing page with a row that links to the article, saved with it")
    .option("--walk", "save every listing page of the walk as one case")
    .option("--trim", "delete what the result does not depend on, and prove it")
    .option("--scrub", "remove tokens, form ids, e-mail addresses and analytics")
    .option("--force", "overwrite a case that exists")
    .addOption(json());

export const test = (command: Commands["test"]) =>
  command
    .addOption(caseSite())
    .addOption(language())
    .option("--field <name>", "only this field")
    .option("--update", "take the results as the new expectations, and show what changed")
    .option("--force", "update even in CI")
    .option(
      "--mutate",
      "remove, rename and empty what each field was read from, and expect the case to fail",
    )
    .option("--health", "show how often each selector gave its field, and from how many nodes")
    .addOption(
      new Option("--reporter <name>", "form of the report (default: text)").choices([
        "text",
        "json",
        "junit",
        "github",
        "html",
      ] as const),
    )
    .option("--out <file>", "write the report to a file")
    .addOption(json());

export const init = (command: Commands["init"]) =>
  command
    .option("--article <page>", "an article that it links to: URL or file (default: the first)")
    .option("--url <url>", "URL of a saved listing page")
    .option("--name <name>", "name of the site (default: from its URL)")
    .option("--out <file>", "site file (default: sitelift.config.ts, else <name>.site.ts)")
    .option("--yes", "accept unsure proposals without asking")
    .option("--force", "overwrite files that exist")
    .option("--dry-run", "propose, and write nothing")
    .addOption(json());

export const drift = (command: Commands["drift"]) =>
  command
    .addOption(caseSite())
    .addOption(language())
    .option("--max-age <days>", "warn of cases recorded longer ago, such as 90d", days)
    .option("--max-age-fails", "exit with 1 if a case is older than --max-age")
    .addOption(json());

export const repair = (command: Commands["repair"]) =>
  command
    .addOption(new Option("--site <site>", `site file; ${DEFAULT_SITE}`))
    .option(
      "--capture <path>",
      "read the pages as they are now from a capture, without the network",
    )
    .option("--sample <n>", "articles to look at (default: 12)", whole(3, 1_000))
    .option("--accept", "write the site file, and cases of the new pages")
    .addOption(json());

export const schema = (command: Commands["schema"]) =>
  command
    .option("--site <site>", "with the fields of this site: a site file, or a built-in site")
    .addOption(language())
    .option("--out <file>", "write it to a file");

export const explain = (command: Commands["explain"]) => command;

/** The options of a command, as its code takes them: each may be left out. */
type OptionsOf<C extends (command: never) => { opts(): object }> = {
  readonly [K in keyof Given<C>]?: Loose<Given<C>[K]> | undefined;
};
type Given<C extends (command: never) => { opts(): object }> = ReturnType<ReturnType<C>["opts"]>;
/** A flag is given or not; code may say either. */
type Loose<T> = T extends true ? boolean : T;

export type DemoOptions = OptionsOf<typeof demo> & { readonly out: string; readonly port: number };
export type CrawlOptions = OptionsOf<typeof crawl>;
export type FleetOptions = OptionsOf<typeof fleet>;
/** Where the queue and the store of a fleet on many machines are. */
type OnMachines = { readonly on: string; readonly store: string };
export type WorkerOptions = OptionsOf<typeof worker> & OnMachines;
export type FleetStatusOptions = OptionsOf<typeof fleetStatus> & OnMachines;
export type FleetRetryOptions = OptionsOf<typeof fleetRetry> & OnMachines;
/** What a walk of a site and a build from a capture have in common. */
export type RunOptions = Omit<
  CrawlOptions,
  | "concurrency"
  | "delay"
  | "fromArchive"
  | "ignoreRobots"
  | "prefer"
  | "mendLinks"
  | "selfContained"
  | "waitForRobots"
>;
/** What `build` takes besides. */
export type BuildOptions = RunOptions & { readonly at?: string | undefined };
export type ArchiveListOptions = OptionsOf<typeof archive>;
/** What `build --manifest` takes besides. */
export type ManifestOptions = BuildOptions & {
  readonly manifest: string;
  readonly index?: number | undefined;
  readonly check?: boolean | undefined;
};
/** What `build --watch` takes besides. */
export type WatchOptions = BuildOptions & {
  readonly site?: string | undefined;
  readonly sample?: number | undefined;
};
export type PackOptions = OptionsOf<typeof pack>;
export type VerifyOptions = OptionsOf<typeof verify>;
export type PruneOptions = OptionsOf<typeof prune>;
export type DiffOptions = OptionsOf<typeof diff>;
export type ExportOptions = OptionsOf<typeof exporting> & { readonly to: string };
export type RedirectsOptions = OptionsOf<typeof redirects>;
export type InspectOptions = OptionsOf<typeof inspect>;
export type RecordOptions = OptionsOf<typeof record>;
export type TestOptions = OptionsOf<typeof test>;
export type InitOptions = OptionsOf<typeof init>;
export type DriftOptions = OptionsOf<typeof drift>;
export type RepairOptions = OptionsOf<typeof repair>;
export type SchemaOptions = OptionsOf<typeof schema>;
