/** Annotations of GitHub Actions, each at the line of its cause (https://docs.github.com/actions/reference/workflow-commands-for-github-actions). */
import { relative, sep } from "node:path";
import { escapeTerminal } from "../../text.js";
import { failuresOf, type Suite, sumWords } from "../check.js";
import { failureText } from "../compare.js";
import type { PlaceOf } from "../place.js";

/** @param base folder that the paths of annotations are relative to: that of the checkout */
export function githubReport(suite: Suite, placeOf: PlaceOf, base: string): string {
  const lines = suite.cases.flatMap((one) =>
    failuresOf(one).map((verdict) => {
      const { file, line } = placeOf(one, verdict);
      const path = relative(base, file).split(sep).join("/");
      const title = `${one.name}: ${verdict.field}`;
      return `::error file=${property(path)},line=${line},title=${property(title)}::${data(failureText(verdict))}`;
    }),
  );
  for (const sentence of [...suite.drift, ...suite.thresholds])
    lines.push(`::error title=selectors::${data(sentence)}`);
  return `${[...lines, sumWords(suite)].join("\n")}\n`;
}

/** Line feeds are escaped, so that the words of a page cannot begin a command of their own. */
function data(text: string): string {
  const escaped = text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
  return escapeTerminal(escaped);
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
