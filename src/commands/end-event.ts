/** The last event of a run: its report for programs. */
import type { ExitCode } from "../error.js";
import type { Holdings } from "../schema/holdings.js";
import type { RunReport } from "../schema/run-report.js";

/** `--notify` sends it too. */
export function endEvent(report: RunReport, exitCode: ExitCode) {
  const { counts, lists, entries, gaps, open, accepted, drift, notes, outside, selectors } = report;
  const { leftBehind, fewer, warnings, archive, requisites, ignoredRobots, disk, out } = report;
  return {
    ...{ event: "end", exitCode, counts, ...(lists && { lists }) },
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
