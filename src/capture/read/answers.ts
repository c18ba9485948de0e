/** Answers of web archives, as a capture of a crawl from them holds them. */

import type { Disk } from "../../disk/disk.js";
import { FetchError } from "../../http/fetch-error.js";
import type { WireResponse } from "../../http/wire/receive.js";
import { type Bytes, filesOnDemand, GROWING } from "../../warc/bytes.js";
import type { WarcPlace } from "../../warc/cdxj.js";
import type { RevisitTarget } from "../../warc/exchange.js";
import { type FoundRecord, readRecord } from "../../warc/reading.js";
import { fieldOf, uriOf } from "../../warc/record.js";
import { sourceOf } from "./captured-response.js";
import type { RowsOfRun } from "./replay.js";
import type { ResponseTable } from "./response-table.js";
import { damagedHere, responseIn } from "./revisits.js";

/** An answer that is stored: of an archive itself, or a capture that it gave. */
export interface StoredAnswer {
  readonly response: WireResponse;
  /** What the response is a capture of, and when it was made; null for an answer of the archive itself. */
  readonly capture: { readonly url: string; readonly time: string } | null;
}

/** What was asked for: the capture of a URL and time, and the URL that gives it. */
export interface AskedMemento {
  readonly url: string;
  /** 14 digits. */
  readonly time: string;
  readonly source: string;
}

/** A capture that an earlier crawl has stored, and what a revisit of it names. */
export interface EarlierMemento extends StoredAnswer {
  readonly target: RevisitTarget;
}

export interface Answers {
  /**
   * The newest answer to a request; null when there is none.
   *
   * @throws {FetchError} where the request failed, and is not to be made again
   */
  find(url: string): Promise<StoredAnswer | null>;
  /** A capture that an earlier crawl has stored. */
  earlier?(asked: AskedMemento): Promise<EarlierMemento | null>;
}

/** Of a crawl that reads the live web, or asks for everything. */
export const NO_ANSWERS: Answers = { find: async () => null };

/** Answers in the capture that is being written, by this run or one that it resumes: what failed is asked again. */
export function writtenAnswers(
  data: string,
  capture: { answer(url: string): Promise<WarcPlace | null> },
  disk: Disk,
  earlier: (asked: AskedMemento) => Promise<EarlierMemento | null>,
): Answers & { close(): Promise<void> } {
  const files = filesOnDemand((path) => disk.open(path, "read"), GROWING);
  return {
    async find(url) {
      const place = await capture.answer(url);
      return place && readAnswer(await files.of(data), place.offset);
    },
    earlier,
    close: files.close,
  };
}

/** Answers in a capture that is replayed: of its own crawl, else of an earlier one that was moved into it. */
export function replayedAnswers(table: ResponseTable, { isOwn, isMoved }: RowsOfRun): Answers {
  return {
    async find(url) {
      const rows = table.ofRequest(url);
      const row = rows.filter(isOwn).at(-1) ?? rows.filter(isMoved).at(-1);
      if (row === undefined) return null;
      const { file, offset, failure, refersTo } = await table.read(row);
      if (failure !== null) throw new FetchError(failure.reason);
      if (refersTo === null) return readAnswer(file.bytes, offset);
      // A capture that an earlier crawl has stored.
      const original = table.byId(refersTo.id ?? "");
      if (original === undefined)
        throw new FetchError(
          `the capture repeats the record ${refersTo.id}, which no capture given here holds`,
        );
      const held = await table.read(original);
      return readAnswer(held.file.bytes, held.offset);
    },
  };
}

async function readAnswer(bytes: Bytes, offset: number): Promise<StoredAnswer> {
  return answerIn(await readRecord(bytes, offset).catch(damagedHere));
}

export function answerIn(record: FoundRecord): StoredAnswer {
  const url = uriOf(record, "warc-target-uri") ?? "";
  const time = fieldOf(record, "warc-date") ?? "";
  // A record of another program, as it was.
  const isOurs = fieldOf(record, "warc-source-range") === null;
  const capture = sourceOf(record) === null ? null : { url, time };
  return { response: responseIn(record, isOurs), capture };
}
