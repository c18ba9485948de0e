/**
 * What the store holds of a snapshot of a site: what is to be done, what was done up to each slice, and how it ended.
 * Each is an object that is made once, so that of two workers with the same slice one goes on.
 *
 *     sites/<sha256>.json                   a site and its options, as they were when the snapshot began
 *     state/<site>/<snapshot>/plan.json     which of them, and the snapshot that it goes on from
 *     state/<site>/<snapshot>/000012.json   what slices 0 to 12 have stored, and what comes next
 *     state/<site>/<snapshot>/stopped.json  why nothing comes next, until a person says so
 *     state/<site>/<snapshot>/end.json      its exit code, and where its archive is
 *     captures/<site>/<snapshot>/…          the parts of its capture, until its archive is there
 *     archives/<site>/<snapshot>-<sha>/…    its archive
 */
import { z } from "zod";
import { checkJson } from "../disk/read.js";
import { isTimestamp } from "../disk/timestamp.js";
import { CliError, EXIT } from "../error.js";
import { count, sha256 } from "../schema/words.js";
import { jsonText } from "../text.js";
import type { Store } from "./store.js";

const object = z.strictObject({ key: z.string().min(1), bytes: count, sha256 });
export type StoredObject = z.output<typeof object>;

const exitCode = z.literal([
  EXIT.complete,
  EXIT.findings,
  EXIT.usage,
  EXIT.incomplete,
  EXIT.drift,
  EXIT.unreachable,
]);

const plan = z.strictObject({
  version: z.literal(1),
  /** SHA-256 of the site and its options: the name of the object that holds them. */
  rules: sha256,
  /** Where its first listing page is. */
  host: z.string().min(1),
  /** Milliseconds between two requests, as the site file has it. */
  delay: count,
  /** Where the archive is that it goes on from; null for the first one. */
  base: z.string().nullable(),
  /** When it began: ISO 8601. */
  at: z.string().min(1),
});
export type Plan = z.output<typeof plan>;

const state = z.strictObject({
  version: z.literal(1),
  capture: z.string().refine(isTimestamp, "is not the name of a capture"),
  /** The WARC file and the journal, in parts. */
  data: z.array(object),
  journal: z.array(object),
  /** Requests of all slices so far. */
  requests: count,
  /** How often the walk came to its end and lacked something. */
  tries: count,
  /** How the next slice goes on; null when the walk is at its end. */
  next: z.enum(["continues", "resumes"]).nullable(),
  /** What the finished capture has beside the WARC file, by name, and the exit code; null before the end. */
  ended: z
    .strictObject({ exitCode, files: z.record(z.string().regex(/^[a-z]+\.[a-z]+$/), object) })
    .nullable(),
});
export type State = z.output<typeof state>;

const stopped = z.strictObject({
  version: z.literal(1),
  /**
   * `parked`: the template has changed; `host`: the host does not answer; `unreachable`: the host does not have the site,
   * or forbids it; `failed`: it failed each time.
   */
  why: z.enum(["parked", "host", "unreachable", "failed"]),
  exitCode,
  reason: z.string(),
  slice: count,
});
export type Stopped = z.output<typeof stopped>;

const end = z.strictObject({
  version: z.literal(1),
  exitCode,
  /** What the keys of its archive begin with; null for a snapshot that was given up. */
  archive: z.string().nullable(),
  requests: count,
  /** ISO 8601. */
  at: z.string().min(1),
});
export type End = z.output<typeof end>;

/** A slice of the walk of a site. */
export interface Slice {
  readonly site: string;
  /** From 1. */
  readonly snapshot: number;
  /** From 0. */
  readonly slice: number;
}

const padded = (number: number, digits: number) => String(number).padStart(digits, "0");

/** Where everything of a snapshot is. */
export class Snapshot {
  readonly site: string;
  readonly number: number;
  readonly #store: Store;
  readonly #folder: string;

  constructor(store: Store, { site, snapshot }: Omit<Slice, "slice">) {
    this.site = site;
    this.number = snapshot;
    this.#store = store;
    this.#folder = `state/${site}/${padded(snapshot, 4)}`;
  }

  /** What the keys of parts of its capture begin with. */
  get captures(): string {
    return `captures/${this.site}/${padded(this.number, 4)}/`;
  }

  /** What the keys of an archive begin with. @param sha of its archive.json */
  archive(sha: string): string {
    return `archives/${this.site}/${padded(this.number, 4)}-${sha.slice(0, 16)}/`;
  }

  /** @throws {LostObject} when there is none, where a snapshot was begun */
  async planBegun(): Promise<Plan> {
    const found = await this.plan();
    if (found !== null) return found;
    throw new LostObject(`${this.#folder}/plan.json in ${this.#store.name} is missing`);
  }

  plan = () => this.#read("plan.json", plan);
  state = (slice: number) => this.#read(`${padded(slice, 6)}.json`, state);
  stopped = () => this.#read("stopped.json", stopped);
  end = () => this.#read("end.json", end);

  /** Each of these gives false where another one was first. */
  begin = (value: Plan) => this.#create("plan.json", value);
  advance = (slice: number, value: State) => this.#create(`${padded(slice, 6)}.json`, value);
  stop = (value: Stopped) => this.#create("stopped.json", value);
  finish = (value: End) => this.#create("end.json", value);

  release(): Promise<void> {
    return this.#store.remove(`${this.#folder}/stopped.json`);
  }

  async #read<T>(name: string, schema: z.ZodType<T>): Promise<T | null> {
    return readJson(this.#store, `${this.#folder}/${name}`, schema);
  }

  #create(name: string, value: unknown): Promise<boolean> {
    return this.#store.create(`${this.#folder}/${name}`, jsonBytes(value));
  }
}

/** An object of the store is missing, or is not what this version writes: its snapshot cannot go on with it. */
export class LostObject extends CliError {}

export function jsonBytes(value: unknown): Uint8Array {
  return Buffer.from(jsonText(value));
}

/** @throws {LostObject} when the object is not what this version writes */
export async function readJson<T>(
  store: Store,
  key: string,
  schema: z.ZodType<T>,
): Promise<T | null> {
  const bytes = await store.read(key);
  if (bytes === null) return null;
  const { value, problems } = checkJson(Buffer.from(bytes).toString("utf8"), schema);
  if (value !== undefined) return value;
  throw new LostObject(`${key} in ${store.name} cannot be read: ${problems.join("; ")}`, {
    hint: "Was it written by another version of sitelift? All workers need the same one.",
  });
}
/** The newest snapshot of each site, by site, with the number of slices that are done: from the keys alone. */
export async function newestSnapshots(store: Store) {
  const found = new Map<string, { site: string; snapshot: number; slices: number }>();
  for (const key of await store.list("state/")) {
    const [, site = "", number = "", name = ""] = key.split("/");
    const [snapshot, known] = [Number(number), found.get(site)];
    const before = known?.snapshot === snapshot ? known.slices : 0;
    found.set(site, { site, snapshot, slices: before + (/^\d+\.json$/.test(name) ? 1 : 0) });
  }
  return found;
}
