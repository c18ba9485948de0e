/** What was expected of a case against what it gave: one verdict a field. */
import { isDeepStrictEqual } from "node:util";
import { structuredPatch } from "diff";
import { cut } from "../text.js";
import { CASE_FILES, type CaseResult, type Expectation } from "./case.js";

/** One value that is not what it should be, as JSON; null where there is none. */
interface Difference {
  /** Which row, or which part of the value; empty for the whole. */
  readonly at: string;
  readonly expected: string | null;
  readonly actual: string | null;
}

export interface Verdict {
  /** Key of expected.json, key of its rows, `body`, or `case` for the case itself. */
  readonly field: string;
  readonly passed: boolean;
  /** Why it failed, in one sentence; null when it passed. */
  readonly reason: string | null;
  readonly differences: readonly Difference[];
  /** Expected and actual Markdown, where the body failed. */
  readonly body: { readonly expected: string; readonly actual: string } | null;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Compares. What is expected and not given, and what is given and not expected, both fail: a case says
 * everything about its page.
 *
 * @param expected null when the case has no expected.json
 */
export function compare(expected: Expectation | null, actual: CaseResult): Verdict[] {
  const problems = actual.problems.map((reason) => failed("case", reason));
  if (expected === null)
    return [
      ...problems,
      failed(
        "case",
        `missing expectation: there is no ${CASE_FILES.expected}; look at the result, and take it over with --update`,
      ),
    ];
  return [
    ...problems,
    ...compareFields(expected.fields, actual.fields),
    ...compareBody(expected.body, actual.body),
  ];
}

function compareFields(expected: Fields, actual: Fields): Verdict[] {
  const keys = [...new Set([...Object.keys(actual), ...Object.keys(expected)])];
  return keys.flatMap((key) => {
    const [want, got] = [expected[key], actual[key]];
    if (key === "rows" && isRows(want) && isRows(got)) return compareRows(want, got);
    return [judgeValue(key, [{ at: "", want, got }])];
  });
}

interface Pair {
  readonly at: string;
  /** Undefined where there is none. */
  readonly want: unknown;
  readonly got: unknown;
}

function judgeValue(field: string, pairs: readonly Pair[]): Verdict {
  const wrong = pairs.filter(({ want, got }) => !isDeepStrictEqual(want, got));
  if (wrong.length === 0) return passed(field);
  return {
    ...failed(field, reasonOf(wrong)),
    differences: wrong.flatMap(({ at, want, got }) => narrow(at, want, got)),
  };
}

function reasonOf(wrong: readonly Pair[]): string {
  if (wrong.every(({ want }) => want === undefined))
    return `missing expectation: expected nothing, found ${shortly(wrong[0]?.got)}`;
  if (wrong.every(({ got }) => got === undefined))
    return `orphaned expectation: expected ${shortly(wrong[0]?.want)}, and nothing of this name is read any more`;
  return wrong.length === 1 ? "differs" : `differs in ${wrong.length} rows`;
}

function shortly(value: unknown): string {
  return cut(JSON.stringify(value) ?? "nothing", 80);
}

/** Lists are compared piece by piece, so that one changed warning is not a wall of words. */
function narrow(at: string, want: unknown, got: unknown): Difference[] {
  if (!Array.isArray(want) || !Array.isArray(got)) return [difference(at, want, got)];
  const places = Array.from({ length: Math.max(want.length, got.length) }, (_, index) => index);
  return places
    .filter((index) => !isDeepStrictEqual(want[index], got[index]))
    .map((index) => difference(`${at}[${index + 1}]`, want[index], got[index]));
}

function difference(at: string, want: unknown, got: unknown): Difference {
  const shown = (value: unknown) => (value === undefined ? null : JSON.stringify(value));
  return { at, expected: shown(want), actual: shown(got) };
}

/** Rows: how many and which, and then key by key over all of them. */
function compareRows(want: readonly Fields[], got: readonly Fields[]): Verdict[] {
  const pairs = pairRows(want, got);
  const named = (row: Fields | undefined) => row && `${row.title} <${row.url}>`;
  const lost = pairs.filter((pair) => pair.want === undefined || pair.got === undefined);
  const rows: Verdict =
    lost.length === 0
      ? passed("rows")
      : {
          ...failed("rows", `expected ${want.length} rows, found ${got.length}`),
          differences: lost.map((pair) => difference(pair.at, named(pair.want), named(pair.got))),
        };
  const both = pairs.filter((pair) => pair.want !== undefined && pair.got !== undefined);
  const keys = new Set([...got, ...want].flatMap((row) => Object.keys(row)));
  return [
    rows,
    ...[...keys].map((key) =>
      judgeValue(
        key,
        both.map((pair) => ({ at: pair.at, want: pair.want?.[key], got: pair.got?.[key] })),
      ),
    ),
  ];
}

/** As many rows as expected are compared in order; else by their URLs, so that one lost row is one difference. */
function pairRows(want: readonly Fields[], got: readonly Fields[]) {
  if (want.length === got.length)
    return want.map((row, index) => ({ at: `row ${index + 1}`, want: row, got: got[index] }));
  const keyOf = (row: Fields) => JSON.stringify([row.url ?? row.title]);
  const left = new Map(got.map((row) => [keyOf(row), row]));
  const pairs: { at: string; want: Fields | undefined; got: Fields | undefined }[] = want.map(
    (row, index) => {
      const match = left.get(keyOf(row));
      left.delete(keyOf(row));
      return { at: `row ${index + 1}`, want: row, got: match };
    },
  );
  for (const row of left.values())
    pairs.push({ at: `row ${got.indexOf(row) + 1}`, want: undefined, got: row });
  return pairs;
}

function compareBody(want: string | null, got: string | null): Verdict[] {
  // A text file ends in one line feed, whatever the Markdown ends in.
  const [expected, actual] = [want, got].map((body) => body?.trimEnd() || null) as Bodies;
  if (expected === null && actual === null) return [];
  if (expected === actual) return [passed("body")];
  const reason =
    expected === null
      ? `missing expectation: the page has a body, and there is no ${CASE_FILES.body}`
      : actual === null
        ? `orphaned expectation: ${CASE_FILES.body} expects a body, and none is read`
        : "differs";
  return [
    {
      ...failed("body", reason),
      body: { expected: expected ?? "", actual: actual ?? "" },
    },
  ];
}

type Bodies = [expected: string | null, actual: string | null];

function isRows(value: unknown): value is Fields[] {
  return (
    Array.isArray(value) &&
    value.every((row) => typeof row === "object" && row !== null && !Array.isArray(row))
  );
}

function passed(field: string): Verdict {
  return { field, passed: true, reason: null, differences: [], body: null };
}

export function failed(field: string, reason: string): Verdict {
  return { field, passed: false, reason, differences: [], body: null };
}

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
