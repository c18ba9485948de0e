/**
 * Repairs a site file after a change of the template: finds where what was read before is on the pages as they are now.
 * Nothing is guessed: a selector is taken only where it gives the known words, on the pages of now and on those of before.
 */
import type { Element } from "domhandler";
import { readArticle } from "../../extract/article.js";
import { findRows, readListing } from "../../extract/listing.js";
import { isInside } from "../../extract/nodes.js";
import { parsePage, type Tree } from "../../extract/tree.js";
import type { Page } from "../../model.js";
import type { Alternative, FieldRules, Site, SiteInput } from "../../site/site.js";
import { count } from "../../text.js";
import { urlKey } from "../../url/url.js";
import { candidatesOf } from "../candidates.js";
import { proposePager } from "../pager.js";
import { type Change, EditedSite, fieldWay, linkOf } from "./edited-site.js";
import { articlePlaces, fieldPlaces, knownLinks, rowPlaces } from "./places.js";
import {
  allowed,
  isProved,
  keyOf,
  LEAST,
  type Proof,
  prove,
  type Side,
  type Trees,
} from "./proof.js";
import { differences, entriesOf } from "./same-entries.js";
import { DATE_FORMATS, type Wanted, type WantedFields, wantedOf } from "./wanted.js";

export interface RepairPages {
  /** As they were when the site file read them. */
  readonly before: { readonly listings: readonly Page[]; readonly articles: readonly Page[] };
  readonly now: { readonly listing: Page; readonly articles: readonly Page[] };
  /** A further listing page as it is now; null when it does not come. */
  readonly get: (url: string) => Promise<Page | null>;
  /** True for an article of the archive, by its key. */
  readonly isKnown: (key: string) => boolean;
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

interface Lost {
  readonly side: Side;
  readonly name: string;
  readonly proof: Proof;
}

class Repairing extends EditedSite implements Repair {
  readonly unsure: string[] = [];
  readonly refused: string[] = [];
  readonly listings: Page[] = [];
  readonly #was: Site;
  readonly #get: RepairPages["get"];
  readonly #before: Trees;
  readonly #now: { readonly listings: Tree[]; readonly articles: readonly Tree[] };
  /** What known articles say in their rows and on their pages. */
  readonly #rows = new Map<string, WantedFields>();
  readonly #articles = new Map<string, WantedFields>();

  constructor(given: SiteInput, list: string | null, { before, now, get, isKnown }: RepairPages) {
    super(given, list);
    this.#was = this.site;
    this.#get = get;
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

  /** The first listing page as it is now. */
  get #tree(): Tree {
    return this.#now.listings[0] as Tree;
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
    const tree = this.#tree;
    const links = this.#linksIn(tree);
    if (links.size < LEAST) {
      const seen = links.size === 0 ? "no article" : `only ${count(links.size, "article")}`;
      this.refused.push(
        `listing.rows: ${seen} of the archive is linked in the list of ${tree.asked}; ${LEAST} are needed to prove a selector`,
      );
      return;
    }
    const covered = (site: Site) => rowsCovered(findRows(tree, site).own, links);
    const [best] = rowPlaces(tree, links, findRows(tree, this.site).scope)
      .map((place) => ({ place, covered: covered(this.siteWith(["listing", "rows"], place)) }))
      .sort((a, b) => b.covered - a.covered);
    if (covered(this.site) >= (best?.covered ?? 0) - allowed(links.size)) return;
    if (best === undefined) return;
    const isRight = (site: Site) => covered(site) >= best.covered && this.#keepsRows(site);
    const proof = `${best.covered} of ${links.size} known articles that the list links to, each in a row of its own`;
    if (!this.tryOn(["listing", "rows"], this.site.listing.rows, best.place, isRight, proof))
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
    const tree = this.#tree;
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
        this.tryOn(["listing", "link"], this.site.listing.link.map(linkOf), value, isRight, proof)
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
    const tree = this.#tree;
    const [first] = this.#before.listings;
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
        !this.tryOn(["listing", "next"], ways.map(linkOf), choice.value, isRight, proof)
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
      const [changes, before] = [this.changes.length, this.input];
      if (format !== null) {
        const path = ["fields", name, "formats"];
        const from = this.said(path, rules.formats);
        const proof = "the known dates are printed so now";
        this.change(path, { from, to: [...from, format], adds: format, proof });
      }
      const isFound =
        (format !== null && isRight(this.site)) ||
        places.some((place) => {
          const way = fieldWay(place as Alternative, rules);
          return this.tryOn(["fields", name, side], ways, way, isRight, words);
        });
      if (isFound) {
        this.#doubt(side, name, this.#prove(side, name, this.site));
        return null;
      }
      this.takeBack(changes, before);
    }
    return { side, name, proof };
  }

  #listingPlaces(name: string, rules: FieldRules) {
    const tree = this.#tree;
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
    const pages = { before: this.#before, now: this.#now };
    return prove(side, name, site, pages, side === "listing" ? this.#rows : this.#articles);
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
