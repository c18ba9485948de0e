/** Who holds a lock: a process, told apart from others of the same id by where and when it was started. */

import { randomUUID } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import process from "node:process";
import { errorCode } from "./disk.js";

export interface Owner {
  readonly pid: number;
  /** Where process ids mean the same processes: one start of one machine, one container. Null when a lock does not say. */
  readonly place: string | null;
  /** When the process was started, as the system counts; null where it does not say. */
  readonly started: string | null;
  /** Of one holding of one lock. */
  readonly token: string | null;
}

/** What a lock file says. */
export interface Lock {
  readonly owner: Owner;
  /** Changes while the owner lives. */
  readonly beat: string;
}

/** A lock that is cut short or nonsense. */
export const NOBODYS: Lock = {
  owner: { pid: 0, place: null, started: null, token: null },
  beat: "",
};

const PLACE = placeOf();

/** This process, about to hold a lock. */
export function newOwner(): Owner {
  const { pid } = process;
  return { pid, place: PLACE, started: startOf(pid), token: randomUUID() };
}

export function parseLock(text: string): Lock {
  // Without its line feed it was cut short: half of a process id is that of another process.
  const found = /^(\d{1,10})(?: (\S+) (\d+|-) (\S+) (\d+))?\n$/.exec(text);
  if (found === null) return NOBODYS;
  const [, pid, place = null, started = null, token = null, beat = ""] = found;
  const since = started === "-" ? null : started;
  return { owner: { pid: Number(pid), place, started: since, token }, beat };
}

/** The text of a lock file, as long for every beat. */
export function renderLock({ pid, place, started, token }: Owner, beat: number): string {
  return `${pid} ${place} ${started ?? "-"} ${token} ${String(beat).padStart(12, "0")}\n`;
}

/**
 * Whether an owner lives; null when that cannot be seen from here, because its process ids are those of
 * another container or machine.
 *
 * @param held tokens of the locks that this process holds
 */
export function isAlive(owner: Owner, held: ReadonlySet<string | null>): boolean | null {
  const { pid, place, started, token } = owner;
  if (pid === 0) return false;
  if (place !== null && place !== PLACE) return null;
  // An own id that this process does not hold was left by an earlier one, as happens in containers.
  if (pid === process.pid) return held.has(token);
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (errorCode(error) !== "EPERM") return false;
  }
  const now = startOf(pid);
  return started === null || now === null || started === now;
}

/** True when an owner's process can be looked for from here. */
export function isNear({ place }: Owner): boolean {
  return place === null || place === PLACE;
}

/** On Linux the start of the machine and the process ids' name space, which every container has of its own. */
function placeOf(): string {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
    return `${boot}/${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return hostname().replace(/\s/g, "_") || "unknown";
  }
}

/** Clock ticks from the start of the machine to that of a process (proc(5), field 22); null where there is no /proc. */
function startOf(pid: number): string | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The second field is the name in parentheses, which may hold any of them.
    return text.slice(text.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}
