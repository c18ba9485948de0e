/**
 * One run at a time on one folder. The lock is a file that names its owner, and that the owner writes again
 * every two seconds: from another container or machine that is the only sign of life.
 */

import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { CliError } from "../error.js";
import { type Disk, type DiskFile, unless } from "./disk.js";
import { LOCK, TAKING } from "./layout.js";
import {
  isAlive,
  isNear,
  type Lock,
  NOBODYS,
  newOwner,
  type Owner,
  parseLock,
  renderLock,
} from "./owner.js";
import { readWhole } from "./reading.js";

/** Tokens of the locks that this process holds. */
const held = new Set<string | null>();

interface Heartbeat {
  /** Milliseconds between two signs of life. */
  readonly every: number;
  /** How long one is waited for before an owner counts as dead that cannot be seen. */
  readonly patience: number;
}

/** A process that is busy, or whose disk is slow, misses some of its beats. */
const HEARTBEAT: Heartbeat = { every: 2_000, patience: 10_000 };

/**
 * Locks a folder. A lock whose owner is dead, or that names none, is taken over.
 *
 * @returns releases the lock; safe to call twice
 * @throws {CliError} when a living process holds it, with its id
 */
export async function lockFolder(
  folder: string,
  disk: Disk,
  heartbeat = HEARTBEAT,
): Promise<() => Promise<void>> {
  const path = join(folder, LOCK);
  for (;;) {
    const release = await create(path, disk, heartbeat.every);
    if (release !== null) return release;
    await takeOver(folder, path, disk, heartbeat);
  }
}

/** Makes the lock file and keeps it fresh; null when one is there. */
async function create(path: string, disk: Disk, every: number) {
  const file = await disk.open(path, "new").catch(unless("EEXIST"));
  if (file === undefined) return null;
  const owner = newOwner();
  held.add(owner.token);
  try {
    await file.write(Buffer.from(renderLock(owner, 0)), 0);
    await file.sync();
  } catch (error) {
    held.delete(owner.token);
    await file.close().catch(() => undefined);
    await disk.unlink(path).catch(() => undefined);
    throw error;
  }
  const stop = keepFresh(file, owner, every);
  return async () => {
    if (!held.delete(owner.token)) return;
    await stop();
    // Who stood still for too long may have lost it to another.
    const found = await lockAt(path, disk).catch(() => null);
    if (found === null || found.owner.token === owner.token)
      await disk.unlink(path).catch(unless("ENOENT"));
  };
}

/** Writes through the open file, so that a lock that was moved aside is not made anew. */
function keepFresh(file: DiskFile, owner: Owner, every: number): () => Promise<void> {
  let beat = 0;
  let writing: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    const text = Buffer.from(renderLock(owner, ++beat));
    // What a disk refuses here it refuses to the run as well, which says so.
    writing = writing.then(() => file.write(text, 0)).catch(() => undefined);
  }, every);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await writing;
    await file.close().catch(() => undefined);
  };
}

/** Removes a dead owner's lock. Only one may at a time: else a second would remove the lock that the first then makes. */
async function takeOver(folder: string, path: string, disk: Disk, heartbeat: Heartbeat) {
  const found = await lockAt(path, disk);
  if (found === null) return;
  if (await lives(found, path, disk, heartbeat)) throw occupied(folder, found.owner);
  const turn = join(folder, TAKING);
  const done = await create(turn, disk, heartbeat.every);
  if (done === null) {
    const other = await lockAt(turn, disk);
    if (other === null) return;
    if (await lives(other, turn, disk, heartbeat)) throw occupied(folder, other.owner);
    await disk.unlink(turn).catch(unless("ENOENT"));
    return;
  }
  try {
    const now = await lockAt(path, disk);
    if (now?.owner.token === found.owner.token) await disk.unlink(path).catch(unless("ENOENT"));
  } finally {
    await done();
  }
}

/** Whether a lock's owner lives: by its process, or where that cannot be seen by a new beat of it. */
async function lives(
  { owner, beat }: Lock,
  path: string,
  disk: Disk,
  { every, patience }: Heartbeat,
): Promise<boolean> {
  const seen = isAlive(owner, held);
  if (seen !== null) return seen;
  for (let waited = 0; waited < patience; waited += every) {
    await pause(every);
    const now = await lockAt(path, disk);
    // When it has gone, or is another's, whoever asks again finds out.
    if (now?.owner.token !== owner.token) return false;
    if (now.beat !== beat) return true;
  }
  return false;
}

/** What a lock says; null when there is none. */
async function lockAt(path: string, disk: Disk): Promise<Lock | null> {
  let lock: Lock = NOBODYS;
  for (const wait of [0, 50, 200]) {
    // A lock is empty for the moment between its creation and its first write.
    if (wait > 0) await pause(wait);
    const bytes = await readWhole(path, disk).catch(unless("ENOENT"));
    if (bytes === undefined) return null;
    lock = parseLock(Buffer.from(bytes).toString("latin1"));
    if (lock !== NOBODYS) break;
  }
  return lock;
}

function occupied(folder: string, owner: Owner): CliError {
  const where = isNear(owner) ? "" : " of another container or machine";
  return new CliError(`${folder} is in use by process ${owner.pid}${where}`, {
    hint: `Wait for it to end. If process ${owner.pid}${where} is no run of sitelift, remove ${LOCK} from the folder.`,
  });
}
