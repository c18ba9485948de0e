/** Who we say we are. */
import { readFileSync } from "node:fs";

/**
 * `sitelift/<version> (+<address for complaints>)`, from package.json. Without an address there,
 * the part in brackets is left out.
 */
export function defaultUserAgent(): string {
  const path = new URL(import.meta.resolve("sitelift/package.json"));
  const { name, version, bugs, homepage } = JSON.parse(readFileSync(path, "utf8")) as {
    name: string;
    version: string;
    bugs?: string | { url?: string; email?: string };
    homepage?: string;
  };
  const contact = typeof bugs === "object" ? (bugs.url ?? bugs.email) : bugs;
  const address = contact ?? homepage;
  return `${name}/${version}${address === undefined ? "" : ` (+${address})`}`;
}

/** The token by which robots.txt names a crawler: the letters in front of the version. */
export function productToken(userAgent: string): string {
  return /^[a-z_-]+/i.exec(userAgent)?.[0] ?? "sitelift";
}
