/** Captures of web archives in the finished captures of an archive: what was made once is never asked for again. */
import { basename, join } from "node:path";
import type { Disk } from "../../disk/disk.js";
import { fingerprint } from "../../url.js";
import { digitsOf } from "../../warc/date.js";
import { hasDigest } from "../../warc/digest.js";
import { parseHttp } from "../../warc/http.js";
import { readRecord } from "../../warc/reading.js";
import { fieldOf } from "../../warc/record.js";
import { type AskedMemento, answerIn, type EarlierMemento } from "../read/answers.js";
import { sourceOf } from "../read/captured-response.js";
import { capturesIn, OpenedFiles } from "./indexes.js";

interface Place {
  readonly data: string;
  readonly offset: number;
  readonly digest: string;
  readonly sha256: string;
}

/**
 * Reads the indexes of all captures.
 *
 * @param captures the folder of all captures
 * @param disk a file that cannot be read saves no request, whatever is wrong with it
 */
export async function openEarlierMementos(captures: string, disk: Disk) {
  // By URL and time; of one second, archives may have several captures.
  const known = new Map<number, Place[]>();
  for (const { folder, lines } of await capturesIn(captures, disk))
    for (const { line } of await lines()) {
      const { url, date, mime, filename, offset, digest, sha256 } = line;
      if (mime === "warc/revisit" || basename(filename) !== filename) continue;
      const key = fingerprint(`${digitsOf(date)} ${url}`);
      const place = { data: join(folder, filename), offset, digest, sha256 };
      known.set(key, [...(known.get(key) ?? []), place]);
    }
  const files = new OpenedFiles(disk);
  const read = async ({ data, ...place }: Place, { url, source }: AskedMemento) => {
    const record = await readRecord(await files.of(data), place.offset);
    const payload = parseHttp(record.block)?.body;
    if (sourceOf(record) !== source || payload === undefined) return null;
    if (hasDigest(payload, place.digest) !== true) return null;
    const answer = answerIn(record);
    if (answer.capture?.url !== url) return null;
    const [id, date] = [fieldOf(record, "warc-record-id"), fieldOf(record, "warc-date")];
    const head = record.block.subarray(0, record.block.length - payload.length);
    const { digest, sha256 } = place;
    const target = { id: id ?? "", url, date: date ?? "", digest, sha256, head };
    return { ...answer, target };
  };
  return {
    async find(asked: AskedMemento): Promise<EarlierMemento | null> {
      for (const place of known.get(fingerprint(`${asked.time} ${asked.url}`)) ?? []) {
        const found = await read(place, asked).catch(() => null);
        if (found !== null) return found;
      }
      return null;
    },
    close: () => files.close(),
  };
}
