/** Annotations of GitHub Actions, each at the line of its cause (https://docs.github.com/actions/reference/workflow-commands-for-github-actions). */
import { relative, sep } from "node:path";
import type { CheckedCase, Suite } from "../../cases/check.js";
import type { Verdict } from "../../cases/compare.js";
import type { Place } from "../../cases/place.js";
import { failureWords } from "../../cases/words.js";
import { escapeTerminal } from "../../text.js";

/** @param base folder that the paths of annotations start from: that of the checkout */
export function githubReport(
  suite: Suite,
  placeOf: (one: CheckedCase, verdict: Verdict) => Place,
  base: string,
): string {
  const lines = suite.cases.flatMap((one) =>
    one.verdicts
      .filter(({ passed }) => !passed)
      .map((verdict) => {
        const { file, line } = placeOf(one, verdict);
        const path = relative(base, file).split(sep).join("/");
        const title = `${one.name}: ${verdict.field}`;
        return `::error file=${property(path)},line=${line},title=${property(title)}::${data(failureWords(verdict))}`;
      }),
  );
  for (const sentence of [...suite.drift, ...suite.thresholds])
    lines.push(`::error title=selectors::${data(sentence)}`);
  const { cases, failedCases, fields, failedFields } = suite.counts;
  lines.push(`${cases} cases, ${failedCases} failed; ${fields} fields, ${failedFields} failed`);
  return `${lines.join("\n")}\n`;
}

/** A page's own words must not begin a command of their own: line feeds are escaped. */
function data(text: string): string {
  const escaped = text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
  return escapeTerminal(escaped);
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
