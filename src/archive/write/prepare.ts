/** The end of a run, before a byte of its archive changes: what it staged is matched, planned, linked and reported. */
import type { Staging } from "../../disk/staging.js";
import type { RunReport } from "../../schema/run-report.js";
import { isReadAlike } from "../diff/changes.js";
import { type PastRun, readHistory, storedHistory } from "../history.js";
import { FILES } from "../layout.js";
import { matchRun } from "../match.js";
import type { LastSnapshot, Staged } from "../nouns.js";
import type { Quarantine } from "../quarantine.js";
import { redirectsOf } from "../redirects.js";
import type { UnsignedSnapshot } from "../snapshots.js";
import { reportFiles, reportOf, unknownOverrides } from "./account.js";
import type { Commit } from "./commit.js";
import { lostHistory, replacedBy, snapshotOf } from "./history.js";
import { link } from "./link.js";
import { type Closing, fullerOnly, plan } from "./plan.js";
import type { Readings } from "./readings.js";
import { entriesOf, findUnchanged, inputsOf } from "./unchanged.js";

export interface Ending extends Omit<Closing, "plan" | "staging"> {
  readonly staged: Pick<Staged, "entries" | "digest">;
  /** Null in a dry run. */
  readonly staging: Staging | null;
  readonly quarantine: Quarantine;
  readonly readings: Readings;
  /** True where no page was read, since the archive holds already what is made of them. */
  readonly isRestaged: boolean;
}

/** What a run comes to, and what is to be committed; null in a dry run. */
interface Prepared {
  readonly report: RunReport;
  readonly planned: Commit | null;
  /** A digest of what the files of the archive are made of. */
  readonly inputs: string;
}

export async function prepare(given: Ending): Promise<Prepared> {
  const { root, disk, options, index, staged, staging } = given;
  const { site, generator, own, snapshot } = options;
  const matched = matchRun(given.run, staged.entries, [...index.entries.values()]);
  const { written, ids, outcomes, notes } = fullerOnly(matched, given.run, index);
  const runs: PastRun[] = await readHistory(root, disk);
  const { lost: lines = [] } = (await storedHistory(root, runs, disk)) ?? {};
  const lost = snapshot === undefined ? [] : lostHistory(index, given.last, lines.length);
  const run = { ...given.run, notes: [...notes, ...lost] };
  const next = plan({ ...run, outcomes }, written, index);
  const { ledger } = next;
  const merged = { ...next, site, out: root, written, index, ids, readByOthers: byOthers(given) };
  if (staging === null) return { report: reportOf(run, merged, null), planned: null, inputs: "" };
  const quarantine = given.quarantine.files();
  const keptQuarantine = await given.quarantine.kept(root, index, run, ledger, disk);
  await given.media.check(root, disk);
  const closing: Closing = { ...given, run, plan: next, staging };
  const inputs = await inputsOf(closing, staged.digest, { quarantine, keptQuarantine });
  const unchanged = await findUnchanged(root, inputs, given.readings, disk);
  if (unchanged === null && given.isRestaged)
    throw new Error("the archive does not hold what was made of what is staged");
  const { entries, media, holdings } =
    unchanged === null
      ? await link(closing)
      : {
          entries: entriesOf(next, index),
          media: new Map<string, never>(),
          holdings: () => unchanged.holdings,
        };
  const redirects = redirectsOf(entries, ledger);
  const archive = holdings({
    redirects: redirects.split("\r\n").length - 2,
    asked: run.dead !== undefined,
    unknownOverrides: unknownOverrides(run.unusedOverrides, entries, ledger),
  });
  const report = { ...reportOf(run, merged, archive), archive };
  let left: UnsignedSnapshot | null = null;
  if (snapshot !== undefined) {
    const isFirst = !runs.some(({ complete, interrupted }) => complete && !interrupted);
    const texts = unchanged === null ? staging : null;
    left = await snapshotOf(closing, snapshot, entries, texts, isFirst);
    runs.push(left);
  }
  return {
    report,
    inputs,
    planned: {
      site,
      generator,
      own,
      entries: entries.map(({ path, text, provenance }) => ({ path, text, provenance })),
      ledger,
      media,
      texts: new Map([[FILES.redirects, redirects], ...reportFiles(report, entries, runs)]),
      quarantine,
      keptQuarantine,
      unchanged: unchanged?.files ?? null,
      owned: index.owned,
      replaced: replacedBy(entries, index.entries),
      snapshot: left,
    },
  };
}

/** The last snapshot, where another version of sitelift or other rules read it. */
function byOthers({ options, last }: Ending): LastSnapshot | null {
  const { generator, snapshot } = options;
  if (last === null || snapshot === undefined) return null;
  return isReadAlike(last, { generator, rules: snapshot.rules }) ? null : last;
}
