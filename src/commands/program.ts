/** What `--help` shows: every command with its arguments. Options are in `command-line.ts`, which it does not load. */
import { Command } from "./commander.js";

export const DEFAULT_SITE = "default: sitelift.config.* in this folder";

/** The program with its commands, still without options. @param version what `--version` shows */
export function newProgram(version: string) {
  const program = new Command("sitelift")
    .description("Moves a paginated site into a validated Markdown archive that can be trusted.")
    .version(version)
    .showSuggestionAfterError()
    .showHelpAfterError("(add --help for the options)")
    .configureHelp({
      sortSubcommands: false,
      // All but one have options, and whoever wants to know them asks the command.
      subcommandTerm: (command) =>
        `${command.name()} ${command.usage().replace(/^\[options\]( \[command\])? ?/, "")}`.trimEnd(),
    })
    .exitOverride()
    .enablePositionalOptions();
  const commands = {
    demo: program
      .command("demo")
      .description("serve the embedded office on a loopback port, crawl it and write output/demo"),
    crawl: program
      .command("crawl")
      .description("walk, fetch, extract, convert, validate and write an archive")
      .argument("[site]", `built-in site, site file or URL; ${DEFAULT_SITE}`),
    fleet: program
      .command("fleet")
      .description(
        "crawl many sites side by side, one lane for each host, one archive for each site",
      )
      .argument(
        "<what...>",
        "a fleet file (.yaml), or folders of site files, built-in sites, patterns such as 'unesco-*'",
      )
      .enablePositionalOptions(),
    worker: program
      .command("worker")
      .description("work on the sites of a fleet, beside the workers of other machines"),
    build: program
      .command("build")
      .description("write the archive of a crawl from its capture, without the network")
      .argument(
        "[capture...]",
        "WARC or WACZ files, folders that hold them, or a folder of saved pages",
      ),
    archive: program
      .command("archive")
      .description(
        "show what web archives have of a site, for at most three requests: archive list URL",
      )
      .addArgument(program.createArgument("<what>", "what to show").choices(["list"] as const))
      .argument("<site>", "URL of the first listing page, built-in site or site file"),
    pack: program
      .command("pack")
      .description("pack an archive and its captures as one WACZ file")
      .argument("<archive>", "archive folder"),
    verify: program
      .command("verify")
      .description(
        "check an archive or a WACZ file: checksums, schema, ledger, captures, stray files",
      )
      .argument("<archive>", "archive folder or WACZ file"),
    prune: program
      .command("prune")
      .description("remove captures of an archive, and keep of them what later ones need")
      .argument("<archive>", "archive folder"),
    diff: program
      .command("diff")
      .description("show what changed between two archives, or two snapshots of one")
      .argument("<old>", "archive folder, or snapshot (<archive>/snapshots/<time>.json)")
      .argument("[new]", "the newer archive or snapshot"),
    exporting: program
      .command("export")
      .description("write an archive as the files of a generator, a CMS or a database")
      .argument("<archive>", "archive folder"),
    redirects: program
      .command("redirects")
      .description(
        "write redirects from the old URLs for a server, or check them on a running site",
      )
      .argument("<archive>", "archive folder"),
    inspect: program
      .command("inspect")
      .description("show what a page is taken for, what each selector matches and the result")
      .argument("<page>", "URL or saved HTML file"),
    record: program
      .command("record")
      .description("save pages as cases, each with its result as the expectation")
      .argument(
        "<page...>",
        "URLs, saved HTML files or captures; with --walk, the first listing page or a capture",
      ),
    test: program
      .command("test")
      .description("check every case by the functions that a crawl runs")
      .argument("[folder]", "folder of cases (default: fixtures/cases)"),
    init: program
      .command("init")
      .description("propose a site file for a listing page, and write it")
      .argument("<page>", "URL of a listing page, or a saved HTML file"),
    drift: program
      .command("drift")
      .description(
        "refetch recorded pages and report template changes separately from content changes",
      )
      .argument("[folder]", "folder of cases (default: fixtures/cases)"),
    repair: program
      .command("repair")
      .description(
        "find where a changed template has what the archive knows, and mend the site file",
      )
      .argument("[archive]", "archive folder (default: output/<site>)"),
    schema: program
      .command("schema")
      .description("print the JSON Schema of a site file, of an entry or of a fleet file")
      .addArgument(
        program
          .createArgument("<what>", "which schema")
          .choices(["site", "entry", "fleet"] as const),
      ),
    explain: program
      .command("explain")
      .description("say what a warning, finding or exit code means and what to do")
      .argument("[code...]", "such as page-short or 3; without one, lists all"),
  };
  const below = {
    fleetStatus: commands.fleet
      .command("status")
      .description("show how far each site is, and what waits for a person"),
    fleetRetry: commands.fleet
      .command("retry")
      .description("let sites go on that wait for a person: parked, failed, or of a stopped host")
      .argument("[site...]", "names of sites (default: all that wait)"),
  };
  return { program, commands: { ...commands, ...below } };
}

export type Commands = ReturnType<typeof newProgram>["commands"];
