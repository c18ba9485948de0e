/** Where `sitelift record` has its pages from: the network, and saved files. */
import { listingOnly } from "../../cases/walk.js";
import { CliError, EXIT, type ExitCode } from "../../error.js";
import type { Fetcher } from "../../http/live.js";
import type { Page, Source } from "../../model.js";
import type { Site } from "../../site/site.js";
import { locate, readSaved } from "../inspect.js";
import { withHosts } from "../office.js";

/** Gives what is to be recorded. */
export interface Pages {
  pageOf(target: string): Promise<Page>;
  /** Every listing page of a walk, in the order in which they were first asked for. */
  walkFrom(start: string): Promise<Page[]>;
}

export interface PagesOptions {
  readonly url?: readonly string[] | undefined;
  readonly listing?: string | undefined;
}

export function isAddress(target: string): boolean {
  return /^https?:\/\//i.test(target);
}

/** Gives pages by address or by file; the network is opened when the first address is asked for, and closed at the end. */
export async function withPages<T>(
  site: Site,
  targets: readonly string[],
  options: PagesOptions,
  run: (pages: Pages) => Promise<T>,
): Promise<T> {
  const addresses = [...targets, options.listing ?? ""].filter(isAddress);
  const known = {
    ...site,
    origins: [...site.origins, ...addresses.map((url) => new URL(url).origin)],
  };
  return withHosts(addresses, async (hosts) => {
    let fetcher: Fetcher | null = null;
    const fetch = async (url: string) => {
      const { openFetcher } = await import("../../http/live.js");
      fetcher ??= openFetcher(known, { hosts });
      return fetcher.fetch(url);
    };
    try {
      return await run({
        pageOf: async (target) =>
          isAddress(target) ? fetch(target) : savedPage(target, site, options.url?.[0]),
        walkFrom: async (start) => {
          const { liveSource } = await import("../../http/live.js");
          const started = startingAt(start, site);
          return walkedPages(started, liveSource({ site: started, hosts }), {
            exitCode: EXIT.unreachable,
            hint: "Record it again when the site answers.",
          });
        },
      });
    } finally {
      await (fetcher as Fetcher | null)?.close();
    }
  });
}

function savedPage(path: string, site: Site, url: string | undefined): Page {
  const { page, warnings } = locate(readSaved(path), site, url);
  const lost = warnings.find(({ code }) => code === "no-address");
  if (lost === undefined) return page;
  throw new CliError(`${path} does not say where it was fetched from`, {
    hint: "Tell its address with --url: links are read from there.",
  });
}

/** The site, with a page that may be asked for as its start. */
export function startingAt(start: string, site: Site): Site {
  return { ...site, start, origins: [...site.origins, new URL(start).origin] };
}

/** @param lost what to say of a walk that could not be walked to its end */
export async function walkedPages(
  site: Site,
  source: Source,
  lost: { readonly exitCode: ExitCode; readonly hint: string },
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
    `the walk from ${site.start} has gaps, and makes no case: ${reason ?? ""}`,
    lost,
  );
}
