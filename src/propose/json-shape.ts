/** What a JSON answer holds: the list of a system that is known, or the longest list of things with a URL or a title. Pure. */
import { type Data, isData } from "../extract/json-api.js";
import type { SiteInput } from "../site/schema.js";
import { parseShallow } from "../text.js";

/** How the rows of an answer are read. */
export interface Shape {
  readonly listing?: NonNullable<SiteInput["listing"]>;
  readonly fields?: Readonly<
    Partial<Record<"title" | "date" | "summary" | "body", { readonly listing: string }>>
  >;
}

/** @returns null where the answer is no JSON, or holds no list of things */
export function answerShape(text: string) {
  const whole = parsed(text);
  const posts = Array.isArray(whole) ? whole.filter(isData) : [];
  if (posts.length > 0 && posts.every((one) => isData(one.title) && isData(one.content)))
    return { kind: "wp-json" as const, by: "its posts are as WordPress gives them" };
  if (isData(whole)) {
    if (String(whole.version ?? "").includes("jsonfeed.org"))
      return { kind: "feed" as const, by: "its version is that of JSON Feed" };
    const data = Array.isArray(whole.data) ? whole.data.filter(isData) : [];
    if (data.length > 0 && data.every((one) => isData(one.attributes) && "type" in one))
      return { kind: "jsonapi" as const, by: "its data are resources of JSON:API" };
  }
  const list = longestList(whole);
  if (list === null) return null;
  const { path, items } = list;
  const keyOf = (names: RegExp, fits: (value: string) => boolean) =>
    leafPaths(items[0] as Data).find(
      (key) =>
        names.test(key) &&
        items.filter((one) => fits(String(valueAt(one, key) ?? ""))).length * 2 > items.length,
    );
  const isUrl = (value: string) => /^(?:https?:\/\/|\/)\S+$/.test(value);
  const words = (value: string) => value.trim() !== "";
  const link = keyOf(/(?:^|\.)(?:url|link|href|permalink|web_?url|path|slug_?url)$/i, isUrl);
  const title = keyOf(/(?:^|\.)(?:title|headline|name|heading)(?:\.rendered)?$/i, words);
  if (title === undefined) return null;
  const date = keyOf(/publish|(?:^|[._])date(?!.*modif)|created|issued/i, (value) =>
    /\d/.test(value),
  );
  const summary = keyOf(/summary|excerpt|teaser|description|abstract|lead$/i, words);
  const body = keyOf(/(?:^|\.)(?:body|content|html|text|article_?body)(?:\.\w+)?$/i, words);
  const next = nextPath(whole);
  const total = isData(whole)
    ? leafPaths(whole).find((key) =>
        /(?:^|\.)(?:total|count|total_?(?:count|items|results))$/i.test(key),
      )
    : undefined;
  return {
    kind: "json" as const,
    by: `its longest list is ${path}`,
    listing: {
      rows: path,
      link: link ?? [],
      ...(next === undefined ? {} : { next }),
      ...(total === undefined ? {} : { total }),
    },
    fields: Object.fromEntries(
      Object.entries({ title, date, summary, body }).flatMap(([name, key]) =>
        key === undefined ? [] : [[name, { listing: key }]],
      ),
    ),
  };
}

function parsed(text: string): unknown {
  try {
    return parseShallow(text.replace(/^\ufeff/, ""));
  } catch {
    return null;
  }
}

/** The longest list of objects, at most four keys deep. */
function longestList(whole: unknown): { path: string; items: readonly Data[] } | null {
  let best: { path: string; items: readonly Data[] } | null = null;
  const visit = (value: unknown, path: readonly string[]) => {
    if (Array.isArray(value)) {
      const items = value.filter(isData);
      const name = path.length === 0 ? "item" : path.join(".");
      if (items.length > (best?.items.length ?? 0)) best = { path: name, items };
    } else if (isData(value) && path.length < 4)
      for (const [key, one] of Object.entries(value)) visit(one, [...path, key]);
  };
  visit(whole, []);
  return best;
}

/** Paths of the values of an object that are neither lists nor objects, at most three keys deep. */
function leafPaths(value: Data, path: readonly string[] = []): string[] {
  return Object.entries(value).flatMap(([key, one]) =>
    isData(one)
      ? path.length < 2
        ? leafPaths(one, [...path, key])
        : []
      : Array.isArray(one) || one === null
        ? []
        : [[...path, key].join(".")],
  );
}

function valueAt(value: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((at, key) => (isData(at) ? at[key] : undefined), value);
}

/** Where the answer says what follows it; on a page that has none, it may be null. */
function nextPath(whole: unknown): string | undefined {
  if (!isData(whole)) return undefined;
  return leafPaths(whole).find(
    (key) =>
      /(?:^|[._])next(?:_?(?:url|page|link|href)|\.href)?$/i.test(key) &&
      /^(?:https?:\/\/|\/|\?)/.test(String(valueAt(whole, key))),
  );
}
