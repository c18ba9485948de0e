/** The end of a capture: index, records and account are written beside the WARC file, and the journal goes. */
import { join } from "node:path";
import {
  CAPTURE_VERSION,
  type CaptureAccount,
  type JournalHead,
  type JournalLine,
} from "../../validate/capture.js";
import { cdxjText } from "../../warc/cdxj.js";
import { fieldsRecord } from "../../warc/make.js";
import { gzipRecord } from "../../warc/record.js";
import type { Disk, DiskFile } from "../disk.js";
import { removeDurable, writeDurable } from "../files.js";
import { CAPTURE_FILES, STAGING } from "../layout.js";
import { byCodeUnits } from "../order.js";
import { hashFile } from "../reading.js";

export type Lines = JournalLine[];

/** What is known of a capture when the crawl has ended. */
interface Ending {
  readonly head: JournalHead;
  readonly lines: readonly JournalLine[];
  /** Lines of records.jsonl by the id of their entry; null for a crawl that never came to its end. */
  readonly records: ReadonlyMap<string, string> | null;
  readonly finishedAt: string;
  readonly data: DiskFile;
  /** Length of the WARC file. */
  readonly end: number;
  /** Identity of the record that says that the crawl came to its end. */
  readonly endId: string;
}

/** @param path of the capture in the archive; capture.json comes last, and says that all is there */
export async function finishCapture(
  root: string,
  path: string,
  disk: Disk,
  ending: Ending,
): Promise<void> {
  const { head, lines, records, finishedAt, data, end } = ending;
  if (records !== null) await data.write(endRecord(ending), end);
  await data.sync();
  await put(root, `${path}/${CAPTURE_FILES.index}`, indexLines(lines), disk);
  const sorted = [...(records ?? [])].sort(([a], [b]) => byCodeUnits(a, b));
  await put(
    root,
    `${path}/${CAPTURE_FILES.records}`,
    sorted.map(([, text]) => `${text}\n`),
    disk,
  );
  const files: CaptureAccount["files"] = [];
  for (const name of [CAPTURE_FILES.data, CAPTURE_FILES.index, CAPTURE_FILES.records]) {
    const file = join(root, path, name);
    const { size } = await disk.lstat(file);
    files.push({ path: name, bytes: size, sha256: await hashFile(file, disk) });
  }
  const count = (kind: JournalLine["kind"]) => lines.filter((line) => line.kind === kind).length;
  const account: CaptureAccount = {
    captureVersion: CAPTURE_VERSION,
    generator: head.generator,
    run: head.run,
    startedAt: head.startedAt,
    finishedAt,
    counts: {
      responses: count("response"),
      revisits: count("revisit"),
      failures: count("failure"),
      entries: sorted.length,
    },
    files,
  };
  const text = `${JSON.stringify(account, null, 2)}\n`;
  await put(root, `${path}/${CAPTURE_FILES.account}`, [text], disk);
  await removeDurable(root, `${path}/${CAPTURE_FILES.journal}`, disk);
  // The archive was placed before, and then nothing else stands there.
  await disk.rmdir(join(root, STAGING)).catch(() => undefined);
}

function endRecord({ head, finishedAt, endId }: Ending): Uint8Array {
  const more = [
    ["WARC-Warcinfo-ID", head.info],
    ["WARC-Refers-To", head.info],
  ] as const;
  const lines = [["sitelift-end", finishedAt]] as const;
  return gzipRecord(fieldsRecord("metadata", { id: endId, date: finishedAt, more, lines }));
}

/** Lines of the index, sorted by their bytes, which are ASCII. */
function indexLines(lines: readonly JournalLine[]): string[] {
  return lines
    .filter(({ kind }) => kind === "response" || kind === "revisit")
    .map(({ first, ...line }) => cdxjText({ ...line, length: first, filename: CAPTURE_FILES.data }))
    .sort(byCodeUnits);
}

async function put(root: string, path: string, texts: readonly string[], disk: Disk) {
  await writeDurable(root, path, Buffer.from(texts.join("")), disk);
}
