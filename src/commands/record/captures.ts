/** Pages of captures, to be recorded as cases without the network. */
import { existsSync, statSync } from "node:fs";
import { replaySource } from "../../capture/read/replay.js";
import { type CapturedRun, openCaptures } from "../../capture/read/runs.js";
import { OrderedFrontier } from "../../crawl/frontier.js";
import { CliError, EXIT } from "../../error.js";
import type { Page, PageResponse } from "../../model.js";
import type { Site } from "../../site/site.js";
import { NOWHERE } from "../site.js";
import { type Pages, type PagesOptions, startingAt, walkedPages } from "./pages.js";

/** True for a WARC file, a WACZ package, and a folder, which may hold either. */
export function isCapture(target: string): boolean {
  if (/\.(?:warc|warc\.gz|wacz)$/i.test(target) && !/^https?:/i.test(target)) return true;
  return existsSync(target) && statSync(target).isDirectory();
}

/**
 * Opens captures and runs with the addresses that are to be recorded from them: those that `--url`
 * names; of a walk that is told none, the start of the site.
 *
 * @throws {CliError} exit code 2, when none is named, or one is in no capture
 */
export async function withCaptures<T>(
  site: Site,
  captures: readonly string[],
  options: PagesOptions & { readonly walk?: boolean | undefined },
  run: (targets: readonly string[], pages: Pages) => Promise<T>,
): Promise<T> {
  const { runs, damages, close } = await openCaptures(captures);
  try {
    const named = options.url ?? (options.walk && !isNowhere(site) ? [site.start] : []);
    if (named.length === 0)
      throw new CliError("no page of the capture is named", {
        details: [...damages, ...heldWords(runs)],
        hint: "Name each page to record with --url.",
      });
    const targets = named.map((address) => addressOf(address));
    for (const url of targets) runHolding(url, runs);
    return await run(targets, {
      pageOf: (target) => storedPage(addressOf(target), site, runs),
      walkFrom: async (start) => {
        const started = startingAt(start, site);
        const { responses } = runHolding(start, runs);
        return walkedPages(started, replaySource({ site: started, responses }), {
          exitCode: EXIT.incomplete,
          hint: "The capture must hold every listing page; record the walk from its address, or capture it whole.",
        });
      },
    });
  } finally {
    await close();
  }
}

function isNowhere({ start }: Site): boolean {
  return new URL(start).hostname === NOWHERE;
}

function addressOf(address: string): string {
  if (/^https?:/i.test(address) && URL.canParse(address)) return new URL(address).href;
  throw new CliError(`"${address}" is no address`, {
    hint: "Expected the address of a page in the capture, such as https://example.org/articles.",
  });
}

/** The newest crawl that holds an address. @throws {CliError} exit code 2, when none does */
function runHolding(url: string, runs: readonly CapturedRun[]): CapturedRun {
  const plain = new URL(url);
  plain.hash = "";
  const found = runs.findLast(({ responses }) => responses.holds(plain));
  if (found !== undefined) return found;
  throw new CliError(`the capture does not hold ${url}`, { details: heldWords(runs) });
}

const MOST = 40;

/** What may be named, one line each. */
function heldWords(runs: readonly CapturedRun[]): string[] {
  const held = [...new Set(runs.flatMap(({ responses }) => responses.pages()))].sort();
  if (held.length === 0) return ["it holds no HTML page"];
  const more = held.length > MOST ? [`and ${held.length - MOST} more`] : [];
  return [`it holds ${held.length} HTML pages:`, ...held.slice(0, MOST), ...more];
}

async function storedPage(url: string, site: Site, runs: readonly CapturedRun[]): Promise<Page> {
  const { responses } = runHolding(url, runs);
  const frontier = new OrderedFrontier();
  frontier.add(url, "article");
  let response: PageResponse | undefined;
  await replaySource({ site: startingAt(url, site), responses }).run(frontier, async (only) => {
    response = only;
  });
  if (response !== undefined && "page" in response) return response.page;
  const reason = response !== undefined && "failure" in response ? response.failure?.reason : null;
  throw new CliError(`the capture gives no page for ${url}: ${reason ?? "nothing came"}`, {
    exitCode: EXIT.incomplete,
  });
}
