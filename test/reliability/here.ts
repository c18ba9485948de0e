/** Runs the whole command in this process, where its disk and its clock may be others than the machine's. */

import type { CrawlOptions } from "../../src/commands/command-line.js";
import { crawlSite, type World } from "../../src/commands/crawl.js";
import { Terminal } from "../../src/commands/terminal.js";
import { CliError } from "../../src/error.js";
import { type Clock, systemClock } from "../../src/http/clock.js";
import { demo } from "../../src/site/presets/demo.js";
import { drupal7 } from "../../src/site/presets/drupal7.js";
import { resolveSite } from "../../src/site/resolve.js";
import type { SiteInput } from "../../src/site/site.js";

/** Waits a hundredth of the time it is asked for: retries are as many, and sooner. */
export const hasty: Clock = {
  ...systemClock,
  sleep: (ms, signal) => systemClock.sleep(ms / 100, signal),
};

export interface Crawled {
  readonly code: number;
  readonly stderr: string;
  readonly end: { readonly gaps?: readonly string[] } | null;
}

export type HereOptions = Pick<
  CrawlOptions,
  "limit" | "since" | "articles" | "ignoreRobots" | "maxRejected" | "refetchMedia" | "dryRun"
>;

/** Keeps what a terminal would show. */
class Notes extends Terminal {
  readonly lines: string[] = [];
  end: Crawled["end"] = null;

  override print(line = ""): void {
    this.lines.push(line);
  }
  override warn(line: string): void {
    this.lines.push(line);
  }
  override progress(): void {}
  override event(value: { readonly event: string }): void {
    if (value.event === "end") this.end = value as { readonly gaps?: readonly string[] };
  }
}

/** Crawls an office into a folder, or the site of a site file. Errors that the command line would show are exit codes here. */
export async function crawlHere(
  start: string | SiteInput,
  out: string,
  options: HereOptions = {},
  world: World = {},
): Promise<Crawled> {
  const politeness = { delay: 0, concurrency: 4 };
  const given =
    typeof start === "string"
      ? { name: "faulty", preset: "drupal7", start, politeness, ignore: demo("en").ignore }
      : { ...start, politeness };
  const site = resolveSite(given, { drupal7 }, "test");
  const notes = new Notes({ json: true });
  const code = await crawlSite(site, { ...options, out }, notes, { clock: hasty, ...world }).catch(
    (error: unknown) => {
      if (!(error instanceof CliError)) throw error;
      notes.lines.push(error.message);
      return error.exitCode;
    },
  );
  return { code, stderr: notes.lines.join("\n"), end: notes.end };
}
