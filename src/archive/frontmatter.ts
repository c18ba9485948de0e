/** Content files: YAML front matter, a blank line, the Markdown body, one final newline. */
import { Document, parseDocument, Scalar, type Tags } from "yaml";
import type { EntryData } from "../model.js";
import { ENTRY_KEYS } from "../schema/entry.js";

// YAML 1.1 decides which keys need quotes (`no` is a language tag, and false to its readers). Its timestamps
// are left out so that dates need no quotes, as site generators expect; every other string is quoted.
const WRITE = {
  version: "1.1",
  customTags: (tags: Tags): Tags =>
    tags.filter((tag) => typeof tag === "string" || tag.tag !== "tag:yaml.org,2002:timestamp"),
  aliasDuplicateObjects: false,
} as const;
const PRINT = {
  lineWidth: 0,
  nullStr: "null",
  doubleQuotedAsJSON: true,
  defaultStringType: "QUOTE_DOUBLE",
  defaultKeyType: "PLAIN",
} as const;

/** Characters that YAML 1.1 takes for line breaks, or that its readers refuse unless they are escaped. */
const UNPRINTABLE = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** A mapping as YAML. Keys whose value is undefined are left out; a `bareDate` has no quotes. */
export function yamlText(value: Readonly<Record<string, unknown>>): string {
  const text = mappingText(value, "\n");
  const yaml = text === null ? new Document(value, WRITE).toString(PRINT) : `${text.slice(1)}\n`;
  // They occur inside double quotes only, where an escape means the same.
  return yaml.replace(UNPRINTABLE, escaped);
}

const DAY = /^\d{4}-\d\d-\d\d$/;
/** A key that is no other value in YAML 1.1, in which `y` is true and `e1` may be a number. */
const PLAIN_KEY = /^(?!(?:y|n|yes|no|on|off|true|false|null)$)[a-z][a-z_-]{0,99}$/i;

/**
 * What `yaml` writes of an ordinary value, in a tenth of its time, which is much of a run that writes thousands of files.
 * Its tests compare both.
 *
 * @param line line end and indentation
 * @returns null for what is left to `yaml`
 */
function valueText(value: unknown, line: string): string | null {
  // `<<` has no quotes there, as the key that it is elsewhere.
  if (typeof value === "string") return value === "<<" ? null : ` ${JSON.stringify(value)}`;
  if (value === null || typeof value === "boolean") return ` ${value}`;
  if (typeof value === "number")
    return Number.isSafeInteger(value) && value > 0 ? ` ${value}` : null;
  if (value instanceof Scalar)
    return value.type === Scalar.PLAIN && DAY.test(value.value) ? ` ${value.value}` : null;
  if (!Array.isArray(value)) {
    if (typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype) return null;
    const isEmpty = Object.keys(value).length === 0;
    return isEmpty ? " {}" : mappingText(value as Record<string, unknown>, `${line}  `);
  }
  if (value.length === 0) return " []";
  let text = "";
  for (const item of value) {
    if (Array.isArray(item)) return null;
    const inner = valueText(item, `${line}  `);
    if (inner === null) return null;
    // The first key of a mapping follows the dash.
    text += `${line}  -${inner.startsWith("\n") ? ` ${inner.trimStart()}` : inner}`;
  }
  return text;
}

/** @returns null for what is left to `yaml`, as a mapping with no key is */
function mappingText(value: Readonly<Record<string, unknown>>, line: string): string | null {
  let text = "";
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue;
    const inner = PLAIN_KEY.test(key) ? valueText(member, line) : null;
    if (inner === null) return null;
    text += `${line}${key}:${inner}`;
  }
  return text || null;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** A date for front matter, without quotes; undefined where there is none, so that no generator invents one. */
export function bareDate(date: string | null): Scalar<string> | undefined {
  if (date === null) return undefined;
  const scalar = new Scalar(date);
  scalar.type = Scalar.PLAIN;
  return scalar;
}

/** A content file: front matter, a blank line, the body, one final newline. */
export function contentFile(data: Readonly<Record<string, unknown>>, body: string): string {
  return `---\n${yamlText(data)}---\n\n${withoutFinalNewlines(body)}\n`;
}

/** The bytes of an entry's content file. Equal entries give equal text. */
export function renderContent(data: EntryData, body: string): string {
  const ordered = Object.fromEntries(ENTRY_KEYS.map((key) => [key, data[key]]));
  return contentFile({ ...ordered, date: bareDate(data.date) ?? null }, body);
}

/**
 * Reads a content file back. Only plain YAML 1.2 is read: no tags, anchors or code.
 *
 * @returns front matter unchecked, and the body without its final newlines
 * @throws {SyntaxError} when it is not front matter followed by a body
 */
export function readContent(text: string): { readonly data: unknown; readonly body: string } {
  const end = text.indexOf("\n---\n", 3);
  if (!text.startsWith("---\n") || end === -1) throw new SyntaxError("it has no front matter");
  const tree = parseDocument(text.slice(4, end + 1), { schema: "core", stringKeys: true });
  const [problem] = [...tree.errors, ...tree.warnings];
  if (problem !== undefined) throw new SyntaxError(problem.message.split("\n")[0] ?? "broken YAML");
  return {
    data: tree.toJS({ maxAliasCount: 0 }),
    body: withoutFinalNewlines(text.slice(end + 6)),
  };
}

/** A body as its content file gives it back: the final newline belongs to the file, further ones are dropped. */
export function withoutFinalNewlines(body: string): string {
  let end = body.length;
  while (end > 0 && body.charCodeAt(end - 1) === 10) end--;
  return body.slice(0, end);
}
