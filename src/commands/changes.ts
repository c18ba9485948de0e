/** Changes of an archive in words for people. */
import { relative } from "node:path";
import process from "node:process";
import { type Change, KINDS, type Kind } from "../archive/diff/changes.js";
import type { FieldChange } from "../archive/diff/fields.js";
import type { ArchiveState } from "../archive/diff/states.js";
import { count } from "../text.js";
import type { Terminal } from "./terminal.js";

const HEADINGS: Readonly<Record<Kind, string>> = {
  added: "Added",
  edited: "Edited",
  renamed: "Renamed: one article, a new address",
  gone: "Gone: kept in the archive",
  returned: "Returned",
  template: "Template only: other markup, the same words",
  unread: "Not in the newer one, which does not say that they are gone",
};

export function showStates(terminal: Terminal, before: ArchiveState, after: ArchiveState): void {
  if (terminal.json) return;
  const { dim } = terminal.colours;
  for (const [word, state] of [
    ["from", before],
    ["to  ", after],
  ] as const) {
    const { root, time, complete, entries } = state;
    const when = time === null ? "" : ` of ${time}`;
    const short = complete ? "" : ", its listing not read to the end";
    const where = relative(process.cwd(), root) || ".";
    terminal.print(
      dim(`${word} ${where}${when}: ${count(entries.size, "entry", "entries")}${short}`),
    );
  }
}

export function showHeading(terminal: Terminal, kind: Kind): void {
  if (terminal.json) return;
  terminal.print();
  terminal.print(terminal.colours.bold(HEADINGS[kind]));
}

export function showChange(terminal: Terminal, change: Change): void {
  if (terminal.json) return;
  const { dim, green, red } = terminal.colours;
  const { entry } = change;
  terminal.print(`  ${entry.title}`);
  terminal.print(dim(`    ${entry.url}`));
  if (change.kind === "edited") {
    for (const field of change.fields) showField(terminal, field);
    if (change.body !== null) showPatch(terminal, change.body);
  } else if (change.kind === "renamed") {
    terminal.print(`    ${red(`- ${change.from.url}`)}`);
    terminal.print(`    ${green(`+ ${entry.url}`)}`);
  } else if (change.kind === "gone") {
    if (change.since !== null) terminal.print(`    missed since ${change.since}`);
    if (change.into !== null) terminal.print(`    its address leads to ${change.into.url}`);
  } else if (change.kind === "template") {
    const where = [...(change.row ? ["its row"] : []), ...(change.page ? ["its page"] : [])];
    terminal.print(`    ${where.join(" and ")}`);
  } else if (change.kind === "unread") terminal.print(`    ${change.why}`);
}

function showField(terminal: Terminal, { field, from, to }: FieldChange): void {
  const { green, red } = terminal.colours;
  const words = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  terminal.print(`    ${field}`);
  terminal.print(red(`    - ${words(from)}`));
  terminal.print(green(`    + ${words(to)}`));
}

/** A unified diff without the names of its files: one file is meant. */
function showPatch(terminal: Terminal, patch: string): void {
  const { cyan, green, red } = terminal.colours;
  terminal.print("    body");
  for (const line of patch.trimEnd().split("\n").slice(2)) {
    const paint = line.startsWith("@@")
      ? cyan
      : line.startsWith("+")
        ? green
        : line.startsWith("-")
          ? red
          : String;
    terminal.print(paint(`    ${line}`));
  }
}

export function showSums(
  terminal: Terminal,
  counts: Readonly<Record<Kind, number>>,
  same: number,
  changed: boolean,
): void {
  if (terminal.json) return;
  const told = KINDS.filter((kind) => counts[kind] > 0).map(
    (kind) => `${counts[kind]} ${kind === "template" ? "template only" : kind}`,
  );
  terminal.print();
  terminal.print(
    `${changed ? told.join(", ") : ["no change", ...told].join(", ")}; ${same} the same`,
  );
}
