/** Digests as WARC and CDXJ write them. Pure. */
import { hash } from "node:crypto";

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** `sha1:` and the SHA-1 in base32 (RFC 4648), the form in which Heritrix, wget and pywb compare payloads. */
export function sha1(bytes: Uint8Array): string {
  return `sha1:${base32(hash("sha1", bytes, "buffer"))}`;
}

/** SHA-256 in lower-case hexadecimal. */
export function sha256(bytes: Uint8Array): string {
  return hash("sha256", bytes);
}

/** Bytes of the digests that are compared. */
const SIZES: Readonly<Record<string, number>> = {
  md5: 16,
  sha1: 20,
  sha256: 32,
  sha384: 48,
  sha512: 64,
};

/**
 * A digest that some program wrote: hexadecimal, base32 or base64, after its algorithm and a colon (WARC 1.1, section
 * 5.8), after a dash as in HTML, or by itself, when its length says what it is.
 *
 * @returns its value in lower-case hexadecimal, "" where it is none of its algorithm; null for an unknown algorithm
 */
export function readDigest(labelled: string): { algorithm: string; value: string } | null {
  const [, label, digits = ""] =
    /^(?:(md5|sha-?\d+)[:-])?([\w+/-]+)=*$/i.exec(labelled.trim()) ?? [];
  if (label === undefined)
    for (const algorithm of Object.keys(SIZES)) {
      const value = hexOf(digits, SIZES[algorithm] ?? 0);
      if (value !== "") return { algorithm, value };
    }
  const algorithm = (label ?? /^[^:]*(?=:)/.exec(labelled.trim())?.[0] ?? "")
    .toLowerCase()
    .replace("-", "");
  const size = Object.hasOwn(SIZES, algorithm) ? SIZES[algorithm] : undefined;
  return size === undefined ? null : { algorithm, value: hexOf(digits, size) };
}

/** Equal for two forms of one digest. */
export function digestKey(labelled: string): string {
  const found = readDigest(labelled);
  return found === null || found.value === ""
    ? labelled.toLowerCase()
    : `${found.algorithm}:${found.value}`;
}

/** True when bytes have a digest that some program wrote; null when its algorithm is not known here. */
export function hasDigest(bytes: Uint8Array, labelled: string): boolean | null {
  const found = readDigest(labelled);
  return found && hash(found.algorithm, bytes) === found.value;
}

/** False only for two digests of one algorithm that differ. */
export function mayBeSame(a: string | null, b: string | null): boolean {
  const [one, other] = [readDigest(a ?? ""), readDigest(b ?? "")];
  return one?.algorithm !== other?.algorithm || one?.value === other?.value;
}

/** A digest of `size` bytes in hexadecimal; "" when these are not the digits of one. */
function hexOf(digits: string, size: number): string {
  switch (digits.length) {
    case 2 * size:
      return /^[0-9a-f]+$/i.test(digits) ? digits.toLowerCase() : "";
    case Math.ceil((8 * size) / 5):
      return ofBase32(digits).toString("hex");
    case Math.ceil((4 * size) / 3):
      return Buffer.from(digits, "base64").toString("hex");
    default:
      return "";
  }
}

function ofBase32(text: string): Buffer {
  const bytes: number[] = [];
  let [bits, held] = [0, 0];
  for (const letter of text.toUpperCase()) {
    const value = BASE32.indexOf(letter);
    if (value < 0) return Buffer.alloc(0);
    held = ((held << 5) | value) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 0xff);
    }
  }
  return Buffer.from(bytes);
}

function base32(bytes: Uint8Array): string {
  let [text, bits, held] = ["", 0, 0];
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) text += BASE32[(held >> (bits - 5)) & 31];
  }
  return bits === 0 ? text : text + BASE32[(held << (5 - bits)) & 31];
}
