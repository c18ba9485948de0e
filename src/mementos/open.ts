/** Web archives as the source of one crawl or of its replay. */
import { defaultUserAgent } from "../http/user-agent.js";
import type { ConnectOptions } from "../http/wire/connect.js";
import { DEFAULT_LIMITS, MEDIA_LIMITS } from "../http/wire/limits.js";
import { openTransport } from "../http/wire/transport.js";
import type { Source } from "../model.js";
import type { DeadLink, OutsideLink } from "../schema/holdings.js";
import type { ArchiveRun } from "../schema/web-archive.js";
import type { Site } from "../site/site.js";
import { otherScheme } from "../url/url.js";
import { RemoteArchive } from "./archive.js";
import type { ArchiveOptions, ArchiveWire } from "./ask.js";
import { CommonCrawl } from "./common-crawl.js";
import { filesWire } from "./files.js";
import { Holdings } from "./holdings.js";
import { deadLinks } from "./outside-links.js";
import { type Paces, pacesOf } from "./pace.js";
import { Mementos } from "./source.js";

export interface OpenOptions
  extends Omit<ArchiveOptions, "userAgent" | "wire" | "paces">,
    Partial<Pick<ConnectOptions, "hosts" | "lookup">> {
  readonly run: ArchiveRun;
  /** True where nothing may be requested. */
  readonly offline?: boolean;
}

/** Opens the archives of a run, in their order. */
export function openArchives(options: OpenOptions) {
  const { run, hosts, lookup, offline, attempts, ...more } = options;
  const typed = run.archives.flatMap(({ base, index }) => [
    base,
    ...(index === null ? [] : [index]),
  ]);
  const transport = openTransport({
    limits: { ...DEFAULT_LIMITS, ...MEDIA_LIMITS, headers: 60_000 },
    ...{ typed, hosts, lookup, clock: options.clock, tapped: true },
  });
  const network: ArchiveWire = {
    get: (url, headers) => transport.get(new URL(url), headers),
    close: () => transport.close(),
  };
  const wires = run.archives.map(({ kind, base }) =>
    kind === "files"
      ? filesWire(base, options.clock, (message) =>
          options.onEvent?.({ event: "warning", message }),
        )
      : network,
  );
  const common = { ...more, userAgent: defaultUserAgent() };
  // Several windows of one archive are asked at one pace.
  const known = new Map<string, Paces>();
  const holdings = run.archives.map((archive, at) => {
    const wire = offline ? null : (wires[at] ?? null);
    // What a file does not give at once, it never gives.
    const own = { wire, attempts: archive.kind === "files" ? 1 : attempts };
    const host = new URL(archive.base).host;
    const paces = known.get(host) ?? pacesOf(archive, options.clock);
    known.set(host, paces);
    const Archive = archive.kind.startsWith("commoncrawl") ? CommonCrawl : RemoteArchive;
    return new Holdings(new Archive(archive, { ...common, ...own, paces }), run.prefer);
  });
  const close = async () => {
    for (const wire of wires) await wire.close();
  };
  return { holdings, [Symbol.asyncDispose]: close };
}

export interface ArchivesSource extends Source, AsyncDisposable {
  /** Requests that were made, and captures that earlier crawls had stored. */
  sums(): { readonly requests: number; readonly reused: number };
  /** Of links to other sites, those that are dead. */
  deadLinks(links: readonly OutsideLink[]): Promise<readonly DeadLink[]>;
}

/** The source of a site: its pages from web archives. Disposing of it closes the connections. */
export function archivesSource(site: Site, options: OpenOptions): ArchivesSource {
  const { run, clock, signal, onEvent, offline = false, hosts, lookup } = options;
  const { holdings, [Symbol.asyncDispose]: dispose } = openArchives(options);
  // What pages name, and nobody has typed: public addresses alone.
  const limits = DEFAULT_LIMITS;
  const transport = openTransport({ typed: [], limits, hosts, lookup, clock, tapped: true });
  const source = new Mementos({ site, holdings, prefer: run.prefer, signal, onEvent });
  return {
    ...source,
    sums: () => ({
      // Files of one's own are read, and nobody is asked.
      requests: holdings
        .filter(({ remote }) => remote.archive.kind !== "files")
        .reduce((sum, { remote }) => sum + remote.requests, 0),
      reused: holdings.reduce((sum, { remote }) => sum + remote.reused, 0),
    }),
    deadLinks: (links) => {
      const asking = { ...options, userAgent: defaultUserAgent() };
      return deadLinks(links, holdings, { ...asking, transport: offline ? null : transport });
    },
    async [Symbol.asyncDispose]() {
      await transport.close();
      await dispose();
    },
  };
}

/** A site as it is read from web archives: what was http then may be https now, one request is made at a time, and it is for articles alone. */
export function archivedSite(site: Site): Site {
  const all = [site.start, ...site.origins].map((url) => new URL(url).origin);
  const origins = [...new Set([...site.origins, ...all, ...all.map(otherScheme)])];
  const requisites = { ...site.requisites, load: "none" as const };
  return { ...site, origins, requisites, politeness: { delay: 0, concurrency: 1 } };
}
