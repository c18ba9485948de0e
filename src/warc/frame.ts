/** The frame of a record: its header, and its block in what follows. */
import { hasDigest } from "./digest.js";
import { fieldOf, parseFields, type WarcRecord } from "./record.js";

/** What is wrong with a WARC file, and where. */
export class WarcDamage extends Error {
  override readonly name = "WarcDamage";
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

/** The blocks of larger records are passed over: somewhat more than an attachment of a crawl may have. */
export const MOST = 64 * 1024 * 1024;
/** Longest header of a record or of a gzip member. */
export const HEAD = 64 * 1024;
/**
 * The block of a record in what follows its header: some programs leave out the line ends after it, or count one or
 * two of them as part of it. A block digest says which it is.
 *
 * @throws {WarcDamage} when the block is shorter or longer than the record says
 */
export function blockOf(
  rest: Buffer,
  record: Pick<WarcRecord, "fields">,
  size: number,
  offset: number,
): { readonly block: Buffer; readonly flaw: string | null } {
  const block = rest.subarray(0, size);
  const tail = rest.toString("latin1", size, size + 64);
  if (tail === "\r\n\r\n" || tail === "\n\n") return { block, flaw: null };
  const ends = ["\r\n\r\n", "\n\n"].find(
    (end) => rest.toString("latin1", rest.length - end.length) === end,
  );
  const real = rest.length - (ends?.length ?? 0);
  const digest = fieldOf(record, "warc-block-digest");
  const isDeclared = digest !== null && hasDigest(block, digest) === true;
  if (rest.length >= size && /^[\r\n]*$/.test(tail) && tail.length < 64) {
    if (!isDeclared && ends !== undefined && tail.length < ends.length && tail !== "")
      return { block: rest.subarray(0, real), flaw: `the block has ${real} bytes, not ${size}` };
    return { block, flaw: tail === "" ? "no line ends follow its block" : null };
  }
  if (rest.length < size) {
    const flaw = `the block has ${real} bytes, not ${size}`;
    if (size - rest.length <= 2 && ends === undefined) return { block: rest, flaw };
    throw new WarcDamage(offset, flaw);
  }
  throw new WarcDamage(offset, longer(tail, size));
}

export function longer(tail: string, size: number): string {
  return /^[\r\n]*WARC\/1/.test(tail)
    ? "one gzip member holds more than one record (gunzip the file first)"
    : `the block is longer than the ${size} bytes that it says`;
}

export type Head = ReturnType<typeof parseHead>;

export function parseHead(buffer: Buffer, offset: number) {
  const start = buffer.subarray(0, HEAD);
  const [proper, bare] = [start.indexOf("\r\n\r\n"), start.indexOf("\n\n")];
  const isBare = bare >= 0 && (proper < 0 || bare < proper);
  const end = isBare ? bare : proper;
  if (end < 0) throw new WarcDamage(offset, "the header of the record has no end");
  const text = buffer.toString("utf8", 0, end);
  const [, version] = /^(WARC\/\d\.\d+)\r?\n/.exec(text) ?? [];
  if (version === undefined)
    throw new WarcDamage(offset, `expected WARC/1.0 or WARC/1.1, found "${text.slice(0, 20)}"`);
  const fields = parseFields(text.slice(version.length));
  const length = fieldOf({ fields }, "content-length") ?? "";
  if (!/^\d{1,15}$/.test(length))
    throw new WarcDamage(offset, `expected a Content-Length, found "${length}"`);
  return { head: end + (isBare ? 2 : 4), version, fields, size: Number(length) };
}
