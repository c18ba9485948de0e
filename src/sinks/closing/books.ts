/** Closes the books of a run: the files of an archive that follow from its entries and its ledger. */
import type { Finish } from "../finish.js";
import { FILES } from "../layout.js";
import type { Calculation } from "../plan.js";
import type { IndexedEntry } from "../previous.js";
import { redirectsCsv } from "../redirects.js";
import type { Run } from "../settle.js";
import type { ClosingAccount } from "./account.js";
import { renderAccount } from "./render.js";

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
  const redirects = redirectsCsv(
    entries.map(({ id, sourceUrl, aliases }) => ({
      path: paths.get(id) ?? "",
      sourceUrl,
      aliases,
    })),
  );
  const account = finished.closing.account({
    site,
    complete: run.complete,
    gaps: run.gaps ?? [],
    drift: run.drift ?? [],
    ledger,
    links: finished.links,
    fragments: finished.fragments,
    translations: finished.translations,
    mediaFiles: finished.media.values(),
    redirects: redirects.split("\r\n").length - 2,
    unknownOverrides: [],
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
    ]),
  };
}
