/** Where `sitelift record` gets its pages: the network and saved files. */
import { existsSync, statSync } from "node:fs";
import { replaySource } from "../../capture/read/replay.js";
import { openCaptures } from "../../capture/read/runs.js";
import { listingOnly } from "../../cases/read.js";
import { CliError, EXIT, type ExitCode } from "../../error.js";
import type { Fetcher } from "../../http/live.js";
import type { Page, Source } from "../../model.js";
import { isUrl } from "../../site/load.js";
import { startingAt } from "../../site/resolve.js";
import type { Site } from "../../site/site.js";
import { heldLines, hrefOf, neededPage, runHolding } from "../captured-page.js";
import type { RecordOptions } from "../command-line.js";
import { openHosts } from "../office.js";
import { askedAs, pageAt, readSaved } from "../pages.js";
import { isNowhere } from "../site.js";

export interface Pages {
  pageOf(target: string): Promise<Page>;
  /** Every listing page of a walk, in the order in which they were first requested. */
  walkFrom(start: string): Promise<Page[]>;
}

/** Runs with pages by URL or by file. The network is opened for the first URL, and closed at the end. */
export async function withPages<T>(
  site: Site,
  targets: readonly string[],
  options: RecordOptions,
  run: (pages: Pages) => Promise<T>,
): Promise<T> {
  const urls = [...targets, options.listing ?? ""].filter(isUrl);
  const origins = [...site.origins, ...urls.map((url) => new URL(url).origin)];
  await using office = await openHosts(urls);
  const { hosts } = office;
  let fetcher: Fetcher | undefined;
  const fetch = async (url: string) => {
    const { openFetcher } = await import("../../http/live.js");
    fetcher ??= openFetcher({ ...site, origins }, { hosts });
    return fetcher.fetch(url);
  };
  try {
    return await run({
      pageOf: async (target) =>
        isUrl(target) ? fetch(askedAs(target, site)) : savedPage(target, site, options.url?.[0]),
      walkFrom: async (start) => {
        const { liveSource } = await import("../../http/live.js");
        const started = startingAt(site, start);
        return walkedPages(started, liveSource({ site: started, hosts }), {
          exitCode: EXIT.unreachable,
          hint: "Record it again when the site responds.",
        });
      },
    });
  } finally {
    await (fetcher as Fetcher | undefined)?.close();
  }
}

function savedPage(path: string, site: Site, given: string | undefined): Page {
  const { body, url } = readSaved(path, given);
  if (url === null && isNowhere(site))
    throw new CliError(`${path} does not name the URL that it was fetched from`, {
      hint: "Add it with --url: relative links are resolved against it.",
    });
  return pageAt(url ?? site.start, body);
}

/** @param failure exit code and hint if the walk does not reach its end */
async function walkedPages(
  site: Site,
  source: Source,
  failure: { readonly exitCode: ExitCode; readonly hint: string },
): Promise<Page[]> {
  const { walk } = await import("../../crawl/walk.js");
  const pages = new Map<string, Page>();
  const walking = walk({
    site: listingOnly(site),
    sinks: [],
    source: {
      run: (frontier, onResponse, accept) =>
        source.run(
          frontier,
          (response) => {
            if ("page" in response) pages.set(response.request.url, response.page);
            return onResponse(response);
          },
          accept,
        ),
    },
  });
  const seen = await walking.finally(() => source.close?.());
  const reason = seen.unreachable ?? seen.gaps[0];
  if (pages.size > 0 && reason === undefined) return [...pages.values()];
  throw new CliError(
    `the walk from ${site.start} has gaps and cannot be a case: ${reason ?? ""}`,
    failure,
  );
}

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
  await using opened = await openCaptures(captures);
  const { runs, damages } = opened;
  const named = options.url ?? (options.walk && !isNowhere(site) ? [site.start] : []);
  if (named.length === 0)
    throw new CliError("no page of the capture is named", {
      details: [...damages, ...(await heldLines(runs))],
      hint: "Name each page to record with --url.",
    });
  const targets = named.map(hrefOf);
  for (const url of targets) await runHolding(url, runs);
  return await run(targets, {
    pageOf: async (target) => {
      const url = hrefOf(target);
      return neededPage(url, site, await runHolding(url, runs));
    },
    walkFrom: async (start) => {
      const started = startingAt(site, start);
      const { responses } = await runHolding(start, runs);
      return walkedPages(started, replaySource({ site: started, responses }), {
        exitCode: EXIT.incomplete,
        hint: "The capture must hold every listing page. Record the walk from its URL, or capture it whole.",
      });
    },
  });
}
