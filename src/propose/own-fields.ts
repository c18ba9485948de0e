/** Fields of a site's own that an article page shows: who wrote it, its tags, its main picture. Each is a place that nothing reads, and whose names say what it is. */
import type { Element } from "domhandler";
import { parentOf, textOf } from "../extract/nodes.js";
import { select } from "../extract/select.js";
import type { Tree } from "../extract/tree.js";
import type { Block } from "../model.js";
import type { OwnFieldInput } from "../site/site.js";
import type { Choice, Part } from "./proposal.js";
import { onlyChoice } from "./rank.js";

export interface OwnField {
  readonly name: Part & ("author" | "authors" | "tags" | "image");
  /** The place that it reads. */
  readonly place: string;
  readonly field: OwnFieldInput;
  readonly choice: Choice;
}

/** Whole names of classes and the like: `post-byline`, and not `byline-note`. */
const AUTHOR =
  /(?:^|[-_])(?:by-?line|authors?|writers?|posted-by|written-by)(?:[-_](?:names?|links?))?$/i;
const TAGS =
  /(?:^|[-_])(?:tags?|keywords?|topics?|subjects?|categor(?:y|ies)|labels?)(?:[-_](?:list|links?))?$/i;
const IMAGE =
  /(?:^|[-_])(?:(?:lead|hero|featured?|main|cover|headline|article|post|node)[-_]?(?:image|img|photo|picture|media|thumbnail)|lead|hero|field-image)$/i;

/** More words are a text about somebody. */
const BYLINE_WORDS = 15;
/** A caption may be with a picture. */
const CAPTION_WORDS = 40;

/** @param blocks places of an article page that nothing reads, and that are its own */
export function ownFieldsOf(tree: Tree, blocks: readonly Block[]): OwnField[] {
  const found = new Map<string, OwnField>();
  for (const block of blocks) {
    if (isOfComments(tree, block.place)) continue;
    const one = authorIn(tree, block) ?? tagsIn(tree, block) ?? imageIn(tree, block);
    if (one !== null && !found.has(one.name)) found.set(one.name, fieldOf(tree, block.place, one));
  }
  return [...found.values()];
}

/** What readers wrote below an article: they are not its authors, and their topics are not its tags. */
const COMMENTS =
  /^(?:comments?|respond|disqus_thread|discussion)(?:[-_](?:list|wrapper|area|body|section|text|content|thread))?$/i;

function isOfComments(tree: Tree, place: string): boolean {
  return select(tree.$, null, place).every((node) => {
    for (let at: Element | null = node; at !== null; at = parentOf(at))
      if (
        `${at.attribs.class ?? ""} ${at.attribs.id ?? ""}`
          .split(/\s+/)
          .some((name) => COMMENTS.test(name))
      )
        return at.name !== "body";
    return false;
  });
}

/** What a place is, and a selector of it. */
interface Found extends Pick<OwnField, "name"> {
  readonly kind: "list" | "text" | "image";
  readonly select: string;
  readonly what: string;
}

function authorIn(tree: Tree, { place, words, images, files }: Block): Found | null {
  if (words === 0 || words > BYLINE_WORDS || images + files > 0) return null;
  if (!namesOf(tree, place).some((name) => AUTHOR.test(name))) return null;
  // A link, or what is marked up as a name, leaves "by" out.
  const inner = ["a", "[rel~=author]", "[itemprop~=name]", ".name", ".author", ".username"];
  const named = inner
    .map((one) => `${place} ${one}`)
    .find((one) => select(tree.$, null, one).some((node) => textOf([node]) !== ""));
  const way = named ?? place;
  const several = select(tree.$, null, way).length > 1;
  return several
    ? { name: "authors", kind: "list", select: way, what: "who wrote it" }
    : { name: "author", kind: "text", select: way, what: "who wrote it" };
}

function tagsIn(tree: Tree, { place, words, images, files }: Block): Found | null {
  if (words === 0 || images + files > 0 || !namesOf(tree, place).some((name) => TAGS.test(name)))
    return null;
  const way = [`${place} a`, `${place} li`, place].find(
    (one) => select(tree.$, null, one).length > 0,
  );
  return way === undefined ? null : { name: "tags", kind: "list", select: way, what: "its tags" };
}

function imageIn(tree: Tree, { place, words, images }: Block): Found | null {
  if (
    images !== 1 ||
    words > CAPTION_WORDS ||
    !namesOf(tree, place).some((name) => IMAGE.test(name))
  )
    return null;
  const self = select(tree.$, null, place).some(({ name }) => name === "img");
  const way = self ? place : `${place} img`;
  if (select(tree.$, null, way).length === 0) return null;
  return { name: "image", kind: "image", select: way, what: "its main picture" };
}

function fieldOf(tree: Tree, place: string, { name, kind, select: way, what }: Found): OwnField {
  const nodes = select(tree.$, null, way);
  const texts = nodes.map((node) => (kind === "image" ? (node.attribs.src ?? "") : textOf([node])));
  const matched = `${nodes.length} on the article page`;
  const reason = `${what}, by the name of the place`;
  const choice = onlyChoice(name, { value: way, matched, texts }, reason);
  return { name, place, field: { kind, article: way }, choice };
}

/** What a place is called: its selector, and the names of its elements. */
function namesOf(tree: Tree, place: string): string[] {
  const own = select(tree.$, null, place).slice(0, 3).flatMap(attributesOf);
  return [place, ...own].flatMap((text) => text.split(/[^\w-]+/));
}

function attributesOf({ attribs }: Element): string[] {
  return ["class", "id", "rel", "itemprop", "property"].flatMap((name) => attribs[name] ?? []);
}
