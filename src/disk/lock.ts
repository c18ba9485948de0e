/**
 * One run at a time on one folder. The lock is a file that names its owner, and that the owner writes again
 * every two seconds: from another container or machine that is the only sign of life.
 */

import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { CliError } from "../error.js";
import { type Disk, unless } from "./disk.js";
import { LOCK, TAKING } from "./layout.js";
import { heldDisk, lasting, lostLock } from "./lease.js";
import {
  isAlive,
  isNear,
  type Lock,
  NOBODYS,
  newOwner,
  type Owner,
  parseLock,
  renderLock,
} from "./lock-owner.js";
import { readWhole } from "./read.js";

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

/** A folder that is locked. */
export interface FolderLock {
  /** Changes nothing any more, and says so, once another has taken the lock over. */
  readonly disk: Disk;
  /** Safe to call twice. */
  release(): Promise<void>;
}

/**
 * Locks a folder. A lock whose owner is dead, or that names none, is taken over.
 *
 * @param newOwnerOf who holds it: this process
 * @throws {CliError} when a living process holds it, with its id
 */
export async function lockFolder(
  folder: string,
  disk: Disk,
  heartbeat = HEARTBEAT,
  newOwnerOf = newOwner,
): Promise<FolderLock> {
  const path = join(folder, LOCK);
  for (;;) {
    const owner = newOwnerOf();
    const made = await create(path, owner, disk);
    if (made !== null) return keep(folder, made, owner, disk, heartbeat);
    await takeOver(folder, path, disk, heartbeat);
  }
}

interface Made {
  beat(): Promise<void>;
  release(): Promise<void>;
}

/** Makes a lock file; null when one is there. */
async function create(path: string, owner: Owner, disk: Disk): Promise<Made | null> {
  const file = await disk.open(path, "new").catch(unless("EEXIST"));
  if (file === undefined) return null;
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
  let beats = 0;
  let writing: Promise<unknown> = Promise.resolve();
  return {
    // Through the open file, so that a lock that was moved aside is not made anew.
    beat() {
      const text = Buffer.from(renderLock(owner, ++beats));
      const written = writing.then(() => file.write(text, 0));
      writing = written.catch(() => undefined);
      return written;
    },
    async release() {
      if (!held.delete(owner.token)) return;
      await writing;
      await file.close().catch(() => undefined);
      // Who stood still for too long may have lost it to another.
      const found = await lockAt(path, disk).catch(() => null);
      if (found === null || found.owner.token === owner.token)
        await disk.unlink(path).catch(unless("ENOENT"));
    },
  };
}

/** Gives signs of life, and looks whether the lock is still the own one. */
function keep(
  folder: string,
  made: Made,
  owner: Owner,
  disk: Disk,
  { every, patience }: Heartbeat,
): FolderLock {
  const look = async () => {
    await made.beat();
    // Who takes the lock over looks at the beat once more behind this file: it sees that of now, or is seen.
    for (let waited = 0; ; waited += every) {
      const taker = await lockAt(join(folder, TAKING), disk);
      if (taker === null) break;
      if (waited >= patience) throw lostLock(folder, nameOf(taker.owner));
      await pause(every);
    }
    const found = await lockAt(join(folder, LOCK), disk);
    if (found?.owner.token === owner.token) return;
    // A folder that has gone is told as that.
    await disk.lstat(folder);
    throw lostLock(folder, found === null ? null : nameOf(found.owner));
  };
  // Half of what another waits for: what takes longer than that between a look and a change is not seen.
  const lock = lasting(look, patience / 2);
  // What is wrong here is found by the next change, which looks again and says so.
  const timer = setInterval(() => void lock.look().catch(() => undefined), every);
  timer.unref();
  return {
    disk: heldDisk(disk, lock.sure),
    async release() {
      clearInterval(timer);
      await made.release();
    },
  };
}

/** Removes a dead owner's lock. Only one may at a time: else a second would remove the lock that the first then makes. */
async function takeOver(folder: string, path: string, disk: Disk, heartbeat: Heartbeat) {
  const found = await lockAt(path, disk);
  if (found === null) return;
  if (await lives(found, path, disk, heartbeat)) throw occupied(folder, found.owner);
  const turn = join(folder, TAKING);
  const taking = await create(turn, newOwner(), disk);
  if (taking === null) {
    const other = await lockAt(turn, disk);
    if (other === null) return;
    if (await lives(other, turn, disk, heartbeat)) throw occupied(folder, other.owner);
    await disk.unlink(turn).catch(unless("ENOENT"));
    return;
  }
  try {
    const now = await lockAt(path, disk);
    // An owner that woke a moment ago has given a sign of life.
    if (now?.owner.token === found.owner.token && now.beat === found.beat)
      await disk.unlink(path).catch(unless("ENOENT"));
  } finally {
    await taking.release();
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
  return new CliError(`${folder} is in use by ${nameOf(owner)}`, {
    hint: `Wait for it to end. If ${nameOf(owner)} is no run of sitelift, remove ${LOCK} from the folder.`,
  });
}

function nameOf(owner: Owner): string {
  return `process ${owner.pid}${isNear(owner) ? "" : " of another container or machine"}`;
}
