/** Which system made a page, and by what that is known: its preset is tried first. Pure. */
import { readFeeds } from "../extract/listing.js";
import type { Tree } from "../extract/tree.js";
import { parseUrl } from "../text.js";

export interface Recognised {
  readonly preset: string;
  /** What on the page says so. */
  readonly by: string;
}

interface Mark {
  readonly preset: string;
  /** What the generator says. */
  readonly generator: RegExp;
  /** Elements that the system prints where the generator was taken out. */
  readonly elements?: string;
  /** What must be on the page besides. */
  readonly needs?: string;
}

const MARKS: readonly Mark[] = [
  {
    preset: "drupal",
    generator: /^Drupal (?:[89]|1\d)\b/,
    elements: "script[data-drupal-selector='drupal-settings-json']",
  },
  {
    preset: "wordpress",
    generator: /^WordPress\b/,
    elements:
      "link[rel='https://api.w.org/'], link[href*='/wp-content/'], script[src*='/wp-includes/']",
  },
  { preset: "typo3-news", generator: /^TYPO3\b/, needs: ".news-list-view, .news .article" },
  { preset: "typo3-ttnews", generator: /^TYPO3\b/, needs: ".news-list-container .news-list-item" },
  {
    preset: "joomla",
    generator: /^Joomla!/,
    elements: "script.joomla-script-options",
  },
  { preset: "blogger", generator: /^blogger$/i, needs: ".widget.Blog" },
  { preset: "mediawiki", generator: /^MediaWiki\b/, needs: "#mw-pages" },
  { preset: "ghost", generator: /^Ghost\b/ },
];

/** @returns null where nothing on the page says what made it */
export function recognise(tree: Tree): Recognised | null {
  const { $ } = tree;
  if (isDrupal7(tree)) return { preset: "drupal7", by: "the page is Drupal 7's" };
  const generators = $("meta[name='generator' i]")
    .toArray()
    .map((node) => $(node).attr("content")?.trim() ?? "");
  for (const { preset, generator, elements, needs } of MARKS) {
    const said = generators.find((one) => generator.test(one));
    const by =
      said === undefined ? printed($, elements) : `its generator says "${said.slice(0, 60)}"`;
    if (by !== null && (needs === undefined || $(needs).length > 0)) return { preset, by };
  }
  return null;
}

function printed($: Tree["$"], elements: string | undefined): string | null {
  const found = elements?.split(", ").find((selector) => $(selector).length > 0);
  return found === undefined ? null : `the page has ${found}`;
}

/** By what else the page says that its articles can be read, one sentence each. Nobody has asked whether that answers. */
export function offersOf(tree: Tree): string[] {
  const href = tree.$("link[rel='https://api.w.org/']").attr("href");
  const api = href === undefined ? undefined : parseUrl(href, tree.base)?.href.replace(/\/?$/, "/");
  const [feed] = readFeeds(tree);
  const offers: string[] = [];
  if (api !== undefined)
    offers.push(
      `the page links to the API of a WordPress, ${api}: where that answers, listing.kind "wp-json" with ${api}wp/v2/posts reads the posts without their pages`,
    );
  if (feed !== undefined)
    offers.push(`the page links to a feed, ${feed}: each crawl compares the list with it`);
  return offers;
}

/** True when a page bears the marks of Drupal 7: its generator, or its script's way to hand over settings. */
export function isDrupal7({ $ }: Tree): boolean {
  const generator = $("meta[name='generator' i]").attr("content") ?? "";
  if (/^Drupal 7\b/.test(generator)) return true;
  if (generator.startsWith("Drupal")) return false;
  return (
    $("script")
      .toArray()
      .some((node) => $(node).text().includes("jQuery.extend(Drupal.settings")) ||
    $("body[class*='not-logged-in'] .view[class*='view-dom-id-']").length > 0
  );
}
