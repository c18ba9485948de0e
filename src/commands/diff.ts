/** `sitelift diff`: what changed between two archives, or two snapshots of one. */
import { type Change, changes, KINDS, type Kind } from "../archive/diff/changes.js";

import { editWords, withoutBytes } from "../archive/diff/fields.js";
import { type ArchiveState, lastStates, stateAsOf, stateAt } from "../archive/diff/states.js";
import { CliError, EXIT } from "../error.js";
import type { SnapshotEntry } from "../schema/snapshot.js";
import { count } from "../text.js";
import type { DiffOptions } from "./command-line/archive.js";
import type { End } from "./end.js";
import { here, Terminal } from "./terminal.js";

/** Kinds of change as they are shown: an edit that does not come from the site is apart. */
const SHOWN = [...KINDS.slice(0, 2), "reread", ...KINDS.slice(2)] as const;
type Shown = Kind | "reread";

const HEADINGS: Readonly<Record<Shown, string>> = {
  added: "Added",
  edited: "Edited",
  reread:
    "Read in another way: the site file, overrides.yaml or sitelift changed, and not the site",
  renamed: "Renamed: the same article at a new URL",
  gone: "Gone: kept in the archive",
  returned: "Returned",
  template: "Template only: other markup, the same words",
  unread: "Not read by the newer one, so not known to be gone, edited or the same",
};

/** Lines of one kind in a summary. */
const MOST = 20;
/** Of entries that are read in another way: they are mostly alike. */
const SAMPLES = 3;

export async function diff(
  old: string,
  now: string | undefined,
  options: DiffOptions,
): Promise<End> {
  const terminal = new Terminal(options);
  const { summary = false } = options;
  const print = (...lines: readonly string[]) => {
    for (const line of lines) terminal.print(line);
  };
  const { bold, dim } = terminal.colours;
  const [before, after] = await statesFor(old, now, options);
  print(dim(`from ${stateLine(before)}`), dim(`to   ${stateLine(after)}`));
  print(...toolLines(before, after));
  const counts = Object.fromEntries(SHOWN.map((kind) => [kind, 0])) as Record<Shown, number>;
  const [touched, unread] = [new Set<string>(), new Set<string>()];
  const reread = new Rereads();
  for await (const change of changes(before, after)) {
    const kind = shownKind(change);
    if (kind !== "reread") print(...reread.takeLines());
    const n = counts[kind]++;
    if (n === 0) print("", bold(HEADINGS[kind]));
    (kind === "unread" ? unread : touched).add(change.entry.id);
    terminal.event(eventOf(change));
    if (!summary) print(...changeLines(change, terminal.colours));
    else if (change.kind === "edited" && kind === "reread") reread.add(change);
    else if (n < MOST) print(summaryLine(change));
    else if (n === MOST) print(dim("  and more; without --summary all are shown"));
  }
  print(...reread.takeLines());
  const same = [...after.entries.keys()].filter((id) => !touched.has(id) && !unread.has(id)).length;
  const exitCode = touched.size > 0 && options.exitCode ? EXIT.findings : EXIT.complete;
  const states = { old: summaryOf(before), new: summaryOf(after) };
  const sums = SHOWN.filter((kind) => counts[kind] > 0).map(
    (kind) => `${counts[kind]} ${NAMES[kind] ?? kind}`,
  );
  if (touched.size === 0) sums.unshift("no change");
  print("", `${sums.join(", ")}; ${same} the same`);
  return { exitCode, counts: { ...counts, same }, ...states };
}

/** What is read in another way, as a summary shows it: how often each field differs, and a few samples. */
class Rereads {
  readonly #fields = new Map<string, number>();
  readonly #samples: string[] = [];
  #entries = 0;

  add(change: Extract<Change, { readonly kind: "edited" }>): void {
    const body = change.body === null ? [] : ["body"];
    for (const field of [...change.fields.map((one) => one.field), ...body])
      this.#fields.set(field, (this.#fields.get(field) ?? 0) + 1);
    if (this.#entries++ < SAMPLES) this.#samples.push(summaryLine(change));
  }

  /** Once, when all of them are known. */
  takeLines(): string[] {
    if (this.#samples.length === 0) return [];
    const fields = [...this.#fields].sort(([, a], [, b]) => b - a);
    const more = this.#entries - SAMPLES;
    return [
      `  ${fields.map(([field, n]) => `${field}: ${n}`).join(", ")}`,
      ...this.#samples.splice(0),
      ...(more > 0 ? [`  and ${more} more; without --summary all are shown`] : []),
    ];
  }
}

const NAMES: Readonly<Partial<Record<Shown, string>>> = {
  reread: "read in another way",
  template: "template only",
  unread: "not read",
};

function shownKind(change: Change): Shown {
  return change.kind === "edited" && change.by === "rules" ? "reread" : change.kind;
}

/** What reads the pages, where it is not the same for both. */
function toolLines(before: ArchiveState, after: ArchiveState): string[] {
  const differs = (a?: string | null, b?: string | null) => a != null && b != null && a !== b;
  return [
    ...(differs(before.generator, after.generator)
      ? [`sitelift changed between them: ${before.generator}, then ${after.generator}`]
      : []),
    ...(differs(before.rules, after.rules)
      ? ["the site file or overrides.yaml changed between them"]
      : []),
  ];
}

function summaryLine(change: Change): string {
  const { title, url } = change.entry;
  if (change.kind === "renamed") return `  ${title} (${change.from.url} → ${url})`;
  const what = change.kind === "edited" ? `: ${editWords(change).join("; ")}` : "";
  return `  ${title} (${url})${what}`;
}

async function statesFor(old: string, now: string | undefined, { last, from, to }: DiffOptions) {
  const hasTimes = from !== undefined || to !== undefined;
  if (now !== undefined && (last || hasTimes))
    throw new CliError("--last, --from and --to choose among the snapshots of one archive", {
      hint: `Leave out ${now}, or the options.`,
    });
  if (last && hasTimes)
    throw new CliError("--last takes the two newest snapshots, --from and --to take others", {
      hint: "Use one or the other.",
    });
  if (now !== undefined) return Promise.all([stateAt(old), stateAt(now)]);
  if (last) return lastStates(old);
  if (from !== undefined)
    return Promise.all([
      stateAsOf(old, from),
      to === undefined ? stateAt(old) : stateAsOf(old, to),
    ]);
  throw new CliError(
    to === undefined ? `there is nothing to compare ${old} with` : "--to needs --from",
    {
      hint: "Name a second archive or snapshot, or choose two snapshots with --last or --from TIME.",
    },
  );
}

function stateLine({ root, time, complete, entries }: ArchiveState): string {
  const when = time === null ? "" : ` of ${time}`;
  const short = complete ? "" : ", its listing not read to the end";
  return `${here(root)}${when}: ${count(entries.size, "entry", "entries")}${short}`;
}

function changeLines(change: Change, colours: Terminal["colours"]): string[] {
  const { dim, green, red } = colours;
  const { entry } = change;
  const details = () => {
    if (change.kind === "edited") {
      const fields = change.fields.flatMap(({ field, from, to }) => [
        `    ${field}`,
        red(`    - ${valueText(from)}`),
        green(`    + ${valueText(to)}`),
      ]);
      return change.body === null ? fields : [...fields, ...patchLines(change.body, colours)];
    }
    if (change.kind === "renamed")
      return [red(`    - ${change.from.url}`), green(`    + ${entry.url}`)];
    if (change.kind === "gone")
      return [
        ...(change.since === null ? [] : [`    missed since ${change.since}`]),
        ...(change.into === null ? [] : [`    its URL leads to ${change.into.url}`]),
      ];
    if (change.kind === "template") {
      const where = [...(change.row ? ["its row"] : []), ...(change.page ? ["its page"] : [])];
      return [`    ${where.join(" and ")}`];
    }
    return change.kind === "unread" ? [`    ${change.why}`] : [];
  };
  return [`  ${entry.title}`, dim(`    ${entry.url}`), ...details()];
}

export function valueText(value: unknown): string {
  return withoutBytes(typeof value === "string" ? value : JSON.stringify(value));
}

/** A unified diff without its file names. */
export function patchLines(patch: string, { cyan, green, red }: Terminal["colours"]): string[] {
  const paints: Readonly<Record<string, (text: string) => string>> = {
    "@": cyan,
    "+": green,
    "-": red,
  };
  const lines = withoutBytes(patch).trimEnd().split("\n").slice(2);
  return ["    body", ...lines.map((line) => (paints[line[0] ?? ""] ?? String)(`    ${line}`))];
}

function eventOf({ kind, entry, ...more }: Change) {
  const { id, title, url, path } = entry;
  const placed = Object.fromEntries(
    Object.entries(more).map(([key, value]) => [key, placeOf(value)]),
  );
  return { event: kind, id, title, url, path, ...placed };
}

/** Of an entry only where it is; anything else as it is. */
function placeOf(value: unknown) {
  if (typeof value !== "object" || value === null || !("hash" in value)) return value;
  const { id, url, path } = value as SnapshotEntry;
  return { id, url, path };
}

function summaryOf({ root, time, complete, generator, rules, entries }: ArchiveState) {
  const tool = { generator: generator ?? null, rules: rules ?? null };
  return { archive: root, time, complete, ...tool, entries: entries.size };
}
