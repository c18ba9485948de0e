/** A slice of a fleet: a part of the walk of one site, from what the slices before it have stored to what it stores itself. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { CAPTURE_FILES, CAPTURES } from "../../capture/layout.js";
import { journalLines } from "../../capture/write/journal.js";
import { type Disk, realDisk } from "../../disk/disk.js";
import { temporaryFolder } from "../../disk/folders.js";
import { readJson } from "../../disk/read.js";
import { CliError, EXIT } from "../../error.js";
import {
  fetchArchive,
  fetchFile,
  type KeptArchives,
  storeEnd,
  storeFile,
} from "../../fleet/objects.js";
import { type Slice, Snapshot, type State, type Stopped } from "../../fleet/states.js";
import type { Store } from "../../fleet/store.js";
import { systemClock } from "../../http/clock.js";
import type { FetchEvent } from "../../http/events.js";
import { captureAccount } from "../../schema/capture.js";
import { type Crawled, crawlSite, type World } from "../crawl.js";
import type { Part } from "../run/open-capture.js";
import { Silent } from "../terminal.js";
import { storedSite } from "./stored-site.js";

/** What a worker has at hand for a slice. */
export interface SliceWorld {
  readonly store: Store;
  /** Folder for what is in work. */
  readonly work: string;
  readonly kept?: KeptArchives;
  /** A slice ends after so many requests, or milliseconds. */
  readonly most: { readonly requests: number; readonly ms: number };
  /** How often a walk that lacks something asks again for it, and milliseconds before the first time; each further time twice as many. */
  readonly again: { readonly times: number; readonly ms: number };
  /** Ends the slice early: what it has is stored. */
  readonly signal: AbortSignal;
  readonly world?: World;
}

/** What comes after a slice. */
export type After =
  /** The next one, not before so many milliseconds have passed. */
  | {
      readonly next: "slice";
      readonly waitMs: number;
      readonly limited: boolean;
      readonly delay: number;
    }
  /** The walk is at its end. */
  | { readonly next: "archive"; readonly delay: number }
  /** A person. */
  | {
      readonly next: "stopped";
      readonly why: Exclude<Stopped["why"], "failed">;
      readonly reason: string;
      readonly delay: number;
    }
  /** The snapshot ended, or was stopped, meanwhile. */
  | { readonly next: "nothing" };

/** A Retry-After of so many milliseconds ends the slice: other hosts are served meanwhile. */
const LONG_WAIT = 10_000;
/** The longest time that a host rests: what asks for a year is a mistake. */
const LONGEST_WAIT = 24 * 3_600_000;

/**
 * Does a slice. Another worker may do the same one: the first that stores its state goes on, and the other one leaves
 * what it has, which nothing refers to.
 *
 * @throws {CliError} when the store or the disk fails
 */
export async function runSlice(job: Slice, world: SliceWorld): Promise<After> {
  const { store, work, again } = world;
  const snapshot = new Snapshot(store, job);
  const plan = await snapshot.plan();
  if (plan === null)
    throw new CliError(`the store ${store.name} has no plan for ${job.site}`, {
      hint: "Do all workers and `sitelift fleet` have the same --store? Then run `sitelift fleet` again.",
    });
  if ((await snapshot.end()) !== null || (await snapshot.stopped()) !== null)
    return { next: "nothing" };
  const done = await snapshot.state(job.slice);
  if (done !== null) return afterState(done, world, plan.delay);
  const before = job.slice === 0 ? null : await snapshot.state(job.slice - 1);
  if (job.slice > 0 && before?.next == null) return { next: "nothing" };
  await using temporary = await temporaryFolder(join(work, "slice-"));
  const folder = temporary.path;
  if (plan.base !== null) await fetchArchive(store, plan.base, folder, isLookedAt, world.kept);
  if (before !== null) await fetchCapture(store, before, folder);
  const { site, options } = await storedSite(store, plan.rules);
  const cut = new Cut(world, {
    after: before?.next ?? "continues",
    again: (before?.tries ?? 0) < again.times,
    delay: plan.delay,
  });
  const crawled = await crawlSite(site, { ...options, out: folder }, new Silent(), {
    ...world.world,
    disk: unsynced,
    clock: cut.clock,
    signal: cut.signal,
    part: cut.part,
  })
    .catch((error: unknown) => stoppedBy(error, cut.status))
    .finally(() => cut.close());
  if ("reason" in crawled) return { next: "stopped", ...crawled, delay: cut.delay };
  const mine = await storeState(snapshot, job, world, { before, folder, crawled });
  return afterState(mine, world, cut.delay, cut.waitMs);
}

/** Of an archive, what a walk looks at: not the bodies, and media so as not to ask for them again. */
function isLookedAt(path: string): boolean {
  return !/^(?:captures|content|quarantine)\//.test(path);
}

/** When and why a slice is cut off. */
class Cut {
  readonly part: Part;
  readonly signal: AbortSignal;
  /** Milliseconds that a host asked to be left alone. */
  waitMs = 0;
  /** Milliseconds between two requests, Crawl-delay included. */
  delay: number;
  requests = 0;
  /** Of the last response. */
  status: number | null = null;
  readonly #most: SliceWorld["most"];
  readonly #stop = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #isLate = false;

  constructor(
    { most, signal }: SliceWorld,
    { after, again, delay }: Pick<Part, "after" | "again"> & { readonly delay: number },
  ) {
    this.#most = most;
    this.delay = delay;
    this.signal = AbortSignal.any([signal, this.#stop.signal]);
    this.#timer = setTimeout(() => {
      this.#isLate = true;
      if (this.requests > 0) this.#stop.abort();
    }, most.ms);
    const onEvent = (event: FetchEvent) => this.#note(event);
    this.part = { after, again, onRequest: () => this.#count(), onEvent };
  }

  /** What was waited for once is not waited for again while what is stored is read. */
  readonly clock = {
    now: () => systemClock.now(),
    sleep: (ms: number, signal?: AbortSignal) =>
      systemClock.sleep(this.requests === 0 ? 0 : ms, signal),
  };

  close(): void {
    clearTimeout(this.#timer);
    // Node keeps a signal made of others, and what listens to it, until it is given: the worker's own never is.
    this.#stop.abort();
  }

  /** A slice that is late makes one request all the same: else a walk that takes long to be read again would never end. */
  #count(): void {
    this.requests++;
    if (this.requests > this.#most.requests || (this.#isLate && this.requests > 1))
      this.#stop.abort();
  }

  #note(event: FetchEvent): void {
    if (event.event === "pace") this.delay = Math.max(this.delay, event.delayMs);
    if (event.event === "answer") this.status = event.status;
    if (event.event !== "wait" || event.waitMs < LONG_WAIT) return;
    if (!event.reason.includes("Retry-After")) return;
    this.waitMs = Math.max(this.waitMs, Math.min(event.waitMs, LONGEST_WAIT));
    this.#stop.abort();
  }
}

/**
 * A host that does not answer, or with an error, is stopped with all its sites. One that says that it does not have this
 * site, or forbids it, has others.
 *
 * @param status of its last response @throws all that is of neither
 */
function stoppedBy(error: unknown, status: number | null) {
  if (!(error instanceof CliError) || error.exitCode !== EXIT.unreachable) throw error;
  const reason = error.message;
  const isAnswer = status !== null && status < 500 && status !== 429;
  const isForbidden = reason.includes("robots.txt: Disallow:");
  return { why: isAnswer || isForbidden ? ("unreachable" as const) : ("host" as const), reason };
}

async function storeState(
  snapshot: Snapshot,
  { slice }: Slice,
  { store }: SliceWorld,
  {
    before,
    folder,
    crawled,
  }: {
    readonly before: State | null;
    readonly folder: string;
    readonly crawled: Crawled;
  },
): Promise<State> {
  const [capture = ""] = await readdir(join(folder, CAPTURES));
  const path = (name: string) => join(folder, CAPTURES, capture, name);
  const key = (name: string) => (sha: string) => `${snapshot.captures}${slice}-${sha}-${name}`;
  const add = async (name: "data" | "journal") => {
    const objects = before?.[name] ?? [];
    const start = objects.reduce((sum, { bytes }) => sum + bytes, 0);
    const file = CAPTURE_FILES[name];
    return [...objects, await storeEnd(store, path(file), start, key(file))];
  };
  const { exitCode } = crawled.end;
  const names = await readdir(join(folder, CAPTURES, capture));
  const isEnded = names.includes(CAPTURE_FILES.account);
  const files = [CAPTURE_FILES.index, CAPTURE_FILES.records, CAPTURE_FILES.account];
  const stored = isEnded
    ? await Promise.all(
        files.map(async (name) => [name, await storeFile(store, path(name), key(name))] as const),
      )
    : [];
  const isLacking = exitCode === EXIT.incomplete;
  const mine: State = {
    version: 1,
    capture,
    data: await add("data"),
    journal: isEnded ? [] : await add("journal"),
    requests: await requestsOf(path, isEnded),
    tries: (before?.tries ?? 0) + (isLacking ? 1 : 0),
    next: isEnded ? null : isLacking ? "resumes" : "continues",
    ended:
      isEnded && exitCode !== EXIT.interrupted
        ? { exitCode, files: Object.fromEntries(stored) }
        : null,
  };
  if (await snapshot.advance(slice, mine)) return mine;
  return (await snapshot.state(slice)) ?? mine;
}

/** Exchanges in a capture, the failed ones too. */
async function requestsOf(path: (name: string) => string, isEnded: boolean): Promise<number> {
  if (isEnded) {
    const { value } = await readJson(path(CAPTURE_FILES.account), captureAccount);
    const { responses = 0, revisits = 0, failures = 0 } = value?.counts ?? {};
    return responses + revisits + failures;
  }
  let requests = 0;
  for await (const { kind } of journalLines(path(CAPTURE_FILES.journal), realDisk))
    if (kind !== "session") requests++;
  return requests;
}

/** What comes after a slice whose state is stored, whoever stored it. */
function afterState(
  { next, tries, ended }: State,
  { again }: SliceWorld,
  delay: number,
  waitMs = 0,
): After {
  if (next === "continues") return { next: "slice", waitMs, limited: waitMs > 0, delay };
  if (next === "resumes")
    return { next: "slice", waitMs: again.ms * 2 ** (tries - 1), limited: false, delay };
  if (ended?.exitCode !== EXIT.drift) return { next: "archive", delay };
  const reason = "a selector that must match matches nothing: the template has changed";
  return { next: "stopped", why: "parked", reason, delay };
}

/** Writes the capture so far to a folder, as an interrupted crawl leaves it. */
export async function fetchCapture(store: Store, state: State, folder: string): Promise<string> {
  const capture = join(folder, CAPTURES, state.capture);
  await fetchFile(store, state.data, join(capture, CAPTURE_FILES.data));
  if (state.ended === null)
    await fetchFile(store, state.journal, join(capture, CAPTURE_FILES.journal));
  else
    for (const [name, object] of Object.entries(state.ended.files))
      await fetchFile(store, [object], join(capture, name));
  return capture;
}

/** The folder of a slice is thrown away: nothing in it needs to survive a loss of power. */
const unsynced: Disk = {
  ...realDisk,
  open: async (path, mode) => ({ ...(await realDisk.open(path, mode)), sync: async () => {} }),
  syncFolder: async () => {},
};
