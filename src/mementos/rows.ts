/** Answers of indexes as rows: every form, and the dirt that they are known to hold. Pure. */
import { parseJson, parseUrl } from "../text.js";
import { digitsOf, isoOf } from "../warc/date.js";
import type { Dialect } from "./dialects.js";

/** One capture, as an index knows it. */
export interface IndexRow {
  /** As it was requested then. */
  readonly url: string;
  /** `YYYYMMDDhhmmss`. */
  readonly time: string;
  /** Null where the index does not say it, as for most revisits. */
  readonly status: number | null;
  /** Empty where the index does not say it. */
  readonly mime: string;
  readonly digest: string | null;
  /** Bytes in the archive; null where the index says none, or 0, though there may be some. */
  readonly length: number | null;
  /** Of Common Crawl: where the record is. */
  readonly place?: { readonly file: string; readonly offset: number; readonly length: number };
  /** True where the index says that the archive has a part of it alone. */
  readonly isCut?: boolean;
}

export interface IndexAnswer {
  readonly rows: readonly IndexRow[];
  /** How many rows were in it, and how many of them name no capture that there can be. */
  readonly read: number;
  readonly dropped: number;
  /** What asks for the rows that follow; null when none do. */
  readonly resumeKey: string | null;
  /** True where there is more, and nothing asks for it. */
  readonly isCut?: boolean;
}

/** An answer in a form that is not that of its dialect. */
export class UnknownForm extends Error {
  override readonly name = "UnknownForm";
}

/** Columns as text, by the names of the dialect. */
type Columns = Readonly<Record<string, unknown>>;

/**
 * Reads an answer. Rows that repeat one before are left out, and so is a second digest at one second: a replay gives
 * the first.
 *
 * @param latest `YYYYMMDDhhmmss`: nothing was captured later; null where it is not known
 * @throws {UnknownForm} when it is another form
 */
export function readRows(body: Uint8Array, dialect: Dialect, latest: string | null): IndexAnswer {
  const text = new TextDecoder().decode(body);
  const { rows: raw, resumeKey } = FORMS[dialect.form](text);
  const seen = new Set<string>();
  const rows: IndexRow[] = [];
  let dropped = 0;
  for (const columns of raw) {
    const row = rowOf(columns, dialect);
    if (row === null || (latest !== null && row.time > latest)) dropped++;
    else if (!seen.has(`${row.time} ${row.url}`)) {
      seen.add(`${row.time} ${row.url}`);
      rows.push(row);
    }
  }
  return { rows, read: raw.length, dropped, resumeKey };
}

const FORMS: Readonly<
  Record<Dialect["form"], (text: string) => { rows: Columns[]; resumeKey: string | null }>
> = { arrays, lines, cdxj, links };

/** `[[names…], [values…], …, [], ["key"]]`; an answer without rows is `[]` or nothing at all. */
function arrays(text: string) {
  if (text.trim() === "") return { rows: [], resumeKey: null };
  const all = json(text);
  if (!Array.isArray(all) || !all.every((row) => Array.isArray(row)))
    throw new UnknownForm("it is not an array of arrays");
  const [names = [], ...rest] = all as unknown[][];
  const end = rest.findIndex((row) => row.length === 0);
  const key = end < 0 ? undefined : rest[end + 1]?.[0];
  const rows = end < 0 ? rest : rest.slice(0, end);
  return {
    rows: rows.map((row) => Object.fromEntries(names.map((name, at) => [String(name), row[at]]))),
    resumeKey: typeof key === "string" && key !== "" ? key : null,
  };
}

function eachLine(text: string, read: (line: string) => Columns) {
  const rows = text.split("\n").filter((line) => line.trim() !== "");
  return { rows: rows.map(read), resumeKey: null };
}

/** A JSON object a line. */
function lines(text: string) {
  return eachLine(text, (line) => {
    const row = json(line);
    if (typeof row !== "object" || row === null || Array.isArray(row))
      throw new UnknownForm("a line of it is not a JSON object");
    return row as Columns;
  });
}

/** A key, 14 digits and a JSON object a line. */
function cdxj(text: string) {
  return eachLine(text, (line) => {
    const [, timestamp, object = ""] = /^\S+ (\d{14}) (\{.*)$/.exec(line.trimEnd()) ?? [];
    if (timestamp === undefined) throw new UnknownForm("a line of it is not one of CDXJ");
    return { ...(json(object) as Columns), timestamp };
  });
}

/** `<URL of a capture>; rel="memento"; datetime="Thu, 03 Jun 2021 …"`, separated by commas. */
function links(text: string) {
  if (!/^\s*</.test(text) || /^\s*<!?[a-z]+[\s>]/i.test(text))
    throw new UnknownForm("it is not in link format");
  const rows: Columns[] = [];
  for (const [, target = "", parameters = ""] of text.matchAll(/<([^>]*)>((?:[^,"]|"[^"]*")*)/g)) {
    if (!/;\s*rel="[^"]*\bmemento\b/.test(parameters)) continue;
    const { url, time } = replayed(target) ?? { url: "", time: "" };
    const datetime = /;\s*datetime="([^"]*)"/.exec(parameters)?.[1];
    rows.push({ url, datetime: timeOf(datetime) ?? time });
  }
  return { rows, resumeKey: null };
}

function json(text: string): unknown {
  const value = parseJson(text);
  if (value === undefined) throw new UnknownForm("it is not JSON");
  return value;
}

function rowOf(columns: Columns, { columns: names }: Dialect): IndexRow | null {
  const word = (name: string) => {
    const value = columns[name];
    return value === undefined || value === null || value === "-" ? "" : String(value);
  };
  const number = (name: string) => (/^\d+$/.test(word(name)) ? Number(word(name)) : null);
  const url = parseUrl(word(names.url));
  const time = word(names.time);
  if (url === null || !/^https?:$/.test(url.protocol) || !isPossible(time)) return null;
  // An editor's mistake in a link, which a crawler followed: http://mailto:x@y.
  if (url.username !== "" || url.password !== "") return null;
  const [file, offset, length] = [word("filename"), number("offset"), number("length")];
  const isPlaced = file !== "" && offset !== null && length !== null && length > 0;
  return {
    url: word(names.url),
    time,
    status: number(names.status),
    mime: word(names.mime),
    digest: word(names.digest).replace(/^sha1:/i, "") || null,
    length: number(names.length) || null,
    ...(isPlaced ? { place: { file, offset, length } } : {}),
    ...(word("truncated") === "" ? {} : { isCut: true }),
  };
}

/** False for `20000012170449` and its like. The first web archive began in 1996, with pages from 1991 on. */
function isPossible(time: string): boolean {
  if (!/^(?:199[1-9]|2\d{3})\d{10}$/.test(time)) return false;
  const iso = isoOf(time);
  const read = new Date(iso);
  return !Number.isNaN(read.getTime()) && read.toISOString().startsWith(iso.slice(0, 19));
}

/** 14 digits of an HTTP date; null for what is none. */
export function timeOf(date: string | undefined): string | null {
  const at = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isNaN(at) ? null : digitsOf(new Date(at).toISOString());
}

/**
 * What a URL of a replay is a capture of. It is read once, from the left: the URL of a page may hold another one.
 *
 * @returns null for any other URL
 */
export function replayed(href: string): { readonly url: string; readonly time: string } | null {
  const [, time = "", written = ""] = /\/(\d{14})(?:[a-z]{2}_)?\/([^/].*)$/s.exec(href) ?? [];
  if (time === "") return null;
  // Some servers fold the slashes of a path.
  const url = written.replace(/^(https?):\/+/i, "$1://");
  return { time, url: /^https?:/i.test(url) ? url : `http://${url}` };
}
