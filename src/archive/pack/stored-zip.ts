/** A ZIP file whose members are stored, not compressed, as WACZ demands of WARC files: the same bytes for the same members, on any machine. */
import { Readable } from "node:stream";
import { ZipFile } from "yazl";
import { CliError } from "../../error.js";
import { checkedPieces } from "../../warc/bytes.js";

/** A member: its path, what it holds, and what that was when it was listed. */
export interface ZipPart {
  readonly path: string;
  readonly content: () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * The bytes of the file, in pieces.
 *
 * @param time of every member, ISO 8601 in UTC
 * @throws {CliError} when a member is no longer what was listed
 */
export async function* storedZip(
  parts: readonly ZipPart[],
  time: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const zip = new ZipFile();
  const out = zip.outputStream as Readable;
  const fail = (error: Error) => out.destroy(error);
  zip.on("error", fail);
  const common = { compress: false, forceDosTimestamp: true, mode: 0o100644 };
  for (const part of parts) {
    const options = { ...common, mtime: new UtcDigits(time), size: part.bytes };
    zip.addReadStreamLazy(part.path, options, (give) =>
      give(null, Readable.from(checked(part), { objectMode: false }).on("error", fail)),
    );
  }
  zip.end();
  yield* out as AsyncIterable<Uint8Array>;
}

function checked({ path, content, sha256 }: ZipPart) {
  const message = `${path} was changed while it was packed`;
  return checkedPieces(content(), sha256, () => new CliError(message, { hint: "Pack again." }));
}

/** ZIP holds local time. Here its digits are those of UTC: no hour is skipped by a time zone's summer. */
class UtcDigits extends Date {
  override getFullYear = () => this.getUTCFullYear();
  override getMonth = () => this.getUTCMonth();
  override getDate = () => this.getUTCDate();
  override getHours = () => this.getUTCHours();
  override getMinutes = () => this.getUTCMinutes();
  override getSeconds = () => this.getUTCSeconds();
}
