/**
 * Every command: what `--help` lists of it, where its options are, and what it does. Its options are loaded when it is
 * named, its code when it runs, after the site that it means: --help, a wrong option and a mistake in a site file load no
 * parser and no crawler.
 */
import process from "node:process";
import type { Command, OptionValues } from "@commander-js/extra-typings";
import type { ExitCode } from "../error.js";
import { DEFAULT_SITE, type Description, type Line } from "./command-line/command.js";
import type { End } from "./end.js";

const archive = () => import("./command-line/archive.js");
const cases = () => import("./command-line/cases.js");
const crawl = () => import("./command-line/crawl.js");
const fleet = () => import("./command-line/fleet.js");
const site = () => import("./command-line/site.js");
const load = () => import("../site/load.js");
const sites = () => import("./site.js");

/** In the order in which --help lists them. */
export const COMMANDS: readonly Listed[] = [
  listed(
    "demo",
    (line) =>
      line.description(
        "serve the embedded office on a loopback port, crawl it and write output/demo",
      ),
    async () => (await crawl()).demo,
    async (options) => (await import("./demo.js")).demo(options),
  ),
  listed(
    "crawl",
    (line) =>
      line
        .description("walk, fetch, extract, convert, validate and write an archive")
        .argument("[site]", `built-in site, site file or URL; ${DEFAULT_SITE}`),
    async () => (await crawl()).crawl,
    async (target, options) => {
      const found = await (await load()).findWholeSite(target, options);
      return (await import("./crawl.js")).crawl(found, options);
    },
  ),
  listed(
    "fleet",
    (line) =>
      line
        .description(
          "crawl many sites side by side, one lane for each host, one archive for each site",
        )
        .argument(
          "<what...>",
          "a fleet file (.yaml), or folders of site files, built-in sites, patterns such as 'unesco-*'",
        ),
    async () => (await fleet()).fleet,
    async (what, options) => {
      const found = await (await import("../fleet/sites.js")).findFleet(what, process.cwd());
      if (options.on === undefined && options.store === undefined)
        return (await import("./fleet.js")).fleet(found, options);
      const { onMachines, queueFleet } = await import("./fleet/on-machines.js");
      return queueFleet(found, onMachines(options));
    },
    [
      listed(
        "status",
        (line) => line.description("show how far each site is, and what waits for a person"),
        async () => (await fleet()).fleetStatus,
        async (options) => (await import("./fleet/status.js")).fleetStatus(options),
      ),
      listed(
        "retry",
        (line) =>
          line
            .description(
              "let sites go on that wait for a person: parked, failed, or of a stopped host",
            )
            .argument("[site...]", "names of sites (default: all that wait)"),
        async () => (await fleet()).fleetRetry,
        async (names, options) => (await import("./fleet/retry.js")).fleetRetry(names, options),
      ),
    ],
  ),
  listed(
    "worker",
    (line) =>
      line.description("work on the sites of a fleet, beside the workers of other machines"),
    async () => (await fleet()).worker,
    async (options) => (await import("./worker.js")).worker(options),
  ),
  listed(
    "build",
    (line) =>
      line
        .description("write the archive of a crawl from its capture, without the network")
        .argument(
          "[capture...]",
          "WARC or WACZ files, folders that hold them, or a folder of saved pages",
        ),
    async () => (await crawl()).build,
    async (captures, options) => {
      const { manifest, watch } = options;
      if (manifest !== undefined)
        return (await import("./build/line.js")).buildLine(manifest, captures, options);
      if (watch) return (await import("./watch.js")).watch(captures, options);
      const found = await (await load()).findWholeSite(options.site, options);
      return (await import("./build.js")).build(captures, found, options);
    },
  ),
  listed(
    "archive",
    (line) =>
      line
        .description(
          "show what web archives have of a site, for at most three requests: archive list URL",
        )
        .addArgument(line.createArgument("<what>", "what to show").choices(["list"] as const))
        .argument("<site>", "URL of the first listing page, built-in site or site file"),
    async () => (await crawl()).archiveList,
    async (_, target, options) => (await import("./archive-list.js")).archiveList(target, options),
  ),
  listed(
    "pack",
    (line) =>
      line
        .description("pack an archive and its captures as one WACZ file")
        .argument("<archive>", "archive folder"),
    async () => (await archive()).pack,
    async (...given) => (await import("./pack.js")).pack(...given),
  ),
  listed(
    "verify",
    (line) =>
      line
        .description(
          "check an archive, a WACZ or a WARC file: checksums, schema, ledger, captures, stray files",
        )
        .argument("<archive>", "archive folder, WACZ or WARC file"),
    async () => (await archive()).verify,
    async (...given) => (await import("./verify.js")).verify(...given),
  ),
  listed(
    "prune",
    (line) =>
      line
        .description("remove captures of an archive, and keep of them what later ones need")
        .argument("<archive>", "archive folder"),
    async () => (await archive()).prune,
    async (...given) => (await import("./prune.js")).prune(...given),
  ),
  listed(
    "diff",
    (line) =>
      line
        .description("show what changed between two archives, or two snapshots of one")
        .argument("<old>", "archive folder, or snapshot (<archive>/snapshots/<time>.json)")
        .argument("[new]", "the newer archive or snapshot"),
    async () => (await archive()).diff,
    async (...given) => (await import("./diff.js")).diff(...given),
  ),
  listed(
    "export",
    (line) =>
      line
        .description("write an archive as the files of a generator, a CMS or a database")
        .argument("<archive>", "archive folder"),
    async () => (await archive()).exporting,
    async (...given) => (await import("./export.js")).exportArchive(...given),
  ),
  listed(
    "redirects",
    (line) =>
      line
        .description(
          "write redirects from the old URLs for a server, or check them on a running site",
        )
        .argument("<archive>", "archive folder"),
    async () => (await archive()).redirects,
    async (...given) => (await import("./redirects.js")).redirects(...given),
  ),
  listed(
    "inspect",
    (line) =>
      line
        .description("show what a page is taken for, what each selector matches and the result")
        .argument("<page>", "URL or saved HTML file"),
    async () => (await site()).inspect,
    async (page, options) => {
      const found = await (await sites()).siteOfPage(page, options);
      return (await import("./inspect.js")).inspect(found, page, options);
    },
  ),
  listed(
    "record",
    (line) =>
      line
        .description("save pages as cases, each with its result as the expectation")
        .argument(
          "<page...>",
          "URLs, saved HTML files or captures; with --walk, the first listing page or a capture",
        ),
    async () => (await cases()).record,
    async (pages, options) => {
      const named = { ...options, url: options.url?.[0] };
      const found = await (await sites()).siteOfPage(pages[0] ?? "", named);
      return (await import("./record.js")).record(found, pages, options);
    },
  ),
  listed(
    "test",
    (line) =>
      line
        .description("check every case by the functions that a crawl runs")
        .argument("[folder]", "folder of cases (default: fixtures/cases)"),
    async () => (await cases()).test,
    async (folder, options) => {
      const found = await (await sites()).siteOfCases(options);
      return (await import("./test.js")).test(folder, found, options);
    },
  ),
  listed(
    "init",
    (line) =>
      line
        .description("propose a site file for a listing page, and write it")
        .argument("<page>", "URL of a listing page, or a saved HTML file"),
    async () => (await site()).init,
    async (...given) => (await import("./init.js")).init(...given),
  ),
  listed(
    "drift",
    (line) =>
      line
        .description(
          "refetch recorded pages and report template changes separately from content changes",
        )
        .argument("[folder]", "folder of cases (default: fixtures/cases)"),
    async () => (await cases()).drift,
    async (folder, options) => {
      const found = await (await sites()).siteOfCases(options);
      return (await import("./drift.js")).drift(folder, found, options);
    },
  ),
  listed(
    "repair",
    (line) =>
      line
        .description(
          "find where a changed template has what the archive knows, and mend the site file",
        )
        .argument("[archive]", "archive folder (default: output/<site>)"),
    async () => (await site()).repair,
    async (...given) => (await import("./repair.js")).repair(...given),
  ),
  listed(
    "schema",
    (line) =>
      line
        .description("print the JSON Schema of a site file, of an entry or of a fleet file")
        .addArgument(
          line
            .createArgument("<what>", "which schema")
            .choices(["site", "entry", "fleet"] as const),
        ),
    async () => (await site()).schema,
    async (what, options) => {
      const named = options.site;
      const found = named === undefined ? null : await (await load()).findWholeSite(named, options);
      return (await import("./schema.js")).schema(what, found, options);
    },
  ),
  listed(
    "explain",
    (line) =>
      line
        .description("say what a warning, finding or exit code means and what to do")
        .argument("[code...]", "such as page-short or 3; without one, lists all"),
    async () => (await site()).explain,
    async (words) => (await import("./explain.js")).explain(words),
  ),
];

export interface Listed {
  readonly name: string;
  /** Gives it its summary and its arguments. */
  readonly head: (line: Line) => Command;
  readonly describe: () => Promise<Description>;
  /** @returns its exit code, or its last event, which `--notify` sends */
  readonly run: (...given: never[]) => Promise<ExitCode | End>;
  readonly below: readonly Listed[];
}

function listed<A extends unknown[], O extends OptionValues>(
  name: string,
  head: (line: Line) => Command<A>,
  describe: () => Promise<Description<O>>,
  run: (...given: [...A, O]) => Promise<ExitCode | End>,
  below: readonly Listed[] = [],
): Listed {
  return { name, head, describe, run, below } as unknown as Listed;
}
