/** Closes the books of a run: the files of an archive that follow from its entries and its ledger. */

import type { Outcome } from "../../model.js";
import { urlKey } from "../../url.js";
import { FILES } from "../layout.js";
import type { IndexedEntry, Run } from "../nouns.js";
import { redirectsCsv } from "../redirects.js";
import type { ClosingAccount } from "./account.js";
import { renderAccount } from "./account-markdown.js";
import type { Finish } from "./link.js";
import type { Calculation } from "./plan.js";

/** @param entries all that the archive will hold */
export function closeBooks(
  site: string,
  run: Run,
  { ledger }: Calculation,
  finished: Finish,
  entries: readonly IndexedEntry[],
): { readonly account: ClosingAccount; readonly texts: ReadonlyMap<string, string> } {
  const paths = new Map(finished.entries.map(({ id, path }) => [id, path]));
  const known = new Map(entries.map((entry) => [entry.id, entry]));
  // A row may have named an address that leads to an entry and is none of its own.
  const listed = new Map<string, string[]>();
  for (const { url, entry } of ledger)
    if (entry !== undefined) {
      const urls = listed.get(entry);
      if (urls === undefined) listed.set(entry, [url]);
      else urls.push(url);
    }
  const redirects = redirectsCsv(
    entries.map(({ id, sourceUrl, aliases }) => ({
      path: paths.get(id) ?? "",
      sourceUrl,
      aliases: [...aliases, ...(listed.get(id) ?? [])],
    })),
  );
  const account = finished.closing.account({
    site,
    complete: run.complete,
    gaps: run.gaps ?? [],
    drift: run.drift ?? [],
    notes: run.notes ?? [],
    unmatched: run.unmatched ?? [],
    ignoredRobots: run.ignoredRobots ?? false,
    ledger,
    links: finished.links,
    fragments: finished.fragments,
    translations: finished.translations,
    mediaFiles: finished.media.values(),
    redirects: redirects.split("\r\n").length - 2,
    unknownOverrides: unknown(run.unusedOverrides ?? [], entries, ledger),
  });
  const nameOf = (id: string) => {
    const entry = known.get(id);
    return entry === undefined ? null : { title: entry.title, path: paths.get(id) ?? "" };
  };
  return {
    account,
    texts: new Map([
      [FILES.redirects, redirects],
      [FILES.account, `${JSON.stringify(account, null, 2)}\n`],
      [FILES.accountText, renderAccount(account, nameOf)],
      ...(run.health == null
        ? []
        : [[FILES.health, `${JSON.stringify(run.health, null, 2)}\n`] as const]),
    ]),
  };
}

/** Overrides that name neither an entry nor a line of the ledger: what a run did not read may still be there. */
function unknown(
  unused: readonly string[],
  entries: readonly IndexedEntry[],
  ledger: readonly Outcome[],
): string[] {
  if (unused.length === 0) return [];
  const known = new Set<string>();
  for (const { id, sourceUrl, aliases } of entries)
    for (const address of [sourceUrl, ...aliases])
      known.add(id).add(urlKey(address)).add(pathOf(address));
  for (const { url } of ledger) known.add(urlKey(url)).add(pathOf(url));
  return unused.filter((about) => !known.has(about) && !known.has(urlKey(about)));
}

function pathOf(address: string): string {
  if (!URL.canParse(address)) return address;
  const { pathname, search, hash } = new URL(address);
  return pathname + search + hash;
}
