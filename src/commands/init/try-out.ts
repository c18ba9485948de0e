/** A proposed site file, tried: a crawl of its first articles that writes nothing. */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { temporaryFolder } from "../../disk/folders.js";
import { CliError, EXIT } from "../../error.js";
import type { Site } from "../../site/site.js";
import { openHosts } from "../office.js";
import { Silent } from "../terminal.js";

export const TRIED = 20;

/** What a crawl with the site finds, one sentence each; none when it finds nothing. */
export async function tryOut(site: Site): Promise<string[]> {
  await using out = await temporaryFolder(join(tmpdir(), "sitelift-try-"));
  await using office = await openHosts([site.start]);
  const [{ crawlSite }, { faultsOf }] = await Promise.all([
    import("../crawl.js"),
    import("../run/report.js"),
  ]);
  try {
    const options = { out: out.path, dryRun: true, limit: TRIED, media: false };
    const { end, report } = await crawlSite(site, options, new Silent(), office);
    return report === null || end.exitCode === EXIT.complete ? [] : faultsOf(report);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return [error.message];
  }
}
