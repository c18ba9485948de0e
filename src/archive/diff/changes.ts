/** What changed between two states of an archive, entry by entry. */
import type { Outcome } from "../../model.js";
import type { SnapshotEntry } from "../../schema/snapshot.js";
import { byCodeUnits } from "../../text.js";
import { urlKey } from "../../url/url.js";
import { matchArticles } from "../match.js";
import type { ArchivedEntry } from "../nouns.js";
import {
  bodyPatch,
  type FieldChange,
  fieldChanges,
  type Moves,
  renamedFiles,
  retargeted,
} from "./fields.js";
import type { ArchiveState } from "./states.js";

/** Kinds of change, in the order in which they are given. */
export const KINDS = [
  "added",
  "edited",
  "renamed",
  "gone",
  "returned",
  "template",
  "unread",
] as const;
export type Kind = (typeof KINDS)[number];

export type Change = { readonly entry: SnapshotEntry } & (
  | { readonly kind: "added" | "returned" }
  | {
      readonly kind: "edited";
      /**
       * `rules` where the words of its row and page are the same, and the site file, the overrides or sitelift are not:
       * it is read in another way. Otherwise `site`.
       */
      readonly by: "site" | "rules";
      readonly fields: readonly FieldChange[];
      /** Unified diff of the Markdown; null when the body is the same. */
      readonly body: string | null;
    }
  | { readonly kind: "renamed"; readonly from: SnapshotEntry }
  | {
      readonly kind: "gone";
      /** Time of the run that missed it first; null when no snapshot has it. */
      readonly since: string | null;
      /** The entry that its URL leads to now; null when there is none. */
      readonly into: SnapshotEntry | null;
    }
  /** Its words are the same, and the markup of its row or of its page is not. */
  | { readonly kind: "template"; readonly row: boolean; readonly page: boolean }
  /** The newer state does not have it, or only as it was before, and that says nothing about the site. */
  | { readonly kind: "unread"; readonly why: string }
);

/** An entry of both states. */
interface Pair {
  readonly old: SnapshotEntry;
  readonly now: SnapshotEntry;
}

/**
 * Gives every change, kind by kind in the order of `KINDS`, edits of the site before others, each sorted by URL. An
 * entry that was renamed and edited is given under both. Versions are read only where they differ.
 */
export async function* changes(
  before: ArchiveState,
  after: ArchiveState,
): AsyncGenerator<Change, void, undefined> {
  const { pairs, added, missing } = await match(before, after);
  for (const entry of added) if (entry.state !== "gone") yield { kind: "added", entry };
  const edited = new Set<Pair>();
  const moves = movesOf(pairs);
  for (const by of ["site", "rules"] as const)
    for (const pair of pairs) {
      if (reasonOf(pair, before, after) !== by) continue;
      const change = await editOf(pair, before, after, moves);
      if (change === null) continue;
      edited.add(pair);
      yield { ...change, by };
    }
  for (const { old, now } of pairs)
    if (isRenamed(old, now)) yield { kind: "renamed", entry: now, from: old };
  for (const { old, now } of pairs)
    if (now.state === "gone" && old.state !== "gone")
      yield { kind: "gone", entry: now, since: now.goneSince ?? after.time, into: null };
  for (const one of missing)
    if (isGone(one, before, after))
      yield { kind: "gone", entry: one.old, since: after.time, into: one.into };
  for (const { old, now } of pairs)
    if (old.state === "gone" && now.state !== "gone") yield { kind: "returned", entry: now };
  for (const pair of pairs) {
    const change = edited.has(pair) ? null : templateOf(pair);
    if (change !== null) yield change;
  }
  for (const { now: entry } of pairs) {
    const line = after.ledger?.get(urlKey(entry.url)) ?? entry;
    if (UNREAD.has(entry.state)) yield { kind: "unread", entry, why: stateWords(line) };
  }
  for (const one of missing)
    if (!isGone(one, before, after))
      yield { kind: "unread", entry: one.old, why: whyNot(one, before, after) };
}

/**
 * Which entries of the two states are one article. In one archive an id is one article for ever; two archives
 * that were crawled apart may have given one article two ids, or one id to two articles, so there the URLs decide.
 */
async function match(before: ArchiveState, after: ArchiveState) {
  const isOneArchive = before.root === after.root;
  const pairs: Pair[] = [];
  const open: SnapshotEntry[] = [];
  for (const old of before.entries.values()) {
    const now = after.entries.get(old.id);
    const isOne = now !== undefined && (isOneArchive || !isRenamed(old, now));
    if (isOne) pairs.push({ old, now });
    else open.push(old);
  }
  const paired = new Set(pairs.map(({ now }) => now));
  const fresh = [...after.entries.values()].filter((entry) => !paired.has(entry));
  const earlier = await locate(before, open);
  const later = isOneArchive ? [] : await locate(after, fresh);
  for (const [id, { entry: old }] of matchArticles(later, earlier)) {
    const now = after.entries.get(id);
    if (now === undefined) continue;
    pairs.push({ old, now });
    paired.add(now);
  }
  const found = new Set(pairs.map(({ old }) => old));
  return {
    pairs: pairs.sort((a, b) => byUrl(a.now, b.now)),
    added: fresh.filter((entry) => !paired.has(entry)).sort(byUrl),
    missing: await findMissing(
      earlier.filter(({ entry }) => !found.has(entry) && entry.state !== "gone"),
      after,
    ),
  };
}

/** An entry of a state with all URLs that lead to it. */
type Located = Pick<ArchivedEntry, "id" | "sourceUrl" | "aliases"> & {
  readonly entry: SnapshotEntry;
};

async function locate(state: ArchiveState, entries: Iterable<SnapshotEntry>): Promise<Located[]> {
  const located: Located[] = [];
  for (const entry of entries) {
    const { aliases, sourceUrl } = (await state.read(entry)).data;
    located.push({ id: entry.id, sourceUrl, aliases, entry });
  }
  return located;
}

interface Missing {
  readonly old: SnapshotEntry;
  /** Line of the newer ledger that has one of its URLs; null when none has. */
  readonly outcome: Outcome | null;
  /** Entry that its URL leads to now; null when none does. */
  readonly into: SnapshotEntry | null;
}

/** Looks in the newer state for the URLs of entries that it does not have. */
async function findMissing(lost: readonly Located[], after: ArchiveState): Promise<Missing[]> {
  if (lost.length === 0) return [];
  const holders = new Map<string, SnapshotEntry>();
  for (const { entry, aliases } of await locate(after, after.entries.values()))
    for (const alias of aliases) holders.set(urlKey(alias), entry);
  return lost
    .map(({ entry: old, sourceUrl, aliases }) => {
      const keys = [sourceUrl, ...aliases].map(urlKey);
      const outcome = keys.map((key) => after.ledger?.get(key)).find((line) => line !== undefined);
      const held = outcome?.state === "gone" ? undefined : after.entries.get(outcome?.entry ?? "");
      const into = holders.get(urlKey(sourceUrl)) ?? held ?? null;
      return { old, outcome: outcome ?? null, into };
    })
    .sort((a, b) => byUrl(a.old, b.old));
}

/** Whether a missing entry is missing on the site: a page that failed says nothing, and neither do captures. */
function isGone({ outcome, into }: Missing, before: ArchiveState, after: ArchiveState): boolean {
  if (into !== null || outcome?.state === "gone") return true;
  return outcome === null && after.complete && whyOfCaptures(before, after) === null;
}

/** Why captures of web archives do not show that an entry is gone; null where none are compared. */
function whyOfCaptures(before: ArchiveState, after: ArchiveState): string | null {
  const span = ({ from, to }: { from: string; to: string }) =>
    `${from.slice(0, 10)} to ${to.slice(0, 10)}`;
  if (after.captured != null)
    return `it is in none of the captures of ${span(after.captured)}, which need not show all of the site`;
  const isEarlier =
    before.captured != null && after.time !== null && after.time < before.captured.to;
  return isEarlier && before.captured != null
    ? `it was captured from ${span(before.captured)}, and the other archive is of ${after.time?.slice(0, 10)}`
    : null;
}

function whyNot({ outcome }: Missing, before: ArchiveState, after: ArchiveState): string {
  if (outcome === null)
    return whyOfCaptures(before, after) ?? "the listing was not read to its end";
  return stateWords(outcome);
}

function stateWords({ state, reason }: Pick<Outcome, "state" | "reason">): string {
  return reason === undefined ? state : `${state}: ${reason}`;
}

/** States of an entry that is kept as it was, because its page was not read. */
const UNREAD: ReadonlySet<string> = new Set(["failed", "rejected", "not-reached"]);

/** Given as a rename, and not once more as an edit. */
const RENAMED = new Set(["id", "sourceUrl", "aliases", "path"]);
/** Archives that were crawled apart know URLs of different times. */
const APART = new Set(["id", "aliases"]);
const NONE: ReadonlySet<string> = new Set();

const STAYED: Moves["paths"] = new Map();

function movesOf(pairs: readonly Pair[]): Moves {
  const [paths, urls] = [new Map<string, string>(), new Map<string, string>()];
  for (const { old, now } of pairs) {
    if (old.path !== now.path) paths.set(old.path, now.path);
    if (isRenamed(old, now)) for (const url of [old.url, now.url]) urls.set(urlKey(url), now.path);
  }
  return { paths, urls };
}

async function editOf({ old, now }: Pair, before: ArchiveState, after: ArchiveState, moves: Moves) {
  const renamed = isRenamed(old, now);
  const moved = !renamed && old.path !== now.path;
  if (old.hash === now.hash && !moved) return null;
  const [from, to] = await Promise.all([before.read(old), after.read(now)]);
  const fields = fieldChanges(
    from,
    to,
    renamed ? RENAMED : before.root === after.root ? NONE : APART,
  );
  if (moved) fields.push({ field: "path", from: old.path, to: now.path });
  const paths = [old.path, now.path] as const;
  // A link of the body is set anew when the article that it leads to comes or goes: no edit of its words.
  const body =
    old.read === now.read
      ? null
      : bodyPatch(
          retargeted(from.body, paths, {
            ...moves,
            paths: new Map([...moves.paths, ...renamedFiles(from, to)]),
          }),
          retargeted(to.body, [now.path, now.path], { ...moves, paths: STAYED }),
          paths,
        );
  if (fields.length === 0 && body === null) return null;
  return { kind: "edited", entry: now, fields, body } as const;
}

function reasonOf({ old, now }: Pair, before: ArchiveState, after: ArchiveState): "site" | "rules" {
  return !isReadAlike(before, after) && hasSameWords(old, now) ? "rules" : "site";
}

type Reader = Pick<ArchiveState, "generator" | "rules">;

/** True where the same version of sitelift read both by the same rules, as far as that is known. */
export function isReadAlike(before: Reader, after: Reader): boolean {
  return (
    before.generator === after.generator &&
    (before.rules == null || after.rules == null || before.rules === after.rules)
  );
}

/** True where the page of an article has the words that it had. */
export function hasSameWords(old: Fingerprinted, now: Fingerprinted): boolean {
  const [from, to] = [old.markup?.words, now.markup?.words];
  return from != null && from === to;
}

interface Fingerprinted {
  readonly markup?: { readonly words?: string | undefined } | null | undefined;
}

function templateOf({ old, now }: Pair): Change | null {
  // Classes of a page are often made of its URL.
  if (isRenamed(old, now)) return null;
  const differs = (side: "row" | "page") => {
    const [from, to] = [old.markup?.[side] ?? null, now.markup?.[side] ?? null];
    return from !== null && to !== null && from !== to;
  };
  const [row, page] = [differs("row"), differs("page")];
  return row || page ? { kind: "template", entry: now, row, page } : null;
}

function isRenamed(old: SnapshotEntry, now: SnapshotEntry): boolean {
  return urlKey(old.url) !== urlKey(now.url);
}

function byUrl(a: SnapshotEntry, b: SnapshotEntry): number {
  return byCodeUnits(a.url, b.url);
}
