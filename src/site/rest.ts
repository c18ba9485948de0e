/** `...` in a list of a site file: what would be there without it, such as the selectors of the preset. Pure. */

export const REST = "...";

/** Lists whose texts are words of the site, or patterns. */
const NOT_SELECTORS = new Set(["empty", "match"]);

/** One part of a site file laid over what is below it, key by key. */
export function laidOver<T extends object>(below: T | undefined, own: T | undefined): T {
  const merged: Record<string, unknown> = { ...below, ...own };
  for (const [key, list] of restLists(own))
    merged[key] = list.flatMap((one) => (one === REST ? listBelow(below, key) : [one]));
  return merged as T;
}

/** Keys of a part that name the rest where there is none. */
export function withoutRest(below: object | undefined, own: object | undefined): string[] {
  return restLists(own).flatMap(([key]) => (listBelow(below, key).length === 0 ? key : []));
}

function restLists(part: object | undefined): [key: string, list: readonly unknown[]][] {
  return Object.entries(part ?? {}).flatMap(([key, value]: [string, unknown]) => {
    const list = value === REST ? [REST] : value;
    const isRest = !NOT_SELECTORS.has(key) && Array.isArray(list) && list.includes(REST);
    return isRest ? [[key, list as readonly unknown[]]] : [];
  });
}

/** A template or a form is not an alternative to a selector. */
function listBelow(below: object | undefined, key: string): readonly unknown[] {
  const value = (below as Readonly<Record<string, unknown>> | undefined)?.[key];
  const list = Array.isArray(value) ? value : [value];
  return list.filter((one) => typeof one === "string" || (one != null && "select" in one));
}
