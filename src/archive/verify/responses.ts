/** WARC files: every record whole and true to its digests, revisits resolved. */
import { basename } from "node:path";
import { capturedResponse, isHttp, isSegment } from "../../capture/read/captured-response.js";
import type { WarcFile } from "../../capture/read/files.js";
import { payloadsOf } from "../../capture/read/revisits.js";
import { ownRecords } from "../../capture/read/warc-index.js";
import { hasDigest, mayBeSame, sha256 } from "../../warc/digest.js";
import { parseResponse } from "../../warc/http.js";
import { indexedRequest, postIn } from "../../warc/post.js";
import { type FoundRecord, Padding, WarcDamage } from "../../warc/reading.js";
import { fieldOf } from "../../warc/record.js";
import type { Report } from "./inquiry.js";
import { type CheckedResponse, KnownResponses, type ReadAgain } from "./known-responses.js";

/** A part of a WARC file that holds no whole record. */
interface Damage {
  /** The WARC file as an index names it. */
  readonly filename: string;
  /** Place and message of the finding. */
  readonly where: string;
  readonly message: string;
  readonly start: number;
  /** Where the next whole record begins. What comes after the last one may be cut off: an index still has lines for it. */
  end: number;
  /** The first URLs whose responses an index has there, and how many there are. */
  readonly urls: string[];
  lost: number;
}

/** A check of the WARC files that share an index: what they hold goes into it as they are read. */
export interface WarcCheck {
  readonly report: Report;
  readonly note: (path: string, message: string) => void;
  /** Responses of these files and of those before. */
  readonly known: KnownResponses;
  /** The rows of each file, as an index names it. */
  readonly files: {
    readonly filename: string;
    readonly file: WarcFile;
    readonly first: number;
    readonly end: number;
  }[];
  readonly damages: Damage[];
}

/** @param read reads a record of a file again */
export function knownResponses(
  read: (file: WarcFile, offset: number, length?: number) => Promise<FoundRecord>,
  of: "archive" | "package" | "foreign package",
): KnownResponses {
  const foreign = of === "foreign package";
  const again: ReadAgain = async (file, offset, length) => {
    const response = checkRecord(() => {}, file, await read(file, offset, length), foreign);
    if (response === null) throw new WarcDamage(offset, "it is another record than before");
    return response;
  };
  return new KnownResponses(again, of);
}

/**
 * Checks every record of a WARC file, and adds its responses to those that are known. Goes on after what is damaged:
 * `checkIndexes` says which responses were there, and {@link reportDamages} reports it.
 */
export async function readResponses(
  { report, note, known, files, damages }: WarcCheck,
  file: WarcFile,
): Promise<void> {
  const filename = basename(file.name);
  const first = known.rows;
  let last: Damage | null = null;
  const endAt = (offset: number) => {
    if (last !== null) last.end = offset;
    last = null;
  };
  const onDamage = (damage: WarcDamage) => {
    const { offset: start, message } = damage;
    endAt(start);
    const where = `${file.name}:${start}`;
    if (damage instanceof Padding) return note(where, message);
    last = { filename, where, message, start, end: Number.POSITIVE_INFINITY, urls: [], lost: 0 };
    damages.push(last);
  };
  for await (const { record } of ownRecords(file, onDamage)) {
    endAt(record.offset);
    const response = checkRecord(report, file, record, known.foreign);
    const post = postIn(record);
    const answer = post && known.rowOf(fieldOf(record, "warc-concurrent-to") ?? "");
    if (post !== null && answer != null) known.post(answer, indexedRequest(post));
    if (response === null || known.add(response)) continue;
    report("record-twice", `${file.name}:${response.offset}`, `duplicate record ${response.id}`);
  }
  files.push({ filename, file, first, end: known.rows });
}

/** Reports each damage, with the responses that an index has in it. */
export function reportDamages({ report, damages }: WarcCheck): void {
  for (const { where, message, urls, lost } of damages) {
    const more = lost > urls.length ? ` and ${lost - urls.length} more` : "";
    const what = `the ${lost === 1 ? "response" : "responses"} of ${urls.join(", ")}${more}`;
    report("warc", where, lost === 0 ? message : `${message}; ${what} cannot be read`);
  }
}

/** Versions of other programs: Heritrix wrote the drafts before the standard. */
const OTHERS = /^WARC\/(?:1\.0|0\.1[78])$/;

function checkRecord(
  report: Report,
  file: WarcFile,
  record: FoundRecord,
  ofOther: boolean,
): CheckedResponse | null {
  // A record of Common Crawl is as its program wrote it.
  const foreign = ofOther || fieldOf(record, "warc-source-range") !== null;
  const where = `${file.name}:${record.offset}`;
  const { block, version, gzip, flaw } = record;
  if (flaw !== null) report("warc", where, flaw);
  if (!fieldOf(record, "warc-record-id")) report("warc", where, "the record has no WARC-Record-ID");
  if (version !== "WARC/1.1" && !(foreign && OTHERS.test(version)))
    report("warc", where, `expected WARC/1.1, found ${version}`);
  if (!gzip && !ofOther) report("warc", where, "the record is not a gzip member");
  const isHeld = block.length === record.size;
  const type = fieldOf(record, "warc-type");
  checkDigest("block", isHeld && type !== "revisit" ? [block] : []);
  if (type !== "response" && type !== "revisit" && type !== "resource") return null;
  const isMessage = type !== "resource" && isHttp(record);
  const message = isMessage ? parseResponse(block) : null;
  if (message === null && isMessage && isHeld && !(foreign && block.length === 0))
    report("warc", where, "the response has no header");
  const isResponse = type === "response" && message !== null && isHeld;
  const payload = !isHeld ? null : isMessage ? (isResponse ? message.body : null) : block;
  const { payloads, isAll } =
    isResponse && foreign
      ? payloadsOf(message)
      : { payloads: payload === null ? [] : [payload], isAll: true };
  // Programs do not agree on the payload digest of a resource; of a segment, it is that of the whole.
  const isChecked = foreign
    ? type === "response" && isAll && !isSegment(record)
    : type !== "revisit";
  if (isChecked) checkDigest("payload", payloads);
  const response = capturedResponse(record, file, !ofOther);
  if (response === null) return null;
  return { ...response, sha256: payload === null ? null : sha256(payload) };

  /** Digests are optional, and some are of algorithms that are not known here; ours are neither. */
  function checkDigest(of: "block" | "payload", held: readonly Uint8Array[]) {
    const digest = fieldOf(record, `warc-${of}-digest`);
    if (held.length === 0 || (foreign && digest === null)) return;
    const found = held.map((bytes) => (digest === null ? false : hasDigest(bytes, digest)));
    if (!found.some((one) => one === true || (foreign && one === null)))
      report(`${of}-digest`, where, `the ${of} does not match its digest ${digest}`);
  }
}

/**
 * Every revisit must lead to a response with the payload that it repeats.
 *
 * @param mayBeElsewhere where not all captures are here, as of a package that names others
 * @returns how many lead elsewhere
 */
export async function checkRevisits(
  { report, known }: Pick<WarcCheck, "report" | "known">,
  mayBeElsewhere = false,
): Promise<number> {
  let elsewhere = 0;
  for (let row = 0; row < known.rows; row++) {
    if (!known.isRevisit(row)) continue;
    const original = known.originalOf(row);
    const isThere = original !== undefined && !known.isRevisit(original);
    if (isThere && known.hasOneDigest(row, original)) continue;
    const { id, url, file, digest } = await known.read(row);
    if (!isThere && mayBeElsewhere) {
      elsewhere++;
      continue;
    }
    if (!isThere) {
      const message = `${id} repeats a response for ${url} that no capture here holds whole`;
      report("revisit", file.name, message);
      continue;
    }
    const { digest: expected } = await known.read(original);
    // The answer "not modified" has no payload, and some programs give the digest of that.
    const isEmpty =
      known.foreign && digest !== null && hasDigest(new Uint8Array(), digest) === true;
    if (known.foreign ? !isEmpty && !mayBeSame(expected, digest) : expected !== digest)
      report("revisit", file.name, `${id} has the digest ${digest}, its original ${expected}`);
  }
  return elsewhere;
}
