/** Checked cases as JUnit XML: a suite a case, a test case a field (https://github.com/testmoapp/junitxml). */
import { escapeMarkup } from "../../text.js";
import { type CheckedCase, failuresOf, type Suite } from "../check.js";
import { failureText } from "../compare.js";
import type { PlaceOf } from "../place.js";

export function junitReport(suite: Suite, placeOf: PlaceOf): string {
  const { counts, cases, drift, thresholds } = suite;
  const rules = [...drift, ...thresholds];
  const [tests, failures] = [counts.fields, counts.failedFields].map((n) => n + rules.length);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="sitelift" tests="${tests}" failures="${failures}" errors="0">`,
    ...cases.map((one) => caseSuite(one, placeOf)),
    ...(rules.length === 0 ? [] : [testSuite("selectors", rules.length, rules.map(ruleTest))]),
    "</testsuites>",
    "",
  ].join("\n");
}

function testSuite(name: string, failures: number, tests: readonly string[]): string {
  return [
    `  <testsuite name="${escapeMarkup(name)}" tests="${tests.length}" failures="${failures}" errors="0">`,
    ...tests,
    "  </testsuite>",
  ].join("\n");
}

function caseSuite(one: CheckedCase, placeOf: PlaceOf): string {
  const { name, verdicts } = one;
  const tests = verdicts.map((verdict) => {
    const open = `    <testcase classname="${escapeMarkup(name)}" name="${escapeMarkup(verdict.field)}"`;
    if (verdict.passed) return `${open}/>`;
    const { file, line } = placeOf(one, verdict);
    return `${open} file="${escapeMarkup(file)}" line="${line}">\n      <failure message="${escapeMarkup(verdict.reason ?? "")}" type="mismatch">${escapeMarkup(failureText(verdict))}</failure>\n    </testcase>`;
  });
  return testSuite(name, failuresOf(one).length, tests);
}

function ruleTest(sentence: string, index: number): string {
  return `    <testcase classname="selectors" name="rule ${index + 1}">\n      <failure message="${escapeMarkup(sentence)}" type="selectors"/>\n    </testcase>`;
}
