/** The selectors of a crawl against those of the run before, and against what the site file demands. */
import { join } from "node:path";
import { FILES } from "../archive/layout.js";
import { belowThreshold, comparedWith, unmatchedFields } from "../crawl/health.js";
import type { Walk } from "../crawl/walk.js";
import { type Disk, unless } from "../disk/disk.js";
import { explainDisk } from "../disk/explain-disk.js";
import { parseJson, readWhole } from "../disk/read.js";
import { type Health, health } from "../schema/health.js";
import { tried } from "../site/selector-words.js";
import type { Site } from "../site/site.js";

/**
 * What the selectors did in the run that wrote an archive; null when it is not known, or damaged.
 *
 * @throws {CliError} when the disk fails
 */
export async function healthBefore(folder: string, disk: Disk): Promise<Health | null> {
  const path = join(folder, FILES.health);
  const bytes = await readWhole(path, disk)
    .catch(unless("ENOENT"))
    .catch((error: unknown) => {
      throw explainDisk(error, folder);
    });
  const found = bytes === undefined ? undefined : parseJson(Buffer.from(bytes).toString("utf8"));
  return health.safeParse(found).data ?? null;
}

export interface SelectorFindings {
  /** Selectors that matched before and match nothing now, one sentence each. */
  readonly lost: readonly string[];
  /** Selectors that may match nothing, and matched nothing in the whole run, one sentence each. */
  readonly unmatched: readonly string[];
  /** Fields below the share that the site file demands, one sentence each. */
  readonly thresholds: readonly string[];
}

export function selectorFindings(before: Health | null, seen: Walk, site: Site): SelectorFindings {
  const { health } = seen;
  return {
    lost: before === null ? [] : comparedWith(before, health),
    unmatched: [...unmatchedFields(health, site).unmatched, ...unmatchedNext(seen, site)],
    thresholds: belowThreshold(health, site),
  };
}

/** A list of one page cannot be told from one whose pager is not known, where nothing looks like a pager. */
function unmatchedNext({ complete, listingPages }: Walk, site: Site): string[] {
  const { next, pageLinks } = site.listing;
  if (!complete || listingPages > 1 || next.length === 0 || pageLinks.length > 0) return [];
  return [
    `listing.next matched nothing on the only listing page that was read ${tried(next)}; \`next: []\` says that the list has one page`,
  ];
}
