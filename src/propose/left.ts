/** What a proposed site file leaves on an article page: images and files that `article.media` can read, and words that no field has. */

import { readArticle } from "../extract/article.js";
import { mergeItem } from "../extract/item.js";
import { select } from "../extract/select.js";
import { linkTarget, parsePage, type Tree } from "../extract/tree.js";
import type { Block, Page } from "../model.js";
import type { Site, SiteInput } from "../site/site.js";
import { isFile, urlKey } from "../url/url.js";
import { type OwnField, ownFieldsOf } from "./own-fields.js";
import type { Choice, Proposal } from "./proposal.js";
import { onlyChoice } from "./rank.js";
import { listingOf, siteOfProposal } from "./reads.js";

/**
 * A proposal with fields for who wrote an article, its tags and its main picture, with the images and files beside its
 * text, and a sentence for each place with words that nothing reads. Each article is looked at: the first may have no
 * picture. What another page has at the same place is the site's frame. A preset has places of its own for images and
 * files, so there the sentence is all.
 */
export function withLeft(proposal: Proposal, listing: Page, articles: readonly Page[]): Proposal {
  const { site: input, choices } = proposal;
  const site = siteOfProposal(input);
  const pages = leftOnPages(site, listing, articles);
  const own = firstOf(
    pages.flatMap(({ tree, blocks }) => ownFieldsOf(tree, blocks)),
    ({ name }) => name,
  );
  // A picture stays among the media too: other articles may have several there.
  const named = new Set(own.flatMap(({ name, place }) => (name === "image" ? [] : place)));
  const unnamed = pages.flatMap(({ tree, blocks }) =>
    blocks.filter(({ place }) => !named.has(place)).map((block) => ({ tree, block })),
  );
  const trees = [parsePage(listing, site), ...pages.map(({ tree }) => tree)];
  const media = firstOf(
    input.preset === undefined
      ? unnamed.flatMap(({ tree, block }) =>
          mediaOf(tree, block).filter((one) => !isOfFrame(one, tree, trees)),
        )
      : [],
    ({ select }) => select,
  );
  const read = new Set([...named, ...media.map(({ place }) => place)]);
  const left = firstOf(
    unnamed.flatMap(({ block }) => (block.words > 0 && !read.has(block.place) ? block : [])),
    ({ place }) => place,
  );
  return {
    ...proposal,
    site: withFields(media.length === 0 ? input : withMedia(input, media), own),
    choices: [
      ...choices,
      ...(media.length === 0 ? [] : [mediaChoice(media)]),
      ...own.map(({ choice }) => choice),
    ],
    left: left.map(
      ({ place, sample }) =>
        `${place} ("${sample}"): read it with a field, or add it to \`ignore\` with the reason`,
    ),
  };
}

/** What is each article's own and in no field. */
function leftOnPages(site: Site, listing: Page, articles: readonly Page[]) {
  const { rows } = listingOf(listing, site);
  const contentOf = (page: Page) => {
    const tree = parsePage(page, site);
    const own = urlKey(tree.url);
    const row = rows.find(({ url }) => url !== null && urlKey(url) === own) ?? {
      ...{ listing: site.start, position: 1, url: tree.url, base: tree.base, readings: {} },
    };
    const article = readArticle(tree, site);
    // The words of a listing page are the frame's, whatever field would read them there.
    const item = page === listing ? { readings: {}, others: {} } : mergeItem(site, row, article);
    return { tree, blocks: article.content(item).blocks };
  };
  const frame = contentOf(listing);
  const pages = articles.map(contentOf);
  return pages.map((page) => {
    const known = new Set(
      [frame, ...pages].flatMap((other) => (other === page ? [] : other.blocks.map(keyOf))),
    );
    const blocks = page.blocks.filter((block) => !block.isAround && !known.has(keyOf(block)));
    return { tree: page.tree, blocks };
  });
}

/** Those of a list that come first with their key. */
function firstOf<T>(all: readonly T[], key: (one: T) => string): T[] {
  const firsts = new Map<string, T>();
  for (const one of all) if (!firsts.has(key(one))) firsts.set(key(one), one);
  return [...firsts.values()];
}

function keyOf({ place, hash }: Block): string {
  return `${place} ${hash}`;
}

interface MediaPlace {
  readonly place: string;
  readonly select: string;
  readonly samples: readonly string[];
}

/** Selectors of the images and files of a place that holds little else. */
function mediaOf(tree: Tree, { place, images, files }: Block): MediaPlace[] {
  const found = (tag: "img" | "a", attribute: "src" | "href"): MediaPlace[] => {
    const self = select(tree.$, null, place).some(({ name }) => name === tag);
    const selector = self ? place : `${place} ${tag}`;
    const nodes = select(tree.$, null, selector);
    const samples = nodes.map(({ attribs }) => attribs[attribute] ?? "");
    const isAll = nodes.length > 0 && (tag === "img" || samples.every(isFile));
    return isAll ? [{ place, select: selector, samples }] : [];
  };
  return [...(files > 0 ? found("a", "href") : []), ...(images > 0 ? found("img", "src") : [])];
}

/** True where most of what a place has is on other pages of the site too, in whatever order: the logos of sponsors. */
function isOfFrame({ select: selector }: MediaPlace, tree: Tree, trees: readonly Tree[]): boolean {
  const leadsOf = (one: Tree) =>
    select(one.$, null, selector).flatMap(
      ({ attribs }) => linkTarget(one, attribs.src ?? attribs.href) ?? [],
    );
  const elsewhere = new Set(trees.flatMap((one) => (one === tree ? [] : leadsOf(one))));
  const own = leadsOf(tree);
  return own.filter((lead) => elsewhere.has(lead)).length * 2 > own.length;
}

function mediaChoice(media: readonly MediaPlace[]): Choice {
  const texts = media.flatMap(({ samples }) => samples);
  const value = media.map(({ select }) => select).join(", ");
  const matched = `${texts.length} on the article pages`;
  return onlyChoice("media", { value, matched, texts }, "images and files beside the text");
}

function withFields(site: SiteInput, own: readonly OwnField[]): SiteInput {
  if (own.length === 0) return site;
  const fields = Object.fromEntries(own.map(({ name, field }) => [name, field]));
  return { ...site, fields: { ...site.fields, ...fields } };
}

function withMedia({ fields, article, ...more }: SiteInput, media: readonly MediaPlace[]) {
  const selectors = media.map(({ select }) => select);
  return {
    ...more,
    article: { ...article, media: selectors },
    ...(fields === undefined ? {} : { fields }),
  };
}
