/** The newest complete response of each URL in the captures of an archive: what a crawl need not download again. */
import { basename, dirname, join } from "node:path";
import type { Disk } from "../../disk/disk.js";
import { decodeText } from "../../disk/read.js";
import { SpanTable } from "../../disk/rows.js";
import type { CachedResponse, HttpCache } from "../../http/recorder.js";
import { fingerprint } from "../../url.js";
import type { Bytes } from "../../warc/bytes.js";
import { type CdxjLine, parseCdxj, type WarcPlace } from "../../warc/cdxj.js";
import { hasDigest, sha256 as sha256Of } from "../../warc/digest.js";
import { parseHttp } from "../../warc/http.js";
import { readRecord } from "../../warc/reading.js";
import { fieldOf } from "../../warc/record.js";
import { responseIn } from "../read/revisits.js";
import { capturesIn, OpenedFiles } from "./indexes.js";

/**
 * Reads the indexes of all captures, newest first. The newest `response` record of a URL is what all
 * later revisits of it repeat, so revisits need not be read.
 *
 * @param captures the folder of all captures
 * @param present the capture that is being written, and what it already holds of a URL
 * @param disk a file that cannot be read saves no request, whatever is wrong with it
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
    for (const { line, offset, length } of await lines()) {
      const key = fingerprint(line.url);
      // The lines of one URL are in the order of time: the last one is the newest.
      const row = known.rowOf(key);
      if (isWhole(line) && (row === undefined || known.markOf(row) === mark))
        known.set(key, { offset, length }, mark);
    }
  }
  const files = new OpenedFiles(disk);
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
        return place === null ? null : await readPlace(await files.of(place.data), href, place);
      } catch {
        return null;
      }
    },
    close: () => files.close(),
  };
}

/** A name that leads to another folder is not followed. */
function isWhole({ status, mime, filename, request }: CdxjLine): boolean {
  // What a POST was answered is no answer to a GET, and a POST is always sent.
  if (request !== undefined) return false;
  return status === 200 && mime !== "warc/revisit" && basename(filename) === filename;
}

/** Null for a record that is not the one of the index, or is not complete. @throws when it is damaged */
async function readPlace(
  bytes: Bytes,
  url: string,
  { date, digest, sha256, offset, length }: WarcPlace,
): Promise<CachedResponse | null> {
  const record = await readRecord(bytes, offset, length);
  const payload = parseHttp(record.block)?.body;
  if (fieldOf(record, "warc-target-uri") !== url || payload === undefined) return null;
  if (hasDigest(payload, digest) !== true || sha256Of(payload) !== sha256) return null;
  if (fieldOf(record, "warc-date") !== date) return null;
  const response = responseIn(record, true);
  const id = fieldOf(record, "warc-record-id") ?? "";
  const head = record.block.subarray(0, record.block.length - payload.length);
  return response.whole ? { response, target: { id, url, date, digest, sha256, head } } : null;
}
