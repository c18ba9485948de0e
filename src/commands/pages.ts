/** Pages by URL or by file: from the network, or saved. */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { CliError } from "../error.js";
import { ownUrl, parsePage } from "../extract/tree.js";
import type { Fetcher, LiveOptions } from "../http/live.js";
import type { Page, Source } from "../model.js";
import { startOfKind } from "../site/listing-kinds.js";
import type { Site } from "../site/site.js";
import { canonicalUrl } from "../url/url.js";
import { openHosts } from "./office.js";
import { NOWHERE } from "./site.js";
import type { Terminal } from "./terminal.js";

/** @param site how the page is fetched; without it, from its own origin alone */
export async function fetchPage(
  url: string,
  site: LiveOptions["site"] = {
    start: url,
    origins: [new URL(url).origin],
    politeness: { delay: 250, concurrency: 1 },
  },
): Promise<Page> {
  await using pages = await livePages({ ...site, start: url }, [url]);
  return await pages.fetch(url);
}

/** A page, or null and a warning where it does not come. @param lacks what that means */
export function orNull(
  page: Promise<Page>,
  terminal: Pick<Terminal, "warn">,
  lacks = "not compared",
): Promise<Page | null> {
  return page.catch((error: unknown) => {
    if (!(error instanceof CliError)) throw error;
    terminal.warn(`${lacks}: ${error.message}`);
    return null;
  });
}

/** The URL by which a crawl asks for a page of the list: that of an API is asked for more than it gives by itself. */
export function askedAs(url: string, { start, listing }: Pick<Site, "start" | "listing">): string {
  const path = (one: string) => one.split(/[?#]/)[0];
  return path(url) === path(start) ? startOfKind(listing.kind, url) : url;
}

/**
 * Reads a saved page, and its URL: the one that is given, else the one that the page names.
 *
 * @returns the URL is null when neither is known
 * @throws {CliError} exit code 2, when the file cannot be read or the given URL is not one
 */
export function readSaved(path: string, given?: string): { body: Uint8Array; url: string | null } {
  const body = readFile(path);
  if (given === undefined)
    return { body, url: ownUrl(parsePage(pageAt(`http://${NOWHERE}/`, body))) };
  const url = canonicalUrl(given);
  if (url !== null) return { body, url };
  throw new CliError(`--url "${given}" is not a URL`, {
    hint: "Expected something like https://example.org/articles.",
  });
}

function readFile(path: string): Uint8Array {
  const file = resolve(path);
  if (!existsSync(file))
    throw new CliError(`"${path}" is neither a URL nor a file`, {
      hint: "A URL begins with http:// or https://; a file path is relative to the working folder.",
    });
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new CliError(`${path} cannot be read`, { hint: "Expected one saved HTML page.", cause });
  }
}

/**
 * The same as if it had been fetched.
 *
 * @param other the URL that it gets where none is known
 * @throws {CliError} exit code 2, also when there is none
 */
export function savedPage(path: string, given?: string, other?: string): Page {
  const { body, url } = readSaved(path, given);
  const known = url ?? other;
  if (known !== undefined) return pageAt(known, body);
  throw new CliError(`${path} does not name the URL that it was fetched from`, {
    hint: "Add it, such as --url https://example.org/articles: relative links are resolved against it.",
  });
}

/** A saved page as if it had been fetched from a URL. */
export function pageAt(url: string, body: Uint8Array): Page {
  return { url, requestedUrl: url, status: 200, headers: {}, body };
}

/** Pages by URL, and what reads the list of a site: the network, or captures in its place. */
export interface PageSource extends AsyncDisposable {
  readonly fetch: (url: string) => Promise<Page>;
  readonly walk: (site: Site) => Promise<Source>;
}

/** The network, opened for the first request. @param urls that may be asked for */
export async function livePages(
  site: LiveOptions["site"],
  urls: readonly string[],
): Promise<PageSource> {
  const office = await openHosts(urls);
  const { hosts } = office;
  const live = () => import("../http/live.js");
  let fetcher: Fetcher | undefined;
  return {
    async fetch(url) {
      const { openFetcher } = await live();
      fetcher ??= openFetcher(site, { hosts });
      return fetcher.fetch(url);
    },
    walk: async (listed) => (await live()).liveSource({ site: listed, hosts }),
    async [Symbol.asyncDispose]() {
      await fetcher?.close();
      await office[Symbol.asyncDispose]();
    },
  };
}
