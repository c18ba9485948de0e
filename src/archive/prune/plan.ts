/**
 * What of the captures that go must stay, so that nothing dangles and nothing is lost: responses that revisits of kept
 * captures repeat, and of each URL the newest page, else the newest response, where the next capture that is kept has none.
 */
import { join } from "node:path";
import { CAPTURE_FILES, CAPTURES, captureNames, indexLines } from "../../capture/layout.js";
import type { Disk } from "../../disk/disk.js";
import { hashFile, readJson } from "../../disk/read.js";
import { CliError, EXIT } from "../../error.js";
import { type CaptureAccount, captureAccount } from "../../schema/capture.js";
import { fingerprint } from "../../url/digest.js";
import { openBytes } from "../../warc/bytes.js";
import { type CdxjLine, REVISIT, requestedUrl } from "../../warc/cdxj.js";
import { readRecord, WarcDamage } from "../../warc/reading.js";
import { fieldOf } from "../../warc/record.js";

/** A finished capture. */
export interface StoredCapture {
  readonly name: string;
  readonly account: CaptureAccount;
  readonly files: readonly string[];
  /** Bytes of all of them. */
  readonly bytes: number;
}

/** What is moved out of a capture: lines of its index by the place of their records. */
export interface Move {
  readonly from: StoredCapture;
  readonly to: StoredCapture;
  readonly lines: ReadonlyMap<number, CdxjLine>;
}

const OURS: readonly string[] = Object.values(CAPTURE_FILES);

/**
 * The captures of an archive, oldest first.
 *
 * @throws {CliError} when one was interrupted, is damaged, or holds a file of somebody else
 */
export async function storedCaptures(root: string, disk: Disk): Promise<StoredCapture[]> {
  const found: StoredCapture[] = [];
  for (const name of await captureNames(root, disk)) {
    const path = `${CAPTURES}/${name}`;
    const files = await disk.readdir(join(root, path));
    const other = files.find((file) => !OURS.includes(file));
    if (other !== undefined)
      throw new CliError(`${path}/${other} is not a file of a capture`, {
        hint: "Move it out of the archive; sitelift did not write it.",
      });
    if (!files.includes(CAPTURE_FILES.account))
      throw new CliError(`${path} was interrupted, and may still be resumed`, {
        exitCode: EXIT.incomplete,
        hint: "Run the crawl again, which resumes or closes it, and prune after that.",
      });
    const sizes = await Promise.all(
      files.map(async (file) => (await disk.lstat(join(root, path, file))).size),
    );
    const { value: account } = await readJson(
      join(root, path, CAPTURE_FILES.account),
      captureAccount,
      disk,
    );
    if (account === undefined) throw damaged(`${path}/${CAPTURE_FILES.account}`);
    const size = (file: string) => sizes[files.indexOf(file)];
    for (const { path: file, bytes, sha256 } of account.files) {
      const isData = file === CAPTURE_FILES.data;
      // The large file is compared when it is copied.
      const isIt =
        size(file) === bytes &&
        (isData || (await hashFile(join(root, path, file), disk)) === sha256);
      if (!isIt) throw damaged(`${path}/${file}`);
    }
    found.push({ name, account, files, bytes: sizes.reduce((sum, one) => sum + one, 0) });
  }
  return found;
}

export function damaged(path: string): CliError {
  return new CliError(`${path} is damaged, and nothing was removed`, {
    exitCode: EXIT.findings,
    hint: "`sitelift verify` lists every damage, and says what to do.",
  });
}

/** A response that may be needed. */
interface Place {
  readonly capture: string;
  readonly line: CdxjLine;
}

/**
 * What is to be moved into the next capture that is kept.
 *
 * @param captures oldest first
 * @param gone names of those that are removed; never that of the newest
 */
export async function plannedMoves(
  root: string,
  captures: readonly StoredCapture[],
  gone: ReadonlySet<string>,
  disk: Disk,
): Promise<Move[]> {
  const needed = new Map<string, Map<number, CdxjLine>>();
  const need = ({ capture, line }: Place) => {
    const lines = needed.get(capture) ?? new Map<number, CdxjLine>();
    needed.set(capture, lines.set(line.offset, line));
  };
  const originals = new Originals(need);
  /** Of each request the newest response since the last capture that is kept. */
  let newest = new Map<number, Place>();
  for (const capture of captures) {
    const isGone = gone.has(capture.name);
    for await (const line of indexLines(root, capture.name, disk, damaged)) {
      const place = { capture: capture.name, line };
      const key = fingerprint(requestedUrl(line));
      const held = newest.get(key)?.line;
      const isBetter = held === undefined || line.mime === REVISIT || isNotWorse(line, held);
      if (!isGone) {
        if (isBetter) newest.delete(key);
        if (line.mime === REVISIT) originals.want(line);
      } else if (line.mime !== REVISIT) {
        if (isBetter) newest.set(key, place);
        // A crawl from web archives chose among captures of one URL: each may be the one that is replayed.
        if (capture.account.run.archive !== undefined) need(place);
        originals.add(place);
      }
    }
    if (isGone) continue;
    await originals.find(join(root, CAPTURES, capture.name, CAPTURE_FILES.data), disk);
    for (const place of newest.values()) need(place);
    newest = new Map();
  }
  return captures.flatMap((from, at) => {
    const to = captures.slice(at).find(({ name }) => !gone.has(name));
    const lines = needed.get(from.name);
    return lines === undefined || to === undefined ? [] : [{ from, to, lines }];
  });
}

/** A page goes before an error, and what was captured later before what was captured earlier, whichever capture holds it. */
function isNotWorse(line: CdxjLine, held: CdxjLine): boolean {
  const [isPage, wasPage] = [line, held].map(({ status }) => status === 200);
  return isPage === wasPage ? line.date >= held.date : isPage === true;
}

/** Responses of removed captures that revisits may repeat. */
class Originals {
  readonly #need: (place: Place) => void;
  /** By URL and payload, and then by date too. */
  readonly #places = new Map<number, Map<string, Place>>();
  /** Revisits of one capture whose original may be among them. */
  #wanted: CdxjLine[] = [];

  constructor(need: (place: Place) => void) {
    this.#need = need;
  }

  add(place: Place): void {
    const { line } = place;
    const dates = this.#places.get(keyOf(line)) ?? new Map<string, Place>();
    this.#places.set(keyOf(line), dates.set(line.date, place));
  }

  want(line: CdxjLine): void {
    if (this.#places.has(keyOf(line))) this.#wanted.push(line);
  }

  /** Looks up what the revisits name. @param data the WARC file that holds them */
  async find(data: string, disk: Disk): Promise<void> {
    if (this.#wanted.length === 0) return;
    await using bytes = await openBytes(disk.open(data, "read"));
    for (const line of this.#wanted.splice(0)) {
      const dates = this.#places.get(keyOf(line));
      // All that a revisit of this payload can mean is needed already.
      if (dates === undefined) continue;
      const record = await readRecord(bytes, line.offset, line.length).catch((error: unknown) => {
        throw error instanceof WarcDamage ? damaged(data) : error;
      });
      const date = fieldOf(record, "warc-refers-to-date") ?? "";
      const place = dates.get(date);
      if (place === undefined) continue;
      this.#need(place);
      dates.delete(date);
      if (dates.size === 0) this.#places.delete(keyOf(line));
    }
  }
}

function keyOf(line: CdxjLine): number {
  return fingerprint(`${requestedUrl(line)} ${line.digest}`);
}
