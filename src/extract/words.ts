/** Words as they are counted: runs of letters and digits, whatever is around them. */

/** What a character is: no letter, a letter, or a word by itself, as in scripts without spaces. */
const NONE = 1;
const LETTER = 2;
const ALONE = 3;
const KNOWN = new Uint8Array(0x10000);

function kindOf(code: number): number {
  const known = KNOWN[code] ?? NONE;
  if (known !== 0) return known;
  const character = String.fromCharCode(code);
  // Half of a letter of a rare script, or of an emoji.
  const isHalf = code >= 0xd800 && code <= 0xdfff;
  const kind = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(character)
    ? ALONE
    : isHalf || /[\p{L}\p{N}\p{M}]/u.test(character)
      ? LETTER
      : NONE;
  KNOWN[code] = kind;
  return kind;
}

/**
 * Counts words piece by piece, and makes one number of those that `add` takes: equal for two texts with the same
 * words, whatever their white space and punctuation. 53 bits; two of a million texts share one with a chance of
 * one in 10,000.
 */
export class WordCount {
  words = 0;
  private a = 0x811c9dc5;
  private b = 0x9747b28c;

  get hash(): number {
    return (this.a >>> 0) * 0x200000 + (this.b >>> 11);
  }

  /** @param goesOn true where the last text ended within a word @returns whether this one does */
  add(text: string, goesOn: boolean): boolean {
    let within = goesOn;
    let [a, b] = [this.a, this.b];
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      const kind = kindOf(code);
      if (kind === NONE) {
        within = false;
        continue;
      }
      if (!within || kind === ALONE) {
        this.words++;
        // FNV-1a, twice: a word begins.
        a = Math.imul(a ^ 0x20, 0x01000193);
        b = Math.imul(b ^ 0x20, 0x5bd1e995);
      }
      a = Math.imul(a ^ code, 0x01000193);
      b = Math.imul(b ^ code, 0x5bd1e995) ^ (b >>> 15);
      within = kind === LETTER;
    }
    this.a = a;
    this.b = b;
    return within;
  }

  /** Lets the number depend on something else, such as the URL of an image. */
  mix(text: string): void {
    for (let at = 0; at < text.length; at++) {
      this.a = Math.imul(this.a ^ text.charCodeAt(at), 0x01000193);
      this.b = Math.imul(this.b ^ text.charCodeAt(at), 0x5bd1e995) ^ (this.b >>> 15);
    }
  }
}

export function countWords(text: string): number {
  const count = new WordCount();
  count.add(text, false);
  return count.words;
}

/** The number that a text has by its words. */
export function hashOfWords(text: string): number {
  const count = new WordCount();
  count.add(text, false);
  return count.hash;
}
