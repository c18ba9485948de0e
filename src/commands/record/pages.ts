/** Where `sitelift record` gets its pages: the network and saved files, or captures. */

import { existsSync, statSync } from "node:fs";
import { openCaptures } from "../../capture/read/runs.js";
import { listingOnly } from "../../cases/read.js";
import { CliError, EXIT, type ExitCode } from "../../error.js";
import type { Page } from "../../model.js";
import { type Site, startingAt } from "../../site/site.js";
import { isUrl } from "../../text.js";
import { capturedPages, heldLines, hrefOf, runHolding } from "../captured-page.js";
import type { RecordOptions } from "../command-line/cases.js";
import { askedAs, livePages, type PageSource, savedPage } from "../pages.js";
import { isNowhere } from "../site.js";

export interface Pages extends PageSource {
  /** What is to be recorded: URLs, and files. */
  readonly targets: readonly string[];
  /** Exit code and hint of a walk that does not reach its end. */
  readonly cutOff: { readonly exitCode: ExitCode; readonly hint: string };
}

/**
 * Of captures, the URLs of `--url` are recorded, else, for a walk, the start of the site.
 *
 * @throws {CliError} exit code 2, when no page of a capture is named, or one is in no capture
 */
export async function openPages(
  site: Site,
  named: readonly string[],
  { url, walk, listing = "" }: RecordOptions,
): Promise<Pages> {
  if (!named.some(isCapture)) {
    const urls = [...named, listing].filter(isUrl);
    const origins = [...site.origins, ...urls.map((one) => new URL(one).origin)];
    const live = await livePages({ ...site, origins }, urls);
    const hint = "Record it again when the site responds.";
    return { ...live, targets: named, cutOff: { exitCode: EXIT.unreachable, hint } };
  }
  const opened = await openCaptures(named);
  try {
    const targets = (url ?? (walk && !isNowhere(site) ? [site.start] : [])).map(hrefOf);
    if (targets.length === 0)
      throw new CliError("no page of the capture is named", {
        details: [...opened.damages, ...(await heldLines(opened.runs))],
        hint: "Name each page to record with --url.",
      });
    for (const one of targets) await runHolding(one, opened.runs);
    const hint =
      "The capture must hold every listing page. Record the walk from its URL, or capture it whole.";
    const cutOff = { exitCode: EXIT.incomplete, hint };
    return { ...capturedPages(opened, site), targets, cutOff };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

export async function pageOf(
  target: string,
  site: Site,
  { url }: RecordOptions,
  pages: Pages,
): Promise<Page> {
  if (isUrl(target)) return pages.fetch(askedAs(target, site));
  return savedPage(target, url?.[0], isNowhere(site) ? undefined : site.start);
}

/** Every listing page of a walk, in the order in which they were first requested. */
export async function walkFrom(start: string, site: Site, pages: Pages): Promise<Page[]> {
  const started = startingAt(site, start);
  const source = await pages.walk(started);
  const { walk } = await import("../../crawl/walk.js");
  const found = new Map<string, Page>();
  const walking = walk({
    site: listingOnly(started),
    sinks: [],
    source: {
      run: (frontier, onResponse, accept) =>
        source.run(
          frontier,
          (response) => {
            if ("page" in response) found.set(response.request.url, response.page);
            return onResponse(response);
          },
          accept,
        ),
    },
  });
  const { unreachable, gaps } = await walking.finally(() => source.close?.());
  const reason = unreachable ?? gaps[0];
  if (found.size > 0 && reason === undefined) return [...found.values()];
  const message = `the walk from ${start} has gaps and cannot be a case: ${reason ?? ""}`;
  throw new CliError(message, pages.cutOff);
}

/** True for a WARC file, a WACZ file, and a folder, which may hold either. */
export function isCapture(target: string): boolean {
  if (/\.(?:warc|warc\.gz|wacz)$/i.test(target) && !isUrl(target)) return true;
  return existsSync(target) && statSync(target).isDirectory();
}
