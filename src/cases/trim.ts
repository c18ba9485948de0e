/** Trimming: a page keeps what its result depends on, and every deletion is proved on the bytes that are kept. */
import type { AnyNode, ChildNode } from "domhandler";
import { CliError } from "../error.js";
import { readArticle } from "../extract/article.js";
import { readListing } from "../extract/listing.js";
import { isElement } from "../extract/nodes.js";
import { select } from "../extract/select.js";
import { firstMatch, parsePage, type Tree } from "../extract/tree.js";
import type { Page, Readings } from "../model.js";
import type { Alternative, Site } from "../site/site.js";
import type { Case, CaseResult } from "./case.js";
import { articleResult, listingResult, readCase, withRow } from "./read.js";

/** Attempts a page: enough for a thousand elements that stay, and an end for what is larger. */
const MOST_ATTEMPTS = 2_000;

/**
 * Deletes subtrees and comments while the result stays what it is and every selector matches as often.
 *
 * @throws {CliError} exit code 2, when the page reads otherwise once it is parsed and written
 */
export async function trimCase(saved: Case, site: Site): Promise<Case> {
  const isArticle = saved.about.kind === "article";
  const pages = saved.pages.map((page) =>
    trimPage(page, site, (one) => (isArticle ? articleProof(one, site) : listingProof(one, site))),
  );
  const [page] = pages;
  const listing =
    saved.listing === null || page === undefined
      ? null
      : trimPage(saved.listing, site, (one) => rowProof(page, one, site));
  const trimmed = { ...saved, pages, listing, about: aboutOf(saved, [...pages, listing]) };
  const [before, after] = [await readCase(saved, site), await readCase(trimmed, site)];
  if (resultText(before) !== resultText(after))
    throw new CliError(`${saved.about.url} reads otherwise when it is trimmed`, {
      hint: "Record it without --trim, and report it: this is a defect of sitelift.",
    });
  return trimmed;
}

/** A trimmed page is UTF-8, and its header says so. */
function aboutOf({ about }: Case, pages: readonly (Page | null)[]): Case["about"] {
  const typed = <T extends { headers: Record<string, string> }>(one: T, index: number): T => {
    const type = pages[index]?.headers["content-type"] ?? "";
    return { ...one, headers: { ...one.headers, "content-type": type } };
  };
  if (about.kind === "walk") return { ...about, pages: about.pages.map(typed) };
  if (about.kind === "listing") return typed(about, 0);
  return { ...typed(about, 0), row: about.row === null ? null : typed(about.row, 1) };
}

/** @param proof text that must stay the same */
function trimPage(page: Page, { encoding }: Site, proof: (page: Page) => string): Page {
  const { $ } = parsePage(page, { remove: [], encoding });
  // The coding that a site file names is not that of what is written: a mark goes before it.
  const mark = encoding === null ? "" : "\ufeff";
  const written = (): Page => ({
    ...page,
    headers: { ...page.headers, "content-type": "text/html; charset=utf-8" },
    body: Buffer.from(mark + $.html()),
  });
  const wanted = proof(page);
  if (proof(written()) !== wanted)
    throw new CliError(
      `${page.url} cannot be trimmed: once parsed and written, it reads otherwise`,
      {
        hint: "Record it without --trim.",
      },
    );
  let attempts = 0;
  const todo: AnyNode[] = [...$.root().contents().toArray()].reverse();
  for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
    if (node.type === "directive" || node.type === "text") continue;
    if (attempts++ >= MOST_ATTEMPTS) break;
    if (!canGo(node, () => proof(written()) === wanted) && isElement(node))
      todo.push(...[...node.children].reverse());
  }
  return written();
}

/** Deletes a node if nothing depends on it; else it is put back. */
function canGo(node: AnyNode, holds: () => boolean): boolean {
  const { parent, prev, next } = node;
  if (parent === null) return false;
  const place = parent.children.indexOf(node as ChildNode);
  parent.children.splice(place, 1);
  if (prev !== null) prev.next = next;
  if (next !== null) next.prev = prev;
  if (holds()) return true;
  parent.children.splice(place, 0, node as ChildNode);
  if (prev !== null) prev.next = node as ChildNode;
  if (next !== null) next.prev = node as ChildNode;
  return false;
}

function listingProof(page: Page, site: Site): string {
  const tree = parsePage(page, site);
  const result = listingResult(readListing(tree, site), site);
  return JSON.stringify([resultText(result), listingMatches(tree, site)]);
}

function articleProof(page: Page, site: Site): string {
  const tree = parsePage(page, site);
  return JSON.stringify([resultText(articleResult(tree, null, site)), articleMatches(tree, site)]);
}

/** In the listing page of an article, only one row matters. */
function rowProof(page: Page, listing: Page, site: Site): string {
  const tree = parsePage(listing, site);
  const { rowSelector } = readListing(tree, site);
  const result = withRow(parsePage(page, site), page, listing, site);
  return JSON.stringify([resultText(result), rowSelector]);
}

/** All that a result says, the nodes of the tree aside. */
function resultText({ fields, body, problems, sightings }: CaseResult): string {
  const words = (readings: Readings | null) =>
    Object.values(readings ?? {}).map(({ nodes, ...reading }) => reading);
  return JSON.stringify([
    fields,
    body,
    problems,
    sightings.map(({ row, article, chosen }) => [row, article, chosen].map(words)),
  ]);
}

/** How often every selector matches, each where it is used. */
function listingMatches(tree: Tree, site: Site): number[] {
  const { listing } = site;
  const scope = firstMatch(tree.$, null, listing.within).nodes[0] ?? null;
  const inScope = (selector: string) => firstMatch(tree.$, scope, [selector]).nodes;
  const selects = (ways: readonly Alternative[]) => ways.map(({ select }) => select);
  const rows = firstMatch(tree.$, scope, listing.rows).nodes;
  const inRows = Object.values(site.fields).flatMap((field) => selects(field.listing));
  return [
    ...listing.within.map((selector) => select(tree.$, null, selector).length),
    ...[
      ...listing.rows,
      ...selects(listing.next),
      ...listing.current,
      ...listing.pageLinks,
      ...listing.empty,
    ].map((selector) => inScope(selector).length),
    ...rows.flatMap((row) =>
      [...selects(listing.link), ...inRows].map(
        (selector) => firstMatch(tree.$, row, [selector]).nodes.length,
      ),
    ),
  ];
}

function articleMatches(tree: Tree, site: Site): (number | string | null)[] {
  const selectors = [
    ...Object.values(site.fields).flatMap(({ article }) => article.map(({ select }) => select)),
    ...site.article.translations,
  ];
  const { canonical, language, direction } = readArticle(tree, site);
  return [
    canonical,
    language,
    direction,
    ...selectors.map((selector) => select(tree.$, null, selector).length),
  ];
}
