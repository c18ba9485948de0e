/** A Markdown diff of two bodies: the lines around what changed, and within a changed line its words. */
import { structuredPatch } from "diff";

export interface DiffLine {
  readonly kind: "same" | "expected" | "actual" | "place";
  readonly text: string;
}

/** Lines of a unified diff, three lines of context around each change. */
export function bodyDiff(expected: string, actual: string): DiffLine[] {
  const { hunks } = structuredPatch(
    "expected.md",
    "actual.md",
    `${expected}\n`,
    `${actual}\n`,
    "",
    "",
    {
      context: 3,
    },
  );
  return hunks.flatMap(({ oldStart, newStart, lines }) => [
    { kind: "place" as const, text: `line ${oldStart} of expected.md, ${newStart} of what came` },
    ...lines
      .filter((line) => !line.startsWith("\\"))
      .map((line) => ({ kind: KINDS[line[0] ?? " "] ?? "same", text: line.slice(1) })),
  ]);
}

const KINDS: Readonly<Record<string, DiffLine["kind"]>> = { "-": "expected", "+": "actual" };

/** Line of expected.md where the first difference stands, from 1. */
export function firstDifference(expected: string, actual: string): number {
  const [want, got] = [expected.split("\n"), actual.split("\n")];
  const at = want.findIndex((line, index) => line !== got[index]);
  return at === -1 ? Math.max(1, want.length) : at + 1;
}
