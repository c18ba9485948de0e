#!/usr/bin/env node
/** argv -> a command -> an exit code. Commands are loaded when they run: --help, --version and a wrong option load none of them. */
import process from "node:process";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { VERSION } from "./commands/version.js";
import { CliError, EXIT, type ExitCode } from "./error.js";
import { escapeJson, escapeTerminal } from "./text.js";

const program = new Command("sitelift")
  .description("Moves a paginated site into a validated Markdown archive that can be trusted.")
  .version(VERSION)
  .showSuggestionAfterError()
  .showHelpAfterError("(add --help for the options)")
  .configureHelp({ sortSubcommands: false })
  .exitOverride();

const json = () => new Option("--json", "print JSON Lines on stdout, everything else on stderr");
const preset = () => new Option("--preset <name>", "preset for a bare address (drupal7, unesco)");
const language = () => new Option("--language <tag>", "language of a built-in site");

let exitCode: ExitCode = EXIT.complete;
const run = (command: () => Promise<ExitCode>) =>
  command().then((code) => {
    exitCode = code;
  });

program
  .command("demo")
  .description("serve the embedded office on a loopback port, crawl it and write output/demo")
  .option("--out <dir>", "archive folder", "output/demo")
  .option("--serve", "only serve the office, until interrupted")
  .option("--port <n>", "port to serve on; 0 for any free one", whole(0, 65_535), 0)
  .addOption(language())
  .addOption(json())
  .action((options) => run(async () => (await import("./commands/demo.js")).demo(options)));

walks(program.command("crawl"))
  .description("walk, fetch, extract, convert, validate and write an archive")
  .argument(
    "[site]",
    "built-in site, site file or address; default: sitelift.config.* in this folder",
  )
  .option("--concurrency <n>", "requests at a time to one host (default: 2)", whole(1, 64))
  .option(
    "--delay <ms>",
    "milliseconds between the starts of two requests (default: 250)",
    whole(0, 600_000),
  )
  .option("--ignore-robots", "do not ask robots.txt; for your own site, and the run says so")
  .option("--refetch-media", "fetch images and attachments again that are there")
  .option(
    "--self-contained",
    "fetch and store every page whole, so that the capture needs no earlier one",
  )
  .addOption(json())
  .action((target, options) =>
    run(async () => {
      const site = await (await import("./commands/site.js")).siteToWalk(target, options);
      return (await import("./commands/crawl.js")).crawl(site, options);
    }),
  );

walks(program.command("build"))
  .description("write the archive of a crawl from its capture, without the network")
  .argument(
    "<capture...>",
    "WARC or WACZ files, folders that hold them, or a folder of saved pages",
  )
  .option("--site <site>", "built-in site or site file; default: sitelift.config.* in this folder")
  .addOption(json())
  .action((captures, options) =>
    run(async () => {
      const site = await (await import("./commands/site.js")).siteToWalk(options.site, options);
      return (await import("./commands/build.js")).build(captures, site, options);
    }),
  );

program
  .command("pack")
  .description("pack an archive and its captures as one WACZ file")
  .argument("<archive>", "archive folder")
  .option("--out <file>", "the package (default: <archive>.wacz)")
  .addOption(json())
  .action((archive, options) =>
    run(async () => (await import("./commands/pack.js")).pack(archive, options)),
  );

program
  .command("verify")
  .description(
    "check an archive or a WACZ package: checksums, schema, ledger, captures, stray files",
  )
  .argument("<archive>", "archive folder, or WACZ package")
  .addOption(json())
  .action((folder, options) =>
    run(async () => (await import("./commands/verify.js")).verify(folder, options)),
  );

program
  .command("diff")
  .description("show what changed between two archives, or two snapshots of one")
  .argument("<old>", "archive folder, or snapshot (<archive>/snapshots/<time>.json)")
  .argument("[new]", "the newer archive or snapshot")
  .option("--last", "compare the two newest snapshots of the archive")
  .option("--from <time>", "compare the archive as of a time, YYYY-MM-DD or more of it", moment)
  .option("--to <time>", "with its state as of this time (default: as it stands)", moment)
  .option("--exit-code", "exit with 1 when something changed")
  .addOption(json())
  .action((old, now, options) =>
    run(async () => (await import("./commands/diff.js")).diff(old, now, options)),
  );

program
  .command("export")
  .description("write an archive as the files of a generator, a CMS or a database")
  .argument("<archive>", "archive folder")
  .requiredOption("--to <target>", "target, or a module with an export of your own")
  .option("--out <dir>", "folder of the export (default: output/<site>-<target>)")
  .option("--permalink <pattern>", "addresses on the new site (default: /:language/:year/:slug/)")
  .option("--path <pattern>", "names of content files (default: :language/:year/:slug)")
  .option("--base <path>", "path prefix of the new site, such as /archive")
  .option("--force", "write into a folder that holds something else, and over files you changed")
  .option("--dry-run", "calculate everything, write nothing, say what would be written")
  .addOption(json())
  .action((folder, options) =>
    run(async () => (await import("./commands/export.js")).exportArchive(folder, options)),
  );

program
  .command("redirects")
  .description("the map of old addresses for a server, or whether a running site follows it")
  .argument("<archive>", "archive folder")
  .addOption(
    new Option("--format <name>", "rendering (default: json)").choices([
      "netlify",
      "nginx",
      "apache",
      "drupal",
      "json",
    ]),
  )
  .option("--out <file>", "write it to a file instead of the terminal")
  .option("--to <target>", "target of the export, where its addresses are of its own kind")
  .option("--permalink <pattern>", "addresses on the new site, as given to export")
  .option("--base <path>", "path prefix of the new site, as given to export")
  .addOption(
    new Option(
      "--check <url>",
      "ask a running site for every old address, and want one permanent redirect to a page",
    ).conflicts(["format", "out"]),
  )
  .addOption(json())
  .action((folder, options) =>
    run(async () => (await import("./commands/redirects.js")).redirects(folder, options)),
  );

program
  .command("inspect")
  .description("show what each selector matches on a page and what comes of it")
  .argument("<page>", "address or saved HTML file")
  .option("--site <site>", "built-in site or site file; default: sitelift.config.* in this folder")
  .addOption(preset())
  .addOption(language())
  .option("--url <address>", "address of a saved file")
  .addOption(
    new Option("--as <kind>", "read the page as this kind").choices(["listing", "article"]),
  )
  .addOption(json())
  .action((page, options) =>
    run(async () => {
      const site = await (await import("./commands/site.js")).siteOfPage(page, options);
      return (await import("./commands/inspect.js")).inspect(site, page, options);
    }),
  );

program
  .command("record")
  .description("save pages as cases, each with what comes of it as its expectation")
  .argument(
    "<page...>",
    "addresses, saved HTML files or captures; with --walk, the first listing page or a capture",
  )
  .option("--site <site>", "built-in site or site file; default: sitelift.config.* in this folder")
  .addOption(preset())
  .addOption(language())
  .option("--name <name>", "name of the case (default: made of its address or title)")
  .option("--out <dir>", "folder of the cases (default: fixtures/cases/<site>)")
  .option("--url <address>", "address of a saved file; of a capture, once for each page", collect)
  .addOption(
    new Option("--as <kind>", "read the page as this kind").choices(["listing", "article"]),
  )
  .option("--listing <page>", "listing page whose row names the article, kept with it")
  .option("--walk", "save every listing page of the walk as one case")
  .option("--trim", "delete what the result does not depend on, and prove it")
  .option("--scrub", "remove tokens, form ids, e-mail addresses and analytics")
  .option("--force", "record a case anew that stands there already")
  .addOption(json())
  .action((pages, options) =>
    run(async () => {
      const site = await (await import("./commands/site.js")).siteOfPage(pages[0], {
        ...options,
        url: options.url?.[0],
      });
      return (await import("./commands/record.js")).record(site, pages, options);
    }),
  );

program
  .command("test")
  .description("check every case by the functions that a crawl runs")
  .argument("[folder]", "folder of cases (default: fixtures/cases)")
  .option("--site <site>", "read the cases by this site instead of the one that each names")
  .addOption(language())
  .option("--field <name>", "only this field")
  .option("--update", "take what came as the new expectation, and show what changed")
  .option("--force", "update even in a run of CI")
  .option(
    "--mutate",
    "remove, rename and empty what each field was read from: the check must notice",
  )
  .option("--health", "say of every selector how often it gave its field, and from how many nodes")
  .addOption(
    new Option("--reporter <name>", "form of the report (default: text)").choices([
      "text",
      "json",
      "junit",
      "github",
      "html",
    ]),
  )
  .option("--out <file>", "write the report to a file")
  .addOption(json())
  .action((folder, options) =>
    run(async () => {
      const { siteToWalk } = await import("./commands/site.js");
      const site = options.site === undefined ? undefined : await siteToWalk(options.site, options);
      return (await import("./commands/test.js")).test(folder, site, options);
    }),
  );

program
  .command("init")
  .description("look at a listing page, propose a site file for it, and write it")
  .argument("<page>", "address of a listing page, or a saved HTML file")
  .option("--article <page>", "an article that it links to: address or file (default: the first)")
  .option("--url <address>", "address of a saved listing page")
  .option("--name <name>", "name of the site (default: made of its address)")
  .option("--out <file>", "site file (default: sitelift.config.ts, else <name>.site.ts)")
  .option("--yes", "take what is proposed where it is not sure, without asking")
  .option("--force", "overwrite files that are there")
  .option("--dry-run", "propose, and write nothing")
  .addOption(json())
  .action((page, options) =>
    run(async () => (await import("./commands/init.js")).init(page, options)),
  );

program
  .command("drift")
  .description("fetch what was recorded again, and tell a changed template from changed words")
  .argument("[folder]", "folder of cases (default: fixtures/cases)")
  .option("--site <site>", "read the cases by this site instead of the one that each names")
  .addOption(language())
  .option("--max-age <days>", "warn of cases recorded longer ago, such as 90d", days)
  .option("--max-age-fails", "fail where a case is older than --max-age")
  .addOption(json())
  .action((folder, options) =>
    run(async () => {
      const { siteToWalk } = await import("./commands/site.js");
      const site = options.site === undefined ? undefined : await siteToWalk(options.site, options);
      return (await import("./commands/drift.js")).drift(folder, site, options);
    }),
  );

program
  .command("schema")
  .description("print the JSON Schema of a site file or of an entry")
  .addArgument(program.createArgument("<what>", "which schema").choices(["site", "entry"]))
  .option("--out <file>", "write it to a file")
  .action((what, options) =>
    run(async () => (await import("./commands/schema.js")).schema(what, options)),
  );

/** Gathers the values of an option that is given more than once. */
function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** The options that a walk has, live or from a capture. */
function walks(command: Command): Command {
  return command
    .option("--out <dir>", "archive folder (default: output/<site>)")
    .addOption(preset())
    .addOption(language())
    .option(
      "--languages <list>",
      "walk these languages too, found by the language switcher: en,fr,ar or all",
      languages,
    )
    .option("--limit <n>", "read at most n articles", whole(1))
    .option("--since <date>", "leave out articles dated before YYYY-MM-DD", calendarDate)
    .option("--no-articles", "read the listing only, not the article pages")
    .option("--dry-run", "read everything, write nothing, say what would be written")
    .option(
      "--max-rejected <n>",
      "entries that may go to quarantine, as a number or a percentage (default: 0)",
      budget,
    )
    .option(
      "--overrides <file>",
      "decisions about single articles, beside <archive>/overrides.yaml",
    )
    .option("--no-media", "take no images and attachments")
    .option(
      "--max-failed-media <n>",
      "images and attachments that may fail, as a number or a percentage (default: 0)",
      budget,
    );
}

/** Reads a whole number of an option. */
function whole(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(
      `Expected a whole number ${most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`}, found "${text}".`,
    );
  };
}

function days(text: string): number {
  const number = /^(\d{1,5})d?$/.exec(text)?.[1];
  if (number !== undefined) return Number(number);
  throw new InvalidArgumentError(`Expected a number of days such as 90d, found "${text}".`);
}

function calendarDate(text: string): string {
  const [year = 0, month = 0, day = 0] = text.split("-").map(Number);
  const days = [
    31,
    year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28,
    31,
    30,
    31,
    30,
    31,
    31,
    30,
    31,
    30,
    31,
  ];
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && day >= 1 && day <= (days[month - 1] ?? 0)) return text;
  throw new InvalidArgumentError(`Expected a calendar date such as 2021-12-23, found "${text}".`);
}

/** A moment of UTC, or its beginning: a year, a month, a day, an hour. */
function moment(text: string): string {
  if (/^\d{4}(-\d\d(-\d\d(T\d\d(:\d\d(:\d\d)?)?Z?)?)?)?$/.test(text)) return text;
  if (/^\d{8}T\d{6}Z$/.test(text)) return text;
  throw new InvalidArgumentError(
    `Expected a time such as 2026-11 or 2026-11-25T02:05:51Z, found "${text}".`,
  );
}

function languages(text: string): readonly string[] | "all" {
  if (text === "all") return "all";
  const tags = text.split(",").map((tag) => tag.trim());
  if (tags.every((tag) => /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/.test(tag))) return tags;
  throw new InvalidArgumentError(
    `Expected language tags such as en,fr,ar, or all, found "${text}".`,
  );
}

function budget(text: string): { count: number } | { percent: number } {
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1];
  if (percent !== undefined && Number(percent) <= 100) return { percent: Number(percent) };
  if (/^\d+$/.test(text)) return { count: Number(text) };
  throw new InvalidArgumentError(`Expected a number or a percentage such as 2%, found "${text}".`);
}

// A reader that has seen enough, such as `| head`, closes the pipe: what is being written goes on.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });

// A file that grows beyond `ulimit -f` ends a process without a word; heard, the write fails and says why.
process.on("SIGXFSZ", () => {});

try {
  await program.parseAsync();
} catch (error) {
  exitCode = explain(error);
}
process.exitCode = exitCode;

/** Words for an error, and its exit code; a program that reads JSON Lines gets its last line in any case. */
function explain(error: unknown): ExitCode {
  const code = exitCodeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  if (code !== EXIT.complete && process.argv.includes("--json"))
    process.stdout.write(
      `${escapeJson({ event: "end", exitCode: code, error: message, counts: null })}\n`,
    );
  if (error instanceof CommanderError) return code;
  const write = (line: string) => process.stderr.write(`${escapeTerminal(line)}\n`);
  if (error instanceof CliError) {
    write(`error: ${message}`);
    for (const line of error.details) write(`  ${line}`);
    if (error.hint !== null) write(`hint: ${error.hint}`);
    return code;
  }
  write(`error: ${error instanceof Error ? (error.stack ?? message) : message}`);
  write("hint: this is a defect of sitelift; please report it with the lines above.");
  return code;
}

function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.complete : EXIT.usage;
  return error instanceof CliError ? error.exitCode : EXIT.findings;
}
