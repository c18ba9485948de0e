/** ledger.jsonl, quarantine and redirects.csv against the entries. */

import { join } from "node:path";
import { readText } from "../../disk/read.js";
import type { Outcome } from "../../model.js";
import { checkBalance, countStates, outcomeLine } from "../../schema/ledger.js";
import { byCodeUnits } from "../../text.js";
import { urlKey } from "../../url.js";
import { csvRows } from "../csv.js";
import { FILES } from "../layout.js";
import { FILE_NAMES, recordKeys } from "../quarantine.js";
import { contentPathOf } from "../redirects.js";
import { checkedLines, type Known } from "./entries.js";
import type { Inquiry } from "./findings.js";

/** @returns the ledger's lines */
export async function checkLedger(inquiry: Inquiry, { ids }: Known): Promise<Outcome[]> {
  const { manifest, report } = inquiry;
  const ledger: Outcome[] = [];
  for await (const { at, value } of checkedLines(inquiry, FILES.ledger, outcomeLine)) {
    const last = ledger.at(-1)?.url ?? "";
    if (byCodeUnits(last, value.url) > 0)
      report("not-sorted", at, `${value.url} stands after ${last}`);
    ledger.push(value as Outcome);
  }
  const listed = manifest?.counts.listed ?? ledger.length;
  for (const { code, message } of checkBalance(ledger, listed, ids))
    report(code, FILES.ledger, message);
  for (const [state, count] of Object.entries(countStates(ledger))) {
    const wanted = (manifest?.counts as Record<string, number> | undefined)?.[state] ?? count;
    if (wanted !== count)
      report(
        "ledger-count",
        FILES.ledger,
        `archive.json says ${wanted} ${state}, the ledger ${count}`,
      );
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
    const [, folder] = /^quarantine\/([^/]+)\//.exec(path) ?? [];
    if (folder !== undefined) folders.add(`quarantine/${folder}`);
  }
  for (const folder of folders) {
    const lacking = FILE_NAMES.filter((name) => !files.has(`${folder}/${name}`));
    for (const name of lacking)
      report("quarantine", `${folder}/${name}`, "expected a file, found none");
    if (lacking.includes("record.json")) continue;
    const keys = await recordKeys(join(root, folder, "record.json"), disk);
    const named = keys?.filter((key) => rejected.delete(key)) ?? [];
    if (keys === null) report("quarantine", `${folder}/record.json`, "it is no record");
    else if (named.length === 0)
      report("quarantine", folder, `the ledger has no rejected line for ${keys[0]}`);
  }
  for (const url of rejected.values())
    report("quarantine", FILES.ledger, `${url} was rejected, and quarantine has no record of it`);
  return folders.size;
}

export async function checkRedirects(inquiry: Inquiry, { paths }: Known): Promise<number> {
  const { root, disk, files, report } = inquiry;
  if (!files.has(FILES.redirects)) {
    report("missing", FILES.redirects, "an archive has this file");
    return 0;
  }
  const text = await readText(join(root, FILES.redirects), disk);
  const [, ...rows] = csvRows(text);
  const seen = new Set<string>();
  for (const [at, [old = "", to = "", status, ...more]] of rows.entries()) {
    const where = `${FILES.redirects}:${at + 2}`;
    if (status !== "301" || more.length > 0)
      report("redirect", where, "expected an old path, a new path and 301");
    if (seen.has(old)) report("redirect", where, `${old} has stood before`);
    seen.add(old);
    const target = contentPathOf(to);
    if (target === null || !paths.has(target))
      report("redirect", where, `${old} leads to ${to}, where no entry stands`);
  }
  return rows.length;
}
