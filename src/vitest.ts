/** `sitelift/vitest`: cases as tests of Vitest, one test a field. */
import process from "node:process";
import { describe, expect, test } from "vitest";
import { type CheckedCase, checkCases } from "./cases/check.js";
import type { Verdict } from "./cases/compare.js";
import { failureText } from "./cases/compare.js";
import { casesFolder } from "./cases/folder.js";
import { findSite, siteFrom } from "./site/load.js";
import type { SiteInput } from "./site/site.js";

/**
 * Describes the cases below a folder: a suite a case, a test a field.
 *
 * @param folder taken from the working folder, as Vitest's own paths are
 * @param site a site file's default export, or a path or name as `--site` takes it; without it each case
 *   is read by the site that it names. A site file that the test imports is watched by Vitest
 */
export function describeCases(folder: string, site?: SiteInput | string): void {
  describe(folder, async () => {
    const root = casesFolder(folder, undefined);
    const found =
      typeof site === "string"
        ? await findSite(site, {}, process.cwd())
        : site && siteFrom(site, "the site given to describeCases");
    const suite = await checkCases(root, { site: found });
    for (const one of suite.cases) describeCase(one);
    test("selectors that must match do, and fields are as frequent as the site file demands", () => {
      expect([...suite.drift, ...suite.thresholds]).toEqual([]);
    });
  });
}

function describeCase({ name, verdicts }: CheckedCase): void {
  describe(name, () => {
    for (const verdict of verdicts) test(verdict.field, () => demand(verdict));
  });
}

/** Fails as Vitest fails, so that its own diff shows expected and actual. */
function demand(verdict: Verdict): void {
  const { passed, body, differences } = verdict;
  if (passed) return;
  const message = failureText(verdict);
  if (body !== null) expect(body.actual, message).toBe(body.expected);
  const side = (key: "expected" | "actual") =>
    differences.map(({ at, ...values }) => `${at === "" ? "" : `${at}: `}${values[key]}`);
  if (differences.length > 0) expect(side("actual"), message).toEqual(side("expected"));
  expect.fail(message);
}
