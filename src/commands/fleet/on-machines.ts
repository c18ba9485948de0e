/** `sitelift fleet --on`: puts what is due into the queue, where the workers of many machines find it. */
import process from "node:process";
import { CliError, EXIT, type ExitCode } from "../../error.js";
import { openStore } from "../../fleet/open-store.js";
import { openQueue } from "../../fleet/queue.js";
import { worstOf } from "../../fleet/rows.js";
import { dueOf } from "../../fleet/schedule.js";
import { type Fleet, type FleetSite, only } from "../../fleet/sites.js";
import { newestSnapshots } from "../../fleet/states.js";
import { checkStore } from "../../fleet/store.js";
import { count } from "../../text.js";
import type { CrawlOptions, FleetOptions } from "../command-line.js";
import { notify } from "../notify.js";
import { Terminal } from "../terminal.js";
import {
  beginNext,
  type FleetStore,
  failedJobs,
  giveUp,
  goOn,
  type Standing,
  standingOf,
} from "./begin.js";
import { storeSite } from "./stored-site.js";
import { walkOptionsOf } from "./walk-options.js";

interface Queued {
  readonly site: string;
  readonly state: "begins" | "goes on" | "not due" | "waits for a person" | "error";
  readonly exitCode: ExitCode;
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
): Promise<ExitCode> {
  const wanted = options.only === undefined ? sites : only(sites, options.only);
  const store = openStore(options.store, process.env);
  const id = await checkStore(store);
  const queue = await openQueue(options.on, process.env);
  try {
    await queue.claim(id);
    await queue.expectStore(id, store.name);
    const tools = { store, queue };
    const newest = await newestSnapshots(store);
    const failed = await failedJobs(queue);
    const isAnyway = options.all === true || options.only !== undefined;
    const done: Queued[] = [];
    for (const site of wanted) {
      const pace = paces[site.host];
      const walk = {
        ...walkOptionsOf(site),
        ...(pace?.delay === undefined ? {} : { delay: pace.delay }),
        ...(pace?.concurrency === undefined ? {} : { concurrency: pace.concurrency }),
      };
      const progress = newest.get(site.name);
      const standing = progress && (await standingOf(store, progress, failed));
      const one = await queueSite(tools, site, walk, standing ?? null, isAnyway);
      terminal.print(`${one.site}: ${one.state}${one.words === "" ? "" : `, ${one.words}`}`);
      done.push(one);
    }
    const end = {
      event: "end",
      exitCode: worstOf(done.map((one) => ({ ran: true, ...one }))),
      sites: done,
    };
    const begun = done.filter(({ state }) => state === "begins" || state === "goes on").length;
    terminal.print(
      `${count(begun, "site is", "sites are")} in the queue; \`sitelift worker\` works on them, \`sitelift fleet status\` says how far they are`,
    );
    terminal.event(end);
    if (options.notify !== undefined) await notify(options.notify, end, terminal);
    return end.exitCode;
  } finally {
    await queue.close();
    await store.close();
  }
}

async function queueSite(
  tools: FleetStore,
  site: FleetSite,
  walk: CrawlOptions,
  standing: Standing | null,
  isAnyway: boolean,
): Promise<Queued> {
  const { name, host, every, pace, problem } = site;
  const said = (state: Queued["state"], words = "", exitCode: ExitCode = EXIT.complete) => ({
    site: name,
    state,
    words,
    exitCode,
  });
  try {
    if (problem !== null) throw problem;
    const { store, queue } = tools;
    const delay = walk.delay ?? pace.delay;
    const rules = await storeSite(store, { site: await site.load(), options: walk });
    const planned = { rules, host, delay };
    if (standing === null)
      return said("begins", `snapshot ${await beginNext(tools, name, null, planned)}`);
    const { snapshot, plan, slices, stopped, end } = standing;
    if (end !== null) {
      const last = {
        time: plan.at,
        complete: end.exitCode !== EXIT.incomplete,
        interrupted: false,
      };
      const { isDue, why } = dueOf(every, last, false, Date.now());
      if (!isDue && !isAnyway) return said("not due", why);
      return said("begins", `snapshot ${await beginNext(tools, name, standing, planned)}`);
    }
    if (stopped === null) {
      await goOn(tools, standing);
      const kept =
        plan.rules === rules ? "" : "; its site file or options changed, which the next one takes";
      return said("goes on", `snapshot ${snapshot.number} with slice ${slices}${kept}`);
    }
    // A person has changed the site file: that is an answer to what was found.
    if (plan.rules !== rules) {
      await giveUp(store, standing);
      const number = await beginNext(tools, name, standing, planned);
      if (stopped.why === "host") await queue.resume(plan.host);
      return said("begins", `snapshot ${number} with the new site file`);
    }
    if (stopped.why === "host") await queue.pause(plan.host);
    return said("waits for a person", stopped.reason, stopped.exitCode);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return said("error", error.message, error.exitCode);
  }
}
