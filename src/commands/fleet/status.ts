/** `sitelift fleet status`: how far each site of a fleet on many machines is, and what waits for a person. */
import process from "node:process";
import { EXIT, type ExitCode } from "../../error.js";
import { openStore } from "../../fleet/open-store.js";
import { ARCHIVES, openQueue } from "../../fleet/queue.js";
import { storeId } from "../../fleet/store.js";
import { count, waitWords } from "../../text.js";
import type { FleetStatusOptions } from "../command-line/fleet.js";
import { Terminal } from "../terminal.js";
import { aligned } from "./show.js";
import { type Standing, standings } from "./standings.js";
import { writeStoredIndex } from "./stored-index.js";

export async function fleetStatus(
  options: FleetStatusOptions,
  terminal = new Terminal(options),
): Promise<ExitCode> {
  await using store = openStore(options.store, process.env);
  await using queue = await openQueue(options.on, process.env);
  await queue.expectStore(await storeId(store), store.name);
  const tools = { store, queue };
  const all = await standings(tools);
  const sites = all.map(statusOf);
  const hosts = [];
  for (const host of [...(await queue.hosts()).keys(), ARCHIVES])
    hosts.push({ host, ...(await queue.counts(host)) });
  if (options.json) terminal.result({ sites, hosts });
  else {
    const number = (n: number | null) => (n === null ? "–" : String(n));
    const rows = sites.map((one) => [
      one.site,
      String(one.snapshot),
      STATES[one.state],
      String(one.slices),
      String(one.requests),
      number(one.exitCode),
      one.reason ?? one.archive ?? "",
    ]);
    const head = ["site", "snapshot", "state", "slices", "requests", "exit", "why, or where"];
    for (const line of aligned([head, ...rows], [1, 3, 4, 5])) terminal.print(line);
    terminal.print();
    const states = hosts.map(({ host, waiting, active, delayed, failed, isPaused, limitedMs }) => [
      host,
      String(waiting),
      String(active),
      String(delayed),
      String(failed),
      isPaused ? "stopped" : limitedMs > 1000 ? `not for ${waitWords(limitedMs)}` : "",
    ]);
    const top = ["host", "waiting", "active", "later", "failed", ""];
    for (const line of aligned([top, ...states], [1, 2, 3, 4])) terminal.print(line);
    const waiting = sites.filter(({ reason }) => reason !== null).length;
    if (waiting > 0)
      terminal.print(
        `${count(waiting, "site waits", "sites wait")} for a person: \`sitelift fleet retry\` lets them go on`,
      );
  }
  await writeStoredIndex(store, all, terminal);
  return sites.some(({ reason }) => reason !== null) ? EXIT.findings : EXIT.complete;
}

const STATES = {
  walking: "walking",
  archive: "archive to come",
  ended: "ended",
  parked: "parked",
  host: "host stopped",
  unreachable: "unreachable",
  failed: "failed",
} as const satisfies Record<string, string>;

export function statusOf({ snapshot, plan, slices, requests, isWalked, stopped, end }: Standing) {
  const isOpen = end === null;
  const open = stopped?.why ?? (isWalked ? ("archive" as const) : ("walking" as const));
  return {
    site: snapshot.site,
    host: plan.host,
    snapshot: snapshot.number,
    state: isOpen ? open : ("ended" as const),
    slices,
    requests,
    exitCode: end?.exitCode ?? stopped?.exitCode ?? null,
    /** Why a person must look; null where none must. */
    reason: isOpen ? (stopped?.reason ?? null) : null,
    /** Where its archive is in the store; null where there is none yet. */
    archive: end?.archive ?? plan.base,
  };
}
