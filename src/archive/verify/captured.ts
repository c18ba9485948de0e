/** What packages of captures, and WARC files by themselves, hold: records, their index, and the pages that a viewer offers. */
import { basename } from "node:path";
import { type WarcFile, warcsIn } from "../../capture/read/files.js";
import { count, parseJson } from "../../text.js";
import type { Bytes } from "../../warc/bytes.js";
import { readRecord } from "../../warc/reading.js";
import { isUnreadWarc, unreadReason } from "../../warc/unread.js";
import { contentOf, newRoom } from "../../warc/zip.js";
import { DESCRIPTION, type Package } from "./descriptions.js";
import { checkIndexes } from "./index-lines.js";
import { isThere, type Report } from "./inquiry.js";
import type { KnownResponses } from "./known-responses.js";
import { linesOf, type Member } from "./members.js";
import { isModestJson } from "./modest-json.js";
import {
  checkRevisits,
  knownResponses,
  readResponses,
  reportDamages,
  type WarcCheck,
} from "./responses.js";

const PAGES = "pages/pages.jsonl";
const INDEX = /^indexes\/[^/]+\.cdxj?(?:\.gz)?$/;

const readAgain = ({ bytes }: WarcFile, offset: number, length?: number) =>
  readRecord(bytes, offset, length);

/** @returns every response of the package */
export async function checkWarcs(
  inside: Package,
  warcs: readonly Member[],
): Promise<KnownResponses> {
  const { files, report, note, foreign, requires } = inside;
  const known = knownResponses(readAgain, foreign ? "foreign package" : "package");
  const check: WarcCheck = { report, note, known, files: [], damages: [] };
  const unread = [...files.keys()].filter(isUnreadWarc);
  for (const path of unread) report("warc", path, unreadReason(path));
  if (warcs.length + unread.length === 0) report("missing", "archive/*.warc.gz", "missing");
  const room = newRoom();
  for (const { path, member } of warcs) {
    const bytes = await contentOf(member, room).catch((error: Error) => {
      report("warc", path, error.message);
      return null;
    });
    if (bytes === null) continue;
    await readResponses(check, { name: path, bytes });
  }
  const elsewhere = await checkRevisits(check, requires.length + unread.length > 0);
  if (elsewhere > 0)
    note(
      DESCRIPTION,
      `${count(elsewhere, "revisit")} of what is not read here: ${requires.join(", ")}`,
    );
  const [first, ...others] = [...files.values()]
    .filter(({ path }) => INDEX.test(path))
    .map((member) => ({ name: member.path, lines: indexLines(report, member) }));
  if (first === undefined) report("missing", "indexes/index.cdx", "missing");
  else {
    const names = new Set(unread.map((path) => basename(path)));
    await checkIndexes(check, [first, ...others], (one) => names.has(one));
  }
  reportDamages(check);
  return known;
}

async function* indexLines(report: Report, member: Member) {
  try {
    yield* linesOf(member);
  } catch (error) {
    report("index", member.path, `cannot be read: ${(error as Error).message}`);
  }
}

/** The pages that a viewer offers: for each of the first list, the package has a response. */
export async function checkPages(inside: Package, known: KnownResponses): Promise<void> {
  const { files, report } = inside;
  isThere(inside, PAGES);
  for (const member of files.values()) {
    if (!/^pages\/[^/]+\.jsonl$/.test(member.path)) continue;
    // What a crawler adds in other lists it need not have got.
    const isHeld =
      member.path === PAGES && inside.requires.length === 0 && ![...files.keys()].some(isUnreadWarc)
        ? (url: string) => known.hasUrl(url)
        : () => true;
    try {
      await checkPageLines(inside, member, isHeld);
    } catch (error) {
      report("page", member.path, `cannot be read: ${(error as Error).message}`);
    }
  }
}

async function checkPageLines(
  { report, foreign }: Package,
  member: Member,
  isHeld: (url: string) => boolean,
): Promise<void> {
  for await (const { number, text, isCut } of linesOf(member)) {
    const where = `${member.path}:${number}`;
    // Some programs put the whole text of a page in its line.
    if (isCut) {
      report("page", where, "the line is longer than 1 MB, and is not read");
      continue;
    }
    const line = (isModestJson(text) ? parseJson(text.replace(/^\ufeff/, "")) : undefined) as
      | { format?: unknown; url?: unknown; ts?: unknown }
      | undefined;
    const isTime = typeof line?.ts === "string" || (foreign && typeof line?.ts === "number");
    if (number === 1) {
      if (line?.format !== "json-pages-1.0")
        report("page", where, "expected a first line with the format json-pages-1.0");
    } else if (typeof line?.url !== "string" || !isTime) {
      if (!foreign || text.trim() !== "") report("page", where, "expected a page with url and ts");
    } else if (!isHeld(line.url))
      report("page", where, `the package has no response for ${line.url}`);
  }
}

/**
 * Checks a WARC file by itself: every record whole and true to its digests. Revisits may repeat what is in other files.
 *
 * @returns null when it is not one
 * @throws {CliError} when it is one of a kind that is not read
 */
export async function checkWarcFile(
  { report, notes }: { readonly report: Report; readonly notes: string[] },
  path: string,
  name: string,
  bytes: Bytes,
) {
  const note = (place: string, message: string) => notes.push(`${place}: ${message}`);
  const known = knownResponses(readAgain, "foreign package");
  const check: WarcCheck = { report, note, known, files: [], damages: [] };
  const isZip = Buffer.from(await bytes.read(0, 2)).toString("latin1") === "PK";
  const files = isZip ? null : await warcsIn(path, name, bytes, notes);
  if (files === null) return null;
  for (const file of files) await readResponses(check, file);
  const elsewhere = await checkRevisits(check, true);
  if (elsewhere > 0)
    note(name, `${count(elsewhere, "revisit")} of responses that are in no record of this file`);
  reportDamages(check);
  return { files: 1, captures: 1, answers: known.size };
}
