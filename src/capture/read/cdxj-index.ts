/** WARC files by the CDXJ files beside them, so that a large folder need not be read whole; an index that is wrong is not used. */

import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { gunzipSync } from "node:zlib";
import { gather } from "../../text.js";
import { part } from "../../warc/bytes.js";
import { type CdxjLine, parseCdxj, REVISIT } from "../../warc/cdxj.js";
import { digitsOf } from "../../warc/date.js";
import { readRecord, readWarc, WarcDamage } from "../../warc/reading.js";
import { fieldOf, uriOf } from "../../warc/record.js";
import { plainUrl, UNSAID } from "./captured-response.js";
import type { WarcFile } from "./files.js";
import type { ResponseTable } from "./response-table.js";
import { indexWarc } from "./warc-index.js";

interface Index {
  /** As a user knows it. */
  readonly name: string;
  readonly lines: CdxjLine[];
}

/**
 * Puts the responses of files into a table: by CDXJ where there is one, else by reading the file.
 *
 * @param path where the files are
 * @param warn takes one sentence for each index that is not used
 * @returns URLs of the rows that come from an index
 */
export async function indexFiles(
  path: string,
  files: readonly WarcFile[],
  table: ResponseTable,
  warn: (message: string) => void,
): Promise<ReadonlyMap<number, string>> {
  const urls = new Map<number, string>();
  const indexes = await indexesBelow(path, files);
  for (const file of files) {
    const index = indexes.get(file);
    const flaw = index === undefined ? null : await flawOf(file, index.lines);
    if (index === undefined || flaw !== null) {
      if (index !== undefined)
        warn(`${index.name} is not used for ${file.name}: ${flaw}; the file is read whole`);
      await indexWarc(file, table);
      continue;
    }
    for (const line of index.lines) {
      const url = plainUrl(line.url);
      if (url !== null) urls.set(table.add(responseOf(line, url, file)), url);
    }
  }
  return urls;
}

/** The lines that name each file: by its name, and where several have that, beside it. */
async function indexesBelow(
  path: string,
  files: readonly WarcFile[],
): Promise<Map<WarcFile, Index>> {
  const byName = new Map<string, WarcFile[]>();
  for (const file of files) {
    const name = basename(file.name);
    gather(byName, name, file);
  }
  const found = new Map<WarcFile, Index>();
  const names = await readdir(path, { recursive: true }).catch((): string[] => []);
  for (const one of names.filter((name) => /\.cdxj(?:\.gz)?$/i.test(name)).sort()) {
    const name = relative(".", join(path, one));
    const bytes = await readFile(join(path, one));
    const text = (/\.gz$/i.test(one) ? gunzipSync(bytes) : bytes).toString("utf8");
    for (const written of text.split("\n")) {
      const line = parseCdxj(written.trimEnd());
      const named = line === null ? [] : (byName.get(basename(line.filename)) ?? []);
      const beside = named.filter((file) => dirname(file.name) === dirname(name));
      const [file, ...others] = named.length > 1 ? beside : named;
      if (line === null || file === undefined || others.length > 0) continue;
      const index = found.get(file) ?? { name, lines: [] };
      found.set(file, index);
      // Of two indexes of one file, the first is used.
      if (index.name === name) index.lines.push(line);
    }
  }
  return found;
}

/** What is wrong with the index of a file; null where nothing is seen to be. */
async function flawOf(file: WarcFile, lines: readonly CdxjLine[]): Promise<string | null> {
  const sorted = lines.toSorted((a, b) => a.offset - b.offset);
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last === undefined) return "it has no line";
  if (last.offset >= file.bytes.size) return `it names byte ${last.offset}, after the end of it`;
  const middle = sorted[sorted.length >> 1] ?? last;
  let end = 0;
  for (const line of [first, middle, last]) {
    const record = await readRecord(file.bytes, line.offset).catch((error: unknown) => {
      if (error instanceof WarcDamage) return null;
      throw error;
    });
    if (record === null) return `there is no record at byte ${line.offset}`;
    const url = uriOf(record, "warc-target-uri");
    const isSame =
      url === line.url && digitsOf(fieldOf(record, "warc-date") ?? "") === digitsOf(line.date);
    if (!isSame) return `the record at byte ${line.offset} is one of ${url}, not of ${line.url}`;
    end = record.offset + record.length;
  }
  // What was added since: requests and metadata follow their response.
  const rest = part(file.bytes, end, file.bytes.size - end);
  for await (const record of readWarc(rest, () => undefined)) {
    const url = uriOf(record, "warc-target-uri");
    if (/^(?:response|revisit|resource)$/.test(fieldOf(record, "warc-type") ?? "") && url !== null)
      return `it is older than the file, and does not know the record of ${url} at byte ${end + record.offset}`;
  }
  return null;
}

/** What a line says of a response; the rest is read from its record when it is needed. */
function responseOf(
  { date, mime, status, digest, offset, length }: CdxjLine,
  url: string,
  file: WarcFile,
) {
  const isRevisit = mime === REVISIT;
  return {
    ...UNSAID,
    ...{ url, date, file, offset },
    kind: isRevisit ? ("revisit" as const) : ("response" as const),
    id: "",
    ours: false,
    length: Number.isNaN(length) ? 0 : length,
    status: Number.isNaN(status) ? 200 : status,
    type: isRevisit ? null : mime,
    digest: digest === "" ? null : digest,
  };
}
