/** Where the links of a body lead: to another entry, a media file, a page that was not migrated, or out of the site. */
import { posix } from "node:path";
import {
  attributeValue,
  type Destination,
  destinations,
  replaceDestinations,
} from "../markdown/destinations.js";
import type { EntryData, State } from "../model.js";
import type { DeadLink, Holdings, UnresolvedLink } from "../schema/holdings.js";
import { gather, parseUrl, percentDecode, remembering, resolvedUrl } from "../text.js";
import { canonicalUrl, isOfOne } from "../url/url.js";

/** What became of the links of all bodies. */
export type LinkFacts = ReturnType<typeof noFacts>;

export function noFacts() {
  return {
    /** To entries, to media files of the archive, out of the site, and what is not the URL of a web page. */
    entries: 0,
    files: 0,
    external: 0,
    other: 0,
    /** Links out of the site, by host. */
    hosts: new Map<string, number>(),
    /** Files on other hosts that a page shows: they stay where they are. */
    embedded: [] as UnresolvedLink[],
    /** To pages of the site that are not in the archive. */
    notMigrated: [] as UnresolvedLink[],
    /** To pages of the site that are gone or could not be fetched, and what is not a URL. */
    broken: [] as UnresolvedLink[],
    /** Dead links to other sites, by the entry that has them. */
    dead: [] as NonNullable<Holdings["links"]["dead"]>[number][],
    /** Fragments that a link wants, by the entry in which they should be. */
    fragments: new Map<string, { readonly entry: string; readonly fragment: string }[]>(),
  };
}

/** What a link may lead to. */
export interface Targets {
  readonly origins: readonly string[];
  /** Id of the entry that has a URL. */
  readonly find: (url: string) => string | null;
  readonly pathOf: (id: string) => string;
  /** State of a URL in the ledger; null when no row named it. */
  readonly stateOf: (url: string) => State | null;
  /** URL of the entry that has a content path after this run, or had it before; null when none has. */
  readonly urlAt: (path: string) => string | null;
  /** URL of the entry that has an id after this run, or had it before; null when none has. */
  readonly urlOf: (id: string) => string | null;
  /** Path of the media file that came from a URL; null when it was not stored. */
  readonly mediaPath: (url: string) => string | null;
  /** A link to another site, in an article of a day, that is known to be dead. */
  readonly dead?: (url: string, day: string | null) => DeadLink | undefined;
}

/** An entry whose links are to be set. */
export interface Unlinked {
  readonly id: string;
  /** Its content file. */
  readonly path: string;
  /** The content file that its relative links were set for; null when its body comes from a page. */
  readonly from: string | null;
  readonly data: Pick<EntryData, "sourceUrl" | "media"> & Partial<Pick<EntryData, "date">>;
  /** Markdown. */
  readonly body: string;
}

/** A body whose links lead into the archive wherever the archive holds what they lead to; all others are whole URLs. */
export function setLinks(entry: Unlinked, targets: Targets, facts: LinkFacts): string {
  const places = destinations(entry.body);
  return replaceDestinations(entry.body, places, (place) => lead(place, entry, targets, facts));
}

function lead(place: Destination, entry: Unlinked, targets: Targets, facts: LinkFacts) {
  const href = place.address;
  if (href.startsWith("#")) {
    want(facts, entry.id, entry.id, href);
    return null;
  }
  const isOther = /^[a-z][a-z0-9+.-]*:/i.test(href) && !/^https?:/i.test(href);
  const url = href === "" || isOther ? null : absoluteOf(href, entry, targets);
  const hash = url === null ? null : fragmentIn(url);
  if (url === null || hash === null) {
    if (href === "" || isOther) facts.other++;
    else facts.broken.push({ entry: entry.id, address: href, state: null });
    return null;
  }
  const from = posix.dirname(entry.path);
  const file = targets.mediaPath(canonicalUrl(url) ?? url);
  if (file !== null) {
    facts.files++;
    return posix.relative(from, file) + hash;
  }
  const exact = targets.find(url);
  const page = url.includes("#") ? targets.find(withoutHash(url)) : exact;
  const id = exact ?? page;
  if (id !== null && !isShown(place)) {
    facts.entries++;
    // The fragment of a row without a page names the row, not a place in it.
    const fragment = exact !== null && exact !== page ? "" : hash;
    if (fragment !== "") want(facts, entry.id, id, fragment);
    if (id === entry.id && fragment !== "") return fragment;
    return posix.relative(from, targets.pathOf(id)) + fragment;
  }
  count(place, url, entry, targets, facts);
  const dead = isShown(place) ? undefined : targets.dead?.(url, entry.data.date ?? null);
  if (dead === undefined) return url;
  const { url: _url, day: _day, ...about } = dead;
  facts.dead.push({ entry: entry.id, address: url, ...about });
  return dead.capture === null ? url : dead.capture + hash;
}

/** With its sign; null for what is not a URL. */
const fragmentIn = remembering((url) => parseUrl(url)?.hash ?? null);

/** True for what a page shows, and does not link to. */
function isShown({ kind, attribute }: Destination): boolean {
  return kind === "image" || attribute === "src";
}

/** The URL on the old site, or on another one, that a link of a body means. */
function absoluteOf(href: string, { path, from, data }: Unlinked, targets: Targets): string | null {
  const target = relativeLink(href, from ?? path)?.target;
  const source =
    target === undefined
      ? null
      : (data.media.find((one) => one.path === target)?.sourceUrl ?? targets.urlAt(target));
  const hash = /#.*/s.exec(href)?.[0] ?? "";
  if (source != null) return source + (source.includes("#") ? "" : hash);
  return resolvedUrl(href, data.sourceUrl);
}

function count(
  place: Destination,
  url: string,
  { id: entry, data }: Unlinked,
  targets: Targets,
  facts: LinkFacts,
): void {
  // What should have been a file of the archive is reported with the media.
  if (data.media.some(({ sourceUrl }) => sourceUrl === canonicalUrl(url))) return;
  if (!isOfOne(url, targets.origins)) {
    if (isShown(place)) facts.embedded.push(linkTo(entry, url, targets));
    else {
      const host = parseUrl(url)?.host ?? "";
      facts.external++;
      facts.hosts.set(host, (facts.hosts.get(host) ?? 0) + 1);
    }
  } else missed(entry, url, targets, facts);
}

/** Notes a reference to a page that the archive has no entry of. */
export function missed(entry: string, url: string, targets: Targets, facts: LinkFacts): void {
  const link = linkTo(entry, url, targets);
  if (link.state === "gone" || link.state === "failed") facts.broken.push(link);
  else facts.notMigrated.push(link);
}

function linkTo(entry: string, address: string, { stateOf }: Targets): UnresolvedLink {
  return { entry, address, state: stateOf(address) ?? stateOf(withoutHash(address)) };
}

function want(facts: LinkFacts, entry: string, target: string, hash: string): void {
  if (hash.length < 2) return;
  gather(facts.fragments, target, { entry, fragment: percentDecode(hash.slice(1)) });
}

function withoutHash(url: string): string {
  return url.replace(/#.*$/s, "");
}

const HEADING = /^ {0,3}#{1,6}[ \t]+(.+)$|^(?! {0,3}[>#])(.+)\n {0,3}(?:=+|-+)[ \t]*$/gm;

/** The words of a heading without the `#` that may close it: from its end, where a pattern looks for them at each place. */
function opened(words: string): string {
  let end = words.trimEnd().length;
  while (words[end - 1] === "#") end--;
  return words.slice(0, end);
}

/**
 * Names that a fragment may lead to in a body: ids and names in its HTML, and its headings as
 * GitHub and most generators name them.
 */
export function anchorsOf(body: string): Set<string> {
  const names = new Set<string>();
  /** How often a heading came before: the next one gets a number. */
  const numbers = new Map<string, number>();
  for (const [, quoted] of body.matchAll(/\s(?:id|name)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)/gi))
    names.add(attributeValue(quoted ?? ""));
  for (const [, atx, setext] of body.matchAll(HEADING)) {
    const slug = (atx === undefined ? (setext ?? "") : opened(atx))
      // Bounded, since each bracket of a run is looked on from.
      .replace(/\[([^\]]{0,999})\]\([^)]{0,1999}\)/g, "$1")
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, "")
      .replaceAll(" ", "-");
    let next = numbers.get(slug) ?? 0;
    while (next > 0 && names.has(`${slug}-${next}`)) next++;
    names.add(next === 0 ? slug : `${slug}-${next}`);
    numbers.set(slug, next + 1);
  }
  return names;
}

export interface RelativeLink {
  /** Decoded, and without its query; empty for a place in the body itself. */
  readonly path: string;
  /** Path in the archive that it leads to. */
  readonly target: string;
  /** Decoded; null when it has none. */
  readonly fragment: string | null;
}

/**
 * Reads the destination of a link of a body.
 *
 * @param from path of the body in the archive
 * @returns null for one that is not relative, and for an empty one
 */
export function relativeLink(href: string, from: string): RelativeLink | null {
  if (href === "" || /^(?:[a-z][a-z0-9+.-]*:|[/?])/i.test(href)) return null;
  const [before = "", fragment] = href.split(/#(.*)/s, 2);
  const path = percentDecode(before.split("?", 1)[0] ?? "");
  const target = path === "" ? from : posix.join(posix.dirname(from), path);
  return { path, target, fragment: fragment ? percentDecode(fragment) : null };
}
