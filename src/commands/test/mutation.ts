/** What came of changing every case: how much of it the check noticed, and what it did not. */
import { hasFailed, type Suite } from "../../cases/check.js";
import { type Mutation, mutateCase } from "../../cases/mutate.js";
import type { Terminal } from "../terminal.js";

export interface Teeth {
  readonly total: number;
  readonly noticed: number;
  /** Changes after which another selector gave the same words. */
  readonly madeGood: number;
  /** Changes that nothing in the case depends on. */
  readonly unnoticed: number;
  /** Share of the changes that were noticed, from 0 to 1. */
  readonly score: number;
  readonly list: readonly (Mutation & { readonly case: string })[];
}

/** Changes every case that passes. */
export async function teethOf(suite: Suite, field: string | undefined): Promise<Teeth> {
  const list: (Mutation & { case: string })[] = [];
  let total = 0;
  for (const one of suite.cases) {
    const { name, saved, expected, site } = one;
    if (hasFailed(one) || saved === null || expected === null || site === null) continue;
    for (const mutation of await mutateCase(saved, expected, site)) {
      if (field !== undefined && mutation.field !== field) continue;
      total++;
      if (!mutation.noticed) list.push({ case: name, ...mutation });
    }
  }
  const madeGood = list.filter(({ instead }) => instead !== null).length;
  const noticed = total - list.length;
  const score = total === 0 ? 0 : Math.round((noticed / total) * 10_000) / 10_000;
  return { total, noticed, madeGood, unnoticed: list.length - madeGood, score, list };
}

/** One line for what many cases have in common, and the sum. */
export function teethLines(
  { total, noticed, madeGood, unnoticed, score, list }: Teeth,
  { bold, dim, green, red, yellow }: Terminal["colours"],
): string[] {
  const groups = new Map<string, typeof list>();
  for (const one of list) {
    const key = JSON.stringify([one.field, one.how, one.selector, one.instead]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const lines = [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { case: name, field, where, how, selector, instead } = first;
    const mark = instead === null ? red("unnoticed") : yellow("made good");
    const more = group.length === 1 ? "" : ` and ${group.length - 1} more`;
    const lines = [
      `${mark} ${field} ${how}, ${name}, ${where}${more}`,
      dim(`          ${selector}`),
    ];
    return instead === null ? lines : [...lines, dim(`          came from ${instead}`)];
  });
  const percent = Math.round(score * 1000) / 10;
  const sum = `teeth: ${noticed} of ${total} changes noticed (${percent} %); after ${madeGood} another selector gave the same; ${unnoticed} unnoticed`;
  return ["", ...lines, bold(unnoticed === 0 && total > 0 ? green(sum) : red(sum))];
}
