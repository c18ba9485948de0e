/** The end of a capture: index, records and account are written beside the WARC file, and the journal goes. */
import { join } from "node:path";
import type { Disk, DiskFile } from "../../disk/disk.js";
import { inPieces, removeDurable, writeDurable } from "../../disk/files.js";
import { STAGING } from "../../disk/layout.js";
import { hashFile } from "../../disk/read.js";
import type { Entry } from "../../model.js";
import { IdTable } from "../../rows.js";
import {
  CAPTURE_VERSION,
  type CaptureAccount,
  type JournalHead,
  type JournalLine,
  type RecordSource,
  type RequisiteCost,
} from "../../schema/capture.js";
import { byCodeUnits, jsonText } from "../../text.js";
import { cdxjText } from "../../warc/cdxj.js";
import { CAPTURE_FILES } from "../layout.js";
import { isResponse } from "./journal.js";

/** What is known of a capture when the crawl has ended. */
interface Ending {
  readonly head: JournalHead;
  /** Read once: they may come from the journal itself. */
  readonly lines: Iterable<JournalLine> | AsyncIterable<JournalLine>;
  /** Lines of records.jsonl, by the ids of their entries; null for a crawl that never came to its end. */
  readonly records: AsyncIterable<string> | null;
  readonly finishedAt: string;
  /** Null where no requisites were fetched. */
  readonly requisites: RequisiteCost | null;
  /** The WARC file, whole. */
  readonly data: DiskFile;
}

/** @param path of the capture in the archive; capture.json comes last, and says that all is there */
export async function finishCapture(
  root: string,
  path: string,
  disk: Disk,
  { head, lines, records, finishedAt, requisites, data }: Ending,
): Promise<void> {
  await data.sync();
  const index: string[] = [];
  const counts = { response: 0, revisit: 0, failure: 0, session: 0, entry: 0 };
  for await (const line of lines) {
    counts[line.kind]++;
    if (isResponse(line))
      index.push(
        cdxjText({
          ...line,
          request: line.post?.request,
          length: line.first,
          filename: CAPTURE_FILES.data,
        }),
      );
  }
  const put = (name: string, texts: Iterable<string> | AsyncIterable<string>) =>
    writeDurable(root, `${path}/${name}`, inPieces(texts), disk);
  // The lines of an index are sorted by their bytes, which are ASCII.
  await put(CAPTURE_FILES.index, index.sort(byCodeUnits));
  const sources = async function* () {
    for await (const text of records ?? []) {
      counts.entry++;
      yield `${text}\n`;
    }
  };
  await put(CAPTURE_FILES.records, sources());
  const files: CaptureAccount["files"] = [];
  for (const name of [CAPTURE_FILES.data, CAPTURE_FILES.index, CAPTURE_FILES.records]) {
    const file = join(root, path, name);
    const { size } = await disk.lstat(file);
    files.push({ path: name, bytes: size, sha256: await hashFile(file, disk) });
  }
  const account: CaptureAccount = {
    captureVersion: CAPTURE_VERSION,
    generator: head.generator,
    run: head.run,
    startedAt: head.startedAt,
    finishedAt,
    counts: {
      responses: counts.response,
      revisits: counts.revisit,
      failures: counts.failure,
      entries: counts.entry,
    },
    ...(requisites === null ? {} : { requisites }),
    files,
  };
  await put(CAPTURE_FILES.account, [jsonText(account)]);
  await removeDurable(root, `${path}/${CAPTURE_FILES.journal}`, disk);
  // The archive was committed before, so nothing else is there.
  await disk.rmdir(join(root, STAGING)).catch(() => undefined);
}

/** Rows of responses; null where there is none. */
interface Sources {
  readonly listing: number | null;
  readonly page: number | null;
}

const [LISTING, PAGE, FIELDS] = [0, 1, 2];

export class EntryRecords {
  readonly #entries = new IdTable(3);
  /** What says where fields came from: of one template, most entries have it in common. */
  readonly #fields = new Map<string, number>();

  add({ id, provenance }: Entry, { listing, page }: Sources): void {
    const sources = Object.entries(provenance.fields).map(
      ([name, { from, selector }]) => [name, { from, selector }] as const,
    );
    const text = JSON.stringify(Object.fromEntries(sources));
    const fields = this.#fields.get(text) ?? this.#fields.size;
    this.#fields.set(text, fields);
    this.#entries.set(id, [listing ?? Number.NaN, page ?? Number.NaN, fields]);
  }

  /** @param ids ids in the archive of entries that came under another one; the lines are sorted by them */
  async *lines(
    ids: ReadonlyMap<string, string>,
    sourceAt: (row: number | null) => Promise<RecordSource | null>,
  ): AsyncGenerator<string> {
    const table = this.#entries;
    const read = Array.from({ length: table.length }, (_, row) => {
      const came = table.idAt(row);
      return [ids.get(came) ?? came, row] as const;
    });
    const fields = [...this.#fields.keys()];
    const sourceIn = async (row: number, column: number) => {
      const at = table.get(row, column);
      return JSON.stringify(await sourceAt(Number.isNaN(at) ? null : at));
    };
    // One listing page is the source of many entries, which are in another order.
    const listings = new Map<number, string>();
    for (const [entry, row] of read.sort(([a], [b]) => byCodeUnits(a, b))) {
      const at = table.get(row, LISTING);
      const listing = listings.get(at) ?? (await sourceIn(row, LISTING));
      listings.set(at, listing);
      const page = await sourceIn(row, PAGE);
      yield `{"entry":${JSON.stringify(entry)},"listing":${listing},"page":${page},"fields":${fields[table.get(row, FIELDS)]}}`;
    }
  }
}
