/** The project's own cases, checked by its own command, and what they must not hold. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import type { Case } from "../../src/cases/case.js";
import { scrubPages } from "../../src/cases/scrub.js";
import { events, sitelift } from "../commands/sitelift.js";
import { DEEP } from "../deep.js";

const CASES = resolve(import.meta.dirname, "../../fixtures/cases");

describe("the project's own cases", () => {
  test("the project's cases, of all kinds and languages, pass", async () => {
    const { exitCode, stdout } = await sitelift(["test", CASES, "--json"]);
    const seen = events(stdout);
    expect(seen.filter(({ passed }) => passed === false)).toEqual([]);
    expect(exitCode).toBe(0);
    const cases = seen.filter(({ event }) => event === "case");
    expect(cases.length).toBeGreaterThanOrEqual(15);
    expect(new Set(cases.map(({ kind }) => kind))).toEqual(new Set(["listing", "article", "walk"]));
    expect(new Set(cases.map(({ site }) => site))).toEqual(new Set(["demo", "demo-fr", "demo-ar"]));
  });

  // Of each kind one; before a release all, which takes five times as long.
  const mutated = DEEP ? CASES : join(CASES, "demo-fr");
  test("a listing, an article and a walk fail when the markup that they were read from is removed, renamed or emptied", async () => {
    const { stdout } = await sitelift(["test", mutated, "--mutate", "--json"]);
    const seen = events(stdout);
    const kinds = seen.filter(({ event }) => event === "case").map(({ kind }) => kind);
    expect(new Set(kinds)).toEqual(new Set(["listing", "article", "walk"]));
    const { teeth } = seen.at(-1) as {
      teeth: { total: number; noticed: number; madeGood: number; unnoticed: number; score: number };
    };
    expect(teeth.total).toBeGreaterThan(60 * kinds.length);
    expect(teeth.unnoticed).toBe(0);
    expect(teeth.noticed + teeth.madeGood).toBe(teeth.total);
    expect(teeth.score).toBeGreaterThan(0.7);
  }, 240_000);

  test("the office still serves the template of every case of the project, but for cases kept with a reason", async () => {
    const { exitCode, stdout, stderr } = await sitelift(["drift", CASES, "--json"]);
    expect(exitCode, stderr).toBe(0);
    const seen = events(stdout);
    const kept = seen.filter(({ event }) => event === "kept");
    expect(kept.map((one) => one.case)).toEqual(
      ["bare", "bootstrap", "mini", "zen"].map((theme) => `demo/listing-theme-${theme}`),
    );
    const counts = seen.at(-1)?.counts as Record<string, number>;
    expect(counts).toMatchObject({ template: 0, gone: 0, unreachable: 0, kept: kept.length });
    expect((counts.same ?? 0) + (counts.content ?? 0)).toBe(11);
  }, 120_000);

  test("the project's cases hold no token, e-mail address or analytics id", () => {
    const files = readdirSync(CASES, { recursive: true, encoding: "utf8" }).filter((name) =>
      /\.(html|json|md)$/.test(name),
    );
    expect(files.length).toBeGreaterThan(40);
    const left = files.map((name) => {
      const url = "https://example.org/a";
      const body = readFileSync(join(CASES, name));
      const page = { url, requestedUrl: url, status: 200, headers: {}, body };
      const about = { kind: "article" } as Case["about"];
      return [name, scrubPages({ about, pages: [page], listing: null }).found];
    });
    expect(left).toEqual(files.map((name) => [name, {}]));
  });
});
