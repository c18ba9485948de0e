/**
 * JSON:API (https://jsonapi.org/format/1.1/), as Drupal gives it: each resource with what it refers to; and the posts of
 * WordPress. Both get the URLs that their pages have besides, by which links to them are known. Pure.
 */
import { parseUrl } from "../text.js";

export type Data = Readonly<Record<string, unknown>>;

/**
 * An answer whose resources hold the attributes of what they refer to, as `relationships.<name>.included`, where the
 * answer includes it (`?include=field_tags,uid`), and the URL of their page as `sitelift_url`.
 *
 * @param url of the answer: a prefix of the language in it is that of the pages
 */
export function joined(whole: unknown, url: string): unknown {
  if (!isData(whole)) return whole;
  const included = new Map(listOf(whole.included).map((one) => [keyOf(one), one.attributes]));
  const prefix = new URL(url).pathname.replace(/\/jsonapi\/.*$/, "");
  const { included: _, ...rest } = whole;
  return { ...rest, data: listOf(whole.data).map((one) => resource(one, included, prefix)) };
}

/** The URL by which the head of a WordPress page names it too (`wp_get_shortlink`), as `sitelift_alias` of each post. */
export function withShortUrls(whole: unknown, url: string): unknown {
  const home = url.replace(/\/wp-json\/.*$|[?#].*$/, "");
  if (!Array.isArray(whole)) return whole;
  return whole.map((one: unknown) =>
    isData(one) && /^\d+$/.test(String(one.id))
      ? { ...one, sitelift_alias: parseUrl(`?p=${one.id}`, `${home}/`)?.href }
      : one,
  );
}

function resource(one: Data, included: ReadonlyMap<string, unknown>, prefix: string): Data {
  const relationships = Object.entries(isData(one.relationships) ? one.relationships : {}).map(
    ([name, relation]) => {
      const found = isData(relation)
        ? listOf(relation.data).map((to) => included.get(keyOf(to)))
        : [];
      return [name, { included: found.filter((to) => to !== undefined) }];
    },
  );
  const [path, other] = pathsOf(isData(one.attributes) ? one.attributes : {});
  return {
    ...one,
    relationships: Object.fromEntries(relationships),
    ...(path === undefined ? {} : { sitelift_url: prefix + path }),
    ...(other === undefined ? {} : { sitelift_alias: prefix + other }),
  };
}

/** The alias of a node, and the path by its number, which leads there too. */
function pathsOf({ path, drupal_internal__nid: number }: Data): string[] {
  const alias = isData(path) && typeof path.alias === "string" ? path.alias : "";
  const numbered = /^\d+$/.test(String(number)) ? `/node/${number}` : "";
  return [alias, numbered].filter((one) => one !== "");
}

function listOf(value: unknown): Data[] {
  return (Array.isArray(value) ? value : [value]).filter(isData);
}

function keyOf({ type, id }: Data): string {
  return `${String(type)} ${String(id)}`;
}

export function isData(value: unknown): value is Data {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
