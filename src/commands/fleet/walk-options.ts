/** What a fleet file says of the walk of a site, as `crawl` takes it. */
import type { FleetSite } from "../../fleet/sites.js";
import type { CrawlOptions } from "../command-line.js";
import { threshold } from "../option-values.js";

export function walkOptionsOf({ options }: Pick<FleetSite, "options">): CrawlOptions {
  const { maxRejected, maxFailedMedia, ...rest } = options;
  return {
    ...rest,
    ...(maxRejected === undefined ? {} : { maxRejected: threshold(String(maxRejected)) }),
    ...(maxFailedMedia === undefined ? {} : { maxFailedMedia: threshold(String(maxFailedMedia)) }),
  };
}
