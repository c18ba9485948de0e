/** The store and the queue of a fleet on many machines, for a command that looks at both. */
import process from "node:process";
import { openStore } from "../../fleet/open-store.js";
import { openQueue } from "../../fleet/queue.js";
import { storeId } from "../../fleet/store.js";
import type { FleetStore } from "./begin.js";

/** @throws {CliError} when one of them cannot be used, or the jobs are those of another store */
export async function withFleet<T>(
  options: { readonly on: string; readonly store: string },
  work: (tools: FleetStore) => Promise<T>,
): Promise<T> {
  const store = openStore(options.store, process.env);
  const queue = await openQueue(options.on, process.env);
  try {
    await queue.expectStore(await storeId(store), store.name);
    return await work({ store, queue });
  } finally {
    await queue.close();
    await store.close();
  }
}
