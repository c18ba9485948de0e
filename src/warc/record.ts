/** WARC records as values, and as bytes: WARC 1.1 (ISO 28500:2017), sections 4 and 5. Pure. */
import { gzipSync } from "node:zlib";
import { chunkSizeFor } from "./chunk-size.js";
import { sha1 } from "./digest.js";

/** A line of a header. Names are compared without regard to case. */
export type Field = readonly [name: string, value: string];

export interface WarcRecord {
  /** `WARC/1.1` where it is left out. */
  readonly version?: string;
  readonly fields: readonly Field[];
  readonly block: Uint8Array;
}

/** Value of a field; null when it is not there. */
export function fieldOf({ fields }: Pick<WarcRecord, "fields">, name: string): string | null {
  const wanted = name.toLowerCase();
  return fields.find(([found]) => found.toLowerCase() === wanted)?.[1] ?? null;
}

/** A field that holds a URI. wget writes it in angle brackets, as in the grammar of WARC 1.0; nobody else does. */
export function uriOf(record: Pick<WarcRecord, "fields">, name: string): string | null {
  return fieldOf(record, name)?.replace(/^<(.*)>$/s, "$1") ?? null;
}

/** Makes a record: its length and its block digest are added. */
export function makeRecord(fields: readonly Field[], block: Uint8Array): WarcRecord {
  return {
    fields: [
      ...fields,
      ["WARC-Block-Digest", sha1(block)],
      ["Content-Length", String(block.length)],
    ],
    block,
  };
}

/** What a record is about; without a URL, the crawl as a whole. */
interface About {
  readonly id: string;
  readonly date: string;
  readonly url?: string;
  /** Id of the warcinfo record. */
  readonly info?: string;
}

/** The fields that a record begins with. */
export function headOf(type: string, { id, date, url, info }: About): Field[] {
  return [
    ["WARC-Type", type],
    ["WARC-Record-ID", id],
    ["WARC-Date", date],
    ...(url === undefined ? [] : [["WARC-Target-URI", url] as const]),
    ...(info === undefined ? [] : [["WARC-Warcinfo-ID", info] as const]),
  ];
}

/** A record of lines `name: value` about the crawl or about another record. */
export function linesRecord(
  type: "warcinfo" | "metadata",
  about: About,
  lines: readonly Field[],
  more: readonly Field[] = [],
): WarcRecord {
  const text = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const fields = [...headOf(type, about), ...more];
  return makeRecord([...fields, ["Content-Type", "application/warc-fields"]], Buffer.from(text));
}

/** Bytes of such a record that are read. */
const MOST_LINES = 1024 * 1024;

/** The lines of such a record, by their names. */
export function linesOf({ block }: Pick<WarcRecord, "block">): ReadonlyMap<string, string> {
  return new Map(parseFields(Buffer.from(block.subarray(0, MOST_LINES)).toString("utf8")));
}

/** The header of a record, or of a message of HTTP: its first line, its fields, and the empty line that ends it. */
export function headText(start: string, fields: readonly Field[]): string {
  return [start, ...fields.map(([name, value]) => `${name}: ${value}`), "", ""].join("\r\n");
}

/** The bytes of a record: one gzip member, so that it can be read without those before it (annex D). */
export function gzipRecord({ version = "WARC/1.1", fields, block }: WarcRecord): Uint8Array {
  const bytes = Buffer.concat([Buffer.from(headText(version, fields)), block, END]);
  return gzipSync(bytes, { chunkSize: chunkSizeFor(bytes.length) });
}

const END = Buffer.from("\r\n\r\n");

/** Reads lines of a header, of a record or of HTTP: a line that begins with white space continues the one before. */
export function parseFields(text: string): Field[] {
  const fields: [name: string, parts: string[]][] = [];
  for (const line of text.split(/\r?\n/)) {
    const last = fields.at(-1);
    const colon = line.indexOf(":");
    if (/^[ \t]/.test(line) && last !== undefined) last[1].push(line.trim());
    else if (colon > 0) fields.push([line.slice(0, colon).trim(), [line.slice(colon + 1).trim()]]);
  }
  return fields.map(([name, parts]) => [name, parts.filter((part) => part !== "").join(" ")]);
}
