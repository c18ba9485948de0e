/** An article page: its fields, its own URL, its language and its translations. */

import type { AnyNode, Element } from "domhandler";
import type { Article, PageMedia, Warning } from "../model.js";
import type { Site } from "../site/site.js";
import { byCodeUnits } from "../text.js";
import { urlKey } from "../url/url.js";
import { contentOf } from "./content.js";
import { readFields, type Sources } from "./field.js";
import { cutPagers, withFurther } from "./further.js";
import { imageSource } from "./images.js";
import { languageIn, languageTag, readDirection, readLanguage } from "./language.js";
import { textOf } from "./nodes.js";
import { select } from "./select.js";
import { templateFingerprint } from "./template-fingerprint.js";
import { linkTarget, type Tree } from "./tree.js";
import { pageAsksPassword } from "./wordpress.js";

/**
 * Reads an article page. Never throws; what the page lacks is null.
 *
 * @param further the other pages of one that goes on over several
 */
export function readArticle(tree: Tree, site: Site, further: readonly Tree[] = []): Article {
  const warnings: Warning[] = [...tree.warnings];
  const goesOn = cutPagers(tree, site, further, warnings);
  const canonical = readCanonical(tree, site, warnings);
  const sources: Sources = new Map();
  const followed: Element[] = [];
  const read = readFields(tree, null, site, "article", new Set(), sources);
  const [body = null] = sources.get("body") ?? [];
  const language = languageIn(body) ?? readLanguage(tree, warnings);
  return {
    url: tree.url,
    base: tree.base,
    markup: templateFingerprint(tree.$.root()[0] as AnyNode),
    words: tree.words,
    canonical,
    aliases: linksOf(tree, "link[rel~=shortlink]"),
    language,
    direction: readDirection(tree, body),
    translations: readTranslations(tree, site, language, followed),
    media: readMedia(tree, site, followed),
    goesOn,
    ...(pageAsksPassword(tree) ? { isLocked: true } : {}),
    readings: withFurther(tree, read, further, site),
    headTitle: textOf(select(tree.$, null, "title").slice(0, 1)),
    warnings,
    content: (item) => contentOf(tree, site, item, sources, followed),
  };
}

/**
 * The URL that the page gives as its own. Some sites print the same one on every page: a
 * URL of the start page or of the listing is not taken for that of an article. Nor is one on
 * another site: whoever wrote the page does not decide what is said of that one.
 */
function readCanonical(tree: Tree, site: Site, warnings: Warning[] = []): string | null {
  const target = linksOf(tree, "link[rel~=canonical]")[0] ?? null;
  if (target === null) return null;
  const listing = urlKey(site.start).split("?")[0];
  const key = urlKey(target);
  const isRoot = new URL(target).pathname === "/" && new URL(tree.url).pathname !== "/";
  const isElsewhere = ![tree.url, ...site.origins].some(
    (own) => siteName(own) === siteName(target),
  );
  if (!isElsewhere && !isRoot && key.split("?")[0] !== listing) return target;
  const why = isElsewhere ? "on another site" : "no article";
  warnings.push({
    code: "canonical-ignored",
    message: `the page names ${target} as its canonical URL, which is ${why}; its own URL is used`,
  });
  return null;
}

/** Host name by which a site is one with its `www` and its `https` form. */
function siteName(url: string): string {
  return new URL(url).hostname.replace(/^www\./, "");
}

function linksOf(tree: Tree, selector: string): string[] {
  return select(tree.$, null, selector).flatMap(
    (node) => linkTarget(tree, node.attribs.href) ?? [],
  );
}

/** Images and attachments of the page's own fields; those in the text are read with the text. */
function readMedia(tree: Tree, site: Site, followed: Element[]): PageMedia[] {
  const found = new Map<string, PageMedia>();
  for (const selector of site.article.media)
    for (const node of select(tree.$, null, selector)) {
      followed.push(node);
      const { href, alt, title } = node.attribs;
      const url = linkTarget(tree, node.name === "a" ? href : imageSource(node));
      const kind = node.name === "a" ? "file" : "image";
      // Drupal 7 puts the name of the file into `title`, and what an editor called it into the link.
      const label = node.name === "a" ? textOf([node]) : "";
      const words = { alt: alt?.trim() || null, title: label || title?.trim() || null };
      if (url !== null && !found.has(url)) found.set(url, { url, ...words, kind });
    }
  return [...found.values()];
}

/**
 * Translations by language: hreflang alternates first, then the site's language switcher. A language without a link has
 * no translation.
 *
 * @param followed takes the links
 */
export function readTranslations(
  tree: Tree,
  site: Site,
  own: string | null,
  followed: Element[] = [],
): Record<string, string> {
  const selectors = ["link[rel~=alternate][hreflang]", ...site.article.translations];
  const found = new Map<string, string>();
  for (const selector of selectors) {
    for (const node of select(tree.$, null, selector)) {
      followed.push(node);
      const target = linkTarget(tree, node.attribs.href);
      const language = languageTag(languageOf(node));
      if (target === null || language === null || language === own || language === "x-default")
        continue;
      if (urlKey(target) !== urlKey(tree.url) && !found.has(language)) found.set(language, target);
    }
  }
  return Object.fromEntries([...found].sort(([a], [b]) => byCodeUnits(a, b)));
}

/** Language of a switcher's link: its own attribute, or the class of its list item (`li.fr`), as Drupal 7 prints it. */
function languageOf(node: Element): string | undefined {
  const { hreflang, lang } = node.attribs;
  const item = node.parent as Element | null;
  const classes = item?.attribs?.class?.split(/\s+/) ?? [];
  return (
    [hreflang, lang, node.attribs["xml:lang"]].find((tag) => tag !== undefined && tag !== "") ??
    classes
      .map((name) => /^(?:translation_)?([a-z]{2}(?:-[a-z]+)?)$/i.exec(name)?.[1])
      .find((tag) => tag !== undefined)
  );
}
