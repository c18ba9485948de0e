/**
 * What the captures of an archive hold, and need not be asked for again: the newest complete response of each URL, and
 * captures of web archives. Read by their indexes; a file that cannot be read saves no request, whatever is wrong with it.
 */
import { basename, dirname, join } from "node:path";
import type { Disk } from "../../disk/disk.js";
import { decodeText, readLines } from "../../disk/read.js";
import { SpanTable } from "../../disk/span-table.js";
import { byTimestamp } from "../../disk/timestamp.js";
import type { HttpCache } from "../../http/recorder.js";
import { gather } from "../../text.js";
import { fingerprint } from "../../url/digest.js";
import { type Bytes, filesOnDemand, GROWING } from "../../warc/bytes.js";
import { type CdxjLine, parseCdxj, REVISIT, type WarcPlace } from "../../warc/cdxj.js";
import { digitsOf } from "../../warc/date.js";
import { hasDigest, sha256 as sha256Of } from "../../warc/digest.js";
import { parseHttp } from "../../warc/http.js";
import { readRecord } from "../../warc/reading.js";
import { fieldOf, uriOf } from "../../warc/record.js";
import { CAPTURE_FILES } from "../layout.js";
import { type AskedMemento, answerIn, type EarlierMemento } from "../read/answers.js";
import { sourceOf } from "../read/captured-response.js";
import { responseIn } from "../read/revisits.js";

/**
 * Reads the indexes of all captures, newest first. The newest `response` record of a URL is what all
 * later revisits of it repeat, so revisits need not be read.
 *
 * @param captures the folder of all captures
 * @param present the capture that is being written, and what it already holds of a URL
 */
export async function openHttpCache(
  captures: string,
  present: { readonly data: string; readonly find: (url: string) => Promise<WarcPlace | null> },
  disk: Disk,
): Promise<HttpCache & { close(): Promise<void> }> {
  // In memory there are the fingerprint of each URL, and where its line is in which index.
  const known = new SpanTable();
  const indexes: string[] = [];
  for (const { index, lines } of (await capturesIn(captures, disk)).reverse()) {
    const mark = indexes.push(index) - 1;
    for await (const { line, offset, length } of lines()) {
      const key = fingerprint(line.url);
      // The lines of one URL are in the order of time: the last one is the newest.
      const row = known.rowOf(key);
      // What a POST was answered is not an answer to a GET, and a POST is always sent.
      const isWhole = isHeld(line) && line.status === 200 && line.request === undefined;
      if (isWhole && (row === undefined || known.markOf(row) === mark))
        known.set(key, { offset, length }, mark);
    }
  }
  const files = filesOnDemand((path) => disk.open(path, "read"), GROWING);
  const stored = async (url: string) => {
    const row = known.rowOf(fingerprint(url));
    if (row === undefined) return null;
    const index = indexes[known.markOf(row)] ?? "";
    const { offset, length } = known.spanOf(row);
    const line = parseCdxj(decodeText(await (await files.of(index)).read(offset, length)));
    return line?.url === url ? { ...line, data: join(dirname(index), line.filename) } : null;
  };
  return {
    async find({ href }) {
      try {
        const own = await present.find(href);
        const place = own === null ? await stored(href) : { ...own, data: present.data };
        const found = place && (await recordAt(await files.of(place.data), href, place));
        const response = found && responseIn(found.record, true);
        return found && response?.whole ? { response, target: found.target } : null;
      } catch {
        return null;
      }
    },
    close: files.close,
  };
}

/** Captures of web archives: what was made once is never asked for again. @param captures the folder of all captures */
export async function openEarlierMementos(captures: string, disk: Disk) {
  // By URL and time; of one second, archives may have several captures.
  const known = new Map<number, (WarcPlace & { readonly data: string })[]>();
  for (const { index, lines } of await capturesIn(captures, disk))
    for await (const { line } of lines()) {
      if (!isHeld(line)) continue;
      const { url, date, filename, offset, digest, sha256 } = line;
      const key = fingerprint(`${digitsOf(date)} ${url}`);
      const place = { data: join(dirname(index), filename), date, offset, digest, sha256 };
      gather(known, key, place);
    }
  const files = filesOnDemand((path) => disk.open(path, "read"), GROWING);
  return {
    async find({ url, time, source }: AskedMemento): Promise<EarlierMemento | null> {
      for (const place of known.get(fingerprint(`${time} ${url}`)) ?? []) {
        const read = async () => recordAt(await files.of(place.data), url, place);
        const found = await read().catch(() => null);
        if (found !== null && sourceOf(found.record) === source)
          return { ...answerIn(found.record), target: found.target };
      }
      return null;
    },
    close: files.close,
  };
}

/** True for a response that is in the file beside its index: a name that leads to another folder is not followed. */
function isHeld({ mime, filename }: CdxjLine): boolean {
  return mime !== REVISIT && basename(filename) === filename;
}

/** The record of a response, and what a revisit of it names; null for one that is not that of the index. @throws when it is damaged */
async function recordAt(
  bytes: Bytes,
  url: string,
  { date, digest, sha256, offset, length }: WarcPlace,
) {
  const record = await readRecord(bytes, offset, length);
  const payload = parseHttp(record.block)?.body;
  if (uriOf(record, "warc-target-uri") !== url || payload === undefined) return null;
  if (hasDigest(payload, digest) !== true || sha256Of(payload) !== sha256) return null;
  const own = fieldOf(record, "warc-date") ?? "";
  if (digitsOf(own) !== digitsOf(date)) return null;
  const id = fieldOf(record, "warc-record-id") ?? "";
  const head = record.block.subarray(0, record.block.length - payload.length);
  return { record, target: { id, url, date: own, digest, sha256, head } };
}

/** The index of each capture of a folder, oldest first, and its lines as far as they can be read. */
async function capturesIn(captures: string, disk: Disk) {
  const names = await disk.readdir(captures).catch((): string[] => []);
  return names.sort(byTimestamp).map((name) => {
    const index = join(captures, name, CAPTURE_FILES.index);
    return { index, lines: () => linesOf(index, disk) };
  });
}

async function* linesOf(index: string, disk: Disk) {
  try {
    for await (const { text, offset, length } of readLines(index, disk)) {
      const line = parseCdxj(text);
      if (line !== null) yield { line, offset, length };
    }
  } catch {
    // What comes after a damage is asked for again.
  }
}
