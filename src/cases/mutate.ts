/**
 * Mutation testing of cases. The element that a value was read from is removed, renamed or emptied, and
 * the case must fail. A mutant that passes is equivalent where another selector gave the same value;
 * else it survived, and nothing in the case depends on that element.
 */
import type { Element } from "domhandler";
import { readLink } from "../extract/field.js";
import { findRows, readListing } from "../extract/listing.js";
import { collapse, textOf } from "../extract/nodes.js";
import { reindex } from "../extract/select.js";
import { firstMatch, parsePage, type Tree } from "../extract/tree.js";
import type { Page, Reading, Readings } from "../model.js";
import type { Site } from "../site/site.js";
import type { Case, CaseResult, Expectation } from "./case.js";
import { hasFailed, type Suite } from "./check.js";
import { compare } from "./compare.js";
import { articleResult, listingResult, readCase, rowOf } from "./read.js";

const MUTATIONS = ["removed", "renamed", "emptied"] as const;
type How = (typeof MUTATIONS)[number];

/** A changed page, and whether its case failed. */
interface Mutant {
  readonly field: string;
  /** Row or page that holds the element. */
  readonly where: string;
  readonly selector: string;
  readonly how: How;
  readonly killed: boolean;
  /** Selector that gave the same value instead; null for none. */
  readonly instead: string | null;
}

export interface MutationScore {
  readonly total: number;
  readonly killed: number;
  readonly equivalent: number;
  readonly survived: number;
  /** Share of all mutants that were killed, from 0 to 1, to four decimals. */
  readonly score: number;
  /** Those that were not killed. */
  readonly mutants: readonly (Mutant & { readonly case: string })[];
}

/** An element that something was read from, to be found again on a fresh tree of its page. */
interface Target {
  readonly field: string;
  readonly where: string;
  readonly selector: string;
  readonly attribute: string | null;
  find(tree: Tree): readonly Element[];
}

/** The mutation score of the cases that pass. @param field only mutants of this field; of all when it is not given */
export async function mutationScore(suite: Suite, field?: string): Promise<MutationScore> {
  const all: (Mutant & { case: string })[] = [];
  for (const one of suite.cases) {
    const { name, saved, expected, site } = one;
    if (hasFailed(one) || saved === null || expected === null || site === null) continue;
    for (const mutant of await mutateCase(saved, expected, site))
      if (field === undefined || mutant.field === field) all.push({ case: name, ...mutant });
  }
  const mutants = all.filter(({ killed }) => !killed);
  const [total, killed] = [all.length, all.length - mutants.length];
  const survived = mutants.filter(({ instead }) => instead === null).length;
  const score = total === 0 ? 0 : Math.round((killed / total) * 10_000) / 10_000;
  return { total, killed, equivalent: mutants.length - survived, survived, score, mutants };
}

async function mutateCase(
  saved: Case,
  expected: Expectation,
  site: Site,
): Promise<readonly Mutant[]> {
  const mutants: Mutant[] = [];
  for (const { page, targets, read } of sidesOf(saved, site))
    for (const target of targets)
      for (const how of MUTATIONS) {
        const tree = parsePage(page, site);
        const elements = target.find(tree);
        if (elements.length === 0) continue;
        for (const element of elements) change(tree, element, target.attribute, how);
        reindex(tree.$);
        const result = await read(tree);
        const killed = compare(expected, result).some(({ passed }) => !passed);
        const { field, where, selector } = target;
        const instead = killed ? null : insteadOf(result, target);
        mutants.push({ field, where, selector, how, killed, instead });
      }
  return mutants;
}

function change({ $ }: Tree, element: Element, attribute: string | null, how: How): void {
  if (how === "removed") $(element).remove();
  else if (how === "renamed") {
    element.name = "x-renamed";
    for (const name of ["class", "id", "name", "property", "itemprop", "rel"])
      if (name in element.attribs) element.attribs[name] = "renamed";
  } else {
    if (attribute !== null) element.attribs[attribute] = "";
    $(element).empty();
  }
}

/** What gave the field on the changed page, when it still says the same. */
function insteadOf({ sightings }: CaseResult, { field, where, selector }: Target): string | null {
  // Where a link leads is part of the result, which is the same: so another link led there.
  if (field === "next") return "the numbered links of the pager";
  if (field === "url") return "another link of the row";
  const row = Number(/^row (\d+)/.exec(where)?.[1] ?? 1);
  const chosen = sightings[row - 1]?.chosen as Readonly<Record<string, Reading>> | undefined;
  const now = chosen?.[field];
  if (now === undefined) return null;
  return now.selector === selector ? `another element of ${selector}` : now.selector;
}

interface Side {
  readonly page: Page;
  readonly targets: readonly Target[];
  read(tree: Tree): CaseResult | Promise<CaseResult>;
}

/** The pages of a case, with what was read from each. */
function sidesOf(saved: Case, site: Site): Side[] {
  const { about, pages, listing } = saved;
  const [page] = pages;
  if (page === undefined) return [];
  // What is not a web page is not written back as one.
  if (about.kind === "walk" && parsePage(page, site).data !== null) return [];
  if (about.kind === "walk") return pages.map((_, index) => walkSide(saved, index, site));
  if (about.kind === "listing") {
    const read = (tree: Tree) => listingResult(readListing(tree, site), site);
    return [{ page, targets: listingTargets(page, site), read }];
  }
  const article = parsePage(page, site);
  const rowIn = (tree: Tree) => rowOf(readListing(tree, site).rows, page);
  const row = listing === null ? null : rowIn(parsePage(listing, site));
  const { chosen = {} } = articleResult(article, row, site).sightings[0] ?? {};
  const own: Side = {
    page,
    targets: readingTargets(chosen, "article", "page", () => null, site),
    read: (tree) => articleResult(tree, row, site),
  };
  if (listing === null || row === null) return [own];
  const element = (tree: Tree) => findRows(tree, site).own[row.position - 1] ?? null;
  const inRow: Side = {
    page: listing,
    targets: readingTargets(chosen, "listing", "its row", element, site),
    // A row that is no longer found is a field that is no longer read: the article is read alone.
    read: (tree) => articleResult(article, rowIn(tree), site),
  };
  return [own, inRow];
}

/** Every field of every row, its link, and the link to the next page. */
function listingTargets(page: Page, site: Site): Target[] {
  const tree = parsePage(page, site);
  const { rows, next, nextSelector, isCounted = false } = readListing(tree, site);
  const inRows = rows.flatMap(({ position, readings }) => {
    const element = (fresh: Tree) => findRows(fresh, site).own[position - 1] ?? null;
    const where = `row ${position}`;
    return [
      ...readingTargets(readings, "listing", where, element, site),
      ...linkTargets(tree, element, where, site),
    ];
  });
  // A header and a template are on no element.
  const isElsewhere = isCounted || nextSelector === "Link" || site.listing.counted !== null;
  return next === null || nextSelector === null || isElsewhere
    ? inRows
    : [...inRows, nextTarget(nextSelector, site)];
}

function linkTargets(
  tree: Tree,
  element: (tree: Tree) => Element | null,
  where: string,
  site: Site,
): Target[] {
  const link = readLink(tree, element(tree), site.listing.link);
  if (link === null) return [];
  const { selector, href } = link;
  const find = (fresh: Tree) =>
    firstMatch(fresh.$, element(fresh), [selector])
      .nodes.filter((node) => node.attribs.href?.trim() === href)
      .slice(0, 1);
  return [{ field: "url", where, selector, attribute: "href", find }];
}

function nextTarget(selector: string, site: Site): Target {
  const find = (tree: Tree) => firstMatch(tree.$, findRows(tree, site).scope, [selector]).nodes;
  return { field: "next", where: "page", selector, attribute: "href", find };
}

/** The elements that some readings of one page came from. */
function readingTargets(
  readings: Readings,
  from: "listing" | "article",
  where: string,
  scope: (tree: Tree) => Element | null,
  site: Site,
): Target[] {
  return Object.values(readings)
    .filter((reading) => reading.from === from)
    .map(({ field, selector, attribute, raw, parts }) => {
      const rules = site.fields[field];
      const all =
        parts !== undefined ||
        rules?.[from].some(
          (way) => way.select === selector && way.attribute === attribute && way.all,
        );
      const says = (node: Element) =>
        attribute === null
          ? textOf([node]) === raw
          : collapse(node.attribs[attribute] ?? "") === raw;
      const find = (tree: Tree) => {
        const { nodes } = firstMatch(tree.$, scope(tree), [selector]);
        return all ? nodes : nodes.filter(says).slice(0, 1);
      };
      return {
        field,
        where,
        selector,
        attribute: attribute ?? OF_KIND[rules?.of ?? ""] ?? null,
        find,
      };
    });
}

/** What is read of an element of some kinds where the site file names no attribute. */
const OF_KIND: Readonly<Record<string, string>> = {
  url: "href",
  file: "href",
  reference: "href",
  image: "src",
};

/** Of a walk what matters is where rows lead and where the next page is. */
function walkSide(saved: Case, index: number, site: Site): Side {
  const page = saved.pages[index] as Page;
  const headers = { ...page.headers, "content-type": "text/html; charset=utf-8" };
  return {
    page,
    targets: listingTargets(page, site)
      .filter(({ field }) => field === "url" || field === "next")
      .map((target) => ({ ...target, where: `page ${index + 1}, ${target.where}` })),
    read: (tree) => {
      const changed = { ...page, headers, body: Buffer.from(tree.$.html()) };
      return readCase({ ...saved, pages: saved.pages.with(index, changed) }, site);
    },
  };
}
