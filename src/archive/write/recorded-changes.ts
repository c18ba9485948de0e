/** What a run changes in its archive, for its snapshot. */
import { join } from "node:path";
import { openSpans, type Spans } from "../../disk/staging.js";
import type { Recorded, RecordedChanges, SnapshotEntry } from "../../schema/snapshot.js";
import type { EntryText } from "../archive-index.js";
import { type Change, changes } from "../diff/changes.js";
import { editWords } from "../diff/fields.js";
import type { ArchiveState } from "../diff/states.js";
import { FILES } from "../layout.js";
import type { ArchivedEntry } from "../nouns.js";
import { snapshotEntries } from "../snapshots.js";
import type { Closing } from "./plan.js";

/** Changes that a snapshot names; all of them are counted. */
const MOST = 200;

/**
 * @param entries all that the archive will hold
 * @param now the same, as the snapshot has them
 * @param texts where their texts are; null where the archive has them
 * @param isFirst whether no run before it read the listing to its end
 */
export async function recordChanges(
  { root, disk, options, index, last, run }: Closing,
  entries: readonly ArchivedEntry[],
  now: readonly SnapshotEntry[],
  texts: Spans | null,
  isFirst: boolean,
): Promise<RecordedChanges> {
  const { rows, fewer, complete } = run;
  const { generator, snapshot } = options;
  const whole = { isFirst, entries: entries.length, rows, isFewer: fewer.length > 0 };
  const counts: Record<Recorded, number> = {
    ...{ added: 0, edited: 0, reread: 0 },
    ...{ renamed: 0, gone: 0, returned: 0 },
  };
  if (isFirst) return { ...whole, counts, list: [] };
  await using old = await openSpans(join(root, FILES.entries), disk);
  const past: ArchiveState = {
    root,
    time: null,
    complete: true,
    generator: last?.generator,
    rules: last?.rules,
    entries: byId(snapshotEntries(index.entries.values(), index.ledger, last?.entries)),
    ledger: null,
    read: async ({ id }) => old.readJson<EntryText>(spanOf(index.entries.get(id))),
  };
  const written = byId(entries);
  const present: ArchiveState = {
    ...{ root, time: null, complete, generator, rules: snapshot?.rules ?? null },
    entries: byId(now),
    ledger: null,
    read: async ({ id }) => (texts ?? old).readJson<EntryText>(spanOf(written.get(id))),
  };
  const list: RecordedChanges["list"] = [];
  const reread: RecordedChanges["list"] = [];
  for await (const change of changes(past, present)) {
    const kind = recordedKind(change);
    if (kind === null) continue;
    counts[kind]++;
    const to = kind === "reread" ? reread : list;
    const { id, title, url } = change.entry;
    if (to.length < MOST) to.push({ kind, id, title, url, what: whatOf(change) });
  }
  return { ...whole, counts, list: [...list, ...reread].slice(0, MOST) };
}

function spanOf(entry: ArchivedEntry | undefined): ArchivedEntry["text"] {
  if (entry === undefined) throw new Error("a change names an entry that is not there");
  return entry.text;
}

function byId<T extends { readonly id: string }>(entries: readonly T[]): Map<string, T> {
  return new Map(entries.map((entry) => [entry.id, entry]));
}

function recordedKind(change: Change): Recorded | null {
  if (change.kind === "template" || change.kind === "unread") return null;
  return change.kind === "edited" && change.by === "rules" ? "reread" : change.kind;
}

function whatOf(change: Change): string[] {
  if (change.kind === "edited") return editWords(change);
  if (change.kind === "renamed") return [`URL: ${change.from.url} → ${change.entry.url}`];
  return [];
}
