/** Who we say we are. */
import { readFileSync } from "node:fs";

/** `sitelift/<version> (+<URL for complaints>)`, from package.json. */
export function defaultUserAgent(): string {
  const path = new URL(import.meta.resolve("sitelift/package.json"));
  const { name, version, bugs } = JSON.parse(readFileSync(path, "utf8")) as {
    name: string;
    version: string;
    bugs: string;
  };
  return `${name}/${version} (+${bugs})`;
}

/** The token by which robots.txt names a crawler: the letters in front of the version. */
export function productToken(userAgent: string): string {
  return /^[a-z_-]+/i.exec(userAgent)?.[0] ?? "sitelift";
}
