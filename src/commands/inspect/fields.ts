/** What the alternatives of one field matched, over all rows or on one article page. */
import type { Reading, Warning } from "../../model.js";
import { wayWords } from "../../site/selector-words.js";
import type { Alternative } from "../../site/site.js";
import { column } from "../../text.js";
import type { Terminal } from "../terminal.js";

/** What a page was taken for, shown below its URL. */
export interface Taken {
  /** Part of a sentence: the evidence for its kind. */
  readonly why: string;
  readonly readBy: string;
}

export function showTaken(terminal: Terminal, { why, readBy }: Taken): void {
  terminal.print(terminal.colours.dim(`  because ${why}`));
  terminal.print(terminal.colours.dim(`  read by ${readBy}`));
}

/** Which alternative gave a field, and how often. */
export function winners(readings: readonly (Reading | undefined)[]): Record<string, number> {
  const wins: Record<string, number> = {};
  for (const reading of readings) {
    if (reading === undefined) continue;
    const way = wayWords(reading.selector, reading.attribute);
    wins[way] = (wins[way] ?? 0) + 1;
  }
  return wins;
}

/**
 * One field: how often it was found, by which selectors, and the first words of one.
 *
 * @param elsewhere where it is read instead, in place of a count
 */
export function showField(
  terminal: Terminal,
  name: string,
  ways: readonly Alternative[],
  readings: readonly (Reading | undefined)[],
  elsewhere = ways.length === 0 ? "no selectors" : undefined,
): void {
  const { bold, dim, green, red, yellow } = terminal.colours;
  const total = readings.length;
  const found = readings.filter((reading) => reading !== undefined).length;
  const share = `${found} of ${total}`;
  const tint = found === total ? green : found === 0 ? red : yellow;
  terminal.print(
    `  ${bold(column(name, 8))} ${elsewhere === undefined ? tint(share) : dim(elsewhere)}`,
  );
  for (const [way, times] of Object.entries(winners(readings))) {
    const first = readings.find((one) => one && wayWords(one.selector, one.attribute) === way);
    const more = first !== undefined && first.matches > 1 ? `, ${first.matches} nodes` : "";
    terminal.print(
      `           ${green(`${times} ×`)} ${way} ${dim(`"${column(first?.raw ?? "", 40).trimEnd()}"${more}`)}`,
    );
  }
  if (found === 0)
    for (const { select, attribute } of ways)
      terminal.print(dim(`           0 × ${wayWords(select, attribute)}`));
  else if (found < total)
    terminal.print(
      dim(
        `           none in row ${readings.flatMap((one, index) => (one ? [] : index + 1)).join(", ")}`,
      ),
    );
}

export function showWarnings(terminal: Terminal, warnings: readonly Warning[]): void {
  if (warnings.length === 0) return;
  terminal.print();
  const times = new Map<string, number>();
  for (const { code, message } of warnings) {
    const line = `${code}: ${message}`;
    times.set(line, (times.get(line) ?? 0) + 1);
  }
  for (const [line, n] of times) {
    const often = n === 1 ? "" : ` (${n} times)`;
    terminal.print(`${terminal.colours.yellow("warning")} ${line}${often}`);
  }
}
