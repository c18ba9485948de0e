/** Pages from captures, in the place of the network. */
import { replaySource } from "../capture/read/replay.js";
import { type CapturedRun, type OpenCaptures, openCaptures } from "../capture/read/runs.js";
import { OrderedFrontier } from "../crawl/frontier.js";
import { CliError, EXIT } from "../error.js";
import type { Page, PageResponse, Warning } from "../model.js";
import { type Site, startingAt } from "../site/site.js";
import { few, isUrl, parseUrl } from "../text.js";
import type { PageSource } from "./pages.js";

/**
 * Reads the page of a URL from a capture: that of the newest crawl that has one of status 200.
 *
 * @param path an archive, a WACZ or WARC file, a folder of them or of saved pages
 * @returns warnings say what is damaged, and which newer crawls gave no page
 * @throws {CliError} exit code 2, when it is not a capture, does not hold the URL, or only as an error
 */
export async function capturedPage(
  path: string,
  target: string,
  site: Site,
): Promise<{ page: Page; warnings: Warning[] }> {
  const url = hrefOf(target);
  await using opened = await openCaptures([path]);
  const { runs, damages } = opened;
  const failed: string[] = [];
  const holding = runs.filter(({ responses }) => responses.holds(new URL(url)));
  if (holding.length === 0) throw await notHeld(url, runs);
  for (const run of holding.reverse()) {
    const stored = await storedPage(url, site, run);
    if (!("page" in stored)) {
      failed.push(`${run.name}: ${stored.reason}`);
      continue;
    }
    const warnings = damages.map((message) => ({ code: "capture-damaged", message }));
    if (failed.length > 0)
      warnings.push({
        code: "older-response",
        message: `the page is of ${run.name}; what is newer gives none: ${failed.join("; ")}`,
      });
    return { page: stored.page, warnings };
  }
  throw new CliError(`the capture has no page of status 200 for ${url}`, {
    details: [...failed, ...damages],
    hint: "Name another capture, or leave out --capture to fetch the page.",
  });
}

/** A URL as it was requested, without a fragment. @throws {CliError} exit code 2, when it is not one */
export function hrefOf(url: string): string {
  const parsed = isUrl(url) ? parseUrl(url) : null;
  if (parsed !== null) {
    parsed.hash = "";
    return parsed.href;
  }
  throw new CliError(`"${url}" is not a URL`, {
    hint: "Expected the URL of a page in the capture, such as https://example.org/articles.",
  });
}

/**
 * @param runOf the crawl that gives a URL: the newest that holds it, unless another one is meant
 * @throws {CliError} when they hold none
 */
export function capturedPages(
  { runs, close }: OpenCaptures,
  site: Site,
  runOf: (url: string) => Promise<CapturedRun | undefined> = (url) => runHolding(url, runs),
): PageSource {
  return {
    async fetch(target) {
      const url = hrefOf(target);
      const run = await runOf(url);
      const stored = run ? await storedPage(url, site, run) : { reason: "it holds no crawl" };
      if ("page" in stored) return stored.page;
      throw new CliError(`the capture gives no page for ${url}: ${stored.reason}`, {
        exitCode: EXIT.incomplete,
      });
    },
    walk: async (listed) => {
      const { responses } = await runHolding(listed.start, runs);
      return replaySource({ site: listed, responses });
    },
    [Symbol.asyncDispose]: close,
  };
}

/** The newest crawl that holds a URL. @throws {CliError} exit code 2, when none does */
export async function runHolding(url: string, runs: readonly CapturedRun[]): Promise<CapturedRun> {
  const found = runs.findLast(({ responses }) => responses.holds(new URL(url)));
  if (found !== undefined) return found;
  throw await notHeld(url, runs);
}

async function notHeld(url: string, runs: readonly CapturedRun[]): Promise<CliError> {
  return new CliError(`the capture does not hold ${url}`, { details: await heldLines(runs, url) });
}

/** What one crawl stored of a page. It was fetched, so robots.txt has nothing more to say. */
export async function storedPage(
  url: string,
  site: Site,
  { responses }: CapturedRun,
): Promise<{ readonly page: Page } | { readonly reason: string }> {
  const frontier = new OrderedFrontier();
  frontier.add(url, "article");
  let response: PageResponse | undefined;
  const source = replaySource({
    site: startingAt(site, url),
    responses: { ...responses, obeysRobots: false },
  });
  await source.run(frontier, async (only) => {
    response = only;
  });
  if (response !== undefined && "page" in response) return { page: response.page };
  const failure = response !== undefined && "failure" in response ? response.failure : null;
  return { reason: failure?.reason ?? "nothing came" };
}

const MOST_LISTED = 40;
const MOST_NEAR = 5;

/** The HTML pages of some captures, one line each; beside a URL that they do not hold, those that are most like it. */
export async function heldLines(runs: readonly CapturedRun[], url?: string): Promise<string[]> {
  const pages = await Promise.all(runs.map(({ responses }) => responses.pages()));
  const held = [...new Set(pages.flat())].sort();
  if (held.length === 0) return ["it holds no HTML page"];
  const most = url === undefined ? MOST_LISTED : MOST_NEAR;
  if (url !== undefined && held.length > most) {
    const near = held.toSorted((a, b) => likeness(b, url) - likeness(a, url)).slice(0, most);
    return [`it holds ${held.length} HTML pages; most like it:`, ...near];
  }
  return [`it holds ${held.length} HTML pages:`, ...few(held, most)];
}

/** How many characters two URLs have in common at their beginning and end, in proportion to the longer one. */
function likeness(one: string, other: string): number {
  const [a, b] = [one, other].map((url) => url.replace(/^https?:\/\/(?:www\.)?|\/$/g, ""));
  if (a === undefined || b === undefined) return 0;
  const least = Math.min(a.length, b.length);
  let start = 0;
  while (start < least && a[start] === b[start]) start++;
  let end = 0;
  while (end < least - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  return (start + end) / Math.max(a.length, b.length, 1);
}
