/** Rules of single values: counts, checksums, timestamps, URLs, ids, file names, paths in an archive. */
import { z } from "zod";
import { parseUrl } from "../text.js";

/**
 * A well-formed language tag (RFC 5646, section 2.1): language, script, region, variants, extensions,
 * private use. Grandfathered tags are left out; each has a modern form. Without a flag: a JSON Schema has none.
 */
export const LANGUAGE_TAG =
  /^(?:[A-Za-z]{2,3}(?:-[A-Za-z]{3}){0,3}|[A-Za-z]{4,8})(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|\d{3}))?(?:-(?:[A-Za-z\d]{5,8}|\d[A-Za-z\d]{3}))*(?:-[A-WYZa-wyz\d](?:-[A-Za-z\d]{2,8})+)*(?:-[Xx](?:-[A-Za-z\d]{1,8})+)?$/;

/** A key that may be left out, and what it means. */
export function optional<T extends z.ZodType>(schema: T, words: string): z.ZodOptional<T> {
  return schema.optional().describe(words);
}

export const count = z.int().min(0);

export const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/, "is not a SHA-256 in lower-case hexadecimal");

/** Name of a site. It names folders, so it leads nowhere else. */
export const siteName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,63}$/,
    "is not the name of a site (lower-case letters, digits, dots and hyphens)",
  );

export const languageTag = z
  .string()
  .regex(LANGUAGE_TAG, "expected a language tag such as en or zh-Hans");

/** A time of UTC to the second. */
export const timestamp = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, "is not a timestamp of UTC");

export function isHttpUrl(value: string): boolean {
  return /^https?:$/.test(parseUrl(value)?.protocol ?? "") && value.trim() === value;
}

/** Text that is whole Unicode and can be written to any file: no NUL, no half of a surrogate pair. */
export const text = z
  .string()
  .refine((value) => !value.includes("\0"), "holds a NUL character")
  .refine((value) => !/\p{Surrogate}/u.test(value), "holds half of a character (a lone surrogate)");

export const line = text.refine((value) => !/\p{Cc}/u.test(value), "holds a control character");

export const url = text.refine(isHttpUrl, "is not an absolute http or https URL");

/** Identity of an entry; also the name of its quarantine folder. */
export const ENTRY_ID = /^[a-z0-9][a-z0-9-]{5,63}$/;
export const entryId = z
  .string()
  .regex(ENTRY_ID, "is not an id (6 to 64 lower-case letters, digits, hyphens)");

/** Names that Windows gives to devices, with or without an extension. */
const DEVICE_NAME = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;

/**
 * True for a name that every common file system can hold as one folder or file: no separator, wildcard
 * or control character, none that turns the direction of text, no device name of Windows, no dot or space at its ends, composed (NFC), and at
 * most 180 bytes of UTF-8, so that a whole id and an extension still fit into 255.
 */
export function isPortableName(name: string): boolean {
  return (
    name !== "" &&
    !/[<>:"/\\|?*\p{Cc}\p{Surrogate}\p{Bidi_Control}\u2028\u2029\ufeff]/u.test(name) &&
    !/^[. ~-]|[. ]$/.test(name) &&
    !DEVICE_NAME.test(name) &&
    name.normalize("NFC") === name &&
    Buffer.byteLength(name) <= 180
  );
}

/** A name on the way: not `.`, not `..`, and no character that is a separator somewhere or ends a line. */
const NAME = String.raw`(?!\.{1,2}(?:/|$))[^/\\\x00-\x1f]+`;

/** A path in the archive, with `/` as separator, below a folder where one is named. */
export function pathPattern(folder = "", ending = ""): RegExp {
  const below = folder === "" ? "" : `${folder}/`;
  return new RegExp(`^${below}(?:${NAME}/)*${NAME}${ending}$`);
}

export const archivePath = z.string().regex(pathPattern(), "is not a path in the archive");
