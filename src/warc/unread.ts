/** Files that hold WARC records in a form that is not read here. Pure. */

const UNREAD = /\.w?arc(?:\.gz)?\.(zst|zstd|bz2|xz|lz4|open)$/i;

export function isUnreadWarc(path: string): boolean {
  return UNREAD.test(path);
}

/** Why it is not read, and what to do: the end of a sentence that begins with its name. */
export function unreadReason(path: string): string {
  const [, ending = ""] = UNREAD.exec(path) ?? [];
  return REASONS[ending.toLowerCase().replace("zstd", "zst")] ?? REASONS.other;
}

const REASONS: { readonly [ending: string]: string; readonly other: string } = {
  zst: "it is compressed with Zstandard, and is not read: decompress it first, as with `zstd -d`",
  open: "its program has not finished it, and it is not read: rename it when it is whole",
  other: "it is not compressed with gzip, and is not read: decompress it first",
};

/** True for bytes that begin as a Zstandard frame (RFC 8878), or with the dictionary that `.warc.zst` may have before it. */
export function isZstandard(start: Uint8Array): boolean {
  const [a, b, c, d] = start;
  return (
    (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd) ||
    (((a ?? 0) & 0xf0) === 0x50 && b === 0x2a && c === 0x4d && d === 0x18)
  );
}
