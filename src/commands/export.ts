/** `sitelift export`: writes an archive as the files of a generator, a CMS or a database. */
import { resolve, sep } from "node:path";
import { readArchive } from "../archive/read/archive.js";
import { CliError, EXIT } from "../error.js";
import type { Export, ExportFile, ExportWarning, Publication } from "../exports/export.js";
import { writeExport } from "../exports/folder.js";
import { publish } from "../exports/publication.js";
import { findExport } from "../exports/registry.js";
import { count } from "../text.js";
import type { ExportOptions } from "./command-line/archive.js";
import type { End } from "./end.js";
import { here, Terminal } from "./terminal.js";

export async function exportArchive(folder: string, options: ExportOptions): Promise<End> {
  const terminal = new Terminal(options);
  const [target, chosen] = await findExport(options.to);
  const archive = await readArchive(folder);
  await archive.check((path) => EXPORTED.test(path));
  // An export may read the entries more than once, and then gives each warning again.
  const warnings = new Map<string, ExportWarning>();
  const warn = (warning: ExportWarning) => warnings.set(JSON.stringify(warning), warning);
  const publication = await publish(archive, { ...options, target: chosen, onWarning: warn });
  const { name } = publication;
  const out = resolve(options.out ?? `output/${name}-${target}`);
  if (`${out}${sep}`.startsWith(`${archive.folder}${sep}`))
    throw new CliError(`${out} is part of the archive ${archive.folder}`, {
      hint: "Choose a folder outside of it with --out.",
    });
  const { dryRun = false, force = false } = options;
  const counts = await writeExport(out, filesOf(chosen, publication, terminal), {
    ...{ target, site: name, dryRun, force },
    onKept: (path) =>
      warn({
        code: "changed-by-hand",
        path: null,
        message: `${path} was kept: it was changed since the last export; --force writes over it`,
      }),
  });
  const articles = publication.languages.reduce((sum, { entries }) => sum + entries, 0);
  const redirects = publication.redirects.length;
  const sums = { articles, redirects, ...counts, warnings: warnings.size };
  for (const warning of warnings.values()) terminal.event({ event: "warning", ...warning });
  const { files, written, unchanged, removed, kept } = counts;
  terminal.print(
    `${terminal.colours.bold(name)} for ${target}: ${count(articles, "article")}, ${count(files, "file")} (${written} written, ${unchanged} unchanged, ${removed} removed, ${kept} kept as you changed them)`,
  );
  printWarnings(terminal, [...warnings.values()]);
  terminal.print(dryRun ? "dry run: nothing was written" : `export: ${here(out)}`);
  return { exitCode: EXIT.complete, counts: sums, to: target, out, dryRun };
}

const EXPORTED = /^(?:entries\.jsonl|redirects\.csv|media\/.*)$/;

async function* filesOf(chosen: Export, publication: Publication, terminal: Terminal) {
  let files = 0;
  const show = (file: ExportFile) => {
    files++;
    terminal.progress(() => count(files, "file"));
    return file;
  };
  for await (const file of chosen.files(publication)) yield show(file);
  if (chosen.media === undefined) return;
  const { archive } = publication;
  for (const { path } of archive.manifest.files)
    if (path.startsWith("media/"))
      yield show({
        path: chosen.media.folder + path.slice("media".length),
        content: archive.read(path),
      });
}

function printWarnings(terminal: Terminal, warnings: readonly ExportWarning[]): void {
  for (const code of new Set(warnings.map((warning) => warning.code))) {
    const all = warnings.filter((warning) => warning.code === code);
    terminal.print(`${terminal.colours.yellow("warning")} ${code}: ${all.length}`);
    for (const { path, message } of all.slice(0, 5))
      terminal.print(`  ${path === null ? "" : `${path}: `}${message}`);
    if (all.length > 5) terminal.print(`  and ${all.length - 5} more; --json lists all`);
  }
}
