/** A proposed site file, tried: a crawl of its first articles that writes nothing. */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { temporaryFolder } from "../../disk/folders.js";
import { CliError, EXIT } from "../../error.js";
import type { Site } from "../../site/site.js";
import { Silent } from "../terminal.js";

export const TRIED = 20;

/** What a crawl with the site finds, one sentence each; none when it finds nothing. */
export async function tryOut(site: Site): Promise<string[]> {
  await using out = await temporaryFolder(join(tmpdir(), "sitelift-try-"));
  const lines: string[] = [];
  const take = (line = "") => void lines.push(line);
  const terminal = new Silent({ print: take, warn: take });
  try {
    const options = { out: out.path, dryRun: true, limit: TRIED, media: false };
    const { crawl } = await import("../crawl.js");
    const exitCode = await crawl(site, options, terminal);
    if (exitCode === EXIT.complete) return [];
    return lines.filter((line) =>
      /^(?:gap|scope|selector|left behind|drift|ledger|rejected|failed)/.test(line),
    );
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return [error.message];
  }
}
