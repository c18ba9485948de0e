/** The archive of a snapshot of a fleet: made offline from the slices of its capture, and stored once. */
import { join } from "node:path";
import { FILES } from "../../archive/layout.js";
import { temporaryFolder } from "../../disk/folders.js";
import { hashFile } from "../../disk/read.js";
import { timeOfName } from "../../disk/timestamp.js";
import { EXIT } from "../../error.js";
import { fetchArchive, removeAll, storeArchive } from "../../fleet/objects.js";
import { type Slice, Snapshot } from "../../fleet/states.js";
import { build } from "../build.js";
import { Silent } from "../terminal.js";
import { fetchCapture, type SliceWorld } from "./slice.js";
import { storedSite } from "./stored-site.js";

/**
 * Makes the archive after the last slice. Whoever does it a second time makes the same bytes, and finds them stored.
 *
 * @param slice the last one of the walk
 * @returns false when there was nothing left to do
 * @throws {CliError} when the store or the disk fails
 */
export async function archiveSnapshot(
  job: Slice,
  { store, work, kept }: Pick<SliceWorld, "store" | "work" | "kept">,
): Promise<boolean> {
  const snapshot = new Snapshot(store, job);
  const [plan, state] = [await snapshot.plan(), await snapshot.state(job.slice)];
  if (await snapshot.end()) {
    // Whoever ended it may have been killed before this.
    await removeAll(store, snapshot.captures);
    return false;
  }
  if (plan === null || state?.ended == null) return false;
  await using temporary = await temporaryFolder(join(work, "archive-"));
  const folder = temporary.path;
  if (plan.base !== null)
    await fetchArchive(store, plan.base, folder, (path) => !path.startsWith("captures/"), kept);
  const capture = await fetchCapture(store, state, folder);
  const { site, options } = await storedSite(store, plan.rules);
  const time = timeOfName(state.capture) ?? plan.at;
  const given = { ...options, out: folder };
  const { exitCode } = await build([capture], site, given, new Silent(), time);
  const archive = snapshot.archive(await hashFile(join(folder, FILES.manifest)));
  await storeArchive(store, folder, archive);
  const isFirst = await snapshot.finish({
    version: 1,
    exitCode: exitCode === EXIT.interrupted ? EXIT.incomplete : exitCode,
    archive,
    requests: state.requests,
    at: new Date().toISOString(),
  });
  if (!isFirst && (await snapshot.end())?.archive !== archive) await removeAll(store, archive);
  await removeAll(store, snapshot.captures);
  return isFirst;
}
