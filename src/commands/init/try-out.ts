/** A proposed site file, tried: a crawl of its first articles that writes nothing. */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { temporaryFolder } from "../../disk/folders.js";
import { CliError, EXIT } from "../../error.js";
import type { Site } from "../../site/site.js";
import { openHosts } from "../office.js";
import { Silent, type Terminal } from "../terminal.js";

export const TRIED = 20;

/**
 * What a crawl with the site finds, one sentence each; none when it finds nothing.
 *
 * @param terminal takes its progress: where robots.txt asks for a pause, it takes minutes
 */
export async function tryOut(
  site: Site,
  terminal: Pick<Terminal, "progress"> = new Silent(),
): Promise<string[]> {
  await using out = await temporaryFolder(join(tmpdir(), "sitelift-try-"));
  await using office = await openHosts([site.start]);
  const [{ crawlSite }, { faultsOf }] = await Promise.all([
    import("../crawl.js"),
    import("../run/report.js"),
  ]);
  try {
    const options = { out: out.path, dryRun: true, limit: TRIED, media: false };
    const progress: Terminal["progress"] = (lines) => terminal.progress(lines);
    const { end, report } = await crawlSite(site, options, new Silent({ progress }), office);
    if (end.exitCode === EXIT.interrupted) return ["it was stopped before its end"];
    return report === null || end.exitCode === EXIT.complete ? [] : faultsOf(report);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return [error.message];
  }
}
