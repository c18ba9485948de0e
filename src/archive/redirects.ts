/** redirects.csv: from each old URL to a content file of the archive. */
import type { Outcome } from "../model.js";
import { byCodeUnits, gather, percentDecode } from "../text.js";
import { csvLine } from "./csv.js";
import type { ArchivedEntry } from "./nouns.js";

const HEADER = ["old path", "new path", "status"] as const;

/**
 * The text of redirects.csv (RFC 4180, sorted). An old path is path and query of the canonical URL or of an
 * alias; where the same path belongs to different entries on different hosts, each is written as a whole URL.
 * The new path is that of the content file without `.md`, percent-encoded. A URL with a fragment is left out:
 * servers never see fragments.
 *
 * @param ledger a row may have named a URL that redirects to an entry and is not one of its own
 */
export function redirectsOf(
  entries: Iterable<Pick<ArchivedEntry, "id" | "path" | "sourceUrl" | "aliases">>,
  ledger: readonly Pick<Outcome, "url" | "entry">[],
): string {
  const listed = new Map<string, string[]>();
  for (const { url, entry } of ledger) if (entry !== undefined) gather(listed, entry, url);
  const leads = new Map<string, Map<string, string>>();
  for (const { id, path, sourceUrl, aliases } of entries) {
    const others = [...aliases, ...(listed.get(id) ?? [])];
    // The canonical URL comes last, so it wins over an alias of another entry.
    for (const [from, isCanonical] of [
      ...others.map((alias) => [alias, false] as const),
      [sourceUrl, true] as const,
    ]) {
      const url = new URL(from);
      if (url.hash !== "") continue;
      const old = url.pathname + url.search;
      const hosts = leads.get(old) ?? new Map<string, string>();
      if (isCanonical || !hosts.has(url.origin)) hosts.set(url.origin, path);
      leads.set(old, hosts);
    }
  }
  const rows: string[][] = [];
  for (const [old, hosts] of leads) {
    const shared = new Set(hosts.values()).size > 1;
    for (const [origin, path] of shared ? hosts : [...hosts].slice(0, 1))
      rows.push([shared ? origin + old : old, newPath(path), "301"]);
  }
  // Every cell begins with a slash, a scheme or a digit, so no spreadsheet takes one for a formula.
  return csvLine(HEADER) + rows.map(csvLine).sort(byCodeUnits).join("");
}

/** The new path of a content file. */
export function newPath(path: string): string {
  return `/${path.replace(/\.md$/, "").split("/").map(encodeURIComponent).join("/")}`;
}

/** The content file of a new path; null when it is not percent-encoded UTF-8. */
export function contentPathOf(newPath: string): string | null {
  const names = newPath
    .slice(1)
    .split("/")
    .map((name) => percentDecode(name, null));
  return names.includes(null) ? null : `${names.join("/")}.md`;
}
