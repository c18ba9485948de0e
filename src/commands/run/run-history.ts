/** What a run leaves of itself beside its snapshot: history.csv and badge.json. */
import { join } from "node:path";
import { readHistory, renderBadge, renderHistory, storedHistory } from "../../archive/history.js";
import { RUN_FILES } from "../../archive/layout.js";
import type { Override } from "../../crawl/overrides.js";
import { type Disk, explained, unless } from "../../disk/disk.js";
import { writeDurable } from "../../disk/files.js";
import { STAGING } from "../../disk/layout.js";
import { hashOf } from "../../disk/read.js";
import type { ExitCode } from "../../error.js";
import type { Site } from "../../site/site.js";
import type { CrawlOptions } from "../command-line/crawl.js";

/**
 * SHA-256 of what decides how pages are read: the same pages give other entries only where it differs.
 *
 * @param site as it was loaded: what options add to it says what is asked, not how it is read, but for `--no-articles`
 */
export function rulesHash(
  site: Site,
  decisions: readonly Override[],
  { articles }: Pick<CrawlOptions, "articles">,
): string {
  const fromRows = articles === false && [site, ...site.lists].some((one) => one.article.follow);
  return hashOf(JSON.stringify([rulesOf(site), decisions, ...(fromRows ? ["rows alone"] : [])]));
}

/** A site, its languages and its lists without what says how it is asked and judged. */
function rulesOf(site: Partial<Site>): object {
  const { politeness: _politeness, requisites: _requisites, archive: _archive, ...asked } = site;
  const { accept: _accept, health: _health, ignore: _ignore, fewer: _fewer, ...judged } = asked;
  const { languages = {}, lists = [], ...rules } = judged;
  const each = Object.entries(languages).map(([tag, one]) => [tag, rulesOf(one)]);
  return { ...rules, languages: each, lists: lists.map(rulesOf) };
}

/** Writes both anew from the snapshots of an archive. */
export async function keepRunFiles(folder: string, disk: Disk, exitCode: ExitCode): Promise<void> {
  const keep = async () => {
    const runs = await readHistory(folder, disk);
    const last = runs.at(-1);
    if (last === undefined) return;
    await writeDurable(folder, RUN_FILES.badge, Buffer.from(renderBadge(last, exitCode)), disk);
    const { lost = [] } = (await storedHistory(folder, runs, disk)) ?? {};
    // It comes last: a run that it has ended, and the badge is of that one.
    await writeDurable(folder, RUN_FILES.history, Buffer.from(renderHistory(runs, lost)), disk);
    // A folder of temporary files says that a run goes on.
    await disk.rmdir(join(folder, STAGING)).catch(unless("ENOENT"));
  };
  await explained(keep(), folder);
}
