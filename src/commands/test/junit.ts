/** What came of the cases, as JUnit XML: a suite a case, a test case a field (https://github.com/testmoapp/junitxml). */
import { type CheckedCase, hasFailed, type Suite } from "../../cases/check.js";
import type { Verdict } from "../../cases/compare.js";
import type { Place } from "../../cases/place.js";
import { failureWords } from "../../cases/words.js";
import { escapeMarkup } from "../../text.js";

export function junitReport(
  suite: Suite,
  placeOf: (one: CheckedCase, verdict: Verdict) => Place,
): string {
  const { counts, cases, drift, thresholds } = suite;
  const rules = [...drift, ...thresholds];
  const failures = counts.failedFields + rules.length;
  const tests = counts.fields + rules.length;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="sitelift" tests="${tests}" failures="${failures}" errors="0">`,
    ...cases.map((one) => caseSuite(one, placeOf)),
    ...(rules.length === 0 ? [] : [rulesSuite(rules)]),
    "</testsuites>",
    "",
  ].join("\n");
}

function caseSuite(
  one: CheckedCase,
  placeOf: (one: CheckedCase, verdict: Verdict) => Place,
): string {
  const { name, verdicts } = one;
  const failures = verdicts.filter(({ passed }) => !passed).length;
  const tests = verdicts.map((verdict) => {
    const open = `    <testcase classname="${escapeMarkup(name)}" name="${escapeMarkup(verdict.field)}"`;
    if (verdict.passed) return `${open}/>`;
    const { file, line } = placeOf(one, verdict);
    return `${open} file="${escapeMarkup(file)}" line="${line}">\n      <failure message="${escapeMarkup(verdict.reason ?? "")}" type="mismatch">${escapeMarkup(failureWords(verdict))}</failure>\n    </testcase>`;
  });
  const failed = hasFailed(one) ? failures : 0;
  return [
    `  <testsuite name="${escapeMarkup(name)}" tests="${verdicts.length}" failures="${failed}" errors="0">`,
    ...tests,
    "  </testsuite>",
  ].join("\n");
}

function rulesSuite(rules: readonly string[]): string {
  const tests = rules.map(
    (sentence, index) =>
      `    <testcase classname="selectors" name="rule ${index + 1}">\n      <failure message="${escapeMarkup(sentence)}" type="selectors"/>\n    </testcase>`,
  );
  return [
    `  <testsuite name="selectors" tests="${rules.length}" failures="${rules.length}" errors="0">`,
    ...tests,
    "  </testsuite>",
  ].join("\n");
}
