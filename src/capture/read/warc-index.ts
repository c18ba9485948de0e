/** The responses of a WARC file, read once from the first record to the last. What is damaged is passed over and reported. */
import { isPassing } from "../../http/completeness.js";
import { hasDigest } from "../../warc/digest.js";
import { type FoundRecord, readWarc } from "../../warc/reading.js";
import { fieldOf, parseFields, uriOf } from "../../warc/record.js";
import {
  type CapturedResponse,
  capturedResponse,
  damaged,
  lostBefore,
  plainUrl,
} from "./captured-response.js";
import type { WarcFile } from "./files.js";

export interface WarcIndex {
  readonly file: WarcFile;
  /** In the order of the file; URLs as `URL` writes them, without fragment. */
  readonly responses: readonly CapturedResponse[];
  /** The JSON of the options of the crawl, when sitelift made the file; otherwise null. */
  readonly run: string | null;
  /** Date of the first record. */
  readonly date: string;
  /** False for a capture of sitelift whose crawl did not come to its end. */
  readonly ended: boolean;
  /** What could not be read, one sentence each. */
  readonly damages: readonly string[];
}

export async function indexWarc(file: WarcFile): Promise<WarcIndex> {
  let responses: CapturedResponse[] = [];
  let run: string | null = null;
  let info: string | null = null;
  let date = "";
  let ended = false;
  const damages: string[] = [];
  const onDamage = ({ offset, message }: { readonly offset: number; readonly message: string }) =>
    damages.push(`${file.name} is damaged at byte ${offset}: ${message}`);
  for await (const record of readWarc(file.bytes, onDamage)) {
    date ||= fieldOf(record, "warc-date") ?? "";
    const about = aboutCrawl(record);
    if (run === null && about.has("sitelift-run")) {
      run = about.get("sitelift-run") ?? null;
      info = fieldOf(record, "warc-record-id");
    }
    // After a damage, records of a capture that was itself captured may come to light.
    const isOfOther = (fieldOf(record, "warc-warcinfo-id") ?? info) !== info;
    if (damages.length > 0 && info !== null && isOfOther) continue;
    if (about.has("sitelift-end")) ended = true;
    // A resumed crawl requested these again.
    if (about.has("sitelift-resumes"))
      responses = responses.filter(
        ({ kind, status }) => kind !== "failure" && !isPassing(status) && status < 500,
      );
    const ours = run !== null;
    const isTrue = hasItsDigest(record, ours);
    if (!isTrue) onDamage({ ...record, message: "the block does not match its digest" });
    const found = withPlainUrl(capturedResponse(record, file, ours));
    if (found !== null) responses.push(isTrue ? found : damaged(found));
    else if (ours) {
      const last = responses.at(-1);
      const lost = withPlainUrl(lostBefore(record, last, file));
      if (lost === null) continue;
      onDamage({ ...record, message: `the response of ${lost.url} is missing, or is another one` });
      // Nothing says which of the two URLs is the true one.
      if (last?.id === lost.id) responses[responses.length - 1] = damaged(last);
      responses.push(lost);
    }
  }
  return { file, responses, run, date, ended, damages };
}

/**
 * Programs differ in what they take for a payload; a block is what the record holds. Only wget gives a
 * revisit the digest of the block that it left out.
 */
function hasItsDigest(record: FoundRecord, ours: boolean): boolean {
  if (!ours && fieldOf(record, "warc-type") === "revisit") return true;
  const digest = fieldOf(record, "warc-block-digest");
  const isHeld = record.size === record.block.length;
  return digest === null || !isHeld || hasDigest(record.block, digest) !== false;
}

/** Lines of a record about the crawl as a whole. */
function aboutCrawl(record: FoundRecord): Map<string, string> {
  const type = fieldOf(record, "warc-type");
  const isAbout =
    type === "warcinfo" || (type === "metadata" && uriOf(record, "warc-target-uri") === null);
  return new Map(isAbout ? parseFields(Buffer.from(record.block).toString("utf8")) : []);
}

function withPlainUrl(response: CapturedResponse | null): CapturedResponse | null {
  const url = response === null ? null : plainUrl(response.url);
  return response === null || url === null ? null : { ...response, url };
}

export function groupByUrl(
  responses: readonly CapturedResponse[],
): Map<string, CapturedResponse[]> {
  const groups = new Map<string, CapturedResponse[]>();
  for (const response of responses) {
    const group = groups.get(response.url);
    if (group === undefined) groups.set(response.url, [response]);
    else group.push(response);
  }
  return groups;
}
