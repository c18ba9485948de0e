/** What a fleet will cost its hosts, by what the captures of earlier runs hold. Nothing is asked. */
import { join } from "node:path";
import { CAPTURE_FILES, CAPTURES, captureNames } from "../capture/layout.js";
import { openHttpCache } from "../capture/reuse/http-cache.js";
import { type Disk, unless } from "../disk/disk.js";
import { readJson, readLines } from "../disk/read.js";
import { type Lanes, MAX_CRAWL_DELAY } from "../http/polite/lanes.js";
import { parseRobots } from "../http/polite/robots.js";
import { defaultUserAgent, productToken } from "../http/user-agent.js";
import { captureAccount } from "../schema/capture.js";
import { parseUrl } from "../text.js";
import { parseCdxj } from "../warc/cdxj.js";
import type { FleetSite } from "./sites.js";

export interface HostCost {
  readonly host: string;
  /** Sites that begin on it, and how many of those have no finished run: of them nothing is known. */
  sites: number;
  unknown: number;
  requests: number;
  /** Of responses, as they came over the wire. */
  bytes: number;
  /** Milliseconds between two requests: as the site files and the fleet file say, or the Crawl-delay last seen. */
  delay: number;
}

/**
 * Adds up the last whole run of each site, by host; hosts of images and attachments have lines of their own.
 *
 * @param folderOf the archive of a site
 */
export async function estimate(
  sites: readonly FleetSite[],
  folderOf: (site: FleetSite) => string,
  lanes: Lanes,
  disk: Disk,
): Promise<HostCost[]> {
  const hosts = new Map<string, HostCost>();
  const costOf = (host: string) => {
    const known = hosts.get(host) ?? {
      ...{ host, sites: 0, unknown: 0, requests: 0, bytes: 0, delay: 0 },
    };
    hosts.set(host, known);
    return known;
  };
  const crawlDelays = new Set<string>();
  for (const site of sites) {
    if (site.problem !== null) continue;
    const folder = folderOf(site);
    const own = costOf(site.host);
    own.sites++;
    own.delay = Math.max(own.delay, lanes.paceOf(site.host, site.pace).delay);
    // What is damaged says nothing of what is to come.
    const lines = await linesOf(folder, site, disk).catch(() => null);
    if (lines === null) own.unknown++;
    for (const [host, { requests, bytes, robots }] of lines ?? []) {
      const cost = costOf(host);
      cost.requests += requests;
      cost.bytes += bytes;
      cost.delay = Math.max(cost.delay, lanes.paceOf(host, site.pace).delay);
      if (robots === null || crawlDelays.has(host)) continue;
      crawlDelays.add(host);
      cost.delay = Math.max(cost.delay, await crawlDelay(folder, robots, disk));
    }
  }
  return [...hosts.values()];
}

/** What the last run of a site asked of each host, and the URL of its robots.txt; null where there is no such run. */
async function linesOf(folder: string, site: FleetSite, disk: Disk) {
  const capture = await lastCapture(folder, site, disk);
  if (capture === null) return null;
  const hosts = new Map<string, { requests: number; bytes: number; robots: string | null }>();
  for await (const { text } of readLines(
    join(folder, CAPTURES, capture, CAPTURE_FILES.index),
    disk,
  )) {
    const line = parseCdxj(text);
    const url = parseUrl(line?.url ?? "");
    if (line === null || url === null) continue;
    const known = hosts.get(url.hostname) ?? { requests: 0, bytes: 0, robots: null };
    hosts.set(url.hostname, {
      requests: known.requests + 1,
      bytes: known.bytes + line.length,
      robots: url.pathname === "/robots.txt" ? url.href : known.robots,
    });
  }
  return hosts;
}

/** Name of the newest finished capture of the same crawl; null where there is none. */
async function lastCapture(folder: string, site: FleetSite, disk: Disk): Promise<string | null> {
  const { limit = null, since = null, articles = true, media = true } = site.options;
  for (const name of (await captureNames(folder, disk)).reverse()) {
    const path = join(folder, CAPTURES, name, CAPTURE_FILES.account);
    const found = await readJson(path, captureAccount, disk).catch(unless("ENOENT"));
    const run = found?.value?.run;
    const isSame =
      run !== undefined &&
      run.archive === undefined &&
      run.limit === limit &&
      run.since === since &&
      run.media === media &&
      (run.articles || !articles);
    if (isSame) return name;
  }
  return null;
}

/** Milliseconds that a stored robots.txt asks for; 0 where it asks for none. */
async function crawlDelay(folder: string, url: string, disk: Disk): Promise<number> {
  const present = { data: "", find: async () => null };
  const cache = await openHttpCache(join(folder, CAPTURES), present, disk);
  try {
    const stored = await cache.find(new URL(url));
    if (stored === null) return 0;
    const { crawlDelay: asked } = parseRobots(
      stored.response.body,
      productToken(defaultUserAgent()),
    );
    return Math.min(asked ?? 0, MAX_CRAWL_DELAY);
  } finally {
    await cache.close();
  }
}
