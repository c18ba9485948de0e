/**
 * One run at a time on one folder. The lock is a file that names its owner, and that the owner writes again
 * every two seconds. Without that heartbeat it is taken over after ten.
 */
import { randomUUID } from "node:crypto";
import { statSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as pause } from "node:timers/promises";
import { CliError, EXIT } from "../error.js";
import { type Disk, errorCode, unless } from "./disk.js";
import { heldDisk, lease } from "./held-disk.js";
import { LOCK, TAKING } from "./layout.js";
import { readText } from "./read.js";

/** What a lock file says. Host, token and beat are empty where it holds a process id alone. */
export interface Lock {
  /** 0 where the file is cut short or nonsense. */
  readonly pid: number;
  readonly host: string;
  /** Of one lock of one process. */
  readonly token: string;
  /** Counts up while the owner lives. */
  readonly beat: number;
}

/**
 * Milliseconds between two beats, and without a beat after which an owner counts as dead: a process that is
 * busy, or whose disk is slow, misses some of them.
 */
const HEARTBEAT = { every: 2_000, patience: 10_000 };
type Heartbeat = Readonly<typeof HEARTBEAT>;

/** Where a process id means the same process. Containers may share the name of their host, but not its root folder. */
const HOST = `${hostname().replace(/\s/g, "_")}/${statSync("/").dev}`;

/** Tokens of the locks that this process made, and whether it still holds them: another process may have had its id before, or have it in another container. */
const held = new Map<string, boolean>();

export function newLock(): Lock {
  return { pid: process.pid, host: HOST, token: randomUUID(), beat: 0 };
}

/** The text of a lock file, as long for every beat. */
export function renderLock({ pid, host, token, beat }: Lock): string {
  return `${pid} ${host} ${token} ${String(beat).padStart(12, "0")}\n`;
}

function parseLock(text: string): Lock {
  // Without its line feed it was cut short: half of a process id is that of another process.
  const found = /^(\d{1,10})(?: (\S+) (\S+) (\d+))?\n$/.exec(text);
  const [, pid = 0, host = "", token = "", beat = 0] = found ?? [];
  return { pid: Number(pid), host, token, beat: Number(beat) };
}

export interface FolderLock {
  /** Changes nothing any more, and says so, once another has taken the lock over. */
  readonly disk: Disk;
  /** Safe to call twice. */
  release(): Promise<void>;
}

/**
 * Locks a folder. A lock whose owner is dead, or that names none, is taken over.
 *
 * @throws {CliError} exit code 3, when a living process holds it, with its id
 */
export async function lockFolder(
  folder: string,
  disk: Disk,
  heartbeat: Heartbeat = HEARTBEAT,
): Promise<FolderLock> {
  for (;;) {
    const file = await create(join(folder, LOCK), disk);
    if (file !== null) return keep(folder, file, disk, heartbeat);
    await takeOver(folder, disk, heartbeat);
  }
}

/** Makes a lock file; null when one is there. */
async function create(path: string, disk: Disk) {
  const own = newLock();
  const file = await disk.open(path, "new").catch(unless("EEXIST"));
  if (file === undefined) return null;
  held.set(own.token, true);
  try {
    await file.write(Buffer.from(renderLock(own)), 0);
    await file.sync();
  } catch (error) {
    held.set(own.token, false);
    await file.close().catch(() => undefined);
    await disk.unlink(path).catch(() => undefined);
    throw error;
  }
  let { beat } = own;
  let writing: Promise<unknown> = Promise.resolve();
  return {
    token: own.token,
    // Through the open file, so that a lock that was moved aside is not made anew.
    beat() {
      const text = Buffer.from(renderLock({ ...own, beat: ++beat }));
      const written = writing.then(() => file.write(text, 0));
      writing = written.catch(() => undefined);
      return written;
    },
    async release() {
      if (!held.get(own.token)) return;
      held.set(own.token, false);
      await writing;
      await file.close().catch(() => undefined);
      // A process that stopped for too long may have lost it to another.
      const found = await readLock(path, disk).catch(() => null);
      if (found === null || found.token === own.token)
        await disk.unlink(path).catch(unless("ENOENT"));
    },
  };
}

/** Writes the heartbeat, and checks that the lock is still the own one. */
function keep(
  folder: string,
  file: NonNullable<Awaited<ReturnType<typeof create>>>,
  disk: Disk,
  { every, patience }: Heartbeat,
): FolderLock {
  const check = async () => {
    await file.beat();
    // Who takes the lock over makes this file, then reads the beat again: it sees that of now, or is seen.
    for (let waited = 0; ; waited += every) {
      const taker = await readLock(join(folder, TAKING), disk);
      if (taker === null) break;
      if (waited >= patience) throw lostLock(folder, taker);
      await pause(every);
    }
    const found = await readLock(join(folder, LOCK), disk);
    if (found?.token === file.token) return;
    // A folder that is gone is reported as that.
    await disk.lstat(folder);
    throw lostLock(folder, found);
  };
  // Half of what another waits for: what takes longer than that between a check and a change is not seen.
  const { renew, ensure } = lease(check, patience / 2);
  // What is wrong here is found by the next change, which checks again and says so.
  const timer = setInterval(() => void renew().catch(() => undefined), every);
  timer.unref();
  return {
    disk: heldDisk(disk, ensure),
    async release() {
      clearInterval(timer);
      await file.release();
    },
  };
}

/** Removes a dead owner's lock. Only one may at a time: else a second would remove the lock that the first then makes. */
async function takeOver(folder: string, disk: Disk, heartbeat: Heartbeat): Promise<void> {
  const [path, turn] = [join(folder, LOCK), join(folder, TAKING)];
  const deadLock = async (one: string) => {
    const found = await readLock(one, disk);
    if (found === null || !(await isAlive(found, one, disk, heartbeat))) return found;
    throw new CliError(`${folder} is in use by ${nameOf(found)}`, {
      exitCode: EXIT.incomplete,
      hint: `Wait for it to end. If process ${found.pid} is not sitelift, delete ${LOCK}.`,
    });
  };
  const found = await deadLock(path);
  if (found === null) return;
  const taking = await create(turn, disk);
  if (taking === null) {
    if ((await deadLock(turn)) !== null) await disk.unlink(turn).catch(unless("ENOENT"));
    return;
  }
  try {
    const now = await readLock(path, disk);
    // An owner that woke meanwhile has written another beat.
    if (now?.token === found.token && now.beat === found.beat)
      await disk.unlink(path).catch(unless("ENOENT"));
  } finally {
    await taking.release();
  }
}

/** Whether a lock's owner lives: not when its process has ended on this host, else by a new beat. */
async function isAlive(
  { pid, host, token, beat }: Lock,
  path: string,
  disk: Disk,
  { every, patience }: Heartbeat,
): Promise<boolean> {
  if (token === "") return pid !== 0 && pid !== process.pid && isRunning(pid);
  const own = held.get(token);
  if (own !== undefined) return own;
  if (host === HOST && !isRunning(pid)) return false;
  for (let waited = 0; waited < patience; waited += every) {
    await pause(every);
    const now = await readLock(path, disk);
    // When it is gone, or is another's, the caller finds out by trying again.
    if (now?.token !== token) return false;
    if (now.beat !== beat) return true;
  }
  return false;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return errorCode(error) === "EPERM";
  }
}

/** What a lock says; null when there is none. */
async function readLock(path: string, disk: Disk): Promise<Lock | null> {
  let lock = parseLock("");
  for (const wait of [0, 50, 200]) {
    // A lock is empty between its creation and its first write.
    if (wait > 0) await pause(wait);
    const text = await readText(path, disk).catch(unless("ENOENT"));
    if (text === undefined) return null;
    lock = parseLock(text);
    if (lock.pid !== 0) break;
  }
  return lock;
}

function lostLock(folder: string, owner: Lock | null): CliError {
  const other =
    owner === null
      ? "another run may have written to it meanwhile"
      : `${nameOf(owner)} holds it now`;
  return new CliError(`${folder} is no longer locked by this run, and ${other}`, {
    exitCode: EXIT.incomplete,
    hint: "This run was stopped for too long and ends here; it changed nothing since. Run again when the other has ended.",
  });
}

function nameOf({ pid, host, token }: Lock): string {
  // Another living process with this one's id is one of another container.
  const isTwin = pid === process.pid && !held.has(token);
  const isNear = token === "" || (host === HOST && !isTwin);
  return `process ${pid}${isNear ? "" : " of another container or machine"}`;
}
