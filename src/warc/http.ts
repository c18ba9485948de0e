/** HTTP messages as captures hold them. Pure. */
import { type Field, parseFields } from "./record.js";

export interface HttpMessage {
  /** First line. */
  readonly start: string;
  readonly fields: readonly Field[];
  /** What follows the header, unchanged. */
  readonly body: Uint8Array;
}

/** Longest header that is read; a server's is a thousandth of it. A million lines would take a thousand times their bytes. */
const MOST_HEAD = 1024 * 1024;

/** Reads a message; null when it has no header that ends. Header bytes are taken as Latin-1, which loses none. */
export function parseHttp(bytes: Uint8Array): HttpMessage | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endOfHead(buffer);
  if (end === null) return null;
  const text = buffer.toString("latin1", 0, Math.min(end.at, MOST_HEAD));
  const [start = ""] = text.split(/\r?\n/, 1);
  return { start, fields: parseFields(text.slice(start.length)), body: buffer.subarray(end.body) };
}

/** How many interim responses are passed over. */
const MOST_INTERIM = 10;

/** Reads the response of a record: proxies may keep "100 Continue" or "103 Early Hints", which come before it. */
export function parseResponse(bytes: Uint8Array): HttpMessage | null {
  let message = parseHttp(bytes);
  for (let n = 0; n < MOST_INTERIM && message !== null; n++) {
    const next = /^HTTP\/\S+ 1\d\d\b/.test(message.start) ? parseHttp(message.body) : null;
    if (next === null || statusOf(next) === null) break;
    message = next;
  }
  return message;
}

function endOfHead(buffer: Buffer): { at: number; body: number } | null {
  const proper = buffer.indexOf("\r\n\r\n");
  const bare = buffer.indexOf("\n\n");
  if (bare >= 0 && (proper < 0 || bare < proper)) return { at: bare, body: bare + 2 };
  if (proper >= 0) return { at: proper, body: proper + 4 };
  // A message without a body may end with its last field.
  return buffer.length > 0 && buffer.at(-1) === 10
    ? { at: buffer.length, body: buffer.length }
    : null;
}

/** Status of a response; null when its first line is not a status line. */
export function statusOf({ start }: Pick<HttpMessage, "start">): number | null {
  const [, status] = /^HTTP\/\d(?:\.\d)? +(\d{3})(?: |$)/i.exec(start) ?? [];
  return status === undefined ? null : Number(status);
}

/** Fields by name in lower case; repeated ones joined by ", ". */
export function headersOf(fields: readonly Field[]): Readonly<Record<string, string>> {
  const joined = new Map<string, string>();
  for (const [name, value] of fields) {
    const key = name.toLowerCase();
    const before = joined.get(key);
    joined.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  return Object.fromEntries(joined);
}

/** Longest line that says the length of a chunk. */
const MOST_CHUNK_LINE = 64 * 1024;

/** Takes the chunks of a body apart (RFC 9112, section 7.1); null when it is not chunked, or not to its end. */
export function dechunk(body: Uint8Array): Uint8Array | null {
  const buffer = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  // One copy, however many chunks there are: a list of a million of them takes ten times their bytes.
  const whole = Buffer.allocUnsafe(buffer.length);
  let length = 0;
  for (let at = 0; ; ) {
    const line = buffer.indexOf("\n", at);
    if (line < 0 || line - at > MOST_CHUNK_LINE) return null;
    const [, digits] =
      /^[ \t]*([0-9a-f]{1,8})[ \t]*(?:;.*)?\r?$/i.exec(buffer.toString("latin1", at, line)) ?? [];
    if (digits === undefined) return null;
    const size = Number.parseInt(digits, 16);
    if (size === 0) return whole.subarray(0, length);
    const end = line + 1 + size;
    if (end > buffer.length) return null;
    length += buffer.copy(whole, length, line + 1, end);
    at = buffer[end] === 13 ? end + 2 : end + 1;
  }
}
