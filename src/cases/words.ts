/** A failed field in plain words, for reports that are no table. */
import type { Verdict } from "./compare.js";
import { bodyDiff } from "./diff.js";

const SIGNS = { same: "  ", expected: "- ", actual: "+ ", place: "@ " } as const;

export function failureWords({ reason, differences, body }: Verdict): string {
  const values = differences.map(
    ({ at, expected, actual }) =>
      `${at === "" ? "" : `${at}: `}expected ${expected ?? "nothing"}, found ${actual ?? "nothing"}`,
  );
  const diff =
    body === null
      ? []
      : bodyDiff(body.expected, body.actual).map(({ kind, text }) => SIGNS[kind] + text);
  return [reason ?? "", ...values, ...diff].join("\n");
}
