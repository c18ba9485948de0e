/** Digests of texts and bytes. Pure. */
import { hash } from "node:crypto";

/** SHA-256 of text as UTF-8 or of bytes, in base64. */
export function digest(content: string | Uint8Array): string {
  return hash("sha256", content, "base64");
}

/**
 * A whole number in the place of a URL or other words, where a crawl keeps one for every article: 52 bits of
 * the SHA-256, which a number holds exactly. Two of 100,000 texts share one with a chance of one in a million:
 * nothing that would be lost by that is known by its fingerprint alone.
 */
export function fingerprint(text: string | Uint8Array): number {
  return Number.parseInt(hash("sha256", text).slice(0, 13), 16);
}
