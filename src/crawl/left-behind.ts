/**
 * What article pages hold and no field took, over a whole walk. What repeats over the pages of a site is furniture:
 * menus, footers, side blocks. The rest was left behind. Pure; memory is that of some places, however many the pages.
 */
import type { Block, Holding, PageContent } from "../model.js";
import type { Place, Remains } from "../schema/run-report.js";
import type { Site } from "../site/site.js";
import { byCodeUnits, gather } from "../text.js";
import { canonicalUrl } from "../url/url.js";

/** A site has some dozens; one whose class names count its articles has one for each. */
const MOST_PLACES = 1_000;
/** Different contents that are watched at one place; the rarest makes room for a new one. */
const MOST_CONTENTS = 32;
/** Of so many links at one place it is looked up whether they lead to listed articles. */
const MOST_LEADS = 24;
/** "Related" and "most read" lead to pages that no list names too; keywords lead to none that one names. */
const LISTED_ONE_IN = 10;
const MOST_SAMPLES = 3;
/** At a place with content on more than one article in so many, something is missing. */
export const ONE_IN = 20;
/** A menu or a side block may differ from one part of a site to another. Elsewhere, what less than half have is the article's own: an author, keywords. */
const WITHIN_ONE_IN = 2;

/** Places beyond the most. */
const OTHER = "*";

type Sum = { -readonly [Key in keyof Holding]: Holding[Key] } & { articles: number };

/** The same content, on some articles. */
interface Content extends Sum {
  /** Articles where some of it leads to no page. */
  plain: number;
}

interface Watched {
  readonly isAround: boolean;
  readonly all: Content;
  readonly contents: Map<number, Content>;
  readonly samples: { readonly hash: number; readonly text: string }[];
  /** URLs of pages that it leads to. */
  readonly leads: Set<string>;
}

/** Counts what articles hold, place by place. */
export class LeftBehind {
  #articles = 0;
  #read = 0;
  #removed = 0;
  readonly #places = new Map<string, Watched>();
  /** By selector of `ignore`. */
  readonly #ignored = new Map<string, Watched>();

  /** Adds what one article page holds. */
  see({ base, read, removed, blocks }: PageContent): void {
    this.#articles++;
    this.#read += read;
    this.#removed += removed;
    for (const block of blocks) {
      const { isIgnored, place } = block;
      const hasRoom = this.#places.has(place) || this.#places.size < MOST_PLACES;
      if (isIgnored) watch(this.#ignored, place, block, base);
      else watch(this.#places, hasRoom ? place : OTHER, block, base);
    }
  }

  /** True for what repeats on the articles so far. */
  repeats({ place, hash }: Pick<Block, "place" | "hash">): boolean {
    const watched = this.#places.get(place) ?? this.#places.get(OTHER);
    const content = watched?.contents.get(hash);
    return (
      content !== undefined &&
      watched !== undefined &&
      isFurniture(content, watched, this.#articles)
    );
  }

  /** @param isListed true for the URL of an article that a list names */
  remains({ ignore }: Pick<Site, "ignore">, isListed: (url: string) => boolean): Remains {
    const parts = [...this.#places].map(([place, watched]) =>
      partsOf(place, watched, this.#articles, isListed),
    );
    const ignored = ignore.flatMap(({ select, reason }) => {
      const watched = this.#ignored.get(select);
      if (watched === undefined) return [];
      return [{ ...placeOf(select, watched.all, watched.samples), reason }];
    });
    const places = (of: keyof (typeof parts)[number]) =>
      onePlace(parts.map((part) => part[of]).filter(isThere), this.#articles).sort(mostFirst);
    return {
      articles: this.#articles,
      words: { read: this.#read, removed: this.#removed },
      left: places("left"),
      furniture: places("furniture"),
      navigation: places("navigation"),
      ignored,
    };
  }
}

function watch(places: Map<string, Watched>, place: string, block: Block, base: string): void {
  let watched = places.get(place);
  if (watched === undefined) {
    const { isAround } = block;
    watched = { isAround, all: nothing(), contents: new Map(), samples: [], leads: new Set() };
    places.set(place, watched);
  }
  const { all, contents, samples, leads } = watched;
  add(all, block);
  let content = contents.get(block.hash);
  if (content === undefined) {
    if (contents.size >= MOST_CONTENTS) contents.delete(rarest(contents));
    content = nothing();
    contents.set(block.hash, content);
    for (const href of block.leadsTo) {
      const url = leads.size < MOST_LEADS ? canonicalUrl(href, base) : null;
      if (url !== null) leads.add(url);
    }
    // Some of the first ones may turn out to be furniture.
    if (samples.length < 2 * MOST_SAMPLES) samples.push({ hash: block.hash, text: block.sample });
  }
  add(content, block);
}

function nothing(): Content {
  return { articles: 0, words: 0, images: 0, files: 0, links: 0, plain: 0 };
}

function add(content: Content, { words, images, files, links, leadsTo }: Block): void {
  content.articles++;
  content.words += words;
  content.images += images;
  content.files += files;
  content.links += links;
  if (leadsTo.length === 0) content.plain++;
}

/** The content that the fewest articles have, of those the oldest. */
function rarest(contents: ReadonlyMap<number, Content>): number {
  let [least, found] = [Number.POSITIVE_INFINITY, 0];
  for (const [hash, { articles }] of contents)
    if (articles < least) [least, found] = [articles, hash];
  return found;
}

/** True for what repeats: a menu, a footer, a side block. */
function isFurniture(content: Content, { isAround, all }: Watched, articles: number): boolean {
  return (
    content.articles > 1 &&
    (isAround ||
      (content.articles * WITHIN_ONE_IN >= all.articles && content.articles * ONE_IN >= articles))
  );
}

/** What one place held, by what became of it; a part without articles is not there. */
function partsOf(
  place: string,
  watched: Watched,
  articles: number,
  isListed: (url: string) => boolean,
): Readonly<Record<"left" | "furniture" | "navigation", Place>> {
  const { all, contents, samples, leads } = watched;
  const repeated = nothing();
  const rest = { ...all };
  for (const content of contents.values())
    if (isFurniture(content, watched, articles))
      for (const key of Object.keys(content) as (keyof Content)[]) {
        repeated[key] += content[key];
        rest[key] -= content[key];
      }
  const isSample = (isRepeated: boolean) =>
    samples.filter(({ hash }) => {
      const content = contents.get(hash);
      return isRepeated === (content !== undefined && isFurniture(content, watched, articles));
    });
  const listed = [...leads].filter(isListed).length;
  const isNavigation = isLinked(rest) && leads.size > 0 && listed * LISTED_ONE_IN >= leads.size;
  const others = placeOf(place, rest, isSample(false));
  const none = placeOf(place, nothing(), []);
  return {
    furniture: placeOf(place, repeated, isSample(true)),
    left: isNavigation ? none : others,
    navigation: isNavigation ? others : none,
  };
}

function placeOf(place: string, content: Content, samples: Watched["samples"]): Place {
  const { plain, ...sum } = content;
  const shown = samples.slice(0, MOST_SAMPLES).map(({ text }) => text);
  return { place, ...sum, samples: shown, isLinked: isLinked(content) };
}

/** True where nearly all leads to other pages. */
function isLinked({ plain, articles }: Content): boolean {
  return plain * ONE_IN <= articles;
}

/** A class that ends in a number: `.color1`. */
const NUMBERED = /\.(-?[a-z_][\w-]*?)(\d+)(?![\w-])/gi;

/** Places whose selectors differ in the number of a class alone are one, which `[class*="color"]` selects. */
function onePlace(places: readonly Place[], articles: number): Place[] {
  const groups = new Map<string, Place[]>();
  for (const place of places) {
    const key = place.place.replace(NUMBERED, ".$1#");
    gather(groups, key, place);
  }
  return [...groups.values()].map((group) => {
    const [first, ...others] = group as [Place, ...Place[]];
    if (others.length === 0) return first;
    const numbers = group.map(({ place }) => [...place.matchAll(NUMBERED)].map(([, , n]) => n));
    let at = 0;
    const place = first.place.replace(NUMBERED, (all, name: string) => {
      const isSame = new Set(numbers.map((of) => of[at])).size === 1;
      at++;
      return isSame ? all : `[class*="${name}"]`;
    });
    const sum = others.reduce(addPlace, first);
    // One article may have several of them.
    return { ...sum, place, articles: Math.min(sum.articles, articles) };
  });
}

function isThere({ articles }: Place): boolean {
  return articles > 0;
}

function mostFirst(a: Place, b: Place): number {
  return b.articles - a.articles || b.words - a.words || byCodeUnits(a.place, b.place);
}

/** What two walks left, as one. */
export function addRemains(one: Remains, other: Remains): Remains {
  const sum = <T extends Place>(a: readonly T[], b: readonly T[]): T[] => {
    const places = new Map(a.map((place) => [place.place, place]));
    for (const place of b) {
      const known = places.get(place.place);
      places.set(place.place, known === undefined ? place : addPlace(known, place));
    }
    return [...places.values()].sort(mostFirst);
  };
  return {
    articles: one.articles + other.articles,
    words: {
      read: one.words.read + other.words.read,
      removed: one.words.removed + other.words.removed,
    },
    left: sum(one.left, other.left),
    furniture: sum(one.furniture, other.furniture),
    navigation: sum(one.navigation, other.navigation),
    ignored: sum(one.ignored, other.ignored),
  };
}

function addPlace<T extends Place>(a: T, b: T): T {
  return {
    ...a,
    articles: a.articles + b.articles,
    words: a.words + b.words,
    images: a.images + b.images,
    files: a.files + b.files,
    links: a.links + b.links,
    samples: [...new Set([...a.samples, ...b.samples])].slice(0, MOST_SAMPLES),
    isLinked: a.isLinked && b.isLinked,
  };
}
