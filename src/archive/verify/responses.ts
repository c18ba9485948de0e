/** WARC files: every record whole and true to its digests, revisits resolved. */
import { basename } from "node:path";
import { capturedResponse } from "../../capture/read/captured-response.js";
import type { WarcFile } from "../../capture/read/files.js";
import { payloadsOf } from "../../capture/read/revisits.js";
import { ownRecords } from "../../capture/read/warc-index.js";
import { hasDigest, sha256 } from "../../warc/digest.js";
import { parseHttp } from "../../warc/http.js";
import { indexedRequest, postIn } from "../../warc/post.js";
import { type FoundRecord, WarcDamage } from "../../warc/reading.js";
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

/** What WARC files hold, for their index: the rows of each, as an index names it, and parts that are lost. */
export interface Places {
  readonly files: { readonly filename: string; readonly first: number; readonly end: number }[];
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
 * `checkIndex` says which responses were there, and {@link reportDamages} reports it.
 */
export async function readResponses(
  report: Report,
  file: WarcFile,
  known: KnownResponses,
  places: Places,
): Promise<void> {
  const filename = basename(file.name);
  const first = known.rows;
  let last: Damage | null = null;
  const endAt = (offset: number) => {
    if (last !== null) last.end = offset;
    last = null;
  };
  const onDamage = ({ offset: start, message }: WarcDamage) => {
    endAt(start);
    const where = `${file.name}:${start}`;
    last = { filename, where, message, start, end: Number.POSITIVE_INFINITY, urls: [], lost: 0 };
    places.damages.push(last);
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
  places.files.push({ filename, first, end: known.rows });
}

/** Reports each damage, with the responses that an index has in it. */
export function reportDamages(report: Report, { damages }: Places): void {
  for (const { where, message, urls, lost } of damages) {
    const more = lost > urls.length ? ` and ${lost - urls.length} more` : "";
    const what = `the ${lost === 1 ? "response" : "responses"} of ${urls.join(", ")}${more}`;
    report("warc", where, lost === 0 ? message : `${message}; ${what} cannot be read`);
  }
}

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
  if (version !== "WARC/1.1" && !(foreign && version === "WARC/1.0"))
    report("warc", where, `expected WARC/1.1, found ${version}`);
  if (!gzip && !ofOther) report("warc", where, "the record is not a gzip member");
  const isHeld = block.length === record.size;
  const type = fieldOf(record, "warc-type");
  checkDigest("block", isHeld && type !== "revisit" ? [block] : []);
  if (type !== "response" && type !== "revisit" && type !== "resource") return null;
  const message = parseHttp(block);
  if (message === null && type !== "resource" && isHeld && !(foreign && block.length === 0))
    report("warc", where, "the response has no header");
  const isResponse = type === "response" && message !== null && isHeld;
  const payloads = isResponse ? (foreign ? payloadsOf(message) : [message.body]) : [];
  if (type === "resource" && !foreign) checkDigest("payload", isHeld ? [block] : []);
  if (type === "response") checkDigest("payload", payloads);
  const response = capturedResponse(record, file, !ofOther);
  if (response === null) return null;
  const payload = isResponse ? message.body : type === "resource" && isHeld ? block : null;
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

/** Every revisit must lead to a response with the payload that it repeats. */
export async function checkRevisits(report: Report, known: KnownResponses): Promise<void> {
  for (let row = 0; row < known.rows; row++) {
    if (!known.isRevisit(row)) continue;
    const original = known.originalOf(row);
    const isThere = original !== undefined && !known.isRevisit(original);
    if (isThere && known.hasOneDigest(row, original)) continue;
    const { id, url, file, digest } = await known.read(row);
    if (!isThere) {
      const message = `${id} repeats a response for ${url} that no capture here holds whole`;
      report("revisit", file.name, message);
      continue;
    }
    const { digest: expected } = await known.read(original);
    if (known.foreign ? !mayBeSame(expected, digest) : expected !== digest)
      report("revisit", file.name, `${id} has the digest ${digest}, its original ${expected}`);
  }
}

/** False only for two digests of one algorithm and form that differ. */
export function mayBeSame(a: string | null, b: string | null): boolean {
  if (a === null || b === null || a.length !== b.length) return true;
  const [one, other] = [a.toLowerCase(), b.toLowerCase()];
  return one === other || one.split(":", 1)[0] !== other.split(":", 1)[0];
}
