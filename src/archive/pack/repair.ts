/**
 * Revisits as a viewer can show them. Captures of older versions hold the 304 that came, for which viewers show an empty
 * page: in a package these have the status and headers of their originals. All other bytes stay.
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { CAPTURE_FILES, CAPTURES } from "../../capture/layout.js";
import type { Disk } from "../../disk/disk.js";
import { fingerprint } from "../../url/digest.js";
import { filesOnDemand, part, piecesOf } from "../../warc/bytes.js";
import { type CdxjLine, REVISIT } from "../../warc/cdxj.js";
import { parseHttp, statusOf } from "../../warc/http.js";
import { readRecord } from "../../warc/reading.js";
import { fieldOf, gzipRecord, makeRecord, type WarcRecord } from "../../warc/record.js";

/** The index of each capture by its name; read more than once. */
export type Indexes = ReadonlyMap<string, () => AsyncIterable<CdxjLine>>;

/** A WARC file with revisits that a viewer can show, and its index. */
export interface RepairedWarc {
  readonly content: () => AsyncIterable<Uint8Array>;
  readonly bytes: number;
  readonly sha256: string;
  readonly lines: readonly CdxjLine[];
}

/** Where the response is that a revisit repeats. */
interface Original {
  readonly capture: string;
  readonly offset: number;
}

/**
 * The captures that need a repair, by their names.
 *
 * @throws {WarcDamage} when a record is not where an index says
 */
export async function repairedWarcs(
  root: string,
  indexes: Indexes,
  disk: Disk,
): Promise<Map<string, RepairedWarc>> {
  const found = new Map<string, RepairedWarc>();
  const names = new Set<string>();
  for (const [name, lines] of indexes)
    for await (const line of lines()) if (isUnshown(line)) names.add(name);
  if (names.size === 0) return found;
  const originals = new Map<number, Original>();
  for (const [capture, lines] of indexes)
    for await (const line of lines())
      if (line.status === 200 && line.mime !== REVISIT)
        originals.set(keyOf(line.url, line.date, line.digest), { capture, offset: line.offset });
  for (const name of names) {
    const lines: CdxjLine[] = [];
    for await (const line of indexes.get(name)?.() ?? []) lines.push(line);
    lines.sort((a, b) => a.offset - b.offset);
    const pieces = () => repaired(root, name, lines, originals, disk);
    const hash = createHash("sha256");
    const moved: CdxjLine[] = [];
    let bytes = 0;
    for await (const piece of pieces()) {
      if (!(piece instanceof Uint8Array)) moved.push(piece);
      else {
        hash.update(piece);
        bytes += piece.length;
      }
    }
    const content = async function* () {
      for await (const piece of pieces()) if (piece instanceof Uint8Array) yield piece;
    };
    found.set(name, { content, bytes, sha256: hash.digest("hex"), lines: moved });
  }
  return found;
}

function isUnshown({ status, mime }: CdxjLine): boolean {
  return status === 304 && mime === REVISIT;
}

function keyOf(url: string, date: string, digest: string): number {
  return fingerprint(`${url} ${date} ${digest}`);
}

/** What is copied at a time. */
const COPIED = 1024 * 1024;

/** The bytes of a WARC file, and the lines of its index with their new places. @param lines by their places */
async function* repaired(
  root: string,
  capture: string,
  lines: readonly CdxjLine[],
  originals: ReadonlyMap<number, Original>,
  disk: Disk,
): AsyncGenerator<Uint8Array | CdxjLine, void, undefined> {
  await using files = filesOnDemand((name) =>
    disk.open(join(root, CAPTURES, name, CAPTURE_FILES.data), "read"),
  );
  const own = await files.of(capture);
  let [copied, shift] = [0, 0];
  const copy = (end: number) => piecesOf(part(own, 0, end), COPIED, copied);
  for (const line of lines) {
    const offset = line.offset + shift;
    const record = isUnshown(line) ? await shown(line) : null;
    if (record === null) {
      yield { ...line, offset };
      continue;
    }
    yield* copy(line.offset);
    yield record.bytes;
    copied = line.offset + line.length;
    shift += record.bytes.length - line.length;
    yield { ...line, offset, length: record.bytes.length, status: record.status };
  }
  yield* copy(own.size);

  /** Null for a revisit whose original is not there: `verify` reports it. */
  async function shown(line: CdxjLine) {
    const revisit = await readRecord(own, line.offset);
    const field = (name: string) => fieldOf(revisit, name) ?? "";
    const [url, date] = [field("warc-refers-to-target-uri"), field("warc-refers-to-date")];
    const place = originals.get(keyOf(url, date, line.digest));
    if (place === undefined) return null;
    const original = await readRecord(await files.of(place.capture), place.offset);
    const message = parseHttp(original.block);
    const isIt = fieldOf(original, "warc-record-id") === field("warc-refers-to");
    const status = message === null ? null : statusOf(message);
    if (message === null || status === null || !isIt) return null;
    const head = original.block.subarray(0, original.block.length - message.body.length);
    return { bytes: gzipRecord(withHead(revisit, head)), status };
  }
}

/** A revisit with the status and headers of its original. */
function withHead({ fields }: WarcRecord, head: Uint8Array): WarcRecord {
  const kept = fields.filter(([name]) => !/^(?:warc-block-digest|content-length)$/i.test(name));
  return makeRecord(kept, head);
}
