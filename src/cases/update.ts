/** Writes results: as the new expectation, or next to an expectation that they differ from. */
import { existsSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { CASE_FILES, type Expectation } from "./case.js";
import { type CheckedCase, hasFailed, type Suite } from "./check.js";
import { type Files, outcomeFiles, writeFiles } from "./folder.js";

/**
 * Makes the result the expectation of every case that failed.
 *
 * @param field only this field; all when it is not given
 * @returns the cases that were rewritten
 */
export async function updateExpectations(suite: Suite, field?: string): Promise<CheckedCase[]> {
  const failing = suite.cases.filter((one) => one.result !== null && hasFailed(one));
  for (const { folder, expected, result } of failing) {
    if (result === null) continue;
    const outcome =
      field === undefined || expected === null ? result : merged(expected, result, field);
    const files = outcomeFiles(outcome, [CASE_FILES.expected, CASE_FILES.body]);
    await writeFiles(folder, [...files, ...staleFiles(folder)]);
  }
  return failing;
}

/** An expectation with one field of the result. */
function merged(expected: Expectation, result: Expectation, field: string): Expectation {
  if (field === "body") return { fields: expected.fields, body: result.body };
  const [want, got] = [expected.fields.rows, result.fields.rows];
  if (Array.isArray(want) && Array.isArray(got) && field !== "rows" && want.length === got.length) {
    const rows = want.map((row, index) => put(row, got[index], field));
    if (rows.some((row, index) => row !== want[index]))
      return { ...expected, fields: { ...expected.fields, rows } };
  }
  return { ...expected, fields: put(expected.fields, result.fields, field) };
}

/** An object with one key as another has it, or without it when that has none. */
function put<T extends object>(into: T, from: Readonly<Record<string, unknown>>, key: string): T {
  const known = into as Record<string, unknown>;
  if (Object.hasOwn(from, key))
    return Object.hasOwn(known, key) && known[key] === from[key]
      ? into
      : ({ ...into, [key]: from[key] } as T);
  if (!Object.hasOwn(known, key)) return into;
  const { [key]: _, ...rest } = known;
  return rest as T;
}

/** Writes actual.json and actual.md of every case that failed, and removes those of the others. */
export async function writeActual(suite: Suite): Promise<void> {
  const files = suite.cases.flatMap((one): Files => {
    const below = relative(suite.root, one.folder).split(sep).join("/");
    const files =
      one.result !== null && hasFailed(one)
        ? outcomeFiles(one.result, [CASE_FILES.actual, CASE_FILES.actualBody])
        : staleFiles(one.folder);
    return files.map(([path, content]) => [below === "" ? path : `${below}/${path}`, content]);
  });
  if (files.length > 0) await writeFiles(suite.root, files);
}

function staleFiles(folder: string): Files {
  return [CASE_FILES.actual, CASE_FILES.actualBody]
    .filter((name) => existsSync(join(folder, name)))
    .map((name) => [name, null]);
}
