/**
 * Inline links and images of plain Markdown, found in one pass. It reads as micromark does
 * (`micromark-core-commonmark`, label-end and factory-destination) where a text holds nothing
 * else that has brackets or hides them, and says where it cannot be sure.
 */
import { decodeString } from "micromark-util-decode-string";

export interface PlainLink {
  readonly kind: "link" | "image";
  /** Decoded. */
  readonly address: string;
  readonly alt: string | null;
  readonly title: string | null;
  /** Of the address, in code units. */
  readonly start: number;
  readonly end: number;
}

export interface PlainLinks {
  readonly found: PlainLink[];
  /** False where code, HTML, tables, definitions or lines that belong together may read otherwise. */
  readonly isSure: boolean;
  /** How often `](` or `]:` ended nothing, which costs other parsers most. */
  readonly misses: number;
}

/** What begins something else than text, by its line: code in a fence or by its indent. */
const UNSURE = /~~~|[\r\0]|(?:^|\n)[ >+*\d.)-]*(?: {4}|\t)/;
/** Addresses that are links by themselves. */
const LITERAL = /https?:\/\/|www\./iy;
const ANCHOR = /<a id="[^"<>\\`\n]*"><\/a>/y;
const PUNCTUATION = /[!-/:-@[-`{-~]/;
/** Brackets within brackets of an address (CommonMark allows 32, as micromark does). */
const MOST_BRACKETS = 32;

/** True where a line may begin the definition of a link or a note: `[r]: /url`. */
export function mayDefine(text: string): boolean {
  return text.includes("]:") && /^[ \t>*+\d.)-]*\[/m.test(text);
}

interface Opener {
  /** Of the bracket. */
  readonly at: number;
  readonly isImage: boolean;
  /** False around a link: a link holds no link. */
  active: boolean;
}

export function plainLinks(text: string): PlainLinks {
  const found: PlainLink[] = [];
  const open: Opener[] = [];
  /** How many of them, from the first on, are settled: a link was in them. */
  let settled = 0;
  let isSure = !UNSURE.test(text) && !mayDefine(text);
  let misses = 0;
  let bang = -2;
  const resources = new Resources(text);
  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case "\\":
        if (PUNCTUATION.test(text[at + 1] ?? "")) at++;
        break;
      case "`":
      case "|":
        isSure = false;
        break;
      case "<":
        if (isAnchorAt(text, at)) at = text.indexOf("</a>", at) + 3;
        else isSure &&= !/[a-z/!?]/i.test(text[at + 1] ?? "");
        break;
      case "\n":
        isSure &&= open.length === 0;
        break;
      case "h":
      case "H":
      case "w":
      case "W":
        // Not in brackets: what may be the text of a link holds no link by itself.
        if (isSure && open.length === 0) isSure = !isLiteral(text, at);
        break;
      case "!":
        bang = at;
        break;
      case "[":
        open.push({ at, isImage: bang === at - 1, active: true });
        break;
      case "]": {
        const opener = open.pop();
        settled = Math.min(settled, open.length);
        if (text[at + 1] === ":") misses++;
        if (text[at + 1] !== "(") break;
        const resource = opener?.active ? resources.read(at + 2) : null;
        isSure &&= resource?.isSure !== false;
        if (opener === undefined || !resource?.isWhole) misses++;
        else {
          if (!opener.isImage) for (; settled < open.length; settled++) deactivate(open[settled]);
          if (resource.end > resource.start) found.push(linkOf(text, opener, at, resource));
          at = resource.close;
        }
      }
    }
  }
  return { found: found.sort((a, b) => a.start - b.start), isSure, misses };
}

function deactivate(opener: Opener | undefined): void {
  if (opener !== undefined && !opener.isImage) opener.active = false;
}

function isLiteral(text: string, at: number): boolean {
  LITERAL.lastIndex = at;
  return LITERAL.test(text);
}

/** `<a id="part"></a>`, as this program writes it: HTML in any place, and never a block of its own. */
function isAnchorAt(text: string, at: number): boolean {
  ANCHOR.lastIndex = at;
  return ANCHOR.test(text);
}

function linkOf(text: string, opener: Opener, at: number, resource: Resource): PlainLink {
  const { start, end, title } = resource;
  const words = opener.isImage ? text.slice(opener.at + 1, at) : "";
  return {
    kind: opener.isImage ? "image" : "link",
    address: decodeString(text.slice(start, end)),
    alt: decodeString(words) || null,
    title: (opener.isImage && title !== null && decodeString(title)) || null,
    start,
    end,
  };
}

/** What is in the parentheses of a link. */
interface Resource {
  /** True where it is one: an address, a title, and the parenthesis that ends it. */
  readonly isWhole: boolean;
  readonly isSure: boolean;
  readonly start: number;
  readonly end: number;
  readonly title: string | null;
  /** Of the parenthesis that ends it. */
  readonly close: number;
}

class Resources {
  readonly #text: string;
  /** Where no more of a sign that ends a title was found, up to the end of that line. */
  readonly #unended = new Map<string, { from: number; to: number }>();
  /** True when a title was looked for to the end of a line, and another follows. */
  #isCut = false;

  constructor(text: string) {
    this.#text = text;
  }

  /** @param from after the parenthesis */
  read(from: number): Resource {
    const start = this.#skipBlanks(from);
    const end = this.#text[start] === ")" ? start : this.#destinationEnd(start);
    if (end === null || this.#text[start] === "<") return this.#none(start);
    let close = this.#skipBlanks(end);
    let title: string | null = null;
    const marker = this.#text[close];
    if (close > end && (marker === '"' || marker === "'" || marker === "(")) {
      const titleEnd = this.#titleEnd(close + 1, marker === "(" ? ")" : marker);
      if (titleEnd === null) return this.#none(close);
      title = this.#text.slice(close + 1, titleEnd);
      close = this.#skipBlanks(titleEnd + 1);
    }
    if (close >= this.#text.length || this.#text[close] !== ")") return this.#none(close);
    return { isWhole: true, isSure: true, start, end, title, close };
  }

  /** No resource, and none for sure unless it may go on in the next line. */
  #none(at: number): Resource {
    const next = this.#text[at];
    const isSure = at >= this.#text.length || (next !== "\n" && next !== "<" && !this.#isCut);
    this.#isCut = false;
    return { isWhole: false, isSure, start: at, end: at, title: null, close: at };
  }

  #skipBlanks(from: number): number {
    let at = from;
    while (at < this.#text.length && (this.#text[at] === " " || this.#text[at] === "\t")) at++;
    return at;
  }

  #destinationEnd(start: number): number | null {
    let depth = 0;
    for (let at = start; at < this.#text.length; at++) {
      const code = this.#text.charCodeAt(at);
      if (code <= 0x20 || code === 0x7f)
        return depth === 0 && at > start && (code === 0x20 || code === 0x09 || code === 0x0a)
          ? at
          : null;
      if (code === 0x28 && ++depth > MOST_BRACKETS) return null;
      if (code === 0x29 && --depth < 0) return at > start ? at : null;
      if (code === 0x5c && /[()\\]/.test(this.#text[at + 1] ?? "")) at++;
    }
    return null;
  }

  #titleEnd(from: number, marker: string): number | null {
    const known = this.#unended.get(marker);
    if (known !== undefined && from >= known.from && from <= known.to) {
      this.#isCut = known.to < this.#text.length;
      return null;
    }
    let at = from;
    for (; at < this.#text.length && this.#text[at] !== "\n"; at++) {
      if (this.#text[at] === marker) return at;
      const next = this.#text[at + 1];
      if (this.#text[at] === "\\" && (next === marker || next === "\\")) at++;
    }
    this.#unended.set(marker, { from, to: at });
    this.#isCut = at < this.#text.length;
    return null;
  }
}
