/** Articles that go on over several pages: where the others are, and one text of all. */
import type { ChildNode } from "domhandler";
import type { Page, Readings, Warning } from "../model.js";
import type { Site } from "../site/site.js";
import { parseUrl } from "../text.js";
import { sameOrigin, urlKey } from "../url/url.js";
import { readFields } from "./field.js";
import { isElement, traverse } from "./nodes.js";
import { select } from "./select.js";
import { cutOff, linkTarget, parsePage, type Tree } from "./tree.js";

/** The other pages of an article, without their pagers. */
export function furtherOf({ further = [] }: Page, site: Site): Tree[] {
  return further.map((page) => parsePage(page, site));
}

/**
 * Cuts the pagers of `article.pages` off a page and its further ones.
 *
 * @returns URLs of the pages that they lead to and that are none of these, in their order
 */
export function cutPagers(
  tree: Tree,
  { article: { pages = [] } }: Site,
  further: readonly Tree[],
  warnings: Warning[],
): string[] {
  if (pages.length === 0) return [];
  const trees = [tree, ...further];
  const known = new Set(trees.flatMap(({ url, asked }) => [urlKey(url), urlKey(asked)]));
  const others = new Map<string, string>();
  for (const one of trees) {
    for (const node of pages.flatMap((pager) => select(one.$, null, `:is(${pager}) a[href]`))) {
      const url = linkTarget(one, node.attribs.href);
      if (url === null || !sameOrigin(url, tree.url) || known.has(urlKey(url))) continue;
      if (!others.has(urlKey(url))) others.set(urlKey(url), url);
    }
    cutOff(one, pages);
  }
  const goesOn = [...others.values()];
  if (goesOn.length > 0)
    warnings.push({
      code: "goes-on",
      message: `the article goes on at ${goesOn.join(", ")}, which was not read`,
    });
  return goesOn;
}

/** The readings of a first page, its text with that of the others. */
export function withFurther(
  { url }: Tree,
  readings: Readings,
  further: readonly Tree[],
  site: Site,
): Readings {
  const { body } = readings;
  if (body === undefined || further.length === 0) return readings;
  const texts = further.flatMap((tree) => {
    // A page that there is not may lead back to the first.
    if (urlKey(tree.url) === urlKey(url)) return [];
    const read = readFields(tree, null, site, "article").body;
    if (read?.nodes) startFrom(tree.base, read.nodes);
    return read ?? [];
  });
  const joined = (key: "raw" | "printed") => [body, ...texts].map((one) => one[key]).join(" ");
  return {
    ...readings,
    body: {
      ...body,
      ...{ raw: joined("raw"), printed: joined("printed") },
      nodes: [body, ...texts].flatMap(({ nodes }) => nodes ?? []),
    },
  };
}

/** Relative links of a text start from its own page; those within it stay. */
function startFrom(base: string, nodes: readonly ChildNode[]): void {
  traverse(nodes, (node) => {
    for (const name of isElement(node) ? ["href", "src"] : []) {
      const { attribs } = node as Extract<ChildNode, { attribs: object }>;
      const value = attribs[name]?.trim();
      if (value !== undefined && !value.startsWith("#"))
        attribs[name] = parseUrl(value, base)?.href ?? value;
    }
    return true;
  });
}
