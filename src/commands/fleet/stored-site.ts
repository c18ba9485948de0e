/** A site and its options as an object of the store: workers have no site files. */
import { z } from "zod";
import { hashOf } from "../../disk/read.js";
import { CliError } from "../../error.js";
import { jsonBytes, readJson } from "../../fleet/states.js";
import type { Store } from "../../fleet/store.js";
import type { Site } from "../../site/site.js";
import type { CrawlOptions } from "../command-line/crawl.js";

/** What a walk of a site in a fleet is asked for: what follows the name of the site on a command line. */
export interface StoredSite {
  readonly site: Site;
  readonly options: CrawlOptions;
}

/** A site is plain data, and was checked when it was loaded. */
const stored = z.looseObject({
  version: z.literal(1),
  site: z.custom<Site>((value) => typeof value === "object" && value !== null),
  options: z.custom<CrawlOptions>((value) => typeof value === "object" && value !== null),
});

/** @param store null where nothing is to be stored @returns SHA-256 of its bytes, by which it is found again */
export async function storeSite(store: Store | null, { site, options }: StoredSite) {
  const bytes = jsonBytes({ version: 1, site, options });
  const sha = hashOf(bytes);
  await store?.create(`sites/${sha}.json`, bytes);
  return sha;
}

/** @throws {CliError} when the store does not have it */
export async function storedSite(store: Store, sha: string): Promise<StoredSite> {
  const found = await readJson(store, `sites/${sha}.json`, stored);
  if (found !== null) return found;
  throw new CliError(`the store ${store.name} has no site ${sha}`, {
    hint: "Run `sitelift fleet` again, which stores it, and then `sitelift fleet retry`.",
  });
}
