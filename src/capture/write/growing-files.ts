/** The two files of a capture that grow: the WARC file, and the journal, which has a line for each of its parts. */
import { join } from "node:path";
import { type Disk, type DiskFile, explained } from "../../disk/disk.js";
import { makeFolders } from "../../disk/files.js";
import { decodeText } from "../../disk/read.js";
import type { Span } from "../../disk/staging.js";
import type { JournalLine } from "../../schema/capture.js";
import { gzipRecord, type WarcRecord } from "../../warc/record.js";
import { CAPTURE_FILES } from "../layout.js";
import { type Journal, type JournalPlace, parseLine } from "./journal.js";
import type { Kept } from "./records.js";

interface Files {
  readonly journal: DiskFile;
  readonly data: DiskFile;
}

export class GrowingFiles {
  readonly #root: string;
  #files: Files | null;
  #journalEnd: number;
  #dataEnd: number;
  /** Records are in the file in the order in which they came: one waits until the one before is on disk. */
  #turn: Promise<void> = Promise.resolve();

  private constructor(root: string, files: Files, { journalEnd, dataEnd }: Journal) {
    this.#root = root;
    this.#files = files;
    this.#journalEnd = journalEnd;
    this.#dataEnd = dataEnd;
  }

  /**
   * Begins both files, or cuts those of an earlier run to what can be believed of them.
   *
   * @param path of the capture in the archive
   * @param head first line of the journal
   */
  static async open(
    root: string,
    path: string,
    disk: Disk,
    head: Journal["head"],
    found: { readonly journal: Journal; readonly hasData: boolean } | null,
  ): Promise<{ readonly files: GrowingFiles; readonly known: Journal }> {
    if (found === null) await makeFolders(root, path.split("/"), disk);
    const text = Buffer.from(`${JSON.stringify(head)}\n`);
    const known = found?.journal ?? { head, lines: [], journalEnd: text.length, dataEnd: 0 };
    const opened: DiskFile[] = [];
    const open = async (name: string, isThere: boolean) => {
      const file = await disk.open(join(root, path, name), isThere ? "edit" : "new");
      opened.push(file);
      return file;
    };
    try {
      // The journal comes first: it says what else is there.
      const journal = await open(CAPTURE_FILES.journal, found !== null);
      if (found === null) {
        await journal.write(text, 0);
        await journal.sync();
      } else await journal.truncate(known.journalEnd);
      const data = await open(CAPTURE_FILES.data, found?.hasData ?? false);
      if (found !== null) await data.truncate(known.dataEnd);
      return { files: new GrowingFiles(root, { journal, data }, known), known };
    } catch (error) {
      for (const file of opened) await file.close().catch(() => undefined);
      throw error;
    }
  }

  /** Bytes of the WARC file. */
  get bytes(): number {
    return this.#dataEnd;
  }

  /** Writes records, and their line when they are on disk. */
  append({ records, ...line }: Kept): Promise<JournalPlace> {
    const members = records.map(gzipRecord);
    const written = this.#turn.then(async () => {
      const { data, journal } = this.#opened();
      const bytes = Buffer.concat(members);
      const place = { offset: this.#dataEnd, length: bytes.length, first: members[0]?.length ?? 0 };
      const whole = { ...place, ...line };
      await data.write(bytes, this.#dataEnd);
      this.#dataEnd += bytes.length;
      const text = Buffer.from(`${JSON.stringify(whole)}\n`);
      const span = { offset: this.#journalEnd, length: text.length - 1 };
      await journal.write(text, span.offset);
      this.#journalEnd += text.length;
      return { line: whole, span };
    });
    this.#turn = written.then(
      () => undefined,
      () => undefined,
    );
    return explained(written, this.#root);
  }

  async lineAt({ offset, length }: Span): Promise<JournalLine> {
    const bytes = Buffer.alloc(length);
    await this.#opened().journal.read(bytes, offset);
    return parseLine(decodeText(bytes));
  }

  /** Writes the last record, when all others are on disk. @returns the WARC file */
  async end(record: WarcRecord): Promise<DiskFile> {
    await this.#turn;
    const { data } = this.#opened();
    await data.write(gzipRecord(record), this.#dataEnd);
    return data;
  }

  /** Never rejects; safe to call twice. */
  async close(): Promise<void> {
    await this.#turn;
    const files = this.#files;
    this.#files = null;
    await files?.data.sync().catch(() => undefined);
    await files?.data.close().catch(() => undefined);
    await files?.journal.close().catch(() => undefined);
  }

  #opened(): Files {
    if (this.#files === null) throw new Error("the capture is closed");
    return this.#files;
  }
}
