/**
 * What no article shows alone and a whole crawl does: one title on most pages, bodies that begin with their own title.
 * Filled as articles are read, with a number or two for each. Pure.
 */
import type { Repeat } from "../extract/repeats.js";
import type { Draft, FieldName, Finding } from "../model.js";
import { fingerprint } from "../url.js";

/** Fewer articles prove nothing. */
const FEWEST = 3;
const SAMPLES = 3;

export interface Doubts {
  /** What makes the archive wrong. Without a count, which every new article would change. */
  readonly findings: readonly Finding[];
  /** What is worth a look, one sentence each. */
  readonly notes: readonly string[];
}

export class Plausibility {
  #articles = 0;
  readonly #titles = new Commonest();
  readonly #dates = new Commonest();
  readonly #repeats = new Map<FieldName, Seen>();
  /** Types that are several words with commas between them. */
  readonly #tags = new Seen();

  /** @param repeats fields that the body begins with */
  see({ data }: Draft, url: string, repeats: readonly Repeat[]): void {
    const { title, date, typeText } = data;
    this.#articles++;
    if (typeof title === "string") this.#titles.add(title);
    if (typeof date === "string") this.#dates.add(date);
    for (const { field, place } of repeats) {
      const seen = this.#repeats.get(field) ?? new Seen();
      seen.add(url, place);
      this.#repeats.set(field, seen);
    }
    if (typeof typeText === "string" && /^[^,;|]+([,;|][^,;|]+)+$/.test(typeText))
      this.#tags.add(url, typeText);
  }

  doubts(): Doubts {
    const of = this.#articles;
    const isMost = (count: number) => count >= FEWEST && count * 2 > of;
    const { words, count } = this.#titles;
    const day = this.#dates;
    return {
      findings: [
        ...(isMost(count)
          ? [
              {
                finding: "title-repeated",
                place: words,
                count: null,
                message: `${count} of ${of} articles have the title "${words}": fields.title finds a text that is the same on all pages; choose a selector that finds the title of the article`,
              },
            ]
          : []),
        ...[...this.#repeats].flatMap(([field, seen]) =>
          isMost(seen.count)
            ? [
                {
                  finding: `body-begins-with-${field}`,
                  place: seen.first,
                  count: null,
                  message: `${seen.count} of ${of} bodies begin with their own ${field} (\`${seen.first}\`): add what holds it to \`remove\`, or let fields.body find less; ${seen}`,
                },
              ]
            : [],
        ),
      ],
      notes: [
        // Lists of one day, and sites that were moved in one day, have one date for many.
        ...(day.count >= 5 && day.count * 5 > of * 4
          ? [
              `${day.count} of ${of} articles have the date ${day.words}: look whether fields.date finds the date of the article`,
            ]
          : []),
        ...(isMost(this.#tags.count)
          ? [
              `fields.type finds a list of words on ${this.#tags.count} of ${of} articles, such as "${this.#tags.first}": tags are not a type; ${this.#tags}`,
            ]
          : []),
      ],
    };
  }
}

/** How many articles have something, what the first of them has, and where the first three are. */
class Seen {
  count = 0;
  first = "";
  readonly #urls: string[] = [];

  add(url: string, what: string): void {
    if (this.count++ === 0) this.first = what;
    if (this.#urls.length < SAMPLES) this.#urls.push(url);
  }

  toString(): string {
    return `seen on ${this.#urls.join(", ")}${this.count > SAMPLES ? ` and ${this.count - SAMPLES} more` : ""}`;
  }
}

/** The text that came most often. Of each only a fingerprint is kept. */
class Commonest {
  count = 0;
  words = "";
  readonly #counts = new Map<number, number>();

  add(words: string): void {
    const key = fingerprint(words);
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    if (count > this.count) [this.count, this.words] = [count, words];
  }
}
