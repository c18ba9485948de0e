/** ledger.jsonl, quarantine and redirects.csv against the entries. */
import { join } from "node:path";
import type { Outcome } from "../../model.js";
import { checkBalance, countStates, outcomeLine } from "../../schema/ledger.js";
import { byCodeUnits } from "../../text.js";
import { urlKey } from "../../url/url.js";
import { csvRows } from "../csv.js";
import { FILES } from "../layout.js";
import { FILE_NAMES, recordKeys } from "../quarantine.js";
import { contentPathOf } from "../redirects.js";
import type { KnownEntries } from "./entries.js";
import { checkedLines, type Inquiry, isThere, textOf } from "./inquiry.js";

/** @returns the ledger's lines */
export async function checkLedger(inquiry: Inquiry, { ids }: KnownEntries): Promise<Outcome[]> {
  const { manifest, report } = inquiry;
  const ledger: Outcome[] = [];
  for await (const { at, value } of checkedLines(inquiry, FILES.ledger, outcomeLine)) {
    const last = ledger.at(-1)?.url ?? "";
    // A URL that is there twice is found when the ledger is balanced.
    if (byCodeUnits(last, value.url) > 0)
      report("not-sorted", at, `not sorted: ${value.url} comes after ${last}`);
    ledger.push(value as Outcome);
  }
  const listed = manifest?.counts.listed ?? ledger.length;
  for (const { code, message } of checkBalance(ledger, listed, ids))
    report(code, FILES.ledger, message);
  const counts: Readonly<Record<string, number>> = manifest?.counts ?? {};
  for (const [state, count] of Object.entries(countStates(ledger))) {
    const message = `${state}: ${count} here, ${counts[state]} in ${FILES.manifest}`;
    if ((counts[state] ?? count) !== count) report("ledger-count", FILES.ledger, message);
  }
  return ledger;
}

export async function checkQuarantine(
  inquiry: Inquiry,
  ledger: readonly Outcome[],
): Promise<number> {
  const { root, disk, files, report } = inquiry;
  const rejected = new Map<string, string>();
  for (const { url, state } of ledger) if (state === "rejected") rejected.set(urlKey(url), url);
  const folders = new Set<string>();
  for (const path of files.keys()) {
    const [folder] = /^quarantine\/[^/]+(?=\/)/.exec(path) ?? [];
    if (folder !== undefined) folders.add(folder);
  }
  for (const folder of folders) {
    for (const name of FILE_NAMES)
      if (!files.has(`${folder}/${name}`)) report("quarantine", `${folder}/${name}`, "missing");
    const path = `${folder}/record.json`;
    if (!files.has(path)) continue;
    const keys = await recordKeys(join(root, path), disk);
    const named = keys?.filter((key) => rejected.delete(key)) ?? [];
    if (keys === null) report("quarantine", path, "not a record of a rejected draft");
    else if (named.length === 0)
      report("quarantine", folder, `the ledger has no rejected line for ${keys[0]}`);
  }
  for (const url of rejected.values())
    report("quarantine", FILES.ledger, `${url} was rejected, but quarantine has no record of it`);
  return folders.size;
}

export async function checkRedirects(inquiry: Inquiry, { idAt }: KnownEntries): Promise<number> {
  const { report } = inquiry;
  if (!isThere(inquiry, FILES.redirects)) return 0;
  const [, ...rows] = csvRows(await textOf(inquiry, FILES.redirects));
  const seen = new Set<string>();
  for (const [at, [old = "", to = "", status, ...more]] of rows.entries()) {
    const where = `${FILES.redirects}:${at + 2}`;
    if (status !== "301" || more.length > 0)
      report("redirect", where, "expected an old path, a new path and 301");
    if (seen.has(old)) report("redirect", where, `duplicate path ${old}`);
    seen.add(old);
    const target = contentPathOf(to);
    if (target === null || !idAt.has(target))
      report("redirect", where, `${old} leads to ${to}, which is not an entry`);
  }
  return rows.length;
}
