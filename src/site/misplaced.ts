/** Where in a site file a key belongs that is in another place: slips of whoever writes their first one. Pure. */
import { FIELD_NAMES } from "../model.js";
import { knownKeys, type PlaceOf } from "../schema/explain.js";
import { siteSchema } from "./schema.js";

/** Words of other crawlers, and of people, for a key: by the part of the file where they are met. */
const OTHER_WORDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "": {
    ...words("start", "url urls startUrls start_urls startUrl seed seeds href"),
    ...words("listing.rows", "row item items selector list"),
    ...words("listing.next", "pager pagination nextPage"),
    ...words("fields", "selectors field columns"),
    ...words("language", "lang locale"),
    ...words("politeness.delay", "downloadDelay throttle wait"),
    ...words("fields.body.article", "content text html"),
  },
  listing: {
    ...words("listing.rows", "selector select css item items list articles"),
    ...words("listing.next", "pager pagination nextPage nextLink more"),
    ...words("listing.link", "url href links"),
  },
  article: {
    ...words("fields.body.article", "selector select css content text html container"),
    ...words("listing.link", "link links url href"),
  },
};

/** Of a field, and of one of the alternatives of a place. */
const OF_FIELD = new Set("selector select css path query page detail xpath".split(" "));
const OF_FIELD_KEYS: Readonly<Record<string, string>> = {
  ...words("required", "optional mandatory"),
  ...words("formats", "order pattern"),
};
const OF_ALTERNATIVE: Readonly<Record<string, string>> = {
  ...words("attribute", "attr attrs"),
  ...words("select", "selector css"),
};

/** Parts of the file that have keys of their own, in the order in which they are looked through. */
const PARTS = [[], ["listing"], ["article"], ["politeness"]] as const;

const TOP = knownKeys(siteSchema, []);

function words(place: string, all: string): Record<string, string> {
  return Object.fromEntries(all.split(" ").map((word) => [word, place]));
}

/** A key may have the name of a built-in property, such as `__proto__`. */
function wordFor(words: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(words, key) ? words[key] : undefined;
}

/** What to write instead of a key of a site file, or at a path where a text is; null where nothing is known. */
export const placeOf: PlaceOf = (full, key, found) => {
  const isInner = full[0] === "lists" || full[0] === "languages";
  const [before, path] = isInner ? [full.slice(0, 2), full.slice(2)] : [[], full];
  const at = [...before, ""].join(".");
  const [part = "", name, ...more] = path.map(String);
  if (key === null) return isInner && path.length === 0 ? null : exampleAt(path.map(String), found);
  const write = (place: string) => `write it as \`${at}${place}\``;
  if (part === "fields") {
    if (name === undefined) return null;
    if (more.length > 0) {
      const near = wordFor(OF_ALTERNATIVE, key);
      return near === undefined ? null : `did you mean "${near}"?`;
    }
    if (OF_FIELD.has(key))
      return `write \`${at}fields.${name}.article\` for a place on the article's page, \`${at}fields.${name}.listing\` for one in its row`;
    const own = wordFor(OF_FIELD_KEYS, key);
    return own === undefined ? null : write(`fields.${name}.${own}`);
  }
  if (path.length > 1) return null;
  if ((FIELD_NAMES as readonly string[]).includes(key))
    return write(part === "" ? `fields.${key}` : `fields.${key}.${part}`);
  if (key === "fields") return write(`fields.<name>.${part}`);
  const other = PARTS.find(([one = ""]) => {
    // What an article goes on over is not what a list does.
    const isOther = one !== part && !(one === "article" && part === "listing");
    return isOther && knownKeys(siteSchema, one === "" ? [] : [one]).includes(key);
  });
  const place =
    other === undefined ? wordFor(OTHER_WORDS[part] ?? {}, key) : [...other, key].join(".");
  if (place === undefined) return null;
  return place.startsWith("politeness") ? `write it as \`${place}\`` : write(place);
};

/** What is to be at a path where something else than an object is. */
function exampleAt([part = "", name, ...more]: readonly string[], found: unknown): string | null {
  const isText = name === undefined && typeof found === "string";
  if (part === "listing" && isText) return 'expected { rows: "…" }';
  if (part === "article" && isText)
    return "expected an object; what is on an article's page is said by `fields.<name>.article`";
  if (part === "start") return "expected a text in quotes (several lists are written in `lists`)";
  if (part === "fields" && more.length === 0 && TOP.includes(name ?? ""))
    return `no field has this name: write it as \`${name}\``;
  if (part !== "fields" || name === undefined || more.length > 0) return null;
  const kind = (FIELD_NAMES as readonly string[]).includes(name) ? "" : 'kind: "text", ';
  return `expected { ${kind}article: "…" } for a place on the article's page, or { ${kind}listing: "…" } for one in its row`;
}
