/** What a command comes to. */
import { CliError, EXIT, type ExitCode } from "../error.js";
import type { Holdings } from "../schema/holdings.js";
import type { RunReport } from "../schema/run-report.js";

/** The last event of a command: the program writes it with `--json`, and sends it with `--notify`. */
export interface End {
  readonly exitCode: ExitCode;
  readonly [what: string]: unknown;
}

/** Of a command that failed. */
export function endOf(error: unknown) {
  const exitCode = error instanceof CliError ? error.exitCode : EXIT.findings;
  return { exitCode, error: error instanceof Error ? error.message : String(error), counts: null };
}

/** Of a run of which all is known. */
export function endOfRun(report: RunReport, exitCode: ExitCode): End {
  const { counts, lists, entries, gaps, open, accepted, drift, notes, outside, selectors } = report;
  const { leftBehind, fewer, warnings, archive, requisites, ignoredRobots, disk, out } = report;
  return {
    ...{ exitCode, counts, ...(lists && { lists }) },
    ...{ entries, gaps, open, accepted, drift, notes, outside, selectors, leftBehind, fewer },
    warnings: Object.fromEntries([...warnings].map(([code, { count }]) => [code, count])),
    ...(archive && sums(archive)),
    ...(requisites && { requisites }),
    ...{ dryRun: archive === null, ignoredRobots, disk, out },
  };
}

/** What came along with the texts, in numbers. */
export function sums({ media, links, translations, composite }: Holdings) {
  return {
    ...(composite && { composite }),
    media: { files: media.files, failed: media.failed.length },
    links: {
      entries: links.entries,
      files: links.files,
      external: links.external,
      notMigrated: links.notMigrated.length,
      broken: links.broken.length,
      fragments: links.fragments.length,
    },
    translations: { linked: translations.linked, missing: translations.missing.length },
  };
}
