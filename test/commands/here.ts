/**
 * Crawls and builds in this process, where the second costs a fifth of the first: for tests of what comes of many of
 * them. Those of the command line run the command itself.
 */

import { join } from "node:path";
import { build } from "../../src/commands/build.js";
import type { CrawlOptions, RunOptions } from "../../src/commands/command-line.js";
import { crawlSite } from "../../src/commands/crawl.js";
import { siteToWalk } from "../../src/commands/site.js";
import { Terminal } from "../../src/commands/terminal.js";
import { CliError, type ExitCode } from "../../src/error.js";
import { escapeJson } from "../../src/text.js";
import { hasty } from "../reliability/here.js";
import type { Ended } from "./sitelift.js";

/** Keeps what would be shown. */
class Kept extends Terminal {
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
  override progress(): void {}
}

async function ended(
  options: RunOptions,
  run: (terminal: Terminal) => Promise<ExitCode>,
): Promise<Ended> {
  const terminal = new Kept(options);
  const exitCode = await run(terminal).catch((error: unknown) => {
    if (!(error instanceof CliError)) throw error;
    terminal.warn(`error: ${error.message}`);
    return error.exitCode;
  });
  return { exitCode, stdout: terminal.stdout, stderr: terminal.stderr };
}

/** Crawls the site of a site file in a folder into an archive there. */
export function crawlHere(
  cwd: string,
  out: string,
  { site = "site.json", ...more }: CrawlOptions & { readonly site?: string } = {},
): Promise<Ended> {
  const options = { ...more, out: join(cwd, out) };
  return ended(options, async (terminal) =>
    crawlSite(await siteToWalk(join(cwd, site), options), options, terminal, { clock: hasty }),
  );
}

/** Builds captures in a folder into an archive there, by its site file. */
export function buildHere(
  cwd: string,
  captures: readonly string[],
  out: string,
  more: RunOptions = {},
): Promise<Ended> {
  const options = { ...more, out: join(cwd, out) };
  return ended(options, async (terminal) =>
    build(
      captures.map((path) => join(cwd, path)),
      await siteToWalk(join(cwd, "site.json"), options),
      options,
      terminal,
    ),
  );
}
