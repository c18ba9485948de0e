/** Digests as WARC and CDXJ write them. Pure. */
import { createHash, hash } from "node:crypto";

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** `sha1:` and the SHA-1 in base32 (RFC 4648), the form in which Heritrix, wget and pywb compare payloads. */
export function sha1(bytes: Uint8Array): string {
  return `sha1:${base32(hash("sha1", bytes, "buffer"))}`;
}

/** SHA-256 in lower-case hexadecimal. */
export function sha256(bytes: Uint8Array): string {
  return hash("sha256", bytes);
}

/**
 * True when bytes have a digest that some program wrote: SHA-1, SHA-256 or MD5, in base32 or in
 * hexadecimal; null when its algorithm is not known here.
 *
 * @param labelled algorithm, colon, value (WARC 1.1, section 5.8)
 */
export function hasDigest(bytes: Uint8Array, labelled: string): boolean | null {
  const [, label = "", value = ""] = /^([^:]+):(.+)$/.exec(labelled.trim()) ?? [];
  const algorithm = label.toLowerCase().replace("-", "");
  if (!["sha1", "sha256", "md5"].includes(algorithm)) return null;
  const found = createHash(algorithm).update(bytes).digest();
  if (value.toLowerCase() === found.toString("hex")) return true;
  return value.toUpperCase().replace(/=+$/, "") === base32(found);
}

function base32(bytes: Uint8Array): string {
  let [text, bits, held] = ["", 0, 0];
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) text += BASE32[(held >> (bits - 5)) & 31];
  }
  return bits === 0 ? text : text + BASE32[(held << (5 - bits)) & 31];
}
