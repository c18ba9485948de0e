/** Words for what zod found wrong with a file that a person wrote. */
import { z } from "zod";
import { nearest } from "../text.js";

/** What belongs where an unknown key is, or where the key belongs; with `null` for a key, what is to be at the path. */
export type PlaceOf = (
  path: readonly PropertyKey[],
  key: string | null,
  found?: unknown,
) => string | null;

/**
 * What a person wrote, checked by its schema: the value, or one line for each thing that is wrong.
 *
 * @param placeOf what to write instead, where more is known of it than its schema says
 */
export function readWritten<T>(
  schema: z.ZodType<T>,
  input: unknown,
  placeOf: PlaceOf = () => null,
): { readonly value: T } | { readonly wrong: readonly string[] } {
  const { data, error } = schema.safeParse(input, { error: plainWords });
  if (error === undefined) return { value: data };
  return { wrong: error.issues.flatMap((issue) => explainIssue(schema, issue, input, placeOf)) };
}

/** `key.path: expected …, found …`, with the nearest known key. */
function explainIssue(
  schema: z.ZodType,
  issue: z.core.$ZodIssue,
  input: unknown,
  placeOf: PlaceOf,
): string[] {
  // A union fails with one list of issues a branch. The branch that got furthest is the one that was meant.
  const deepest = issue.code === "invalid_union" ? Math.max(0, ...issue.errors.map(depth)) : 0;
  if (issue.code === "invalid_union" && deepest > 0) {
    const meant = [...issue.errors].sort((a, b) => depth(b) - depth(a))[0] ?? [];
    return meant.flatMap((inner) =>
      explainIssue(
        schema,
        { ...inner, path: [...issue.path, ...inner.path] } as z.core.$ZodIssue,
        input,
        placeOf,
      ),
    );
  }
  const path = issue.path.join(".");
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(schema, issue.path);
    return issue.keys.map((key) => {
      const near = nearest(key, known);
      const full = path === "" ? key : `${path}.${key}`;
      const place = placeOf(issue.path, key);
      if (place !== null) return `${full}: unknown key, ${place}`;
      return `${full}: unknown key${near === null ? `, expected one of ${known.join(", ")}` : `, did you mean "${near}"?`}`;
    });
  }
  const found = issue.code === "invalid_key" ? issue.path.at(-1) : valueAt(issue.path, input);
  const place = issue.code === "invalid_type" ? placeOf(issue.path, null, found) : null;
  return [
    `${path || "the file"}: ${place ?? wordsOf(schema, issue, issue.path)}, found ${found === undefined ? "nothing" : (JSON.stringify(found) ?? typeof found).slice(0, 80)}`,
  ];
}

/** What to write instead, for what zod says in words of its own: the `error` of a parse. */
const plainWords: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case "invalid_type":
      return `expected ${TYPES[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return `expected ${orList(issue.values.map((value) => JSON.stringify(value) ?? String(value)))}`;
    case "too_small":
    case "too_big": {
      const bound = issue.code === "too_small" ? issue.minimum : issue.maximum;
      const way = issue.exact ? "exactly" : issue.code === "too_small" ? "at least" : "at most";
      if (issue.origin === "array") return `expected a list of ${way} ${bound}, such as ["…"]`;
      if (issue.origin !== "string") return `expected a number of ${way} ${bound}`;
      return issue.code === "too_small" && Number(bound) === 1
        ? "expected a text that is not empty"
        : `expected a text of ${way} ${bound} characters`;
    }
    case "invalid_format":
      return issue.format === "url"
        ? "expected a URL such as https://example.org/news"
        : `expected another form of text${issue.pattern ? ` (${issue.pattern})` : ""}`;
    case "invalid_key":
      return issue.issues[0]?.message ?? "expected another key";
    default:
      return undefined;
  }
};

const TYPES: Readonly<Record<string, string>> = {
  string: "a text in quotes",
  number: "a number, without quotes",
  int: "a whole number",
  boolean: "true or false, without quotes",
  array: "a list in [ ]",
  object: "an object in { }",
  record: "an object in { }",
  null: "null",
};

/** A message; of a union, what each of its branches would take. */
function wordsOf(schema: z.ZodType, issue: z.core.$ZodIssue, path: readonly PropertyKey[]): string {
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const each = issue.errors.flat().map((inner) => wordsOf(schema, inner, path));
    const ways = new Set(each.map((words) => words.replace(/^expected /, "")));
    return `expected ${[...ways].join(", or ")}`;
  }
  const isObject = issue.code === "invalid_type" && issue.expected === "object";
  const keys = isObject ? knownKeys(schema, path).slice(0, 4) : [];
  return keys.length === 0 ? issue.message : `${issue.message} with ${orList(keys)}`;
}

function orList(words: readonly string[]): string {
  return [words.slice(0, -1).join(", "), ...words.slice(-1)].filter(Boolean).join(" or ");
}

/** The value at a path; undefined where the path leads to nothing. */
export function valueAt(path: readonly PropertyKey[], root: unknown): unknown {
  return path.reduce(
    (at, key) => (at as Record<PropertyKey, unknown> | null | undefined)?.[key],
    root,
  );
}

function depth(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(
    0,
    ...issues.map((issue) => issue.path.length + (issue.code === "unrecognized_keys" ? 1 : 0)),
  );
}

/** Keys that an object at a path may have. */
export function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let at: unknown = schema;
  for (const key of path) at = children(at).find(([name]) => name === key || name === "*")?.[1];
  const names = new Set(children(at).map(([name]) => name));
  return [...names].filter((name) => name !== "*");
}

function children(schema: unknown): [string, unknown][] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable)
    return children(schema.unwrap());
  if (schema instanceof z.ZodRecord) return [["*", schema.valueType]];
  if (schema instanceof z.ZodPipe) return children(schema.out);
  if (schema instanceof z.ZodObject)
    return [
      ...Object.entries(schema.shape),
      ...(schema.def.catchall ? [["*", schema.def.catchall] as [string, unknown]] : []),
    ];
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(children);
  if (schema instanceof z.ZodArray) return [["*", schema.element], ...children(schema.element)];
  return [];
}
