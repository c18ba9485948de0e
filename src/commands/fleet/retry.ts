/** `sitelift fleet retry`: lets go on what waits for a person. */
import process from "node:process";
import { CliError, EXIT } from "../../error.js";
import { wholeArchive } from "../../fleet/objects.js";
import { openStore } from "../../fleet/open-store.js";
import { openQueue } from "../../fleet/queue.js";
import { storeId } from "../../fleet/store.js";
import { count, didYouMean } from "../../text.js";
import type { FleetRetryOptions } from "../command-line/fleet.js";
import type { End } from "../end.js";
import { Terminal } from "../terminal.js";
import {
  beginNext,
  type FleetStore,
  giveUp,
  goOn,
  isPlanLost,
  nextJob,
  type Standing,
  standings,
  waitsForPerson,
} from "./standings.js";

/** @param names of sites; all that wait for a person when there is none */
export async function fleetRetry(
  names: readonly string[],
  options: FleetRetryOptions,
  terminal = new Terminal(options),
): Promise<End> {
  await using store = openStore(options.store, process.env);
  await using queue = await openQueue(options.on, process.env);
  await queue.expectStore(await storeId(store), store.name);
  const tools = { store, queue };
  const all = await standings(tools);
  const known = all.map(({ snapshot }) => snapshot.site);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new CliError(`the store has no site "${unknown}"`, {
      hint: didYouMean(unknown, known, "`sitelift fleet status` lists all."),
    });
  const waits = all.filter(
    (one) => waitsForPerson(one) && (names.length === 0 || names.includes(one.snapshot.site)),
  );
  for (const name of names)
    if (!waits.some(({ snapshot }) => snapshot.site === name))
      terminal.warn(`${name} does not wait for a person: nothing to do`);
  const sites = [];
  for (const standing of waits) {
    const words = await retryOne(tools, standing, options.anew === true);
    terminal.print(`${standing.snapshot.site}: ${words}`);
    sites.push(standing.snapshot.site);
  }
  terminal.print(`${count(sites.length, "site goes", "sites go")} on`);
  return { exitCode: EXIT.complete, sites };
}

/**
 * A walk that found another template is begun anew: its pages are those of now. All else goes on where it was stopped, or is
 * begun anew from what the store has whole.
 */
async function retryOne(tools: FleetStore, standing: Standing, anew: boolean): Promise<string> {
  const { snapshot, plan, stopped } = standing;
  if (isPlanLost(standing))
    return "its plan is lost: `sitelift fleet` with its fleet file begins it anew";
  if (anew || stopped?.why === "parked") {
    await tools.queue.forget(nextJob(standing));
    await giveUp(tools.store, standing);
    const base = anew ? await wholeArchive(tools.store, snapshot.site) : plan.base;
    const before = { ...standing, plan: { ...plan, base }, end: null };
    const number = await beginNext(tools, snapshot.site, before, plan);
    if (stopped?.why === "host") await tools.queue.resume(plan.host);
    return `snapshot ${number} begins${anew ? `, from ${base ?? "nothing: the store has no whole archive of it"}` : ""}`;
  }
  await snapshot.release();
  await tools.queue.forget(nextJob(standing));
  await goOn(tools, standing);
  if (stopped?.why === "host") await tools.queue.resume(plan.host);
  return `goes on with slice ${standing.slices}`;
}
