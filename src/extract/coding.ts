/** Bytes to text, as browsers read them, and what was not sure about it. */

import { decodeBuffer, getEncoding } from "encoding-sniffer";
import type { Page, Warning } from "../model.js";
import { likelyCoding } from "./likely-coding.js";

export interface Decoded {
  readonly text: string;
  /** False where neither a mark, the site file, the header nor the first 1,024 bytes name a coding. */
  readonly isDeclared: boolean;
  readonly warnings: readonly Warning[];
}

/** Code of the warning for a page that names no coding and is not UTF-8. */
export const UNDECLARED = "charset-undeclared";
/** What the sniffer answers where it finds nothing: no page can name it, since a meta element with it means windows-1252. */
const NOTHING = "x-user-defined";
/** The one coding that the tables of the sniffer lack; those of Node 20 have it, and read windows-1252 as Latin-1. */
const JAPANESE_MAIL = "ISO-2022-JP";
/** Codings of more than one byte a character, whose text may be valid UTF-8 by chance where it is short (`联通` in GBK). */
const WIDE = /^(?:Big5|EUC-|GBK|gb18030|ISO-2022-JP|Shift_JIS)/;

/**
 * Decodes a page.
 *
 * The coding is that of the byte order mark, else of the site file, else of the Content-Type header,
 * else of a meta element or an XML declaration in the first 1,024 bytes
 * (https://html.spec.whatwg.org/#determining-the-character-encoding), else of a later meta element, else
 * UTF-8 where the bytes are valid as that, else windows-1252. Labels are those of
 * https://encoding.spec.whatwg.org/#names-and-labels. Where bytes prove that they are UTF-8, a header or
 * an element that names an older coding is wrong.
 *
 * @param given `encoding` of the site file; null for none
 * @param late label of a meta element that a parser met; null for none
 */
export function decode(page: Page, given: string | null, late: string | null = null): Decoded {
  const bytes = Buffer.from(page.body.buffer, page.body.byteOffset, page.body.byteLength);
  const header = /charset\s*=\s*["']?([^"';,\s]+)/i.exec(page.headers["content-type"] ?? "")?.[1];
  const certain = markOf(bytes) ?? nameOf(given);
  const sniffed = getEncoding(bytes, { defaultEncoding: NOTHING });
  const declared =
    nameOf(header) ?? (sniffed === NOTHING ? null : sniffed) ?? metaName(nameOf(late));
  const warnings: Warning[] = [];
  const warn = (code: string, message: string) => void warnings.push({ code, message });
  const coding = certain ?? chosen(bytes, declared, warn);
  const text = decoded(bytes, coding);
  const lost = count(text, "\ufffd") - (coding === "UTF-8" ? count(bytes, "\ufffd") : 0);
  if (lost > 0)
    warn(
      "undecodable",
      `${lost} characters are not ${coding} and became U+FFFD; \`encoding\` of the site file decides in what coding the page is read`,
    );
  return { text, isDeclared: (certain ?? declared) !== null, warnings };
}

function chosen(
  bytes: Buffer,
  declared: string | null,
  warn: (code: string, message: string) => void,
): string {
  if (declared === "UTF-8" || declared?.startsWith("UTF-16")) return declared;
  const foreign = declared === null || !isUtf8(bytes) ? null : beyondAscii(bytes);
  if (declared !== null) {
    if (foreign === null || foreign <= (WIDE.test(declared) ? 24 : 0)) return declared;
    warn(
      "charset-wrong",
      `the page is said to be ${declared}, and its bytes are UTF-8: read as that`,
    );
    return "UTF-8";
  }
  if (isUtf8(bytes)) return "UTF-8";
  const likely = likelyCoding(bytes);
  const looks = likely === null ? "" : `, and they look like ${likely}`;
  warn(
    UNDECLARED,
    `nothing names the coding of the page, and ${beyondAscii(bytes)} bytes are not UTF-8: read as windows-1252, as browsers do; \`encoding\` of the site file decides${looks}`,
  );
  return "windows-1252";
}

/** By its byte order mark; null without one. */
function markOf([first, second, third]: Uint8Array): string | null {
  if (first === 0xfe && second === 0xff) return "UTF-16BE";
  if (first === 0xff && second === 0xfe) return "UTF-16LE";
  return first === 0xef && second === 0xbb && third === 0xbf ? "UTF-8" : null;
}

/** Name of a coding by its label; null where there is none of that label, or none that can be read. */
function nameOf(label: string | null | undefined): string | null {
  if (label == null) return null;
  if (/^\s*(?:cs)?iso-?2022-?jp\s*$/i.test(label)) return JAPANESE_MAIL;
  const name = getEncoding(new Uint8Array(), { userEncoding: label, defaultEncoding: NOTHING });
  return name === NOTHING ? null : name;
}

/** What ASCII can write is not UTF-16 (https://html.spec.whatwg.org/#change-the-encoding). */
function metaName(name: string | null): string | null {
  return name?.startsWith("UTF-16") ? "UTF-8" : name;
}

function decoded(bytes: Buffer, coding: string): string {
  if (coding === JAPANESE_MAIL) return new TextDecoder(coding).decode(bytes);
  return decodeBuffer(bytes, { userEncoding: coding });
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function beyondAscii(bytes: Uint8Array): number {
  let found = 0;
  for (const byte of bytes) if (byte > 0x7f) found++;
  return found;
}

function count(text: string | Buffer, sign: string): number {
  let found = 0;
  for (let at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + 1)) found++;
  return found;
}
