/** What WARC files hold: every answer by its place, read once from the first record to the last. */
import { headersOf, parseHttp, statusOf } from "../../warc/http.js";
import { type FoundRecord, readWarc, WarcDamage } from "../../warc/reading.js";
import { addressOf, fieldOf, parseFields } from "../../warc/record.js";
import type { WarcFile } from "./files.js";

/** One answer of a capture, or the lack of one. */
export interface Held {
  readonly kind: "response" | "resource" | "revisit" | "loss";
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
  /** Why the rest of the file could not be read; null when it could. */
  readonly damage: string | null;
}

/** Statuses that a crawl which was cut off is to ask for again. */
const MAY_PASS = (status: number) => status === 408 || status === 429 || status >= 500;

/** Reads a file to its end, or to its first damage. */
export async function scanFile(file: WarcFile): Promise<Scan> {
  let held: Held[] = [];
  let [run, date, ended, damage]: [string | null, string, boolean, string | null] = [
    null,
    "",
    false,
    null,
  ];
  try {
    for await (const record of readWarc(file.bytes)) {
      date ||= fieldOf(record, "warc-date") ?? "";
      const about = aboutCrawl(record);
      run ??= about.get("sitelift-run") ?? null;
      if (about.has("sitelift-end")) ended = true;
      // A crawl that was taken up again asked for these once more.
      if (about.has("sitelift-resumes"))
        held = held.filter(({ kind, status }) => kind !== "loss" && !MAY_PASS(status));
      const one = heldOf(record, file, run !== null);
      if (one !== null) held.push(one);
    }
  } catch (error) {
    if (!(error instanceof WarcDamage)) throw error;
    damage = `${file.name} is damaged at byte ${error.offset}: ${error.message}`;
  }
  return { file, held, run, date, ended, damage };
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

function heldOf(record: FoundRecord, file: WarcFile, ours: boolean): Held | null {
  const target = addressOf(record, "warc-target-uri");
  const url = target === null ? null : plainAddress(target);
  if (url === null) return null;
  const common = {
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
