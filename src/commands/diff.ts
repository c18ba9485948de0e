/** `sitelift diff`: what changed between two archives, or two snapshots of one. */
import { type Change, changes, KINDS, type Kind } from "../archive/diff/changes.js";
import type { ArchiveState } from "../archive/diff/states.js";
import { lastStates, stateAsOf, stateAt } from "../archive/diff/states.js";
import { CliError, EXIT, type ExitCode } from "../error.js";
import { showChange, showHeading, showStates, showSums } from "./changes.js";
import type { DiffOptions } from "./command-line.js";
import { Terminal } from "./terminal.js";

export async function diff(
  old: string,
  now: string | undefined,
  options: DiffOptions,
): Promise<ExitCode> {
  const terminal = new Terminal(options);
  return show(terminal, await statesFor(old, now, options), options);
}

async function show(
  terminal: Terminal,
  [before, after]: readonly [ArchiveState, ArchiveState],
  options: DiffOptions,
): Promise<ExitCode> {
  const counts = Object.fromEntries(KINDS.map((kind) => [kind, 0])) as Record<Kind, number>;
  const touched = new Set<string>();
  showStates(terminal, before, after);
  for await (const change of changes(before, after)) {
    if (counts[change.kind]++ === 0) showHeading(terminal, change.kind);
    if (change.kind !== "unread") touched.add(change.entry.id);
    terminal.event(eventOf(change));
    showChange(terminal, change);
  }
  const same = [...after.entries.keys()].filter((id) => !touched.has(id)).length;
  const exitCode = touched.size > 0 && options.exitCode ? EXIT.findings : EXIT.complete;
  const states = { old: summaryOf(before), new: summaryOf(after) };
  terminal.event({ event: "end", exitCode, counts: { ...counts, same }, ...states });
  showSums(terminal, counts, same, touched.size > 0);
  return exitCode;
}

/** The two states that the arguments name. */
async function statesFor(
  old: string,
  now: string | undefined,
  { last, from, to }: DiffOptions,
): Promise<[ArchiveState, ArchiveState]> {
  const times = from !== undefined || to !== undefined;
  if (now !== undefined && (last || times))
    throw new CliError("--last, --from and --to choose among the snapshots of one archive", {
      hint: `Leave out ${now}, or the options.`,
    });
  if (last && times)
    throw new CliError("--last stands for the two newest snapshots, --from and --to for others", {
      hint: "Use the one or the other.",
    });
  if (now !== undefined) return Promise.all([stateAt(old), stateAt(now)]);
  if (last) return lastStates(old);
  if (from !== undefined)
    return Promise.all([
      stateAsOf(old, from),
      to === undefined ? stateAt(old) : stateAsOf(old, to),
    ]);
  throw new CliError(
    to === undefined ? `${old} is compared with nothing` : "--to needs a --from before it",
    {
      hint: "Name a second archive or snapshot, or choose two snapshots with --last or --from TIME.",
    },
  );
}

/** A change as one line for programs. */
function eventOf(change: Change) {
  const { kind, entry, ...more } = change;
  const { id, title, url, path } = entry;
  const placed = Object.fromEntries(
    Object.entries(more).map(([key, value]) => [key, isEntry(value) ? placeOf(value) : value]),
  );
  return { event: kind, id, title, url, path, ...placed };
}

function isEntry(value: unknown): value is { id: string; url: string; path: string } {
  return typeof value === "object" && value !== null && "hash" in value;
}

function placeOf({ id, url, path }: { id: string; url: string; path: string }) {
  return { id, url, path };
}

function summaryOf({ root, time, complete, entries }: ArchiveState) {
  return { archive: root, time, complete, entries: entries.size };
}
