/** A failed field as text: what was expected, what was found, and a unified diff of the body. */
import { structuredPatch } from "diff";
import type { Verdict } from "./compare.js";

interface DiffLine {
  readonly kind: "same" | "expected" | "actual" | "place";
  readonly text: string;
}

const KINDS: Readonly<Record<string, DiffLine["kind"]>> = { "-": "expected", "+": "actual" };
const SIGNS = { same: "  ", expected: "- ", actual: "+ ", place: "@ " } as const;

/** Lines of a unified diff, three lines of context around each change. */
export function bodyDiff({ expected, actual }: NonNullable<Verdict["body"]>): DiffLine[] {
  const { hunks } = structuredPatch("", "", `${expected}\n`, `${actual}\n`, "", "", { context: 3 });
  return hunks.flatMap(({ oldStart, newStart, lines }) => [
    { kind: "place" as const, text: `line ${oldStart} of expected.md, ${newStart} of actual.md` },
    ...lines
      .filter((line) => !line.startsWith("\\"))
      .map((line) => ({ kind: KINDS[line[0] ?? " "] ?? "same", text: line.slice(1) })),
  ]);
}

/** A failed field as plain lines, for reports without a table. */
export function failureText({ reason, differences, body }: Verdict): string {
  const values = differences.map(
    ({ at, expected, actual }) =>
      `${at === "" ? "" : `${at}: `}expected ${expected ?? "nothing"}, found ${actual ?? "nothing"}`,
  );
  const diff = body === null ? [] : bodyDiff(body).map(({ kind, text }) => SIGNS[kind] + text);
  return [reason ?? "", ...values, ...diff].join("\n");
}
