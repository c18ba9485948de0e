/** Words for what zod found wrong with a file that a person wrote. */
import { z } from "zod";
import { nearest } from "../text.js";

/** One line for each thing that is wrong: `key.path: expected …, found …`, with the nearest known key. */
export function explainIssue(schema: z.ZodType, issue: z.core.$ZodIssue, input: unknown): string[] {
  // A union fails with one list of issues a branch. The branch that got furthest is the one that was meant.
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const meant = [...issue.errors].sort((a, b) => depth(b) - depth(a))[0] ?? [];
    return meant.flatMap((inner) =>
      explainIssue(
        schema,
        { ...inner, path: [...issue.path, ...inner.path] } as z.core.$ZodIssue,
        input,
      ),
    );
  }
  const path = issue.path.join(".");
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(schema, issue.path);
    return issue.keys.map((key) => {
      const near = nearest(key, known);
      const full = path === "" ? key : `${path}.${key}`;
      return `${full}: unknown key${near === null ? `, expected one of ${known.join(", ")}` : `, did you mean "${near}"?`}`;
    });
  }
  const found = valueAt(issue.path, input);
  return [
    `${path || "the file"}: ${issue.message}, found ${found === undefined ? "nothing" : (JSON.stringify(found) ?? typeof found).slice(0, 80)}`,
  ];
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

/** Keys that the schema knows at a path. */
function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let at: unknown = schema;
  for (const key of path) at = children(at).find(([name]) => name === key || name === "*")?.[1];
  return children(at)
    .map(([name]) => name)
    .filter((name) => name !== "*");
}

function children(schema: unknown): [string, unknown][] {
  if (schema instanceof z.ZodOptional) return children(schema.unwrap());
  if (schema instanceof z.ZodPipe) return children(schema.out);
  if (schema instanceof z.ZodObject) return Object.entries(schema.shape);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(children);
  if (schema instanceof z.ZodArray) return [["*", schema.element], ...children(schema.element)];
  return [];
}
