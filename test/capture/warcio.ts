/** warcio.js, a WARC reader that shares no line with ours: what it reads and indexes. */
import { createReadStream } from "node:fs";
import { CDXIndexer, WARCParser } from "warcio";

export interface ForeignRecord {
  readonly type: string | undefined;
  readonly url: string | undefined;
  readonly id: string;
  /** Header of the record by its names. */
  readonly header: (name: string) => string | null;
  readonly httpHeader: (name: string) => string | null;
  readonly statusLine: string | undefined;
  /** What follows the HTTP header, codings untouched. */
  readonly payload: Uint8Array;
}

/** Every record of a file. */
export async function foreignRecords(path: string): Promise<ForeignRecord[]> {
  const records: ForeignRecord[] = [];
  for await (const record of new WARCParser(createReadStream(path))) {
    const payload = await record.readFully(false);
    records.push({
      type: record.warcType,
      url: record.warcTargetURI ?? undefined,
      id: record.warcHeader("WARC-Record-ID") ?? "",
      header: (name) => record.warcHeader(name) ?? null,
      httpHeader: (name) => record.httpHeaders?.headers.get(name) ?? null,
      statusLine: record.httpHeaders?.statusline,
      payload: payload ?? new Uint8Array(),
    });
  }
  return records;
}

/** The lines of a CDXJ index that it makes of a file, sorted. */
export async function foreignIndex(path: string, filename: string): Promise<string[]> {
  const lines: string[] = [];
  const indexer = new CDXIndexer({ format: "cdxj", noSurt: false });
  const out = { write: (text: string) => lines.push(...text.trimEnd().split("\n")) };
  const files = [{ filename, reader: createReadStream(path) }];
  await indexer.writeAll(files as never, out as never);
  return lines.sort();
}
