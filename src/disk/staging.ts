/** What a run has taken so far: an append-only file of the archive's staging folder, read back by place. */
import { join } from "node:path";
import { type Disk, type DiskFile, unless } from "./disk.js";
import { makeFolders, removeDurable } from "./files.js";
import { STAGING, TAKING } from "./layout.js";
import { decodeText } from "./read.js";

/** Where bytes are in a file. */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

/** A file from which spans are read. */
export interface Spans {
  read(span: Span): Promise<Uint8Array>;
  /** JSON that this program wrote at a span. */
  readJson<T>(span: Span): Promise<T>;
  close(): Promise<void>;
}

/** Appends bytes and gives their place. Calls may overlap: a place is taken before the first byte is written. */
export interface Staging extends Spans {
  /** What is short waits in memory until more has come, so an error of the disk may come with a later call. */
  append(content: Uint8Array | string): Promise<Span>;
}

/** Bytes that are written, or read ahead, at once: a call of the disk costs as much as the bytes of ten articles. */
const PIECE = 1 << 16;

/** Makes the staging file of a run. After a crash the next run removes it. */
export async function openStaging(root: string, disk: Disk): Promise<Staging> {
  const folder = await makeFolders(root, [STAGING], disk);
  const file = await disk.open(join(folder, "run"), "new");
  const held = Buffer.allocUnsafe(PIECE);
  /** Where what waits in memory begins, and where it ends. */
  let [start, end] = [0, 0];
  let written: Promise<void> = Promise.resolve();
  const write = (bytes: Uint8Array, offset: number) => {
    written = written.then(() => file.write(bytes, offset));
    // Whoever waits for it gets the error.
    written.catch(() => undefined);
  };
  const flush = () => {
    if (end > start) write(Uint8Array.prototype.slice.call(held, 0, end - start), start);
    start = end;
  };
  const stored = spansOf(file);
  const read = async (span: Span): Promise<Uint8Array> => {
    const from = span.offset - start;
    if (from >= 0) return Uint8Array.prototype.slice.call(held, from, from + span.length);
    await written;
    return stored.read(span);
  };
  return {
    async append(content) {
      const bytes = typeof content === "string" ? Buffer.from(content) : content;
      const span = { offset: end, length: bytes.length };
      if (end - start + bytes.length > PIECE) flush();
      if (bytes.length > PIECE) {
        write(bytes, end);
        start = end + bytes.length;
      } else held.set(bytes, end - start);
      end += bytes.length;
      await written;
      return span;
    },
    read,
    readJson: async (span) => JSON.parse(decodeText(await read(span))),
    close: () => written.catch(() => undefined).then(() => file.close()),
  };
}

/** Opens a file to read spans of it: what was only read has nothing to lose when it is closed. */
export async function openSpans(path: string, disk: Disk): Promise<Spans & AsyncDisposable> {
  const spans = spansOf(await disk.open(path, "read"));
  return { ...spans, [Symbol.asyncDispose]: () => spans.close().catch(() => undefined) };
}

/** What was written at a place never changes, so spans that follow each other as they are asked for are read ahead. */
function spansOf(file: DiskFile): Spans {
  let ahead = { offset: 0, bytes: new Uint8Array() };
  let last = 0;
  const read = async (span: Span): Promise<Uint8Array> => {
    const { offset, length } = span;
    const gap = offset - last;
    last = offset + length;
    const at = offset - ahead.offset;
    if (at >= 0 && at + length <= ahead.bytes.length) return ahead.bytes.slice(at, at + length);
    if (gap < 0 || gap > PIECE / 8 || length > PIECE / 2) return readSpan(file, span);
    const bytes = new Uint8Array(PIECE);
    ahead = { offset, bytes: bytes.subarray(0, await file.read(bytes, offset)) };
    return ahead.bytes.length < length ? readSpan(file, span) : ahead.bytes.slice(0, length);
  };
  return {
    read,
    readJson: async (span) => JSON.parse(decodeText(await read(span))),
    close: () => file.close(),
  };
}

async function readSpan(file: DiskFile, { offset, length }: Span): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  const read = await file.read(bytes, offset);
  if (read !== length) throw new Error(`${length - read} bytes are missing at ${offset + read}`);
  return bytes;
}

/** Removes what a run left, once the changes that it began have come to their end. */
export async function clearStaging(root: string, disk: Disk): Promise<void> {
  await disk.unlink(join(root, TAKING)).catch(unless("ENOENT"));
  const names = (await disk.readdir(join(root, STAGING)).catch(unless("ENOENT"))) ?? [];
  for (const name of names) await removeDurable(root, `${STAGING}/${name}`, disk);
}
