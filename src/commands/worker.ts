/** `sitelift worker`: does slices of a fleet, and the archives after them, on this machine. */
import { readdir, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { explained, realDisk } from "../disk/disk.js";
import { makeFolder, temporaryFolder } from "../disk/folders.js";
import { CliError, EXIT, type ExitCode } from "../error.js";
import type { FleetJob, HeldJob } from "../fleet/job.js";
import { KeptArchives } from "../fleet/objects.js";
import { openStore } from "../fleet/open-store.js";
import { ARCHIVES, type FleetQueue, openQueue } from "../fleet/queue.js";
import { Snapshot } from "../fleet/states.js";
import { checkStore, type Store } from "../fleet/store.js";
import { count, waitWords } from "../text.js";
import type { WorkerOptions } from "./command-line/fleet.js";
import { type After, runSlice } from "./fleet/slice.js";
import { archiveSnapshot } from "./fleet/snapshot-archive.js";
import { failAttempt, standings, waitsForPerson } from "./fleet/standings.js";
import { writeStoredIndex } from "./fleet/stored-index.js";
import { listenForInterrupt } from "./interrupt.js";
import { tuneV8 } from "./run/tune.js";
import { Terminal } from "./terminal.js";

const [REQUESTS, MINUTES, AT_ONCE, LOCK] = [200, 10, 4, 30_000];
/** Times that a walk which lacks something asks again. */
const AGAIN = 3;

export async function worker(
  options: WorkerOptions,
  terminal = new Terminal(options),
): Promise<ExitCode> {
  tuneV8();
  using interrupt = listenForInterrupt(terminal);
  const lockMs = options.lock ?? LOCK;
  await using store = openStore(options.store, process.env);
  const id = await checkStore(store);
  const onError = redisErrors(terminal);
  // Removed after the queue is closed: a slice that another slot still has in hand would fail for want of its files.
  await using folder = await workFolder(options.work);
  await using queue = await openQueue(options.on, process.env, lockMs, onError);
  const work = folder.path;
  const atOnce = options.atOnce ?? AT_ONCE;
  const team = new Team({
    store,
    id,
    onError,
    kept: new KeptArchives(work, atOnce),
    queue,
    work,
    lockMs,
    options,
    terminal,
    signal: interrupt.signal,
  });
  const slots = Array.from({ length: atOnce }, () => team.work());
  await Promise.all(slots);
  if (interrupt.signal.aborted) return EXIT.interrupted;
  const all = await standings({ store, queue });
  await writeStoredIndex(store, all, terminal);
  const waiting = all.filter(waitsForPerson).length;
  if (waiting === 0) return EXIT.complete;
  terminal.warn(
    `${count(waiting, "site waits", "sites wait")} for a person: \`sitelift fleet status\` says why`,
  );
  return EXIT.findings;
}

/** A folder of this process. Those of processes of this machine that were killed are removed. */
async function workFolder(given: string | undefined) {
  const folder = resolve(given ?? join(tmpdir(), "sitelift-work"));
  await explained(makeFolder(folder, realDisk, "--work"), folder);
  const own = `${hostname()}.`;
  for (const name of await readdir(folder)) {
    const pid = name.startsWith(own) ? Number(name.slice(own.length).split(".")[0]) : Number.NaN;
    if (!Number.isNaN(pid) && (pid === process.pid || !isAlive(pid)))
      await rm(join(folder, name), { recursive: true, force: true });
  }
  return temporaryFolder(join(folder, `${own}${process.pid}.`));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

interface Tools {
  readonly store: Store;
  /** What tells the store from others. */
  readonly id: string;
  readonly queue: FleetQueue;
  readonly work: string;
  readonly kept: KeptArchives;
  readonly lockMs: number;
  readonly onError: (error: Error) => void;
  readonly options: WorkerOptions;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** The slots of one worker, which share its queues. */
class Team {
  readonly #tools: Tools;
  #turn = 0;
  #busy = 0;

  constructor(tools: Tools) {
    this.#tools = tools;
  }

  /** Does one job after the other until it is interrupted, or with `--until-done` until none is left. */
  async work(): Promise<void> {
    const { signal, options, lockMs, onError } = this.#tools;
    while (!signal.aborted) {
      try {
        const held = await this.#next();
        if (held !== null) {
          this.#busy++;
          await this.#do(held).finally(() => this.#busy--);
          continue;
        }
        if (options.untilDone && this.#busy === 0 && (await this.#isDone())) return;
      } catch (error) {
        if (error instanceof CliError) throw error;
        onError(error as Error);
      }
      await sleep(Math.min(2_000, lockMs / 10), undefined, { signal }).catch(() => undefined);
    }
  }

  /** Archives first: what is finished is of use. Then one host after the other. */
  async #next(): Promise<HeldJob | null> {
    const { queue, store, id } = this.#tools;
    await queue.expectStore(id, store.name);
    const archive = await queue.take(ARCHIVES, 0);
    if (archive !== null) return archive;
    const hosts = [...(await queue.hosts())];
    for (let at = 0; at < hosts.length; at++) {
      const [host, delay] = hosts[this.#turn++ % hosts.length] ?? ["", 0];
      const held = await queue.take(host, delay);
      if (held !== null) return held;
    }
    return null;
  }

  async #isDone(): Promise<boolean> {
    const { queue } = this.#tools;
    // The archives last: the last slice of a host adds one.
    for (const name of [...(await queue.hosts()).keys(), ARCHIVES]) {
      const { waiting, active, delayed, isPaused } = await queue.counts(name);
      if (active + delayed + (isPaused ? 0 : waiting) > 0) return false;
    }
    return true;
  }

  async #do(held: HeldJob): Promise<void> {
    const { signal } = this.#tools;
    const lost = new AbortController();
    held.keep(() => lost.abort());
    const { data } = held;
    const begun = Date.now();
    try {
      if (data.isArchive) await this.#archive(data, begun);
      else await this.#slice(data, AbortSignal.any([signal, lost.signal]), begun);
      await held.complete();
    } catch (error) {
      await this.#failed(held, error);
    }
  }

  async #archive(job: FleetJob, begun: number): Promise<void> {
    const isMade = await archiveSnapshot(job, this.#tools);
    const end = await new Snapshot(this.#tools.store, job).end();
    if (isMade) this.#say(job, begun, `archive made, exit code ${end?.exitCode}`, { end });
  }

  async #slice(job: FleetJob, signal: AbortSignal, begun: number): Promise<void> {
    const { store, queue, options, lockMs } = this.#tools;
    const { pages = REQUESTS, time = MINUTES * 60_000 } = options;
    const after = await runSlice(job, {
      ...this.#tools,
      most: { requests: pages, ms: time },
      again: { times: AGAIN, ms: 2 * lockMs },
      signal,
    });
    const walked = Date.now();
    const { host, slice } = job;
    const next = { ...job, slice: slice + 1 };
    switch (after.next) {
      case "slice":
        await queue.add(next, { delay: after.delay, waitMs: after.limited ? 0 : after.waitMs });
        if (after.limited) await queue.limit(host, after.waitMs);
        break;
      case "archive":
        await queue.addArchive(job);
        break;
      case "stopped": {
        const exitCode = after.why === "parked" ? EXIT.drift : EXIT.unreachable;
        const { why, reason } = after;
        await new Snapshot(store, job).stop({ version: 1, why, exitCode, reason, slice });
        if (why === "host") await queue.pause(host);
        break;
      }
      case "nothing":
    }
    this.#say(job, begun, wordsOf(after), { after: after.next });
    // The first request of whoever is next on this host comes after its delay.
    if ("delay" in after) await sleep(Math.max(0, walked + after.delay - Date.now()));
  }

  async #failed(held: HeldJob, error: unknown): Promise<void> {
    const { store, terminal } = this.#tools;
    const { data } = held;
    const isKnown = error instanceof CliError;
    const { message, stack } = error as Error;
    terminal.warn(`${nameOf(data)}: ${isKnown ? message : (stack ?? message)}`);
    terminal.event({ event: "failed", ...data, message });
    await failAttempt(held, error as Error, store);
  }

  #say(job: FleetJob, begun: number, words: string, more: object): void {
    const { terminal } = this.#tools;
    const seconds = Math.round((Date.now() - begun) / 100) / 10;
    terminal.print(`${nameOf(job)}: ${words} (${seconds} s)`);
    terminal.event({ event: job.isArchive ? "archive" : "slice", ...job, seconds, ...more });
  }
}

function nameOf({ site, snapshot, slice, isArchive }: FleetJob): string {
  return `${site} ${snapshot}${isArchive ? "" : `, slice ${slice}`}`;
}

function wordsOf(after: After): string {
  switch (after.next) {
    case "slice":
      return after.waitMs > 0 ? `done, more in ${waitWords(after.waitMs)}` : "done";
    case "archive":
      return "done, the last one";
    case "stopped":
      return `${after.why === "host" ? "host stopped" : after.why}: ${after.reason}`;
    case "nothing":
      return "was done already";
  }
}

/** Milliseconds in which the same is said once. */
const EVERY = 60_000;

export function redisErrors(terminal: Pick<Terminal, "warn" | "event">, now = Date.now) {
  const said = new Map<string, number>();
  return (error: Error & { readonly code?: string }): void => {
    // An error of several IP addresses has no message.
    const message = error.message || (error.code ?? error.name);
    if (now() - (said.get(message) ?? Number.NEGATIVE_INFINITY) < EVERY) return;
    said.set(message, now());
    terminal.warn(`Redis: ${message}`);
    terminal.event({ event: "redis", message });
  };
}
