/** The responses of a WARC file, read once from the first record to the last. What is damaged is passed over and reported. */
import { isPassing } from "../../http/completeness.js";
import { fingerprint } from "../../url/digest.js";
import { postKey } from "../../url/post.js";
import { hasDigest } from "../../warc/digest.js";
import { postIn } from "../../warc/post.js";
import { type FoundRecord, Padding, readWarc, type WarcDamage } from "../../warc/reading.js";
import { fieldOf, linesOf, uriOf } from "../../warc/record.js";
import { MOVED_FROM } from "../layout.js";
import {
  type CapturedResponse,
  capturedResponse,
  lostBefore,
  plainUrl,
  sourceOf,
} from "./captured-response.js";
import type { WarcFile } from "./files.js";
import type { ResponseTable } from "./response-table.js";

export interface WarcIndex {
  readonly file: WarcFile;
  /** Its rows in the table, from the first to the one before the last. */
  readonly rows: readonly [first: number, end: number];
  /** Rows of responses that were moved here from captures that are gone: those from `rows` on to the one before this. */
  readonly movedEnd: number;
  /** The JSON of the options of the crawl, when sitelift made the file; otherwise null. */
  readonly run: string | null;
  /** Date of the first record. */
  readonly date: string;
  /** False for a capture of sitelift whose crawl did not come to its end. */
  readonly ended: boolean;
  /** What could not be read, one sentence each. */
  readonly damages: readonly string[];
  /** What was read although it is not as it should be, and what is not used: one sentence each. */
  readonly notes: readonly string[];
}

/** How many damages of a file are named. */
const NAMED = 100;

/** @param table takes the responses: URLs as `URL` writes them, without fragment */
export async function indexWarc(file: WarcFile, table: ResponseTable): Promise<WarcIndex> {
  const first = table.size;
  let run: string | null = null;
  let date = "";
  let ended = false;
  let resumed = first;
  let moved: number | null = null;
  let last: { readonly response: CapturedResponse; readonly row: number } | null = null;
  const add = (response: CapturedResponse) => {
    const row = table.add(response);
    last = { response, row };
    return row;
  };
  const damages: string[] = [];
  let unnamed = 0;
  const padding: string[] = [];
  const onDamage = (damage: { readonly offset: number; readonly message: string }) => {
    const { offset, message } = damage;
    if (damage instanceof Padding) padding.push(`${file.name} at byte ${offset}: ${message}`);
    else if (damages.length === NAMED) unnamed++;
    else damages.push(`${file.name} is damaged at byte ${offset}: ${message}`);
  };
  const flaws = new Flaws();
  const types = new Map<string, number>();
  /** By the ids of requests that are no GET, and of their responses: the key of a POST, null for any other. */
  const others = new Map<number, string | null>();
  for await (const { record, about } of ownRecords(file, onDamage)) {
    date ||= fieldOf(record, "warc-date") ?? "";
    const type = fieldOf(record, "warc-type") ?? "unknown";
    types.set(type, (types.get(type) ?? 0) + 1);
    if (record.flaw !== null) flaws.add(record.offset, record.flaw);
    run ??= about.get("sitelift-run") ?? null;
    if (about.has(MOVED_FROM)) moved ??= table.size;
    if (about.has("sitelift-end")) ended = true;
    // A resumed crawl requested these again.
    if (about.has("sitelift-resumes"))
      for (; resumed < table.size; resumed++) {
        const { kind, status } = table.at(resumed);
        if (table.isReplayed(resumed)) continue;
        const mayPass = isPassing(status) && kind !== "revisit";
        if (kind === "failure" || mayPass || status >= 500) table.drop(resumed);
      }
    const ours = run !== null;
    const post = postIn(record);
    const key = post === null ? null : postKey({ ...post, url: plainUrl(post.url) ?? post.url });
    if (!ours) for (const id of idsOfOther(record)) others.set(fingerprint(id), key);
    const isTrue = hasItsDigest(record, ours);
    const of = uriOf(record, "warc-target-uri") ?? "about the crawl";
    if (!isTrue) onDamage({ ...record, message: `the record ${of} does not match its digest` });
    const found = withPlainUrl(capturedResponse(record, file, ours));
    if (found !== null) {
      const row = add(found);
      if (!isTrue) table.damage(row);
    } else if (ours) {
      const before = last as { readonly response: CapturedResponse; readonly row: number } | null;
      const lost = withPlainUrl(lostBefore(record, before?.response, file));
      const isOfBefore =
        before !== null && before.response.id === fieldOf(record, "warc-concurrent-to");
      if (key !== null && isOfBefore) table.name(before.row, key);
      if (lost === null) continue;
      onDamage({ ...record, message: `the response of ${lost.url} is missing, or is another one` });
      // Nothing says which of the two URLs is the true one.
      if (before?.response.id === lost.id) table.damage(before.row);
      const row = add(lost);
      if (key !== null) table.name(row, key);
    }
  }
  if (unnamed > 0) damages.push(`${file.name} has ${unnamed} more damages`);
  const dropped = others.size === 0 ? 0 : nameOthers(table, first, others);
  const notes = [
    ...flaws.notes(file.name),
    ...padding,
    ...(table.size > first || types.size === 0
      ? []
      : [
          `${file.name} holds no response: its records are ${[...types].map(([type, n]) => `${n} ${type}`).join(", ")}`,
        ]),
    ...(dropped === 0
      ? []
      : [`${file.name}: ${dropped} responses to requests other than GET and POST are not used`]),
  ];
  const rows = [first, moved ?? table.size] as const;
  return { file, rows, movedEnd: table.size, run, date, ended, damages, notes };
}

/**
 * Records of a file, and what each says about the crawl as a whole. After a damage, records of a capture that was itself
 * captured may come to light: they are passed over.
 *
 * @param onDamage called with each damage, before the next record
 */
export async function* ownRecords(file: WarcFile, onDamage: (damage: WarcDamage) => void) {
  let info: string | null = null;
  let [isDamaged, isMoved] = [false, false];
  const damaged = (damage: WarcDamage) => {
    isDamaged = true;
    onDamage(damage);
  };
  for await (const record of readWarc(file.bytes, damaged)) {
    const about = aboutCrawl(record);
    if (about.has("sitelift-run")) info ??= fieldOf(record, "warc-record-id");
    // A record of Common Crawl is one of this capture, and names the file that it came from.
    const isOfOther =
      (fieldOf(record, "warc-warcinfo-id") ?? info) !== info && sourceOf(record) === null;
    if (isDamaged && info !== null && isOfOther && !isMoved) continue;
    isMoved ||= about.has(MOVED_FROM);
    yield { record, about };
  }
}

/** What is wrong with the frames of records, the first of each kind. */
class Flaws {
  readonly #found = new Map<
    string,
    { count: number; readonly offset: number; readonly flaw: string }
  >();

  add(offset: number, flaw: string): void {
    const kind = flaw.replace(/\d+/g, "n");
    const known = this.#found.get(kind);
    if (known === undefined) this.#found.set(kind, { count: 1, offset, flaw });
    else known.count++;
  }

  notes(name: string): string[] {
    return [...this.#found.values()].map(
      ({ count, offset, flaw }) =>
        `${name} at byte ${offset}${count === 1 ? "" : ` and in ${count - 1} more places`}: ${flaw}; it is read all the same`,
    );
  }
}

/** Ids of a request that is not a GET, and of the response that it names. */
function idsOfOther(record: FoundRecord): string[] {
  if (fieldOf(record, "warc-type") !== "request") return [];
  const line = Buffer.from(record.block.subarray(0, 16)).toString("latin1");
  if (!/^[A-Z]+ /.test(line) || line.startsWith("GET ")) return [];
  return ["warc-record-id", "warc-concurrent-to"].flatMap((name) => fieldOf(record, name) ?? []);
}

/** Names the responses to a POST by their requests. @returns how many responses are to neither a GET nor a POST: they are dropped */
function nameOthers(
  table: ResponseTable,
  first: number,
  keys: ReadonlyMap<number, string | null>,
): number {
  let dropped = 0;
  for (let row = first; row < table.size; row++) {
    const key = table.requestOf(row, keys);
    if (key === undefined) continue;
    if (key !== null) table.name(row, key);
    else {
      table.drop(row);
      dropped++;
    }
  }
  return dropped;
}

/**
 * Programs differ in what they take for a payload; a block is what the record holds. Only wget gives a
 * revisit the digest of the block that it left out.
 */
function hasItsDigest(record: FoundRecord, ours: boolean): boolean {
  if (!ours && fieldOf(record, "warc-type") === "revisit") return true;
  const digest = fieldOf(record, "warc-block-digest");
  const isHeld = record.size === record.block.length;
  // Of a record whose length is wrong, nobody knows what its program took the digest of.
  if (digest === null || !isHeld || (!ours && record.flaw !== null)) return true;
  return hasDigest(record.block, digest) !== false;
}

const NOTHING: ReadonlyMap<string, string> = new Map();

/** Lines of a record about the crawl as a whole. */
function aboutCrawl(record: FoundRecord): ReadonlyMap<string, string> {
  const type = fieldOf(record, "warc-type");
  const isAbout =
    type === "warcinfo" || (type === "metadata" && uriOf(record, "warc-target-uri") === null);
  return isAbout ? linesOf(record) : NOTHING;
}

function withPlainUrl(response: CapturedResponse | null): CapturedResponse | null {
  const url = response === null ? null : plainUrl(response.url);
  return response === null || url === null ? null : { ...response, url };
}
