/** Writes results: what came as the new expectation, or beside it where it is not what was expected. */
import { existsSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { CASE_FILES, type Outcome } from "./case.js";
import { type CheckedCase, hasFailed, type Suite } from "./check.js";
import { type Files, outcomeFiles, writeFiles } from "./folder.js";

type Content = string | Uint8Array | null;

/**
 * Takes what came as the expectation of every case that failed.
 *
 * @param field only this field; all when it is not given
 * @returns the cases that were rewritten
 */
export async function takeOver(suite: Suite, field?: string): Promise<CheckedCase[]> {
  const failing = suite.cases.filter((one) => one.result !== null && hasFailed(one));
  for (const { folder, expected, result } of failing) {
    if (result === null) continue;
    const outcome =
      field === undefined || expected === null ? result : merged(expected, result, field);
    await writeFiles(
      folder,
      new Map<string, Content>([
        ...outcomeFiles(outcome, [CASE_FILES.expected, CASE_FILES.body]),
        ...stale(folder),
      ]),
    );
  }
  return failing;
}

/** An expectation with one field as it came. */
function merged(expected: Outcome, result: Outcome, field: string): Outcome {
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

/** Writes what came beside what was expected, where they differ, and removes it where they agree again. */
export async function writeActual(suite: Suite): Promise<void> {
  const files = suite.cases.flatMap((one): [string, Content][] => {
    const below = relative(suite.root, one.folder).split(sep).join("/");
    const at = (path: string) => (below === "" ? path : `${below}/${path}`);
    const written: [string, Content][] =
      one.result !== null && hasFailed(one)
        ? outcomeFiles(one.result, [CASE_FILES.actual, CASE_FILES.actualBody])
        : stale(one.folder);
    return written.map(([path, content]) => [at(path), content]);
  });
  if (files.length > 0) await writeFiles(suite.root, new Map(files) as Files);
}

function stale(folder: string): [string, null][] {
  return [CASE_FILES.actual, CASE_FILES.actualBody]
    .filter((name) => existsSync(join(folder, name)))
    .map((name) => [name, null]);
}
