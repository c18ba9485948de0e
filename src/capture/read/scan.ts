/** What WARC files hold: every answer by its place, read once from the first record to the last. */

import { isPassing } from "../../http/completeness.js";
import { hasDigest } from "../../warc/digest.js";
import { headersOf, parseHttp, statusOf } from "../../warc/http.js";
import { type FoundRecord, readWarc } from "../../warc/reading.js";
import { addressOf, fieldOf, parseFields } from "../../warc/record.js";
import type { WarcFile } from "./files.js";

/** One answer of a capture, or the lack of one: a loss was one when it was captured, a damage came later. */
export interface Held {
  readonly kind: "response" | "resource" | "revisit" | "loss" | "damage";
  /** As `URL` writes it, without fragment. */
  readonly url: string;
  readonly date: string;
  readonly id: string;
  readonly file: WarcFile;
  /** True when sitelift made the file, which keeps what came as it came. */
  readonly ours: boolean;
  readonly offset: number;
  readonly status: number;
  /** Content type as told; null when it is not. */
  readonly type: string | null;
  /** Payload digest as written; null when there is none. */
  readonly digest: string | null;
  /** Of a revisit: what it refers to, as far as it says. */
  readonly refersTo: {
    readonly id: string | null;
    readonly url: string | null;
    readonly date: string | null;
  } | null;
  readonly loss: {
    readonly reason: string;
    readonly state: "failed" | "excluded";
    readonly retry: boolean;
  } | null;
}

/** What one file holds, in the order in which it stands there. */
export interface Scan {
  readonly file: WarcFile;
  readonly held: readonly Held[];
  /** What the crawl was told, when sitelift made the file: the JSON of its run. */
  readonly run: string | null;
  /** Date of the first record. */
  readonly date: string;
  /** False for a capture of sitelift whose crawl never came to its end. */
  readonly ended: boolean;
  /** What could not be read, one sentence each. */
  readonly damages: readonly string[];
}

/** Reads a file to its end. What is damaged is passed over and told. */
export async function scanFile(file: WarcFile): Promise<Scan> {
  let held: Held[] = [];
  let [run, info, date, ended]: [string | null, string | null, string, boolean] = [
    null,
    null,
    "",
    false,
  ];
  const damages: string[] = [];
  const damaged = ({ offset, message }: { readonly offset: number; readonly message: string }) =>
    damages.push(`${file.name} is damaged at byte ${offset}: ${message}`);
  for await (const record of readWarc(file.bytes, damaged)) {
    date ||= fieldOf(record, "warc-date") ?? "";
    const about = aboutCrawl(record);
    if (run === null && about.has("sitelift-run")) {
      run = about.get("sitelift-run") ?? null;
      info = fieldOf(record, "warc-record-id");
    }
    // Behind a damage, records of a capture that was itself captured may come to light.
    const isOfOther = (fieldOf(record, "warc-warcinfo-id") ?? info) !== info;
    if (damages.length > 0 && info !== null && isOfOther) continue;
    if (about.has("sitelift-end")) ended = true;
    // A crawl that was taken up again asked for these once more.
    if (about.has("sitelift-resumes"))
      held = held.filter(
        ({ kind, status }) => kind !== "loss" && !isPassing(status) && status < 500,
      );
    const isTrue = hasItsDigest(record, run !== null);
    if (!isTrue) damaged({ ...record, message: "the block does not have the digest that it says" });
    const one = heldOf(record, file, run !== null);
    if (one !== null) held.push(isTrue ? one : damageOf(one));
    else if (run !== null) {
      const lost = lostBefore(record, held.at(-1), file);
      if (lost === null) continue;
      damaged({ ...record, message: `the answer of ${lost.url} is not there, or another one` });
      const last = held.at(-1);
      // Which of two addresses is the true one cannot be told.
      if (last?.id === lost.id) held[held.length - 1] = damageOf(last);
      held.push(lost);
    }
  }
  return { file, held, run, date, ended, damages };
}

/**
 * Programs differ in what they take for a payload; a block is what stands there. Only wget gives a
 * revisit the digest of the block that it left out.
 */
function hasItsDigest(record: FoundRecord, ours: boolean): boolean {
  if (!ours && fieldOf(record, "warc-type") === "revisit") return true;
  const digest = fieldOf(record, "warc-block-digest");
  return digest === null || !isHeld(record) || hasDigest(record.block, digest) !== false;
}

function isHeld({ size, block }: FoundRecord): boolean {
  return size === block.length;
}

function damageOf(held: Held): Held {
  const reason = "the capture is damaged where its answer stood";
  return { ...held, kind: "damage", loss: { reason, state: "failed", retry: false } };
}

/**
 * In a capture of ours, request and metadata follow their answer and name it: one that follows another
 * answer tells which one is lost.
 */
function lostBefore(record: FoundRecord, last: Held | undefined, file: WarcFile): Held | null {
  const id = fieldOf(record, "warc-concurrent-to");
  const common = commonOf(record, file, true);
  if (id === null || common === null || (last?.id === id && last.url === common.url)) return null;
  return damageOf({ ...common, id, digest: null, kind: "damage", status: 0 });
}

/** Lines of a record that speaks of the crawl as a whole. */
function aboutCrawl(record: FoundRecord): Map<string, string> {
  const type = fieldOf(record, "warc-type");
  if (
    type !== "warcinfo" &&
    !(type === "metadata" && addressOf(record, "warc-target-uri") === null)
  )
    return new Map();
  return new Map(parseFields(Buffer.from(record.block).toString("utf8")));
}

/** What is known of every record; null for one that speaks of no address. */
function commonOf(record: FoundRecord, file: WarcFile, ours: boolean) {
  const target = addressOf(record, "warc-target-uri");
  const url = target === null ? null : plainAddress(target);
  if (url === null) return null;
  return {
    url,
    date: fieldOf(record, "warc-date") ?? "",
    id: fieldOf(record, "warc-record-id") ?? "",
    file,
    ours,
    offset: record.offset,
    digest: fieldOf(record, "warc-payload-digest"),
    type: null,
    refersTo: null,
    loss: null,
  };
}

function heldOf(record: FoundRecord, file: WarcFile, ours: boolean): Held | null {
  const common = isHeld(record) ? commonOf(record, file, ours) : null;
  if (common === null) return null;
  switch (fieldOf(record, "warc-type")) {
    case "response": {
      const message = parseHttp(record.block);
      const status = message === null ? null : statusOf(message);
      if (message === null || status === null) return null;
      const type = headersOf(message.fields)["content-type"] ?? null;
      return { ...common, kind: "response", status, type };
    }
    case "resource":
      return { ...common, kind: "resource", status: 200, type: fieldOf(record, "content-type") };
    case "revisit": {
      const refersTo = {
        id: fieldOf(record, "warc-refers-to"),
        url: addressOf(record, "warc-refers-to-target-uri"),
        date: fieldOf(record, "warc-refers-to-date"),
      };
      const message = parseHttp(record.block);
      const status = (message === null ? null : statusOf(message)) ?? 200;
      return { ...common, kind: "revisit", status, refersTo };
    }
    case "metadata": {
      const lines = new Map(parseFields(Buffer.from(record.block).toString("utf8")));
      const reason = lines.get("fetchFailed");
      if (reason === undefined) return null;
      const state = lines.get("fetchState") === "excluded" ? "excluded" : "failed";
      const loss = { reason, state, retry: lines.get("fetchRetry") === "true" } as const;
      return { ...common, kind: "loss", status: 0, loss };
    }
    default:
      return null;
  }
}

/** Address in the form in which it is asked for; null for what no crawl asks for. */
export function plainAddress(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  if (url.protocol !== "http:" && url.protocol !== "https:") return null;
  url.hash = "";
  return url.href;
}
