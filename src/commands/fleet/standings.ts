/** Snapshots of sites in the store and the queue: how far each is, and how it is begun, goes on, fails or is given up. */

import { CliError, EXIT, wholeWords } from "../../error.js";
import type { FleetJob, HeldJob } from "../../fleet/job.js";
import { removeAll, wholeArchive } from "../../fleet/objects.js";
import type { FleetQueue } from "../../fleet/queue.js";
import {
  type End,
  LostObject,
  newestSnapshots,
  type Plan,
  Snapshot,
  type Stopped,
} from "../../fleet/states.js";
import type { Store } from "../../fleet/store.js";

export interface FleetStore {
  readonly store: Store;
  readonly queue: FleetQueue;
}

/** How far a snapshot is. */
export interface Standing {
  readonly snapshot: Snapshot;
  readonly plan: Plan;
  /** Slices that are done. */
  readonly slices: number;
  readonly requests: number;
  readonly isWalked: boolean;
  readonly stopped: Stopped | null;
  readonly end: End | null;
}

/** Why jobs failed for good of which the store knows nothing, by `keyOf`. */
type FailedJobs = ReadonlyMap<string, string>;

export async function failedJobs(queue: FleetQueue): Promise<FailedJobs> {
  return new Map((await queue.failed()).map(({ job, reason }) => [keyOf(job), reason]));
}

function keyOf({ site, snapshot, slice, isArchive = false }: FleetJob): string {
  return JSON.stringify([site, snapshot, slice, isArchive]);
}

/** How far a snapshot that was begun is. Where the store has lost what says so, it waits for a person. */
export async function standingOf(
  store: Store,
  { site, snapshot: number, slices }: { site: string; snapshot: number; slices: number },
  failed: FailedJobs = new Map(),
): Promise<Standing> {
  const snapshot = new Snapshot(store, { site, snapshot: number });
  let plan = NO_PLAN;
  try {
    plan = await snapshot.planBegun();
    const state = slices === 0 ? null : await snapshot.state(slices - 1);
    const [stopped, end] = [await snapshot.stopped(), await snapshot.end()];
    const requests = state?.requests ?? 0;
    const isWalked = state !== null && state.next === null;
    const standing = { snapshot, plan, slices, requests, isWalked, stopped, end };
    const reason = failed.get(keyOf({ ...nextJob(standing), isArchive: isWalked }));
    if (reason === undefined || stopped !== null || end !== null) return standing;
    return { ...standing, stopped: failedAt(slices, reason) };
  } catch (error) {
    if (!(error instanceof LostObject)) throw error;
    const next =
      plan === NO_PLAN
        ? "`sitelift fleet` with its fleet file begins it anew"
        : `\`sitelift fleet retry ${site} --anew\` begins it anew`;
    const reason = `${error.message}: restore it from a backup of the store, or ${next}`;
    const lost = { snapshot, plan, slices, requests: 0, isWalked: false, end: null };
    return { ...lost, stopped: failedAt(slices, reason) };
  }
}

function failedAt(slice: number, reason: string): Stopped {
  return { version: 1, why: "failed", exitCode: EXIT.findings, slice, reason };
}

const LOST = "it is in no queue: was Redis emptied?";

/** The newest snapshot of every site, with the jobs that failed or are missing in the queue alone. */
export async function standings({ store, queue }: FleetStore): Promise<readonly Standing[]> {
  const failed = await failedJobs(queue);
  const found: Standing[] = [];
  for (const progress of (await newestSnapshots(store)).values()) {
    const standing = await standingOf(store, progress, failed);
    const { stopped, end, slices } = standing;
    const isLost = stopped === null && end === null && (await queue.lacks(nextJob(standing)));
    found.push(isLost ? { ...standing, stopped: failedAt(slices, LOST) } : standing);
  }
  return found;
}

/** True where a site was stopped and nothing but a person lets it go on. */
export function waitsForPerson({ stopped, end }: Standing): boolean {
  return stopped !== null && end === null;
}

/** That of a snapshot whose own is lost. */
const NO_PLAN: Plan = { version: 1, rules: "", host: "", delay: 0, base: null, at: "" };

export function isPlanLost({ plan }: Standing): boolean {
  return plan === NO_PLAN;
}

export function nextJob({ snapshot, plan, slices, isWalked }: Standing): FleetJob {
  const { site, number } = snapshot;
  const { host, rules } = plan;
  return { site, snapshot: number, slice: isWalked ? slices - 1 : slices, host, rules };
}

/** Puts into the queue what comes next; what is there already stays as it is. */
export async function goOn({ queue }: FleetStore, standing: Standing): Promise<void> {
  const job = nextJob(standing);
  if (standing.isWalked) await queue.addArchive(job);
  else await queue.add(job, { delay: standing.plan.delay });
}

/**
 * Begins the snapshot after another one, or the first one. Of two who do so at the same time, both go on with the plan
 * that is stored.
 */
export async function beginNext(
  { store, queue }: FleetStore,
  site: string,
  before: Standing | null,
  planned: Pick<Plan, "rules" | "host" | "delay">,
): Promise<number> {
  const snapshot = new Snapshot(store, { site, snapshot: (before?.snapshot.number ?? 0) + 1 });
  const isLost = before !== null && isPlanLost(before);
  const known = before?.end?.archive ?? before?.plan.base ?? null;
  const base = isLost ? await wholeArchive(store, site) : known;
  await snapshot.begin({ version: 1, ...planned, base, at: new Date().toISOString() });
  const standing = await standingOf(store, { site, snapshot: snapshot.number, slices: 0 });
  await goOn({ store, queue }, standing);
  return snapshot.number;
}

/** Gives a snapshot up: what it has fetched is not made into an archive. */
export async function giveUp(
  store: Store,
  { snapshot, stopped, requests }: Standing,
): Promise<void> {
  const exitCode = stopped?.exitCode ?? EXIT.incomplete;
  const at = new Date().toISOString();
  await snapshot.finish({ version: 1, exitCode, archive: null, requests, at });
  await removeAll(store, snapshot.captures);
}

/** Ends an attempt: another one comes later, or the snapshot waits for a person. */
export async function failAttempt(
  held: Pick<HeldJob, "data" | "isLast" | "complete" | "fail">,
  error: Error,
  store: Store,
): Promise<void> {
  const code = error instanceof CliError ? error.exitCode : EXIT.findings;
  if (!held.isLast && code !== EXIT.usage) return held.fail(error);
  const exitCode = code === EXIT.interrupted ? EXIT.findings : code;
  const reason = error instanceof CliError ? wholeWords(error) : error.message;
  const stopped = { ...failedAt(held.data.slice, reason), exitCode };
  const isStored = await new Snapshot(store, held.data).stop(stopped).then(
    () => true,
    () => false,
  );
  // Where it is the store that fails, the queue alone knows of it: a job that was taken for done would be lost.
  return isStored ? held.complete() : held.fail(error);
}
