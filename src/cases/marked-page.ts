/** The saved page of a case with the elements marked that the selectors of its failed fields match. */
import type { Element } from "domhandler";
import { firstMatch, parsePage, type Tree } from "../extract/tree.js";
import { tried } from "../site/selector-words.js";
import type { Site } from "../site/site.js";
import type { CheckedCase } from "./check.js";
import { selectorsOf } from "./place.js";

/** Bytes of a page that a report shows. */
const MOST = 400_000;

/** Anchor of the first element that is marked: what is above it may be long. */
export const MARKED = "sitelift-marked";

interface Mark {
  readonly field: string;
  /** The selector that matched, or all that were tried. */
  readonly selector: string;
  readonly matches: number;
}

export interface MarkedPage {
  readonly marks: readonly Mark[];
  /** The page without scripts, and without what leads away from it. */
  readonly html: string;
}

/** @returns null for a walk, for a page that is too large to be shown, and where no field has selectors */
export function markedPage(
  { saved, site }: Pick<CheckedCase, "saved" | "site">,
  fields: readonly string[],
): MarkedPage | null {
  const [page] = saved?.pages ?? [];
  if (saved === null || site === null || page === undefined) return null;
  const { kind } = saved.about;
  if (kind === "walk" || page.body.length > MOST) return null;
  const tree = parsePage(page, { remove: [], encoding: site.encoding });
  const marks = fields.flatMap((field) => markField(tree, site, kind, field) ?? []);
  if (marks.length === 0) return null;
  // Opened from a disk, the page can neither run nor load anything.
  tree.$("script, base, iframe, object, embed, meta[http-equiv]").remove();
  tree
    .$("head")
    .prepend(
      `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'">`,
    );
  tree
    .$("head")
    .append(
      "<style>[data-sitelift]{outline:4px solid #d55e00!important;outline-offset:2px!important}[data-sitelift]::before{content:attr(data-sitelift);background:#d55e00;color:#fff;font:12px system-ui;padding:0 4px}</style>",
    );
  tree.$("body [data-sitelift]").first().before(`<a id="${MARKED}"></a>`);
  return { marks, html: tree.$.html() };
}

function markField(
  tree: Tree,
  site: Site,
  kind: "listing" | "article",
  field: string,
): Mark | null {
  const selectors = selectorsOf(site, field)[kind];
  if (selectors.length === 0) return null;
  const isInRow = kind === "listing" && field !== "rows" && field !== "next";
  const scopes = isInRow ? firstMatch(tree.$, null, site.listing.rows).nodes : [null];
  let matches = 0;
  let selector = tried(selectors);
  for (const scope of scopes) {
    const found = firstMatch(tree.$, scope, selectors);
    for (const node of found.nodes) (node as Element).attribs["data-sitelift"] = field;
    matches += found.nodes.length;
    if (found.nodes.length > 0 && found.selector !== null) ({ selector } = found);
  }
  return { field, selector, matches };
}
