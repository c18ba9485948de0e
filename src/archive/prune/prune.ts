/**
 * Removes captures of an archive. What later ones need of them is moved into the next one that stays, record by record
 * and byte for byte: its id, URL and date are the same, so revisits lead to it as before.
 */
import { randomUUID } from "node:crypto";
import { join, resolve } from "node:path";
import { CAPTURE_FILES, CAPTURES, MOVED_FROM, PRUNED } from "../../capture/layout.js";
import { type Disk, explained, realDisk, unless } from "../../disk/disk.js";
import { type Content, inPieces, statFolder } from "../../disk/files.js";
import { lockFolder } from "../../disk/lock.js";
import { readText } from "../../disk/read.js";
import { type Changes, prepareChanges } from "../../disk/redo.js";
import { clearStaging } from "../../disk/staging.js";
import type { PrunedLine } from "../../schema/capture.js";
import { byCodeUnits, jsonText } from "../../text.js";
import { checkedPieces, openBytes, piecesOf } from "../../warc/bytes.js";
import { type CdxjLine, cdxjText } from "../../warc/cdxj.js";
import { isoTime } from "../../warc/date.js";
import { hasDigest } from "../../warc/digest.js";
import { type FoundRecord, readRecord, readWarc } from "../../warc/reading.js";
import { fieldOf, gzipRecord, linesRecord, uriOf } from "../../warc/record.js";
import { finishRun, manifestIn } from "../manifest.js";
import { capturesToRemove, type Pruning } from "./keep.js";
import { damaged, type Move, plannedMoves, type StoredCapture, storedCaptures } from "./plan.js";

export interface PruneOptions extends Pruning {
  /** The words of `keep`, for the history. */
  readonly keepText: string | null;
  readonly generator: string;
  /** Look, and change nothing. */
  readonly dryRun: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly disk?: Disk;
}

/** A capture that was removed, or would be. */
export interface Removed extends Pick<PrunedLine, "capture" | "bytes" | "moved"> {}

export interface Pruned {
  readonly removed: readonly Removed[];
  readonly kept: number;
  /** Bytes of what was removed, without what was moved. */
  readonly freed: number;
}

/**
 * Prunes an archive, or says what would go.
 *
 * @throws {CliError} when there is no archive, a run is in progress or a capture was interrupted, one that is needed is
 *   damaged, or the disk fails; then nothing has changed, or the next run brings it to its end
 */
export function pruneArchive(folder: string, options: PruneOptions): Promise<Pruned> {
  const root = resolve(folder);
  const { disk = realDisk, dryRun } = options;
  return explained(dryRun ? look(root, options, disk) : prune(root, options, disk), root);
}

async function look(root: string, options: PruneOptions, disk: Disk): Promise<Pruned> {
  await statFolder(root, disk, "Name the folder of an archive.");
  await manifestIn(root, disk);
  const plan = await planned(root, options, disk);
  const moved = new Map<string, number>();
  for (const move of plan.moves) {
    let bytes = 0;
    for await (const piece of movedRecords(root, move, disk)) bytes += piece.bytes.length;
    moved.set(move.from.name, bytes);
  }
  return prunedOf(plan, moved);
}

async function prune(root: string, options: PruneOptions, given: Disk): Promise<Pruned> {
  await statFolder(root, given, "Name the folder of an archive.");
  await manifestIn(root, given);
  const { disk, release } = await lockFolder(root, given);
  try {
    await finishRun(root, disk);
    await clearStaging(root, disk);
    const plan = await planned(root, options, disk);
    const bytes = new Map<string, number>();
    if (plan.gone.length === 0) return prunedOf(plan, bytes);
    const changes = prepareChanges(root, disk);
    for (const to of plan.captures) {
      const own = plan.moves.filter((move) => move.to === to);
      if (own.length > 0) await moveInto(root, to, own, options.now, { changes, bytes, disk });
    }
    const pruned = prunedOf(plan, bytes);
    const history = await historyOf(root, plan.gone, pruned.removed, options, disk);
    await changes.put(PRUNED, Buffer.from(history));
    for (const { name, files } of plan.gone)
      for (const file of files) changes.remove(`${CAPTURES}/${name}/${file}`);
    await changes.commit();
    return pruned;
  } finally {
    // What was begun is brought to its end, if not now then by the next run.
    await finishRun(root, disk)
      .then(() => clearStaging(root, disk))
      .catch(() => undefined);
    await release();
  }
}

/** The captures of an archive, those that go, and what is moved out of them. */
interface Plan {
  readonly captures: readonly StoredCapture[];
  readonly gone: readonly StoredCapture[];
  readonly moves: readonly Move[];
}

async function planned(root: string, pruning: Pruning, disk: Disk): Promise<Plan> {
  const captures = await storedCaptures(root, disk);
  const known = captures.map(({ name, account }) => ({
    name,
    isWhole: account.counts.entries > 0,
  }));
  const names = new Set(capturesToRemove(known, pruning));
  const moves = names.size === 0 ? [] : await plannedMoves(root, captures, names, disk);
  return { captures, gone: captures.filter(({ name }) => names.has(name)), moves };
}

/** @param moved bytes that are moved out of each capture, by its name */
function prunedOf({ captures, gone, moves }: Plan, moved: ReadonlyMap<string, number>): Pruned {
  const removed = gone.map((one): Removed => {
    const move = moves.find(({ from }) => from === one);
    const bytes = moved.get(one.name) ?? 0;
    return {
      capture: one.name,
      bytes: one.bytes,
      moved: move ? { to: move.to.name, responses: move.lines.size, bytes } : null,
    };
  });
  const freed = removed.reduce((sum, one) => sum + one.bytes - (one.moved?.bytes ?? 0), 0);
  return { removed, kept: captures.length - removed.length, freed };
}

/** The history with what is removed now. */
async function historyOf(
  root: string,
  gone: readonly StoredCapture[],
  removed: readonly Removed[],
  { keepText, before, generator, now }: PruneOptions,
  disk: Disk,
): Promise<string> {
  const earlier = await readText(join(root, PRUNED), disk).catch(unless("ENOENT"));
  const lines = removed.flatMap(({ capture, bytes, moved }): PrunedLine[] => {
    const account = gone.find(({ name }) => name === capture)?.account;
    const how = { removedAt: isoTime(now), generator, keep: keepText, before };
    return account === undefined ? [] : [{ capture, ...how, bytes, moved, account }];
  });
  return `${earlier ?? ""}${lines.map((line) => `${JSON.stringify(line)}\n`).join("")}`;
}

/** A record that is moved: its bytes, and the line of the index where it is a response. */
interface MovedRecord {
  readonly bytes: Uint8Array;
  readonly line: CdxjLine | null;
}

/** The responses of a move, each followed by its request and metadata. @throws {CliError} when one is damaged */
async function* movedRecords(
  root: string,
  { from, lines }: Move,
  disk: Disk,
): AsyncGenerator<MovedRecord, void, undefined> {
  const path = `${CAPTURES}/${from.name}/${CAPTURE_FILES.data}`;
  await using bytes = await openBytes(disk.open(join(root, path), "read"));
  let found = 0;
  let id: string | null = null;
  // Damage elsewhere in the file is of no matter here.
  for await (const record of readWarc(bytes, () => undefined)) {
    const line = lines.get(record.offset) ?? null;
    if (line !== null) {
      if (!isRecordOf(record, line)) throw damaged(path);
      found++;
      id = fieldOf(record, "warc-record-id");
    } else if (id === null || fieldOf(record, "warc-concurrent-to") !== id) {
      if (found === lines.size) break;
      id = null;
      continue;
    }
    yield { bytes: await bytes.read(record.offset, record.length), line };
  }
  if (found < lines.size) throw damaged(path);
}

function isRecordOf(record: FoundRecord, { url, digest }: CdxjLine): boolean {
  const block = fieldOf(record, "warc-block-digest") ?? "";
  const isHeld = record.block.length === record.size;
  return (
    uriOf(record, "warc-target-uri") === url &&
    fieldOf(record, "warc-payload-digest") === digest &&
    (!isHeld || hasDigest(record.block, block) === true)
  );
}

const COPIED = 1024 * 1024;

/** Writes the files of a capture anew, with what is moved into it at the end of its WARC file. */
async function moveInto(
  root: string,
  to: StoredCapture,
  moves: readonly Move[],
  now: number,
  { changes, bytes: counts, disk }: { changes: Changes; bytes: Map<string, number>; disk: Disk },
): Promise<void> {
  const folder = `${CAPTURES}/${to.name}`;
  const { data, index, account } = CAPTURE_FILES;
  const moved: string[] = [];
  const content = async function* () {
    await using own = await openBytes(disk.open(join(root, folder, data), "read"));
    const listed = to.account.files.find(({ path }) => path === data)?.sha256 ?? "";
    const pieces = piecesOf(own, COPIED);
    yield* checkedPieces(pieces, listed, () => damaged(`${folder}/${data}`));
    let end = own.size;
    const info = fieldOf(await readRecord(own, 0), "warc-record-id") ?? "";
    for (const move of moves) {
      const marker = markerOf(move.from, info, now);
      yield marker;
      end += marker.length;
      const start = end;
      for await (const { bytes, line } of movedRecords(root, move, disk)) {
        if (line !== null) moved.push(cdxjText({ ...line, offset: end, filename: data }));
        yield bytes;
        end += bytes.length;
      }
      counts.set(move.from.name, end - start);
    }
  };
  const files = new Map<string, { readonly bytes: number; readonly sha256: string }>();
  const put = async (name: string, content: Content) => {
    const { bytes, sha256 } = await changes.put(`${folder}/${name}`, content);
    files.set(name, { bytes, sha256 });
  };
  await put(data, content());
  const before = (await readText(join(root, folder, index), disk)).split(/(?<=\n)/);
  const lines = [...before, ...moved].sort(byCodeUnits);
  await put(index, inPieces(lines));
  const counted = { ...to.account.counts, moved: (to.account.counts.moved ?? 0) + moved.length };
  const changed = {
    ...to.account,
    counts: counted,
    files: to.account.files.map((file) => ({ ...file, ...files.get(file.path) })),
  };
  await put(account, Buffer.from(jsonText(changed)));
}

/** The record that says where those after it come from. */
function markerOf({ name }: StoredCapture, info: string, now: number): Uint8Array {
  const about = { id: `<urn:uuid:${randomUUID()}>`, date: isoTime(now), info };
  const lines = [[MOVED_FROM, `${CAPTURES}/${name}`]] as const;
  return gzipRecord(linesRecord("metadata", about, lines, [["WARC-Refers-To", info]]));
}
