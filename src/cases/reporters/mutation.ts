/** The mutation score of a suite as text, and the mutants that its cases did not kill. */
import type { MutationScore } from "../mutate.js";
import type { Colours } from "./text.js";

/** Mutants that differ only in their case share a line. */
export function mutationReport(
  { total, killed, equivalent, survived, score, mutants }: MutationScore,
  { bold, dim, green, red, yellow }: Colours,
): string {
  const groups = new Map<string, typeof mutants>();
  for (const one of mutants) {
    const key = JSON.stringify([one.field, one.how, one.selector, one.instead]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const lines = [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { case: name, field, where, how, selector, instead } = first;
    const mark = instead === null ? red("survived") : yellow("equivalent");
    const more = group.length === 1 ? "" : ` and ${group.length - 1} more`;
    const indent = " ".repeat(10);
    const source = instead === null ? [] : [dim(`${indent}same value from ${instead}`)];
    return [`${mark} ${field} ${how}, ${name}, ${where}${more}`, dim(indent + selector), ...source];
  });
  const percent = Math.round(score * 1000) / 10;
  const sum = `mutation score: ${percent} % (${killed} of ${total} mutants killed, ${equivalent} equivalent, ${survived} survived)`;
  return ["", ...lines, bold(survived === 0 && total > 0 ? green(sum) : red(sum))].join("\n");
}
