/** What a run leaves of itself beside its snapshot: history.csv and badge.json. */
import { join } from "node:path";
import { readHistory } from "../archive/history.js";
import { RUN_FILES } from "../archive/layout.js";
import { renderBadge, renderHistory } from "../archive/report/run-files.js";
import type { Override } from "../crawl/overrides.js";
import { type Disk, explained, unless } from "../disk/disk.js";
import { writeDurable } from "../disk/files.js";
import { STAGING } from "../disk/layout.js";
import { hashOf } from "../disk/read.js";
import type { ExitCode } from "../error.js";
import type { Site } from "../site/site.js";

/** SHA-256 of what decides how pages are read: the same pages give other entries only where it differs. */
export function rulesHash(site: Site, decisions: readonly Override[]): string {
  const { politeness: _, accept: _accept, health: _health, ignore: _ignore, ...more } = site;
  const { fewer: _fewer, ...rules } = more;
  return hashOf(JSON.stringify([rules, decisions]));
}

/** Writes both anew from the snapshots of an archive. */
export async function keepRunFiles(folder: string, disk: Disk, exitCode: ExitCode): Promise<void> {
  const keep = async () => {
    const runs = await readHistory(folder, disk);
    const last = runs.at(-1);
    if (last === undefined) return;
    await writeDurable(folder, RUN_FILES.history, Buffer.from(renderHistory(runs)), disk);
    await writeDurable(folder, RUN_FILES.badge, Buffer.from(renderBadge(last, exitCode)), disk);
    // A folder of temporary files says that a run goes on.
    await disk.rmdir(join(folder, STAGING)).catch(unless("ENOENT"));
  };
  await explained(keep(), folder);
}
