/**
 * Repairs a site file after a change of the template: finds where what was read before is on the pages as they are now.
 * Nothing is guessed: a selector is taken only where it gives the known words, on the pages of now and on those of before.
 */
import type { Element } from "domhandler";
import { readArticle } from "../../extract/article.js";
import { findRows, readListing } from "../../extract/listing.js";
import { isInside } from "../../extract/nodes.js";
import { parsePage, type Tree } from "../../extract/tree.js";
import type { Article, Page, Reading, Readings, Row } from "../../model.js";
import { PRESETS } from "../../site/presets.js";
import { resolveSite } from "../../site/resolve.js";
import { REST } from "../../site/rest.js";
import { wayWords } from "../../site/selector-words.js";
import type { Alternative, FieldRules, Site, SiteInput } from "../../site/site.js";
import { count } from "../../text.js";
import { urlKey } from "../../url.js";
import { candidatesOf } from "../fields.js";
import { proposePager } from "../pager.js";
import { articlePlaces, fieldPlaces, knownLinks, rowPlaces } from "./places.js";
import { differences } from "./same-entries.js";
import { DATE_FORMATS, saysSame, type Wanted, type WantedFields, wantedOf } from "./wanted.js";

/** Known articles without which nothing is proved. */
const LEAST = 3;

export interface RepairPages {
  /** As they were when the site file read them. */
  readonly before: { readonly listings: readonly Page[]; readonly articles: readonly Page[] };
  readonly now: { readonly listing: Page; readonly articles: readonly Page[] };
  /** A further listing page as it is now; null when it does not come. */
  readonly get: (url: string) => Promise<Page | null>;
  /** True for an article of the archive, by its key. */
  readonly isKnown: (key: string) => boolean;
}

/** A key of the site file that gets another value. */
interface Change {
  /** Keys from the outermost object of the site file. */
  readonly path: readonly string[];
  /** What the site file says there; `...` for what its preset says. */
  readonly from: readonly unknown[];
  readonly to: readonly unknown[];
  /** What is new in it, as a person reads it. */
  readonly adds: string;
  readonly proof: string;
}

export interface Repair {
  readonly changes: readonly Change[];
  /** The site file with the changes. */
  readonly input: SiteInput;
  readonly site: Site;
  /** Further listing pages of now that were read. */
  readonly listings: readonly Page[];
  /** What a person should look at, one sentence each. */
  readonly unsure: readonly string[];
  /** What could not be proved, one sentence each: then nothing may be applied. */
  readonly refused: readonly string[];
}

/** @param list which of several lists of the site file; null where it has one */
export async function repair(
  given: SiteInput,
  list: string | null,
  pages: RepairPages,
): Promise<Repair> {
  const repairing = new Repairing(given, list, pages);
  await repairing.run();
  return repairing;
}

/** The site of a file, or of one of its lists. */
export function siteOfInput(input: SiteInput, list: string | null): Site {
  const site = resolveSite(input, PRESETS, "the repaired site file");
  const one = site.lists.find((own) => own.list === list);
  return one === undefined ? site : { ...one, lists: [] };
}

type Side = "listing" | "article";

/** Of a field on one side: how many known articles have it, and have it right. */
interface Proof {
  readonly known: number;
  readonly right: number;
  readonly before: number;
  /** Pages of before on which it is read otherwise. */
  readonly broken: number;
  /** Rows or articles that are not known, and those of them without the field. */
  readonly others: number;
  readonly empty: number;
  readonly wrong: string | null;
}

interface Lost {
  readonly side: Side;
  readonly name: string;
  readonly proof: Proof;
}

class Repairing implements Repair {
  input: SiteInput;
  site: Site;
  readonly changes: Change[] = [];
  readonly unsure: string[] = [];
  readonly refused: string[] = [];
  readonly listings: Page[] = [];
  readonly #prefix: readonly string[];
  readonly #list: string | null;
  readonly #was: Site;
  readonly #get: RepairPages["get"];
  readonly #before: { readonly listings: readonly Tree[]; readonly articles: readonly Tree[] };
  readonly #now: { readonly listings: Tree[]; readonly articles: readonly Tree[] };
  readonly #rows = new Map<string, WantedFields>();
  readonly #articles = new Map<string, WantedFields>();

  constructor(given: SiteInput, list: string | null, { before, now, get, isKnown }: RepairPages) {
    this.input = given;
    this.#list = list;
    this.site = siteOfInput(given, list);
    this.#was = this.site;
    this.#get = get;
    const at = given.lists?.findIndex(({ name }) => name === list) ?? -1;
    this.#prefix = at === -1 ? [] : ["lists", String(at)];
    const parse = (page: Page) => parsePage(page, this.site);
    this.#before = { listings: before.listings.map(parse), articles: before.articles.map(parse) };
    this.#now = { listings: [parse(now.listing)], articles: now.articles.map(parse) };
    for (const tree of this.#before.listings)
      for (const { url, readings } of readListing(tree, this.site).rows)
        if (url !== null && isKnown(urlKey(url)))
          this.#rows.set(urlKey(url), wantedOf(readings, this.site));
    for (const tree of this.#before.articles)
      this.#articles.set(keyOf(tree), wantedOf(readArticle(tree, this.site).readings, this.site));
  }

  async run(): Promise<void> {
    if (this.site.listing.kind === "pages") {
      this.#repairRows();
      if (this.refused.length > 0) return;
      this.#repairLink();
      await this.#repairNext();
    }
    const names = Object.keys(this.site.fields);
    const lost = (["listing", "article"] as const).flatMap((side) =>
      names.flatMap((name) => this.#repairField(side, name) ?? []),
    );
    this.#judge(lost);
  }

  /** Rows: elements that hold one known article each. */
  #repairRows(): void {
    const [tree] = this.#now.listings;
    if (tree === undefined) return;
    const links = this.#linksIn(tree);
    if (links.size < LEAST) {
      const seen = links.size === 0 ? "no article" : `only ${count(links.size, "article")}`;
      this.refused.push(
        `listing.rows: ${seen} of the archive is linked in the list of ${tree.asked}; ${LEAST} are needed to prove a selector`,
      );
      return;
    }
    const covered = (site: Site) => rowsCovered(findRows(tree, site).own, links);
    const by = (place: string) => siteOfInput(this.#with(["listing", "rows"], place), this.#list);
    const [best] = rowPlaces(tree, links, findRows(tree, this.site).scope)
      .map((place) => ({ place, covered: covered(by(place)) }))
      .sort((a, b) => b.covered - a.covered);
    if (covered(this.site) >= (best?.covered ?? 0) - allowed(links.size)) return;
    if (best === undefined) return;
    const isRight = (site: Site) => covered(site) >= best.covered && this.#keepsRows(site);
    const proof = `${best.covered} of ${links.size} known articles that the list links to, each in a row of its own`;
    if (!this.#tryOn(["listing", "rows"], this.site.listing.rows, best.place, isRight, proof))
      this.refused.push(
        `listing.rows: ${best.place} holds ${best.covered} of ${links.size} known articles, and with it the pages of before are not read as they were`,
      );
  }

  /** Links to known articles, where rows are looked for. */
  #linksIn(tree: Tree): Map<string, Element[]> {
    const { scope } = findRows(tree, this.site);
    const within = scope === null ? null : new Set([scope]);
    const links = knownLinks(tree, (key) => this.#rows.has(key));
    const inside = [...links].map(
      ([key, all]) =>
        [key, all.filter((link) => within === null || isInside(link, within))] as const,
    );
    return new Map(inside.filter(([, all]) => all.length > 0));
  }

  /** True if pages of before have the rows that they had. */
  #keepsRows(site: Site): boolean {
    return this.#before.listings.every((tree) => {
      const urls = (of: Site) => readListing(tree, of).rows.map(({ url }) => url);
      return urls(site).join("\n") === urls(this.#was).join("\n");
    });
  }

  #repairLink(): void {
    const [tree] = this.#now.listings;
    if (tree === undefined) return;
    const links = this.#linksIn(tree);
    const linked = (site: Site) =>
      readListing(tree, site).rows.filter(({ url }) => url !== null && links.has(urlKey(url)))
        .length;
    const elements = this.#rowElements(tree);
    const known = new Set([...links.values()].flat());
    const covered = rowsCovered(elements, links);
    if (linked(this.site) >= covered - allowed(covered)) return;
    const places = candidatesOf(tree, elements)
      .map(({ value, nodes }) => ({
        value,
        hits: nodes.filter((node) => node !== null && known.has(node)).length,
      }))
      .filter(({ hits }) => hits > 0)
      .sort((a, b) => b.hits - a.hits);
    for (const { value, hits } of places) {
      const isRight = (site: Site) =>
        linked(site) >= covered - allowed(covered) && this.#keepsRows(site);
      const proof = `it leads to ${hits} of ${covered} known articles`;
      if (
        this.#tryOn(["listing", "link"], this.site.listing.link.map(linkOf), value, isRight, proof)
      )
        return;
    }
    this.refused.push("listing.link: no link of the rows leads to the known articles");
  }

  #rowElements(tree: Tree): Element[] {
    return findRows(tree, this.site).own;
  }

  /** The link to the next page, where the list had one; and that page, for more proof. */
  async #repairNext(): Promise<void> {
    const [tree] = this.#now.listings;
    const [first] = this.#before.listings;
    if (tree === undefined) return;
    const { counted, cursor, next: ways } = this.site.listing;
    const had = first !== undefined && readListing(first, this.#was).next !== null;
    if (had && counted === null && cursor === null && readListing(tree, this.site).next === null) {
      const { choice, problem } = proposePager(tree, this.#rowElements(tree), {});
      const isRight = (site: Site) =>
        readListing(tree, site).next !== null &&
        this.#before.listings.every(
          (one) => readListing(one, site).next === readListing(one, this.#was).next,
        );
      const proof = `it leads to ${choice?.samples[0]}`;
      if (
        choice === null ||
        !this.#tryOn(["listing", "next"], ways.map(linkOf), choice.value, isRight, proof)
      ) {
        this.refused.push(
          `listing.next: the list had a next page, and nothing on ${tree.asked} is known to lead to it${problem === null ? "" : ` (${problem})`}`,
        );
        return;
      }
      if (!choice.sure) this.unsure.push(`listing.next: ${choice.value}: ${choice.reason}`);
    }
    const { next, post } = readListing(tree, this.site);
    if (next === null) return;
    const page = post !== undefined ? null : await this.#get(next);
    if (page === null) {
      const why = post
        ? "is asked for by a POST, which no repair sends: it"
        : "could not be read and";
      this.unsure.push(`${post?.url ?? next}, the next page, ${why} proves nothing`);
      return;
    }
    const second = parsePage(page, this.site);
    const { rows } = readListing(second, this.site);
    const same = new Set(readListing(tree, this.site).rows.map(({ url }) => url));
    if (rows.length === 0)
      this.refused.push(`listing.rows: they match nothing on the next page, ${next}`);
    else if (rows.every(({ url }) => same.has(url)))
      this.refused.push(`listing.next: the next page, ${next}, has the same rows`);
    this.listings.push(page);
    this.#now.listings.push(second);
  }

  /** @returns what is not read right, and cannot be repaired */
  #repairField(side: Side, name: string): Lost | null {
    const rules = this.site.fields[name] as FieldRules;
    if (rules[side].length === 0) return null;
    const proof = this.#prove(side, name, this.site);
    if (proof.known === 0) return null;
    if (isProved(proof)) {
      this.#doubt(side, name, proof);
      return null;
    }
    const path = ["fields", name, side];
    const ways = rules[side].map((way) => fieldWay(way, rules));
    const isRight = (site: Site) => isProved(this.#prove(side, name, site));
    const words = (site: Site) => {
      const { right, known, before } = this.#prove(side, name, site);
      return `${right} of ${known} known articles as before, and ${before} of before unchanged`;
    };
    const places =
      side === "listing" ? this.#listingPlaces(name, rules) : this.#articlePlaces(name, rules);
    const formats = /^date/.test(rules.kind) ? [null, ...DATE_FORMATS] : [null];
    for (const format of formats) {
      const before = this.input;
      if (format !== null) {
        const from = this.#said(["fields", name, "formats"], rules.formats);
        const to = [...from, format];
        this.#set(["fields", name, "formats"], to);
        const path = [...this.#prefix, "fields", name, "formats"];
        this.changes.push({
          path,
          from,
          to,
          adds: format,
          proof: "the known dates are printed so now",
        });
      }
      const isFound =
        (format !== null && isRight(this.site)) ||
        places.some((place) => {
          const way = fieldWay(place as Alternative, rules);
          return this.#tryOn(path, ways, way, isRight, words);
        });
      if (isFound) {
        this.#doubt(side, name, this.#prove(side, name, this.site));
        return null;
      }
      if (format !== null) this.changes.pop();
      this.#reset(before);
    }
    return { side, name, proof };
  }

  #listingPlaces(name: string, rules: FieldRules) {
    const [tree] = this.#now.listings;
    if (tree === undefined) return [];
    const elements = this.#rowElements(tree);
    const wanted: (Wanted | undefined)[] = elements.map(() => undefined);
    for (const { url, position } of readListing(tree, this.site).rows)
      if (url !== null) wanted[position - 1] = this.#rows.get(urlKey(url))?.[name];
    return fieldPlaces(tree, elements, wanted, rules, this.site);
  }

  #articlePlaces(name: string, rules: FieldRules) {
    const pages = this.#now.articles.map((tree) => ({
      tree,
      wanted: this.#articles.get(keyOf(tree))?.[name],
    }));
    return articlePlaces(pages, rules, this.site);
  }

  #prove(side: Side, name: string, site: Site): Proof {
    const sum = { known: 0, right: 0, before: 0, broken: 0, others: 0, empty: 0 };
    let wrong: string | null = null;
    const rules = site.fields[name] as FieldRules;
    const see = (
      key: string,
      reading: Reading | undefined,
      want: Wanted | undefined,
      isNow: boolean,
    ) => {
      const isRight = want !== undefined && saysSame(reading, want, rules, site);
      if (!isNow) {
        if (want !== undefined) sum[isRight ? "before" : "broken"]++;
        return;
      }
      if (want === undefined) {
        sum.others++;
        if (reading === undefined) sum.empty++;
        return;
      }
      sum.known++;
      if (isRight) sum.right++;
      else
        wrong ??= `${key}: ${reading === undefined ? "nothing" : `"${reading.raw.slice(0, 60)}"`} for "${want.printed.slice(0, 60)}"`;
    };
    const wants = side === "listing" ? this.#rows : this.#articles;
    for (const [trees, isNow] of [[this.#now, true] as const, [this.#before, false] as const])
      for (const tree of side === "listing" ? trees.listings : trees.articles)
        for (const [key, readings] of readingsOf(tree, site, side)) {
          // A known article without the field is no proof against it.
          if (isNow && wants.has(key) && wants.get(key)?.[name] === undefined) continue;
          see(key, readings[name], wants.get(key)?.[name], isNow);
        }
    return { ...sum, wrong };
  }

  #doubt(side: Side, name: string, { known, right, others, empty, wrong }: Proof): void {
    if (right < known)
      this.unsure.push(
        `fields.${name}.${side}: ${known - right} of ${known} known articles say something else now: ${wrong}`,
      );
    if (empty > 0)
      this.unsure.push(
        `fields.${name}.${side}: ${empty} of ${count(others, "article")} that the archive does not know have none`,
      );
  }

  /** What is lost on one side may still be read on the other: the entries decide. */
  #judge(lost: readonly Lost[]): void {
    const was = entriesOf(this.#before, this.#was);
    const is = entriesOf(this.#now, this.site);
    const both = [...is].flatMap(([url, now]) => {
      const before = was.get(url);
      return before?.row && now.row && (before.article === null) === (now.article === null)
        ? [{ url, before, now }]
        : [];
    });
    const found = differences(both, this.#was, this.site);
    const most = allowed(both.length);
    for (const { side, name, proof } of lost) {
      const where = `fields.${name}.${side}`;
      const said = `${where}: ${proof.right} of ${proof.known} known articles as before (${proof.wrong})`;
      const isMissed =
        name === "body" || both.length === 0 || (found.get(name)?.length ?? 0) > most;
      if (isMissed) this.refused.push(`${said}, and no selector gives what it gave`);
      else this.unsure.push(`${said}; the entries have it from elsewhere`);
    }
    const named = new Set(lost.map(({ name }) => name));
    for (const [name, urls] of found)
      if (urls.length > most && !named.has(name))
        this.refused.push(
          `${name}: ${urls.length} of ${both.length} known articles become another entry: ${urls[0]}`,
        );
    const known = Math.max(both.length, this.#articles.size === 0 ? this.#rows.size : 0);
    if (this.changes.length > 0 && known < LEAST)
      this.refused.push(
        `only ${count(known, "known article")} could be read before and now; ${LEAST} are needed for a proof`,
      );
  }

  /**
   * Adds a value after those that are there, or else before them, and keeps it where that is right; before those of a
   * preset, of which the last are general.
   *
   * @param all what is read there, the preset's words included
   */
  #tryOn(
    path: readonly string[],
    all: readonly unknown[],
    value: unknown,
    isRight: (site: Site) => boolean,
    proof: string | ((site: Site) => string),
  ): boolean {
    const before = this.input;
    const from = this.#said(path, all);
    const [first, last] = [
      [value, ...from],
      [...from, value],
    ];
    for (const to of from.includes(REST) ? [first, last] : [last, first]) {
      this.#set(path, to);
      if (isRight(this.site)) {
        const adds =
          typeof value === "string"
            ? value
            : wayWords((value as Alternative).select, (value as Alternative).attribute ?? null);
        const words = typeof proof === "string" ? proof : proof(this.site);
        this.changes.push({ path: [...this.#prefix, ...path], from, to, adds, proof: words });
        return true;
      }
      this.#reset(before);
    }
    return false;
  }

  /** What the site file itself says at a place: what its preset says stays there. @param all both */
  #said(path: readonly string[], all: readonly unknown[]): readonly unknown[] {
    const own = [...this.#prefix, ...path].reduce<unknown>(
      (part, key) => (part as Readonly<Record<string, unknown>> | undefined)?.[key],
      this.input,
    );
    if (own === undefined) return all.length === 0 ? [] : [REST];
    if (Array.isArray(own)) return own;
    return typeof own === "string" || (own !== null && "select" in (own as object)) ? [own] : all;
  }

  #set(path: readonly string[], value: unknown): void {
    this.#reset(this.#with(path, value));
  }

  #with(path: readonly string[], value: unknown): SiteInput {
    return withValue(this.input, [...this.#prefix, ...path], value) as SiteInput;
  }

  #reset(input: SiteInput): void {
    if (input === this.input) return;
    this.input = input;
    this.site = siteOfInput(input, this.#list);
  }
}

/** Known articles that are in a row each, alone. */
function rowsCovered(
  rows: readonly Element[],
  links: ReadonlyMap<string, readonly Element[]>,
): number {
  const held = rows.map((row) => {
    const own = new Set([row]);
    return [...links].filter(([, all]) => all.some((link) => isInside(link, own)));
  });
  return new Set(
    held.filter((keys) => keys.length === 1).flatMap((keys) => keys.map(([key]) => key)),
  ).size;
}

/** Known articles that may say something else: their words may have changed with the template. */
function allowed(known: number): number {
  return Math.floor(known / 10);
}

function isProved({ known, right, broken, others, empty }: Proof): boolean {
  return (
    right >= known - allowed(known) &&
    broken === 0 &&
    (empty === 0 || empty * 2 < others || others < LEAST)
  );
}

function* readingsOf(tree: Tree, site: Site, side: Side): Iterable<readonly [string, Readings]> {
  if (side === "article") yield [keyOf(tree), readArticle(tree, site).readings];
  else
    for (const { url, readings } of readListing(tree, site).rows)
      if (url !== null) yield [urlKey(url), readings];
}

function entriesOf(
  trees: { readonly listings: readonly Tree[]; readonly articles: readonly Tree[] },
  site: Site,
) {
  const found = new Map<string, { row: Row | null; article: Article | null }>();
  for (const tree of trees.listings)
    for (const row of readListing(tree, site).rows)
      if (row.url !== null) found.set(urlKey(row.url), { row, article: null });
  for (const tree of trees.articles) {
    const key = keyOf(tree);
    found.set(key, { row: found.get(key)?.row ?? null, article: readArticle(tree, site) });
  }
  return found;
}

/** An article by the URL that was asked for, as its row has it. */
function keyOf({ asked }: Tree): string {
  return urlKey(asked);
}

/** A link as a site file writes it. */
function linkOf({ select, attribute, read, all }: Alternative): unknown {
  const isPlain = (attribute === null || attribute === "href") && read === "text" && !all;
  return isPlain
    ? select
    : { select, ...(attribute === null ? {} : { attribute }), ...(all ? { all } : {}) };
}

/** A way to read a field, as a site file writes it. */
function fieldWay({ select, attribute, read, all }: Alternative, { of }: FieldRules): unknown {
  const usual = of === "html" ? "html" : "text";
  if (attribute === null && read === usual && !all) return select;
  return {
    select,
    ...(attribute === null ? {} : { attribute }),
    ...(attribute !== null || read === usual ? {} : { read }),
    ...(all ? { all } : {}),
  };
}

function withValue(base: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(base))
    return base.map((one, at) => (String(at) === key ? withValue(one, rest, value) : one));
  const object = (base ?? {}) as Readonly<Record<string, unknown>>;
  return { ...object, [key]: withValue(object[key], rest, value) };
}
