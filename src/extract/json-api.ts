/** JSON:API (https://jsonapi.org/format/1.1/), as Drupal gives it: each resource with what it refers to. Pure. */

type Data = Readonly<Record<string, unknown>>;

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

function resource(one: Data, included: ReadonlyMap<string, unknown>, prefix: string): Data {
  const relationships = Object.entries(isData(one.relationships) ? one.relationships : {}).map(
    ([name, relation]) => {
      const found = isData(relation)
        ? listOf(relation.data).map((to) => included.get(keyOf(to)))
        : [];
      return [name, { included: found.filter((to) => to !== undefined) }];
    },
  );
  const path = pathOf(isData(one.attributes) ? one.attributes : {});
  return {
    ...one,
    relationships: Object.fromEntries(relationships),
    ...(path === null ? {} : { sitelift_url: prefix + path }),
  };
}

/** The alias of a node, else its number. */
function pathOf({ path, drupal_internal__nid: number }: Data): string | null {
  if (isData(path) && typeof path.alias === "string" && path.alias !== "") return path.alias;
  return /^\d+$/.test(String(number)) ? `/node/${number}` : null;
}

function listOf(value: unknown): Data[] {
  return (Array.isArray(value) ? value : [value]).filter(isData);
}

function keyOf({ type, id }: Data): string {
  return `${String(type)} ${String(id)}`;
}

function isData(value: unknown): value is Data {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
