/** What a run leaves in the history of its archive: the versions that it replaces, and its snapshot. */
import { countStates } from "../../schema/ledger.js";
import type { Run } from "../../schema/run-report.js";
import { SNAPSHOT_VERSION, type Snapshot, type SnapshotEntry } from "../../schema/snapshot.js";
import type { IndexedEntry } from "../nouns.js";
import { type StoredSnapshot, statesOf } from "../snapshots.js";
import type { Plan } from "./plan.js";

/** What a run tells of itself for its snapshot. */
export interface Moment {
  /** When it began: ISO 8601, in UTC. */
  readonly time: string;
}

/** What the next snapshot takes over from the one before it. */
export interface Remembered {
  readonly file: string;
  readonly sha256: string;
  readonly entries: ReadonlyMap<string, Pick<SnapshotEntry, "markup" | "goneSince">>;
}

export function remember({ path, snapshot }: StoredSnapshot): Remembered {
  // Most entries have their template in common: it is held once.
  const templates = new Map<string, SnapshotEntry["markup"]>();
  const held = (markup: SnapshotEntry["markup"]) => {
    const key = JSON.stringify(markup) ?? "";
    if (!templates.has(key)) templates.set(key, markup);
    return templates.get(key);
  };
  const entries = new Map(
    snapshot.entries.map(({ id, markup, goneSince }) => [id, { markup: held(markup), goneSince }]),
  );
  return { file: path, sha256: snapshot.sha256, entries };
}

/** Entries of the archive whose version will not stand in it after the run. */
export function replacedBy(
  entries: Iterable<Pick<IndexedEntry, "id" | "hash">>,
  before: ReadonlyMap<string, IndexedEntry>,
): IndexedEntry[] {
  const stays = new Map([...entries].map(({ id, hash }) => [id, hash]));
  return [...before.values()].filter(({ id, hash }) => stays.get(id) !== hash);
}

/** The snapshot of a run. @param last the one before it */
export function snapshotOf(
  { time }: Moment,
  run: Pick<Run, "complete" | "interrupted" | "capture">,
  plan: Pick<Plan, "site" | "generator" | "entries" | "ledger">,
  entries: readonly IndexedEntry[],
  last: Remembered | null,
): Omit<Snapshot, "sha256"> {
  const moment = `${time.slice(0, 19)}Z`;
  const { site, generator, ledger } = plan;
  return {
    snapshotVersion: SNAPSHOT_VERSION,
    time: moment,
    site,
    generator,
    capture: run.capture,
    complete: run.complete,
    interrupted: run.interrupted,
    previous: last && { file: last.file, sha256: last.sha256 },
    counts: { listed: ledger.length, ...countStates(ledger) },
    entries: entriesOf(entries, plan, last, moment),
  };
}

function entriesOf(
  entries: readonly IndexedEntry[],
  plan: Pick<Plan, "entries" | "ledger">,
  last: Remembered | null,
  moment: string,
): SnapshotEntry[] {
  const states = statesOf(plan.ledger);
  const finished = new Map(plan.entries.map((entry) => [entry.id, entry]));
  return entries
    .map(({ id, substance, sourceUrl, title, ...entry }): SnapshotEntry => {
      const { hash, path } = finished.get(id) ?? { hash: entry.hash, path: "" };
      const known = last?.entries.get(id);
      const markup = entry.markup ?? known?.markup;
      const state = states.get(id) ?? "not-reached";
      return {
        id,
        hash,
        read: substance,
        state,
        url: sourceUrl,
        title,
        path,
        ...(markup === undefined ? {} : { markup }),
        ...(state === "gone" ? { goneSince: known?.goneSince ?? moment } : {}),
      };
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}
