/**
 * Every command: how it is typed, and what it does. Its code is loaded when it runs, after the site that it means: --help,
 * a wrong option and a mistake in a site file load no parser and no crawler.
 */
import process from "node:process";
import type { Command, OptionValues } from "@commander-js/extra-typings";
import type { ExitCode } from "../error.js";
import * as archive from "./command-line/archive.js";
import * as cases from "./command-line/cases.js";
import type { Description } from "./command-line/command.js";
import * as crawl from "./command-line/crawl.js";
import * as fleet from "./command-line/fleet.js";
import * as site from "./command-line/site.js";
import type { End } from "./end.js";

const load = () => import("../site/load.js");
const sites = () => import("./site.js");

/** In the order in which --help lists them. */
export const COMMANDS: readonly Listed[] = [
  listed(crawl.demo, async (options) => (await import("./demo.js")).demo(options)),
  listed(crawl.crawl, async (target, options) => {
    const found = await (await load()).findWholeSite(target, options);
    return (await import("./crawl.js")).crawl(found, options);
  }),
  listed(
    fleet.fleet,
    async (what, options) => {
      const found = await (await import("../fleet/sites.js")).findFleet(what, process.cwd());
      if (options.on === undefined && options.store === undefined)
        return (await import("./fleet.js")).fleet(found, options);
      const { onMachines, queueFleet } = await import("./fleet/on-machines.js");
      return queueFleet(found, onMachines(options));
    },
    [
      listed(fleet.fleetStatus, async (options) =>
        (await import("./fleet/status.js")).fleetStatus(options),
      ),
      listed(fleet.fleetRetry, async (names, options) =>
        (await import("./fleet/retry.js")).fleetRetry(names, options),
      ),
    ],
  ),
  listed(fleet.worker, async (options) => (await import("./worker.js")).worker(options)),
  listed(crawl.build, async (captures, options) => {
    const { manifest, watch } = options;
    if (manifest !== undefined)
      return (await import("./build/line.js")).buildLine(manifest, captures, options);
    if (watch) return (await import("./watch.js")).watch(captures, options);
    const found = await (await load()).findWholeSite(options.site, options);
    return (await import("./build.js")).build(captures, found, options);
  }),
  listed(crawl.archiveList, async (_, target, options) =>
    (await import("./archive-list.js")).archiveList(target, options),
  ),
  listed(archive.pack, async (...given) => (await import("./pack.js")).pack(...given)),
  listed(archive.verify, async (...given) => (await import("./verify.js")).verify(...given)),
  listed(archive.prune, async (...given) => (await import("./prune.js")).prune(...given)),
  listed(archive.diff, async (...given) => (await import("./diff.js")).diff(...given)),
  listed(archive.exporting, async (...given) =>
    (await import("./export.js")).exportArchive(...given),
  ),
  listed(archive.redirects, async (...given) =>
    (await import("./redirects.js")).redirects(...given),
  ),
  listed(site.inspect, async (page, options) => {
    const found = await (await sites()).siteOfPage(page, options);
    return (await import("./inspect.js")).inspect(found, page, options);
  }),
  listed(cases.record, async (pages, options) => {
    const named = { ...options, url: options.url?.[0] };
    const found = await (await sites()).siteOfPage(pages[0] ?? "", named);
    return (await import("./record.js")).record(found, pages, options);
  }),
  listed(cases.test, async (folder, options) => {
    const found = await (await sites()).siteOfCases(options);
    return (await import("./test.js")).test(folder, found, options);
  }),
  listed(site.init, async (...given) => (await import("./init.js")).init(...given)),
  listed(cases.drift, async (folder, options) => {
    const found = await (await sites()).siteOfCases(options);
    return (await import("./drift.js")).drift(folder, found, options);
  }),
  listed(site.repair, async (...given) => (await import("./repair.js")).repair(...given)),
  listed(site.schema, async (what, options) => {
    const named = options.site;
    const found = named === undefined ? null : await (await load()).findWholeSite(named, options);
    return (await import("./schema.js")).schema(what, found, options);
  }),
  listed(site.explain, async (words) => (await import("./explain.js")).explain(words)),
];

export interface Listed extends Description<Command> {
  /** @returns its exit code, or its last event, which `--notify` sends */
  readonly run: (...given: never[]) => Promise<ExitCode | End>;
  readonly below: readonly Listed[];
}

function listed<A extends unknown[], O extends OptionValues>(
  description: Description<Command<A, O>>,
  run: (...given: [...A, O]) => Promise<ExitCode | End>,
  below: readonly Listed[] = [],
): Listed {
  return { ...description, run, below } as unknown as Listed;
}
