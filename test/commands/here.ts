/**
 * Crawls and builds in this process, where the second costs a fifth of the first: for tests of what comes of many of
 * them. Those of the command line run the command itself.
 */

import { join } from "node:path";
import { build } from "../../src/commands/build.js";
import type { BuildOptions, CrawlOptions } from "../../src/commands/command-line/crawl.js";
import type { InspectOptions } from "../../src/commands/command-line/site.js";
import { crawlSite, type World } from "../../src/commands/crawl.js";
import type { End } from "../../src/commands/end.js";
import { inspect } from "../../src/commands/inspect.js";
import { notify } from "../../src/commands/notify.js";
import { siteOfPage } from "../../src/commands/site.js";
import { Terminal } from "../../src/commands/terminal.js";
import { CliError, type ExitCode } from "../../src/error.js";
import { type Clock, systemClock } from "../../src/http/clock.js";
import { findWholeSite } from "../../src/site/load.js";
import { drupal7 } from "../../src/site/presets/drupal7.js";
import { resolveSite } from "../../src/site/resolve.js";
import type { SiteInput } from "../../src/site/site.js";
import { escapeJson } from "../../src/text.js";
import type { Ended } from "./sitelift.js";

/** Waits a hundredth of the time it is asked for: retries are as many, and sooner. */
export const hasty: Clock = {
  ...systemClock,
  sleep: (ms, signal) => systemClock.sleep(ms / 100, signal),
};

/** Keeps what would be shown. */
export class Kept extends Terminal {
  stdout = "";
  stderr = "";

  override print(line = ""): void {
    if (this.json) this.stderr += `${line}\n`;
    else this.stdout += `${line}\n`;
  }
  override warn(line: string): void {
    this.stderr += `${line}\n`;
  }
  override event(value: Parameters<Terminal["event"]>[0]): void {
    if (this.json) this.stdout += `${escapeJson(value)}\n`;
  }
  override result(value: object): void {
    this.stdout += `${escapeJson(value)}\n`;
  }
  override progress(): void {}
}

async function ended(
  options: CrawlOptions,
  run: (terminal: Terminal) => Promise<End>,
): Promise<Ended & { readonly exitCode: ExitCode }> {
  const terminal = new Kept(options);
  const { exitCode } = await run(terminal).then(
    async (end) => {
      terminal.event({ event: "end", ...end });
      if (options.notify !== undefined) await notify(options.notify, end, terminal, hasty);
      return end;
    },
    (error: unknown) => {
      if (!(error instanceof CliError)) throw error;
      for (const line of [`error: ${error.message}`, ...error.details, `hint: ${error.hint}`])
        terminal.warn(line);
      return error;
    },
  );
  return { exitCode, stdout: terminal.stdout, stderr: terminal.stderr };
}

/** Crawls the site of a site file in a folder into an archive there; what only a viewer needs is fetched where a test asks for it. */
export function crawlHere(
  cwd: string,
  out: string,
  { site = "site.json", ...more }: CrawlOptions & { readonly site?: string } = {},
  world: World = {},
): Promise<Ended> {
  const options = { requisites: "none" as const, ...more, out: join(cwd, out) };
  return ended(options, async (terminal) => {
    const walked = await findWholeSite(join(cwd, site), options);
    return (await crawlSite(walked, options, terminal, { clock: hasty, ...world })).end;
  });
}

export interface Crawled {
  readonly code: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
  /** The report of the run; null when there is none. */
  readonly end: { readonly gaps?: readonly string[]; readonly notes?: readonly string[] } | null;
}

export type HereOptions = Omit<CrawlOptions, "out" | "json">;

/** Crawls from a URL into a folder by the preset of Drupal 7, or a site as it is given; its disk and clock may be others than the machine's. */
export async function crawlFrom(
  start: string | SiteInput,
  out: string,
  more: HereOptions = {},
  world: World = {},
): Promise<Crawled> {
  const politeness = { delay: 0, concurrency: 4 };
  const given =
    typeof start === "string"
      ? { name: "faulty", preset: "drupal7", start, politeness }
      : { ...start, politeness };
  const site = resolveSite(given, { drupal7 }, "test");
  const options = { requisites: "none" as const, ...more, out, json: true };
  const { exitCode, stdout, stderr } = await ended(options, async (terminal) => {
    const { end } = await crawlSite(site, options, terminal, { clock: hasty, ...world });
    return end;
  });
  const last = JSON.parse(stdout.trimEnd().split("\n").at(-1) || "null");
  return { code: exitCode, stdout, stderr, end: last?.event === "end" ? last : null };
}

/** Builds captures in a folder into an archive there, by its site file. */
export function buildHere(
  cwd: string,
  captures: readonly string[],
  out: string,
  more: BuildOptions = {},
): Promise<Ended> {
  const options = { ...more, out: join(cwd, out) };
  return ended(options, async (terminal) =>
    build(
      captures.map((path) => join(cwd, path)),
      await findWholeSite(join(cwd, "site.json"), options),
      options,
      terminal,
    ),
  );
}

/** Builds captures into a folder, of a site as it is given. */
export function buildFrom(
  site: SiteInput,
  captures: readonly string[],
  out: string,
  more: BuildOptions = {},
): Promise<Ended> {
  const options = { ...more, out, json: true };
  return ended(options, (terminal) =>
    build(captures, resolveSite(site, { drupal7 }, "test"), options, terminal),
  );
}

/** Inspects a page. What is refused is thrown. */
export async function inspectHere(page: string, options: InspectOptions): Promise<Ended> {
  const terminal = new Kept(options);
  const exitCode = await inspect(await siteOfPage(page, options), page, options, terminal);
  return { exitCode, stdout: terminal.stdout, stderr: terminal.stderr };
}
