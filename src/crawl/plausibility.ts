/**
 * What no article shows alone and a whole crawl does: one title on most pages, titles that hold the date, bodies that
 * begin with their own title.
 * Filled as articles are read, with a number or two for each. Pure.
 */
import { countWords } from "../extract/words.js";
import type { Block, Draft, FieldName, Finding } from "../model.js";
import { Rows } from "../rows.js";
import { count } from "../text.js";
import { fingerprint } from "../url/digest.js";
import type { Facts } from "./article.js";

/** Fewer articles prove nothing. */
const FEWEST = 3;
const SAMPLES = 3;

/** A page says far more than its body where it has so many times its words, and so many more. */
const TIMES = 4;
const FEWEST_WORDS = 60;
/** Of so many blocks of a page the words are kept. */
const MOST_BLOCKS = 4;

/** So many bodies show what the template puts into all of them. */
const MOST_BODIES = 1000;
const MOST_SHOWN = 80;

type Part = Pick<Block, "place" | "hash" | "words">;

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
  /** Images and files: what most articles have is the site's. */
  readonly #media = new Commonest();
  readonly #edges = { begin: new Commonest(), end: new Commonest() };
  readonly #repeats = new Map<FieldName, Seen>();
  /** Articles that are written in another script than their language. */
  readonly #foreign = new Seen();
  /** Titles that hold the date. */
  readonly #dated = new Seen();
  readonly #short: { url: string; words: number; blocks: Part[] }[] = [];
  /** Types that are several words with commas between them. */
  readonly #tags = new Seen();

  see(
    { data, body }: Pick<Draft, "data" | "body">,
    url: string,
    { repeats, content }: Pick<Facts, "repeats" | "content">,
  ): void {
    this.#seeLength(body, url, content?.blocks ?? []);
    const { title, date, typeText, language } = data;
    if (typeof language === "string" && LATIN.test(language) && isForeign(body))
      this.#foreign.add(url, language);
    if (this.#articles++ < MOST_BODIES) {
      this.#seeEdges(body);
      for (const source of new Set(sourcesOf(data.media))) this.#media.add(source);
    }
    if (typeof title === "string") this.#titles.add(title);
    if (typeof date === "string") this.#dates.add(date);
    for (const { field, place, isInTitle } of repeats) {
      if (isInTitle) this.#dated.add(url, place);
      if (isInTitle) continue;
      const seen = this.#repeats.get(field) ?? new Seen();
      seen.add(url, place);
      this.#repeats.set(field, seen);
    }
    if (typeof typeText === "string" && /^[^,;|]+([,;|][^,;|]+)+$/.test(typeText))
      this.#tags.add(url, typeText);
  }

  /** The first and the last block of a body: links to share it, or the name of a section, are there on every page. */
  #seeEdges(body: string): void {
    const text = body.trim();
    const [first, last] = [text.indexOf("\n\n"), text.lastIndexOf("\n\n")];
    if (text !== "") this.#edges.begin.add(first < 0 ? text : text.slice(0, first));
    if (last >= 0) this.#edges.end.add(text.slice(last + 2));
  }

  /** Keeps an article whose page says far more than its body, until it is known what of that is furniture. */
  #seeLength(body: string, url: string, blocks: readonly Block[]): void {
    const own = blocks.filter(
      ({ isAround, isIgnored, leadsTo }) => !isAround && !isIgnored && leadsTo.length === 0,
    );
    if (sumOf(own) < FEWEST_WORDS) return;
    const words = countWords(body);
    const most = own.sort((a, b) => b.words - a.words).slice(0, MOST_BLOCKS);
    if (isShort(words, sumOf(most)))
      this.#short.push({
        ...{ url, words },
        blocks: most.map(({ place, hash, words: some }) => ({ place, hash, words: some })),
      });
  }

  /** @param repeats true for a block that other articles have too */
  doubts(repeats: (block: Part) => boolean): Doubts {
    const of = this.#articles;
    const isMost = (some: number) => some >= FEWEST && some * 2 > of;
    const findings: Finding[] = [];
    const report = (finding: string, place: string, message: string) =>
      void findings.push({ finding, place, count: null, message });
    const { words: title, count: titled } = this.#titles;
    if (isMost(titled))
      report(
        "title-repeated",
        title,
        `${titled} of ${of} articles have the title "${title}": fields.title finds a text that is the same on all pages; choose a selector that finds the title of the article`,
      );
    for (const [field, seen] of this.#repeats)
      if (isMost(seen.count))
        report(
          `body-begins-with-${field}`,
          seen.first,
          `${seen.count} of ${of} bodies begin with their own ${field} (\`${seen.first}\`): add what holds it to \`remove\`, or let fields.body find less; ${seen}`,
        );
    if (isMost(this.#dated.count))
      report(
        "title-holds-date",
        this.#dated.first,
        `${this.#dated.count} of ${of} titles hold their own date (\`${this.#dated.first}\`): choose a selector of the title alone, or read the element's own words with \`{ "select": "${this.#dated.first}", "read": "own" }\`; ${this.#dated}`,
      );
    return { findings, notes: this.#notes(repeats, isMost) };
  }

  #notes(repeats: (block: Part) => boolean, isMost: (some: number) => boolean): string[] {
    const of = this.#articles;
    const notes: string[] = [];
    const short = new Seen();
    for (const { url, words, blocks } of this.#short) {
      const left = sumOf(blocks.filter((block) => !repeats(block)));
      if (isShort(words, left)) short.add(`${url} (${words} of ${words + left} words)`, "");
    }
    if (of >= FEWEST && short.count > 0)
      notes.push(
        `${count(short.count, "body is", "bodies are")} far shorter than what the page says of its own: look whether fields.body finds all of the text; ${short}`,
      );
    const bodies = Math.min(of, MOST_BODIES);
    for (const [edge, { count: same, words }] of Object.entries(this.#edges))
      if (same >= FEWEST && same * 2 > bodies)
        notes.push(
          `${same} of ${count(bodies, "body", "bodies")} ${edge} with the same words ("${words.slice(0, MOST_SHOWN)}"): where these are not of the article, add what holds them to \`remove\`, or let fields.body find less`,
        );
    if (isMost(this.#foreign.count))
      notes.push(
        `${this.#foreign.count} of ${of} articles are said to be in ${this.#foreign.first}, and are written in another script: their pages name the wrong language, and \`language\` of overrides.yaml corrects that of an article; ${this.#foreign}`,
      );
    const { words: source, count: shown } = this.#media;
    if (shown >= FEWEST && shown * 2 > bodies)
      notes.push(
        `${shown} of ${count(bodies, "article has", "articles have")} ${source}: look whether it is of the articles; if not, let article.media or fields.body find less`,
      );
    const { words: day, count: dated } = this.#dates;
    // Lists of one day, and sites that were moved in one day, have one date for many.
    if (dated >= 5 && dated * 5 > of * 4)
      notes.push(
        `${dated} of ${of} articles have the date ${day}: look whether fields.date finds the date of the article`,
      );
    if (isMost(this.#tags.count))
      notes.push(
        `fields.type finds a list of words on ${this.#tags.count} of ${of} articles, such as "${this.#tags.first}": tags are not a type; ${this.#tags}`,
      );
    return notes;
  }
}

/** Languages that are written in Latin letters alone. */
const LATIN =
  /^(?:en|fr|de|es|pt|it|nl|sv|da|nb|nn|no|fi|is|et|lv|lt|pl|cs|sk|sl|hr|hu|ro|sq|tr|vi|id|ms|fil|ca|eu|gl|ga|cy|mt|af|sw)(?:-|$)/;

/** True where most letters of a body are not Latin. */
function isForeign(body: string): boolean {
  const text = body.slice(0, 2000).replace(/\]\([^)]*\)|<[^>]*>|`[^`]*`/g, "");
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const latin = text.match(/\p{Script=Latin}/gu)?.length ?? 0;
  return letters >= 30 && latin * 3 < letters;
}

function sourcesOf(media: unknown): string[] {
  return Array.isArray(media)
    ? media.flatMap(({ sourceUrl }: { sourceUrl?: unknown }) =>
        typeof sourceUrl === "string" ? sourceUrl : [],
      )
    : [];
}

function sumOf(blocks: readonly Part[]): number {
  return blocks.reduce((sum, { words }) => sum + words, 0);
}

function isShort(words: number, left: number): boolean {
  return left >= FEWEST_WORDS && left >= words * TIMES;
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
  readonly #counts = new Rows();

  add(words: string): void {
    const key = fingerprint(words);
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    if (count > this.count) [this.count, this.words] = [count, words];
  }
}
