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
  append(content: Uint8Array | string): Promise<Span>;
}

/** Makes the staging file of a run. After a crash the next run removes it. */
export async function openStaging(root: string, disk: Disk): Promise<Staging> {
  const folder = await makeFolders(root, [STAGING], disk);
  const file = await disk.open(join(folder, "run"), "new");
  let end = 0;
  return {
    async append(content) {
      const bytes = typeof content === "string" ? Buffer.from(content) : content;
      const span = { offset: end, length: bytes.length };
      end += bytes.length;
      await file.write(bytes, span.offset);
      return span;
    },
    ...spansOf(file),
  };
}

/** Opens a file to read spans of it: what was only read has nothing to lose when it is closed. */
export async function openSpans(path: string, disk: Disk): Promise<Spans & AsyncDisposable> {
  const spans = spansOf(await disk.open(path, "read"));
  return { ...spans, [Symbol.asyncDispose]: () => spans.close().catch(() => undefined) };
}

function spansOf(file: DiskFile): Spans {
  return {
    read: (span) => readSpan(file, span),
    readJson: async (span) => JSON.parse(decodeText(await readSpan(file, span))),
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
