/** What came of the cases, as JUnit XML: a suite a case, a test case a field (https://github.com/testmoapp/junitxml). */
import { type CheckedCase, hasFailed, type Suite } from "../../cases/check.js";
import type { Verdict } from "../../cases/compare.js";
import type { Place } from "../../cases/place.js";
import { failureWords } from "../../cases/words.js";

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
    const open = `    <testcase classname="${escaped(name)}" name="${escaped(verdict.field)}"`;
    if (verdict.passed) return `${open}/>`;
    const { file, line } = placeOf(one, verdict);
    return `${open} file="${escaped(file)}" line="${line}">\n      <failure message="${escaped(verdict.reason ?? "")}" type="mismatch">${escaped(failureWords(verdict))}</failure>\n    </testcase>`;
  });
  const failed = hasFailed(one) ? failures : 0;
  return [
    `  <testsuite name="${escaped(name)}" tests="${verdicts.length}" failures="${failed}" errors="0">`,
    ...tests,
    "  </testsuite>",
  ].join("\n");
}

function rulesSuite(rules: readonly string[]): string {
  const tests = rules.map(
    (sentence, index) =>
      `    <testcase classname="selectors" name="rule ${index + 1}">\n      <failure message="${escaped(sentence)}" type="selectors"/>\n    </testcase>`,
  );
  return [
    `  <testsuite name="selectors" tests="${rules.length}" failures="${rules.length}" errors="0">`,
    ...tests,
    "  </testsuite>",
  ].join("\n");
}

/** Text as XML 1.0 may hold it: characters that it forbids even when escaped become U+FFFD (https://www.w3.org/TR/xml/#charsets). */
function escaped(text: string): string {
  return text
    .replace(/\p{Surrogate}/gu, "\ufffd")
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
    .replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
    .replace(/[\t\n\r]/g, (sign) => (sign === "\n" ? "\n" : `&#${sign.charCodeAt(0)};`));
}
