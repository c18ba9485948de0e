/** What a fleet knows of each site before it crawls: its archive, its last row, and whether it is due. */
import { join } from "node:path";
import type { Disk } from "../../disk/disk.js";
import { readJson } from "../../disk/read.js";
import { CliError } from "../../error.js";
import { type ArchiveState, NO_STATE, readState } from "../../fleet/archive-state.js";
import { type Ended, fleetIndex, type Row, rowOf } from "../../fleet/rows.js";
import { dueOf } from "../../fleet/schedule.js";
import { type FleetSite, only } from "../../fleet/sites.js";
import type { FleetOptions } from "../command-line/fleet.js";
import { readDecisions } from "../run/read-decisions.js";
import { rulesHash } from "../run/run-history.js";

/** A site, what its archive says, and until when it is not due: null where it is. */
export interface Planned {
  readonly site: FleetSite & { readonly isWanted: boolean };
  state: ArchiveState;
  readonly due: string | null;
  /** Its site file and options as its last run had them, where that is known. */
  readonly rules: string | null;
  /** What this run came to; null while it did not crawl the site. */
  ended: Ended | null;
}

/** @param out folder of the archives @param now milliseconds since 1970 */
export async function planSites(
  sites: readonly FleetSite[],
  { all, only: names }: Pick<FleetOptions, "all" | "only">,
  out: string,
  now: number,
  disk: Disk,
): Promise<Planned[]> {
  const wanted = new Set(names === undefined ? sites : only(sites, names));
  const isAnyway = all === true || names !== undefined;
  const before = await rowsBefore(out, disk);
  const plan: Planned[] = [];
  for (const one of sites) {
    const folder = join(out, one.name);
    const { state, problem } = await stateOrProblem(folder, disk);
    const site = { ...one, problem: one.problem ?? problem, isWanted: wanted.has(one) };
    const row = before.get(one.name);
    const rules = row !== undefined && row.time === state.last?.time ? row.rules : null;
    const { isDue, why } = dueOf(site.every, state.last, state.isUnfinished, now);
    const isNow =
      isDue ||
      isAnyway ||
      site.problem !== null ||
      (await isChanged(site, folder, { last: state.last, rules, disk }));
    plan.push({ site, state, due: isNow ? null : why, rules, ended: null });
  }
  return plan;
}

export function rowOfPlanned({ site, state, ended, due, rules }: Planned): Row {
  return { ...rowOf(site, state, ended, due), rules: ended?.isWritten ? site.rules : rules };
}

/** Rows of the index that the last run of the fleet wrote, by name: none where it cannot be read. */
async function rowsBefore(out: string, disk: Disk): Promise<ReadonlyMap<string, Row>> {
  const found = await readJson(join(out, "index.json"), fleetIndex, disk).catch(() => undefined);
  return new Map((found?.value?.sites ?? []).map((row) => [row.site, row]));
}

/**
 * True where the site file or the options are not those of the last run: by the index of the fleet, or by the snapshot, which
 * knows how pages are read and not what is accepted.
 */
async function isChanged(
  site: FleetSite,
  folder: string,
  { last, rules, disk }: Pick<ArchiveState, "last"> & { rules: string | null; disk: Disk },
): Promise<boolean> {
  if (rules !== null && rules !== site.rules) return true;
  if (last?.rules == null) return false;
  const decisions = await readDecisions(folder, undefined, disk).catch(() => null);
  if (decisions === null) return true;
  // A site file may be changed while the others are looked at: what is wrong with it, its crawl says.
  const loaded = await site.load().catch(() => null);
  return loaded === null || rulesHash(loaded, decisions, site.options) !== last.rules;
}

/** What an archive says, or why it cannot be read: then its site is not crawled, and the others are. */
async function stateOrProblem(folder: string, disk: Disk) {
  try {
    return { state: await readState(folder, disk), problem: null };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return { state: NO_STATE, problem: error };
  }
}
