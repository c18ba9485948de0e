/** Where `sitelift record` gets its pages without the network: captures. */

import { existsSync, statSync } from "node:fs";
import { replaySource } from "../../capture/read/replay.js";
import { type CapturedRun, openCaptures } from "../../capture/read/runs.js";
import { OrderedFrontier } from "../../crawl/frontier.js";
import { CliError, EXIT } from "../../error.js";
import type { Page, PageResponse } from "../../model.js";
import { isUrl } from "../../site/load.js";
import { startingAt } from "../../site/resolve.js";
import type { Site } from "../../site/site.js";
import { parseUrl } from "../../text.js";
import type { RecordOptions } from "../command-line.js";
import { isNowhere } from "../site.js";
import { type Pages, walkedPages } from "./pages.js";

/** True for a WARC file, a WACZ file, and a folder, which may hold either. */
export function isCapture(target: string): boolean {
  if (/\.(?:warc|warc\.gz|wacz)$/i.test(target) && !isUrl(target)) return true;
  return existsSync(target) && statSync(target).isDirectory();
}

/**
 * Opens captures and runs with the URLs to record from them: those of `--url`, else, for a walk, the
 * start of the site.
 *
 * @throws {CliError} exit code 2, when none is named, or one is in no capture
 */
export async function withCaptures<T>(
  site: Site,
  captures: readonly string[],
  options: RecordOptions,
  run: (targets: readonly string[], pages: Pages) => Promise<T>,
): Promise<T> {
  const { runs, damages, close } = await openCaptures(captures);
  try {
    const named = options.url ?? (options.walk && !isNowhere(site) ? [site.start] : []);
    if (named.length === 0)
      throw new CliError("no page of the capture is named", {
        details: [...damages, ...heldLines(runs)],
        hint: "Name each page to record with --url.",
      });
    const targets = named.map(hrefOf);
    for (const url of targets) runHolding(url, runs);
    return await run(targets, {
      pageOf: (target) => storedPage(hrefOf(target), site, runs),
      walkFrom: async (start) => {
        const started = startingAt(site, start);
        const { responses } = runHolding(start, runs);
        return walkedPages(started, replaySource({ site: started, responses }), {
          exitCode: EXIT.incomplete,
          hint: "The capture must hold every listing page. Record the walk from its URL, or capture it whole.",
        });
      },
    });
  } finally {
    await close();
  }
}

function hrefOf(url: string): string {
  const parsed = isUrl(url) ? parseUrl(url) : null;
  if (parsed !== null) return parsed.href;
  throw new CliError(`"${url}" is not a URL`, {
    hint: "Expected the URL of a page in the capture, such as https://example.org/articles.",
  });
}

/** The newest crawl that holds a URL. @throws {CliError} exit code 2, when none does */
function runHolding(url: string, runs: readonly CapturedRun[]): CapturedRun {
  const plain = new URL(url);
  plain.hash = "";
  const found = runs.findLast(({ responses }) => responses.holds(plain));
  if (found !== undefined) return found;
  throw new CliError(`the capture does not hold ${url}`, { details: heldLines(runs) });
}

const MOST_LISTED = 40;

/** The HTML pages of some captures, one line each. */
function heldLines(runs: readonly CapturedRun[]): string[] {
  const held = [...new Set(runs.flatMap(({ responses }) => responses.pages()))].sort();
  if (held.length === 0) return ["it holds no HTML page"];
  const more = held.length > MOST_LISTED ? [`and ${held.length - MOST_LISTED} more`] : [];
  return [`it holds ${held.length} HTML pages:`, ...held.slice(0, MOST_LISTED), ...more];
}

async function storedPage(url: string, site: Site, runs: readonly CapturedRun[]): Promise<Page> {
  const { responses } = runHolding(url, runs);
  const frontier = new OrderedFrontier();
  frontier.add(url, "article");
  let response: PageResponse | undefined;
  await replaySource({ site: startingAt(site, url), responses }).run(frontier, async (only) => {
    response = only;
  });
  if (response !== undefined && "page" in response) return response.page;
  const reason = response !== undefined && "failure" in response ? response.failure?.reason : null;
  throw new CliError(`the capture gives no page for ${url}: ${reason ?? "nothing came"}`, {
    exitCode: EXIT.incomplete,
  });
}
