/** WARC and WACZ files of one's own, answered as a web archive is: an index of what they hold, and its replay. */
import { indexFiles } from "../capture/read/cdxj-index.js";
import { openFiles } from "../capture/read/files.js";
import { ResponseTable } from "../capture/read/response-table.js";
import { responseOf } from "../capture/read/revisits.js";
import type { Clock } from "../http/clock.js";
import { FetchError } from "../http/fetch-error.js";
import { decodeBody } from "../http/wire/decode.js";
import { DEFAULT_LIMITS } from "../http/wire/limits.js";
import type { WireResponse } from "../http/wire/receive.js";
import { byCodeUnits, gather } from "../text.js";
import { REVISIT } from "../warc/cdxj.js";
import { digitsOf, isoOf } from "../warc/date.js";
import { WarcDamage } from "../warc/reading.js";
import { headText } from "../warc/record.js";
import type { ArchiveWire } from "./ask.js";
import { indexKey } from "./holdings.js";
import { filesPath } from "./known-archives.js";
import { replayed } from "./rows.js";

/** A capture in a file. */
interface Held {
  readonly url: string;
  /** 14 digits. */
  readonly time: string;
  readonly status: number;
  readonly mime: string;
  readonly row: number;
}

interface Opened {
  readonly table: ResponseTable;
  /** By the keys of their URLs, in the order of these. */
  readonly held: ReadonlyMap<string, readonly Held[]>;
  close(): Promise<void>;
}

/** Opens the files when something is asked first. @param base of the archive */
export function filesWire(
  base: string,
  clock: Clock,
  warn: (message: string) => void,
): ArchiveWire {
  let opened: Promise<Opened> | null = null;
  return {
    async get(url) {
      opened ??= open(filesPath(base), warn);
      const files = await opened;
      const asked = replayed(url);
      const response =
        asked === null ? list(files, url) : await replay(files, asked).catch(refused);
      const start = `HTTP/1.1 ${response.status} `;
      const traffic = {
        startedAt: clock.now(),
        address: null,
        request: Buffer.from(`GET ${url} HTTP/1.1\r\n\r\n`),
        response: Buffer.from(headText(start, Object.entries(response.headers))),
      };
      return { ...response, traffic };
    },
    close: async () => (await opened?.catch(() => null))?.close(),
  };
}

/** @throws {FetchError} for a record that cannot be read */
function refused(error: unknown): never {
  if (error instanceof WarcDamage)
    throw new FetchError(`the file is damaged here: ${error.message}`, { cause: error });
  throw error;
}

/** @throws {CliError} when the path leads to no file that can be read */
async function open(path: string, warn: (message: string) => void): Promise<Opened> {
  const { files, notes, close } = await openFiles([path]);
  for (const note of notes) warn(note);
  const table = new ResponseTable();
  let urls: ReadonlyMap<number, string>;
  try {
    urls = await indexFiles(path, files, table, warn);
  } catch (error) {
    await close();
    throw error;
  }
  const held = new Map<string, Held[]>();
  for (const rows of table.urls()) {
    const known = rows.filter((row) => !/^(?:damage|failure)$/.test(table.at(row).kind));
    const [row] = known;
    const url = row === undefined ? null : (urls.get(row) ?? (await urlOf(table, known)));
    if (url === null) continue;
    const key = indexKey(url);
    for (const row of known) {
      const { kind, status, time, isPage } = table.at(row);
      const mime = kind === "revisit" ? REVISIT : isPage ? "text/html" : "";
      gather(held, key, { url, time: String(time), status, mime, row });
    }
  }
  return { table, held: new Map([...held].sort(([a], [b]) => byCodeUnits(a, b))), close };
}

async function urlOf(table: ResponseTable, rows: readonly number[]): Promise<string | null> {
  for (const row of rows) {
    const captured = await table.read(row).catch(() => null);
    if (captured !== null) return captured.url;
  }
  return null;
}

/** A JSON object a line, as pywb has it. */
function list({ held }: Opened, asked: string): WireResponse {
  const { searchParams } = new URL(asked);
  const url = searchParams.get("url") ?? "";
  const [key, isPrefix] = [indexKey(url), searchParams.get("matchType") === "prefix"];
  const begin = url.endsWith("/") && !key.endsWith("/") ? `${key}/` : key;
  const found = isPrefix
    ? [...held].flatMap(([one, all]) => (one.startsWith(begin) ? all : []))
    : (held.get(key) ?? []);
  const lines = found.map(({ url, time, status, mime }) =>
    JSON.stringify({ url, timestamp: time, status: String(status), mime }),
  );
  const headers = { "content-type": "application/x-ndjson" };
  return { status: 200, headers, body: Buffer.from(lines.join("\n")), whole: true };
}

async function replay(
  { table, held }: Opened,
  { url, time }: { readonly url: string; readonly time: string },
): Promise<WireResponse> {
  const found = held.get(indexKey(url))?.filter((one) => one.time === time) ?? [];
  const one = found.find((capture) => capture.url === url) ?? found[0];
  if (one === undefined) return { status: 404, headers: {}, body: new Uint8Array(), whole: true };
  const record = await table.read(one.row);
  if (record.url !== one.url || digitsOf(record.date) !== time)
    throw new FetchError(
      `the CDXJ beside the file is wrong: the record there is one of ${record.url}, ${record.date}; remove it, or make it anew`,
    );
  const { status, headers, body, whole } = await responseOf(record, table);
  const { "content-encoding": coding, "content-length": _, ...others } = headers;
  const plain = decodeBody(body, coding, DEFAULT_LIMITS.decodedBytes);
  const own = Object.entries(others).map(([name, value]) => [`x-archive-orig-${name}`, value]);
  // A record that holds less than was sent says so in its own way; a replay says it by the length.
  const length = String(whole ? plain.length : plain.length + 1);
  return {
    status,
    headers: {
      ...Object.fromEntries(own),
      ...(headers["content-type"] === undefined ? {} : { "content-type": headers["content-type"] }),
      "memento-datetime": new Date(isoOf(time)).toUTCString(),
      "x-archive-orig-content-length": length,
    },
    body: plain,
    whole: true,
  };
}
