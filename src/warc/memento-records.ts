/** The records of captures of web archives. Pure; ids are parameters. */
import { STATUS_CODES } from "node:http";
import { warcDate } from "./date.js";
import { sha1, sha256 } from "./digest.js";
import type { ReplayedCapture, RevisitTarget } from "./exchange.js";
import {
  HTTP_RESPONSE,
  headOf,
  type Kept,
  linesRecord,
  mimeOf,
  receivedLines,
  revisitFields,
  TRUNCATED,
  timeLine,
} from "./fields.js";
import { parseHttp, statusOf } from "./http.js";
import { type Field, makeRecord } from "./record.js";

/**
 * Makes the records of a capture of a web archive: its response under its own URL and time, with the URL of the replay
 * as WARC-Source-URI (as cdx_toolkit writes it), and what the archive said of it. A record that the archive gave is kept as it is. There is no request record: what
 * was requested is another URL.
 *
 * @param ids of the response and the metadata
 */
export function replayedRecords(
  capture: ReplayedCapture,
  [id, metadataId]: readonly [response: string, metadata: string],
  info: string,
): Kept {
  const { url, time: date, source, status, headers, whole, record } = capture;
  const body =
    record === undefined ? capture.body : (parseHttp(record.block)?.body ?? record.block);
  const digest = sha1(body);
  const own = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    "",
    "",
  ].join("\r\n");
  const response =
    record === undefined
      ? makeRecord(
          [
            ...headOf("response", { id, date, url, info }),
            ["WARC-Source-URI", source],
            ...(whole ? [] : [TRUNCATED]),
            ["WARC-Payload-Digest", digest],
            HTTP_RESPONSE,
          ],
          Buffer.concat([Buffer.from(own, "latin1"), body]),
        )
      : { ...record, fields: [...record.fields, ...sourceFields(source)] };
  const lines: Field[] = [
    ["replayedFrom", source],
    ["replayedAt", warcDate(capture.startedAt)],
    timeLine(capture),
    ...receivedLines(capture.head),
  ];
  const about = { id: metadataId, date, url, info };
  const metadata = linesRecord("metadata", about, lines, [["WARC-Concurrent-To", id]]);
  const mime = mimeOf(headers["content-type"]);
  const kept = { status, mime, digest, sha256: sha256(body) };
  return { records: [response, metadata], type: "response", ...kept };
}

/** Makes the record of a capture of a web archive that an earlier crawl has stored. @param source as in a `ReplayedCapture` */
export function repeatedRecords(
  { source, target }: { readonly source: string; readonly target: RevisitTarget },
  id: string,
  info: string,
): Kept {
  const { url, date, digest, sha256, head } = target;
  const message = parseHttp(head);
  const record = makeRecord(
    [
      ...headOf("revisit", { id, date, url, info }),
      ...revisitFields(200, target),
      ...sourceFields(source),
      ["WARC-Payload-Digest", digest],
      HTTP_RESPONSE,
    ],
    head,
  );
  const status = (message === null ? null : statusOf(message)) ?? 0;
  return { records: [record], type: "revisit", status, mime: "warc/revisit", digest, sha256 };
}

/** Where a record of Common Crawl was, as cdx_toolkit says it. */
function sourceFields(source: string): Field[] {
  const [uri = "", range] = source.split(/#(?=bytes=\d+-\d+$)/);
  return [
    ["WARC-Source-URI", uri],
    ...(range === undefined ? [] : [["WARC-Source-Range", range] as const]),
  ];
}
