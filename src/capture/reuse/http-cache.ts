/** The newest whole answer of each address in the captures of an archive: what a crawl need not fetch again. */
import { basename, dirname, join } from "node:path";
import type { Disk } from "../../disk/disk.js";
import { readWhole } from "../../disk/read.js";
import { byMoment } from "../../disk/timestamp.js";
import { FetchError } from "../../http/fetch-error.js";
import type { CachedResponse, HttpCache } from "../../http/recorder.js";
import { fingerprint } from "../../url.js";
import { type Bytes, type OpenBytes, openBytes } from "../../warc/bytes.js";
import { type CdxjLine, parseCdxj } from "../../warc/cdxj.js";
import { hasDigest } from "../../warc/digest.js";
import { parseHttp } from "../../warc/http.js";
import { readRecord, WarcDamage } from "../../warc/reading.js";
import { fieldOf } from "../../warc/record.js";
import { answerIn } from "../read/revisits.js";

/** Where an answer stands in a WARC file. */
export interface Place {
  readonly offset: number;
  readonly date: string;
  readonly digest: string;
  readonly sha256: string;
}

/** Where a line stands in the index of a capture. */
interface IndexPlace {
  readonly index: string;
  readonly offset: number;
  readonly length: number;
}

export interface OpenHttpCache extends HttpCache {
  close(): Promise<void>;
}

/**
 * Reads the indexes of all captures, newest first. The newest `response` of an address is what all
 * later revisits of it stand for, so no revisit has to be looked at.
 *
 * @param captures the folder of all captures
 * @param present the capture that is being written, and what it already holds of an address
 * @param disk a file that it cannot read spares no request, whatever is wrong with it
 */
export async function openHttpCache(
  captures: string,
  present: { readonly data: string; readonly find: (url: string) => Promise<Place | null> },
  disk: Disk,
): Promise<OpenHttpCache> {
  // In memory there are the fingerprint of each address, and where its line stands in which index.
  const known = new Map<number, IndexPlace>();
  for (const name of (await disk.readdir(captures).catch((): string[] => []))
    .sort(byMoment)
    .reverse()) {
    const index = join(captures, name, "index.cdxj");
    for (const { line, offset, length } of await readIndex(index, disk)) {
      const key = fingerprint(line.url);
      if (isWhole(line) && !known.has(key)) known.set(key, { index, offset, length });
    }
  }
  const files = new Map<string, Promise<OpenBytes>>();
  const bytesOf = (path: string) => {
    // The capture that is being written grows: its size says nothing.
    const file = files.get(path) ?? openBytes(disk.open(path, "read"), Number.MAX_SAFE_INTEGER);
    files.set(path, file);
    return file;
  };
  const stored = async (url: string) => {
    const place = known.get(fingerprint(url));
    if (place === undefined) return null;
    const bytes = await (await bytesOf(place.index)).read(place.offset, place.length);
    const line = parseCdxj(Buffer.from(bytes).toString("utf8"));
    return line?.url === url ? { ...line, data: join(dirname(place.index), line.filename) } : null;
  };
  return {
    async find({ href }) {
      try {
        const own = await present.find(href);
        const place = own === null ? await stored(href) : { ...own, data: present.data };
        if (place === null) return null;
        return await readPlace(await bytesOf(place.data), href, place);
      } catch {
        return null;
      }
    },
    async close() {
      for (const file of files.values())
        await file.then((bytes) => bytes.close()).catch(() => undefined);
    },
  };
}

/** The lines of an index, one at a time. */
async function readIndex(path: string, disk: Disk) {
  const bytes = await readWhole(path, disk).catch(() => new Uint8Array());
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return (function* () {
    for (let offset = 0; offset < text.length; ) {
      const end = text.indexOf(10, offset);
      const length = (end === -1 ? text.length : end) - offset;
      const line = parseCdxj(text.toString("utf8", offset, offset + length));
      if (line !== null) yield { line, offset, length };
      offset += length + 1;
    }
  })();
}

/** A name that leads elsewhere is not followed. */
function isWhole({ status, mime, filename }: CdxjLine): boolean {
  return status === 200 && mime !== "warc/revisit" && basename(filename) === filename;
}

/** @throws when the record is not the one that the index speaks of, or is damaged */
async function readPlace(bytes: Bytes, url: string, place: Place): Promise<CachedResponse> {
  const { date, digest, sha256, offset } = place;
  const record = await readRecord(bytes, offset);
  const payload = parseHttp(record.block)?.body;
  if (fieldOf(record, "warc-target-uri") !== url || payload === undefined)
    throw new WarcDamage(offset, "another record stands here");
  if (hasDigest(payload, digest) !== true) throw new WarcDamage(offset, "the payload is another");
  const answer = answerIn(record, true);
  if (!answer.whole) throw new FetchError("only a part");
  const id = fieldOf(record, "warc-record-id") ?? "";
  return { response: answer, target: { id, url, date, digest, sha256 } };
}
