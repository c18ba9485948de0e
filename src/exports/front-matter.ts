/** Front matter and configuration files as the targets' own YAML readers take them. */
import { Document, Scalar, type Tags, visit } from "yaml";

// As in content files of the archive: YAML 1.1 decides which keys need quotes, dates stand bare, every
// other string is quoted, and nothing is folded.
const WRITE = {
  version: "1.1",
  customTags: (tags: Tags): Tags =>
    tags.filter((tag) => typeof tag === "string" || tag.tag !== "tag:yaml.org,2002:timestamp"),
} as const;
const PRINT = {
  lineWidth: 0,
  nullStr: "null",
  doubleQuotedAsJSON: true,
  defaultStringType: "QUOTE_DOUBLE",
  defaultKeyType: "PLAIN",
} as const;
const UNPRINTABLE = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** A calendar date that is written without quotes, so that generators read a date. */
export class BareDate {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** A mapping as YAML. Keys whose value is undefined are left out; `BareDate` stands without quotes. */
export function yamlText(value: Readonly<Record<string, unknown>>): string {
  const tree = new Document(plain(value), { ...WRITE, aliasDuplicateObjects: false });
  visit(tree, {
    Scalar(_, node) {
      if (typeof node.value === "string" && node.value.startsWith(BARE)) {
        node.value = node.value.slice(BARE.length);
        node.type = Scalar.PLAIN;
      }
    },
  });
  return tree
    .toString(PRINT)
    .replace(
      UNPRINTABLE,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
}

/** No text of an archive holds a NUL, so this marks a date and nothing else. */
const BARE = "\0date ";

function plain(value: unknown): unknown {
  if (value instanceof BareDate) return BARE + value.text;
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .map(([key, one]) => [key, plain(one)]),
  );
}

/** A content file: front matter, a blank line, the body, one final newline. */
export function contentFile(data: Readonly<Record<string, unknown>>, body: string): string {
  return `---\n${yamlText(data)}---\n\n${body.replace(/\n+$/, "")}\n`;
}

/** The front matter that a date gives: none when there is none, so that no target invents one from it. */
export function bareDate(date: string | null): BareDate | undefined {
  return date === null ? undefined : new BareDate(date);
}
