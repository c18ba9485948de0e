/**
 * What was read of pages, kept beside an archive from run to run, by keys that name all that it depends on. One file,
 * made anew by every run: first what this run used, then what the run before it used and this one did not. So it holds
 * two runs at most. It saves work and decides nothing: it may be missing, damaged or removed at any time. Keys name the
 * folder too, by what only its own file system knows: what came with an archive from elsewhere is not believed.
 */
import { join } from "node:path";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { type Disk, type DiskFile, errorCode } from "../../disk/disk.js";
import { READINGS, STAGING } from "../../disk/layout.js";
import { SpanTable } from "../../disk/span-table.js";
import type { Span } from "../../disk/staging.js";
import { Rows } from "../../rows.js";
import { digest, fingerprint } from "../../url/digest.js";
import { chunkSizeFor } from "../../warc/chunk-size.js";
import { codeDigest } from "./code-digest.js";

/** Bytes of the file: those of some 80,000 articles of 2,000 words. */
const MOST_BYTES = 512 * 1024 * 1024;
/** This program: `dist/src`, or `src` in the tests. */
const PROGRAM = join(import.meta.dirname, "../..");
/** Its digest, when it is first asked for. */
let code: string | null = null;
/** Bytes of one reading, as text. */
const MOST_TEXT = 64 * 1024 * 1024;

/** A record begins with its length (4 bytes), the digests of its key and of its data (44 each), and whether it is of an earlier run (1). */
const DIGEST = 44;
const HEAD = 4 + 2 * DIGEST + 1;

/** The mark of what an earlier run used, and the last one did not. */
const OLD = 1;

export class Readings {
  readonly #disk: Disk;
  readonly #path: string;
  readonly #staged: string;
  readonly #root: string;
  /** The code that reads, and the folder that its readings are for. */
  #salt: Promise<string> | null = null;
  /** Where the data of records are. */
  #known = new SpanTable();
  /** Where the records of this run begin in its file. */
  readonly #written = new Rows();
  #before: Promise<DiskFile | null> | null = null;
  /** Null before the first record, and when no more are taken. */
  #next: Promise<DiskFile | null> | null = null;
  #writes: boolean;
  #end = 0;
  #isClosed = false;
  /** What was wrong with what was kept, one sentence; null when nothing was. */
  damage: string | null = null;

  /** @param writes false for a run that keeps nothing */
  constructor(root: string, disk: Disk, writes: boolean) {
    this.#disk = disk;
    this.#root = root;
    this.#path = join(root, READINGS);
    this.#staged = join(root, STAGING, "readings");
    this.#writes = writes;
  }

  /** What was kept before; null where there is nothing. */
  #open(): Promise<DiskFile | null> {
    this.#before ??= this.#disk
      .open(this.#path, "read")
      .then(async (file) => {
        await this.#index(file).catch((error: Error) => this.#damaged(error.message));
        return file;
      })
      .catch((error: Error) => {
        if (errorCode(error) !== "ENOENT") this.#damaged(error.message);
        return null;
      });
    return this.#before;
  }

  async #index(file: DiskFile): Promise<void> {
    const size = await file.size();
    const head = Buffer.alloc(HEAD);
    for (let offset = 0; offset < size; ) {
      const read = await file.read(head, offset);
      const length = head.readUInt32LE(0);
      if (read < HEAD || offset + HEAD + length > size)
        return this.#damaged(`it is cut off at ${offset}`);
      // As much memory is taken for it: the file may come from elsewhere.
      if (length > MOST_TEXT) return this.#damaged(`a record at ${offset}`);
      const key = head.toString("latin1", 4, 4 + DIGEST);
      this.#known.set(fingerprint(key), { offset, length }, head[HEAD - 1]);
      offset += HEAD + length;
    }
  }

  #damaged(how: string): void {
    this.damage ??= `${this.#path} is damaged (${how}): what it kept of these pages is read again`;
  }

  /** Leaves what is kept as it is: this run reads no page. */
  leave(): void {
    this.#writes = false;
  }

  /** Whether this run has used any. */
  get isUsed(): boolean {
    return this.#end > 0;
  }

  async find(key: string): Promise<string | null> {
    if (this.#isClosed) return null;
    const file = await this.#open();
    const name = await this.#nameOf(key);
    const print = fingerprint(name);
    const own = this.#written.get(print);
    // What cannot be read of its own file is read from the page once more.
    if (own !== undefined) return this.#readOwn(name, own).catch(() => null);
    const row = this.#known.rowOf(print);
    if (row === undefined || file === null) return null;
    try {
      const place = this.#known.spanOf(row);
      const record = await recordAt(file, place);
      const text = textOf(name, record, place.offset);
      if (text === null) return null;
      record[HEAD - 1] = 0;
      await this.#write(name, record);
      return text;
    } catch (error) {
      this.#damaged((error as Error).message);
      return null;
    }
  }

  async #readOwn(name: string, offset: number): Promise<string | null> {
    const file = await this.#next;
    if (file === null) return null;
    const head = Buffer.alloc(HEAD);
    await file.read(head, offset);
    const record = await recordAt(file, { offset, length: head.readUInt32LE(0) });
    return textOf(name, record, offset);
  }

  async add(key: string, text: string): Promise<void> {
    if (!this.#writes || text.length > MOST_TEXT) return;
    const name = await this.#nameOf(key);
    const data = deflateRawSync(text, { level: 1, chunkSize: chunkSizeFor(text.length / 2) });
    if (data.length > MOST_TEXT) return;
    const head = Buffer.alloc(HEAD);
    head.writeUInt32LE(data.length, 0);
    head.write(name + digest(data), 4, "latin1");
    await this.#write(name, Buffer.concat([head, data]), true);
  }

  async #nameOf(key: string): Promise<string> {
    code ??= codeDigest(PROGRAM);
    this.#salt ??= this.#disk.lstat(this.#root).then(
      ({ ino, birthtimeMs }) => `${code} ${ino} ${birthtimeMs}`,
      () => String(Math.random()),
    );
    return digest(`${await this.#salt}\n${key}`);
  }

  /** A record once, or again where it is a new one. A disk that is full ends the keeping. */
  async #write(name: string, record: Uint8Array, isNew = false): Promise<void> {
    const print = fingerprint(name);
    if (!this.#writes || (!isNew && this.#written.get(print) !== undefined)) return;
    if (this.#end + record.length > MOST_BYTES) return;
    const offset = this.#end;
    this.#written.set(print, offset);
    this.#end += record.length;
    try {
      this.#next ??= this.#disk.open(this.#staged, "new");
      await (await this.#next)?.write(record, offset);
    } catch {
      await this.#giveUp();
    }
  }

  async #giveUp(): Promise<void> {
    const next = this.#next;
    this.#writes = false;
    this.#next = null;
    const file = await next?.catch(() => null);
    if (file == null) return;
    await file.close().catch(() => undefined);
    await this.#disk.unlink(this.#staged).catch(() => undefined);
  }

  /** Puts what this run used in the place of what was there. Never rejects. */
  async commit(): Promise<void> {
    const before = await this.#before;
    const known = this.#known;
    for (let row = 0; row < known.length && before !== null; row++) {
      const print = known.keyOf(row);
      if (known.rowOf(print) !== row || known.markOf(row) === OLD) continue;
      if (this.#written.get(print) !== undefined) continue;
      const record = await recordAt(before, known.spanOf(row)).catch(() => null);
      if (record === null) continue;
      record[HEAD - 1] = OLD;
      await this.#write(record.toString("latin1", 4, 4 + DIGEST), record);
    }
    const file = await this.#next;
    if (file === null) return;
    this.#next = null;
    // Not synced: what a loss of power leaves of it is found damaged, and read again.
    await file
      .close()
      .then(() => this.#disk.rename(this.#staged, this.#path))
      .catch(() => this.#disk.unlink(this.#staged).catch(() => undefined));
  }

  /** Gives up what was not committed. Never rejects. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#giveUp();
    const before = await this.#before;
    await before?.close().catch(() => undefined);
    this.#before = null;
    this.#known = new SpanTable();
  }
}

/** What a record holds; null for one of another key. @throws where it is damaged */
function textOf(name: string, record: Buffer, offset: number): string | null {
  const data = record.subarray(HEAD);
  if (digest(data) !== record.toString("latin1", 4 + DIGEST, HEAD - 1))
    throw new Error(`a record at ${offset}`);
  if (record.toString("latin1", 4, 4 + DIGEST) !== name) return null;
  const options = { maxOutputLength: MOST_TEXT, chunkSize: chunkSizeFor(4 * data.length) };
  return inflateRawSync(data, options).toString("utf8");
}

/** A whole record. @throws where its end is missing, or the disk fails */
async function recordAt(file: DiskFile, { offset, length }: Span): Promise<Buffer> {
  const record = Buffer.alloc(HEAD + length);
  const read = await file.read(record, offset);
  if (read < record.length) throw new Error(`it is cut off at ${offset}`);
  return record;
}
