/** One run at a time on one folder. The lock is a file that holds the owner's process id. */

import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { CliError } from "../error.js";
import { type Disk, errorCode, unless } from "./disk.js";
import { LOCK } from "./layout.js";
import { readWhole } from "./reading.js";

/** Locks that this process holds: its own id in a file means nothing else than that it was used before. */
const held = new Set<string>();

/**
 * Locks a folder. A lock whose owner is dead, or that holds no process id, is taken over.
 *
 * @returns releases the lock; safe to call twice
 * @throws {CliError} when a living process holds it, with its id
 */
export async function lockFolder(folder: string, disk: Disk): Promise<() => Promise<void>> {
  const path = join(folder, LOCK);
  if (held.has(path)) throw occupied(folder, process.pid);
  held.add(path);
  try {
    while (!(await create(path, disk))) await takeOver(folder, path, disk);
  } catch (error) {
    held.delete(path);
    throw error;
  }
  return async () => {
    if (held.delete(path)) await disk.unlink(path).catch(unless("ENOENT"));
  };
}

async function create(path: string, disk: Disk): Promise<boolean> {
  const file = await disk.open(path, "new").catch(unless("EEXIST"));
  if (file === undefined) return false;
  try {
    await file.write(Buffer.from(`${process.pid}\n`), 0);
    await file.sync();
  } catch (error) {
    await disk.unlink(path).catch(() => undefined);
    throw error;
  } finally {
    await file.close();
  }
  return true;
}

/** Moves a dead owner's lock out of the way, and looks at what was moved: two may try this at a time. */
async function takeOver(folder: string, path: string, disk: Disk): Promise<void> {
  const owner = await ownerOf(path, disk);
  if (owner !== null && isAlive(owner)) throw occupied(folder, owner);
  const aside = `${path}.${process.pid}`;
  if ((await disk.rename(path, aside).then(() => true, unless("ENOENT"))) === undefined) return;
  const moved = await ownerOf(aside, disk);
  if (moved !== owner && moved !== null && isAlive(moved)) {
    await disk.rename(aside, path);
    throw occupied(folder, moved);
  }
  await disk.unlink(aside);
}

/** Process id in a lock; null when there is none. */
async function ownerOf(path: string, disk: Disk): Promise<number | null> {
  for (const wait of [0, 50, 200]) {
    // A lock is empty for the moment between its creation and its first write.
    if (wait > 0) await pause(wait);
    const bytes = await readWhole(path, disk).catch(unless("ENOENT"));
    if (bytes === undefined) return null;
    // Without its line feed it was cut short: half of a process id is that of another process.
    const [, id] = /^(\d{1,10})\n$/.exec(Buffer.from(bytes).toString("latin1")) ?? [];
    if (id !== undefined) return Number(id);
  }
  return null;
}

function isAlive(id: number): boolean {
  // An own id that this process does not hold was left by an earlier one, as happens in containers.
  if (id === process.pid) return false;
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return errorCode(error) === "EPERM";
  }
}

function occupied(folder: string, owner: number): CliError {
  return new CliError(`${folder} is in use by process ${owner}`, {
    hint: `Wait for it to end. If process ${owner} is no run of sitelift, remove ${LOCK} from the folder.`,
  });
}
