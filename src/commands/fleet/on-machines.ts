/** `sitelift fleet --on`: decides what is due, and puts it into the queue, where the workers of many machines find it. */
import process from "node:process";
import { CliError, EXIT, type ExitCode, wholeWords } from "../../error.js";
import { openStore } from "../../fleet/open-store.js";
import { openQueue } from "../../fleet/queue.js";
import { worstOf } from "../../fleet/rows.js";
import { dueOf } from "../../fleet/schedule.js";
import { type Fleet, type FleetSite, only } from "../../fleet/sites.js";
import { newestSnapshots } from "../../fleet/states.js";
import { checkStore, storeId } from "../../fleet/store.js";
import { count } from "../../text.js";
import type { CrawlOptions } from "../command-line/crawl.js";
import type { FleetOptions } from "../command-line/fleet.js";
import type { End } from "../end.js";
import { Terminal } from "../terminal.js";
import {
  beginNext,
  type FleetStore,
  failedJobs,
  giveUp,
  goOn,
  isPlanLost,
  type Standing,
  standingOf,
} from "./standings.js";
import { storeSite } from "./stored-site.js";

interface Queued extends Pick<Decision, "state" | "exitCode"> {
  readonly site: string;
  readonly words: string;
}

/** Options that a fleet has with `--on`. @throws {CliError} when one is given without the other */
export function onMachines<T extends Pick<FleetOptions, "on" | "store">>(options: T) {
  const { on, store } = options;
  if (on !== undefined && store !== undefined) return { ...options, on, store };
  throw new CliError(`--${on === undefined ? "store needs --on" : "on needs --store"}`, {
    hint: "--on names the Redis of the queue, --store what all workers share.",
  });
}

/**
 * Begins a snapshot of each site that is due, and goes on with those that have begun: what Redis has lost is put into the
 * queue again.
 */
export async function queueFleet(
  { sites, paces }: Fleet,
  options: FleetOptions & { readonly on: string; readonly store: string },
  terminal = new Terminal(options),
): Promise<End> {
  const { dryRun = false } = options;
  const wanted = options.only === undefined ? sites : only(sites, options.only);
  await using store = openStore(options.store, process.env);
  // A dry run stores nothing: not even what tells a store from others.
  const id = dryRun ? await storeId(store) : await checkStore(store);
  await using queue = await openQueue(options.on, process.env);
  if (id !== null && !dryRun) await queue.claim(id);
  await queue.expectStore(id, store.name);
  const tools = { store, queue };
  const newest = await newestSnapshots(store);
  const failed = await failedJobs(queue);
  const isAnyway = options.all === true || options.only !== undefined;
  const done: Queued[] = [];
  for (const site of wanted) {
    const pace = paces[site.host];
    const walk = {
      ...site.options,
      ...(pace?.delay === undefined ? {} : { delay: pace.delay }),
      ...(pace?.concurrency === undefined ? {} : { concurrency: pace.concurrency }),
    };
    const progress = newest.get(site.name);
    const standing = progress === undefined ? null : await standingOf(store, progress, failed);
    const one = await queueSite(tools, site, walk, standing, { isAnyway, dryRun });
    const state = dryRun && one.state === "begins" ? "would begin" : one.state;
    terminal.print(`${one.site}: ${state}${one.words === "" ? "" : `, ${one.words}`}`);
    done.push(one);
  }
  const begun = done.filter(({ state }) => state === "begins" || state === "goes on").length;
  terminal.print(
    dryRun
      ? `${count(begun, "site")} of ${done.length} would be in the queue; dry run: nothing was queued and nothing was stored`
      : `${count(begun, "site is", "sites are")} in the queue; \`sitelift worker\` works on them, \`sitelift fleet status\` says how far they are`,
  );
  const exitCode = worstOf(done.map((one) => ({ ran: true, ...one })));
  return { exitCode, ...(dryRun ? { dryRun } : {}), sites: done };
}

/** Decides what is done with one site, and does it. */
async function queueSite(
  tools: FleetStore,
  site: FleetSite,
  walk: CrawlOptions,
  standing: Standing | null,
  { isAnyway, dryRun }: { readonly isAnyway: boolean; readonly dryRun: boolean },
): Promise<Queued> {
  const { name, host, pace, problem } = site;
  try {
    if (problem !== null) throw problem;
    const { store, queue } = tools;
    const loaded = { site: await site.load(), options: walk };
    const rules = await storeSite(dryRun ? null : store, loaded);
    const decision = decisionOn(site, standing, { rules, isAnyway, now: Date.now() });
    const { state, exitCode, why, givesUp = false } = decision;
    const queued = (words: string) => ({ site: name, state, exitCode, words });
    if (dryRun) return queued(why);
    const stopped = standing?.stopped?.why === "host" ? standing.plan.host : null;
    if (state === "begins") {
      if (standing !== null && givesUp) await giveUp(store, standing);
      const planned = { rules, host, delay: walk.delay ?? pace.delay };
      const number = await beginNext(tools, name, standing, planned);
      if (stopped !== null) await queue.resume(stopped);
      return queued(`snapshot ${number}: ${why}`);
    }
    if (state === "goes on" && standing !== null) await goOn(tools, standing);
    if (state === "waits for a person" && stopped !== null) await queue.pause(stopped);
    return queued(why);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return { site: name, state: "error", exitCode: error.exitCode, words: wholeWords(error) };
  }
}

/** What is done with a site, and why: decided before anything is stored or queued. */
interface Decision {
  readonly state: "begins" | "goes on" | "not due" | "waits for a person" | "error";
  readonly exitCode: ExitCode;
  readonly why: string;
  /** True where the snapshot before is given up. */
  readonly givesUp?: boolean;
}

/** @param rules SHA-256 of the site and its options as they are now @param now milliseconds since 1970 */
function decisionOn(
  { every }: Pick<FleetSite, "every">,
  standing: Standing | null,
  { rules, isAnyway, now }: { rules: string; isAnyway: boolean; now: number },
): Decision {
  const does = (state: Decision["state"], why: string, more: Partial<Decision> = {}) => ({
    ...{ state, why, exitCode: EXIT.complete },
    ...more,
  });
  if (standing === null) return does("begins", "never crawled");
  const { snapshot, plan, slices, stopped, end } = standing;
  const isChanged = plan.rules !== rules;
  if (end !== null) {
    const last = { time: plan.at, exitCode: end.exitCode, interrupted: false };
    const { isDue, why } = dueOf(every, last, false, now);
    if (isDue) return does("begins", why);
    if (isChanged) return does("begins", "its site file or options have changed");
    return isAnyway ? does("begins", "it was asked for") : does("not due", why);
  }
  if (stopped === null) {
    const kept = isChanged ? "; its site file or options changed, which the next one takes" : "";
    return does("goes on", `snapshot ${snapshot.number} with slice ${slices}${kept}`);
  }
  if (isPlanLost(standing)) return does("begins", stopped.reason, { givesUp: true });
  // A person has changed the site file: that is an answer to what was found.
  if (isChanged) return does("begins", "with the new site file", { givesUp: true });
  return does("waits for a person", stopped.reason, { exitCode: stopped.exitCode });
}
