/** `sitelift prune`: removes captures of an archive, and keeps of them what later ones need. */
import { pruneArchive, type Removed } from "../archive/prune/prune.js";
import { CliError, EXIT } from "../error.js";
import { byteCount, count } from "../text.js";
import type { PruneOptions } from "./command-line/archive.js";
import type { End } from "./end.js";
import { Terminal } from "./terminal.js";
import { PROGRAM } from "./version.js";

export async function prune(
  archive: string,
  { keep, before, dryRun = false, json }: PruneOptions,
): Promise<End> {
  if (keep === undefined && before === undefined)
    throw new CliError("nothing says which captures are to go", {
      hint: "Use --keep monthly:12,yearly or --before YYYY-MM-DD, or both; --dry-run shows what they would remove.",
    });
  const terminal = new Terminal({ json });
  const { removed, kept, freed } = await pruneArchive(archive, {
    keep: keep?.rules ?? null,
    keepText: keep?.text ?? null,
    before: before ?? null,
    generator: PROGRAM,
    dryRun,
    now: Date.now(),
  });
  for (const one of removed) terminal.event({ event: "removed", ...one });
  const sum = (of: (one: Removed) => number) => removed.reduce((total, one) => total + of(one), 0);
  const moved = sum((one) => one.moved?.responses ?? 0);
  const bytes = { removed: sum((one) => one.bytes), moved: sum((one) => one.moved?.bytes ?? 0) };
  for (const one of removed) terminal.print(lineOf(one));
  if (moved > 0)
    terminal.print(
      `${count(moved, "response")} (${byteCount(bytes.moved)}) ${dryRun ? "would move" : "moved"} into later captures, which need them`,
    );
  const verb = dryRun ? "would be removed" : "removed";
  terminal.print(
    removed.length === 0
      ? `nothing to remove: ${count(kept, "capture")} ${kept === 1 ? "stays" : "stay"}`
      : `${count(removed.length, "capture")} ${verb}, ${kept} kept: ${byteCount(freed)} ${dryRun ? "would be free" : "freed"}`,
  );
  if (dryRun && removed.length > 0) terminal.print("dry run: nothing was changed");
  return {
    exitCode: EXIT.complete,
    counts: { removed: removed.length, kept, moved },
    bytes: { ...bytes, freed },
    dryRun,
  };
}

function lineOf({ capture, bytes, moved }: Removed): string {
  const part = moved === null ? "" : `, ${count(moved.responses, "response")} to ${moved.to}`;
  return `captures/${capture}: ${byteCount(bytes)}${part}`;
}
