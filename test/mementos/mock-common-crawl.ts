/**
 * Common Crawl on loopback, driven by a table of captures: the list of crawls, an index server for each, the files of
 * its index (ZipNum) and the WARC files, by range alone.
 */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { onTestFinished } from "vitest";
import { sortKey } from "../../src/warc/cdxj.js";
import { type Mock, type MockFault, sha1Base32 } from "./mock.js";

export interface Crawled {
  readonly url: string;
  /** 14 digits. */
  readonly time: string;
  readonly crawl: string;
  readonly status?: number;
  readonly body?: string;
  /** Further headers of the response. */
  readonly headers?: Readonly<Record<string, string>>;
  /** True where the body was cut when it was captured; in the index, unless it does not say so. */
  readonly truncated?: boolean | "unsaid";
  /** What the index says in the place of the truth. */
  readonly row?: Readonly<Record<string, string>>;
}

interface Options {
  /** Crawls without a capture. */
  readonly crawls?: readonly string[];
  /** Lines of a block of the index files. */
  readonly block?: number;
  /** Rows of a page of the index server. */
  readonly page?: number;
  readonly fault?: (path: string, nth: number) => MockFault | "hang up" | null;
  readonly now?: () => number;
}

/** The record of a capture, as Nutch writes it for Common Crawl. */
export function recordOf({ url, time, status = 200, body = "", headers = {}, truncated }: Crawled) {
  const http = [
    `HTTP/1.1 ${status} OK`,
    "Content-Type: text/html; charset=utf-8",
    "X-Crawler-Content-Encoding: gzip",
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${Buffer.byteLength(body)}`,
    "",
    body,
  ].join("\r\n");
  const hash = createHash("md5")
    .update(url + time)
    .digest("hex");
  const id = hash.replace(/^(.{8})(.{4})(.{4})(.{4})(.*)$/, "$1-$2-$3-$4-$5");
  const head = [
    "WARC/1.0",
    "WARC-Type: response",
    `WARC-Date: ${time.replace(/^(....)(..)(..)(..)(..)(..)$/, "$1-$2-$3T$4:$5:$6Z")}`,
    `WARC-Record-ID: <urn:uuid:${id}>`,
    `Content-Length: ${Buffer.byteLength(http)}`,
    "Content-Type: application/http; msgtype=response",
    "WARC-Warcinfo-ID: <urn:uuid:00000000-0000-4000-8000-0000000000cc>",
    "WARC-IP-Address: 192.0.2.1",
    `WARC-Target-URI: ${url}`,
    ...(truncated ? ["WARC-Truncated: length"] : []),
    `WARC-Payload-Digest: sha1:${sha1Base32(Buffer.from(body))}`,
    `WARC-Block-Digest: sha1:${sha1Base32(Buffer.from(http))}`,
    "WARC-Identified-Payload-Type: text/html",
  ];
  return `${head.join("\r\n")}\r\n\r\n${http}\r\n\r\n`;
}

export async function startCommonCrawl(
  captures: readonly Crawled[],
  { crawls = [], block = 2, page = 15_000, fault, now = Date.now }: Options = {},
): Promise<Mock> {
  const log: { path: string; at: number }[] = [];
  const files = new Map<string, Buffer>();
  const lines = new Map<string, string[]>();
  const ids = [...new Set([...captures.map(({ crawl }) => crawl), ...crawls])].sort().reverse();
  for (const crawl of ids) {
    const warc = `crawl-data/${crawl}/segments/1/warc/a.warc.gz`;
    const members: Buffer[] = [];
    let offset = 0;
    const own = captures
      .filter((one) => one.crawl === crawl)
      .map((one) => {
        const member = gzipSync(recordOf(one));
        const row = {
          url: one.url,
          mime: "text/html",
          "mime-detected": "text/html",
          status: String(one.status ?? 200),
          digest: sha1Base32(Buffer.from(one.body ?? "")),
          length: String(member.length),
          offset: String(offset),
          filename: warc,
          ...(one.truncated === true ? { truncated: "length" } : {}),
          ...one.row,
        };
        members.push(member);
        offset += member.length;
        return `${sortKey(one.url)} ${one.time} ${JSON.stringify(row)}`;
      });
    // Others' lines before and after, as in the index of the web.
    const others = ["com,example)/", "org,zebra)/"].flatMap((key) =>
      Array.from(
        { length: 40 },
        (_, n) => `${key}${String(n).padStart(3, "0")} 20210601000000 {"url": "http://x.example/"}`,
      ),
    );
    const all = [...own, ...others].sort();
    lines.set(crawl, all);
    files.set(`/${warc}`, Buffer.concat(members));
    const folder = `/cc-index/collections/${crawl}/indexes`;
    const blocks: Buffer[] = [];
    const cluster: string[] = [];
    for (let at = 0, from = 0; at < all.length; at += block) {
      const part = gzipSync(`${all.slice(at, at + block).join("\n")}\n`);
      const key = (all[at] ?? "").split(" ").slice(0, 2).join(" ");
      cluster.push(`${key}\tcdx-00000.gz\t${from}\t${part.length}\t${at / block + 1}`);
      blocks.push(part);
      from += part.length;
    }
    files.set(`${folder}/cluster.idx`, Buffer.from(`${cluster.join("\n")}\n`));
    files.set(`${folder}/cdx-00000.gz`, Buffer.concat(blocks));
  }
  let connections = 0;
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    log.push({ path, at: now() });
    const wrong = fault?.(path, log.length) ?? null;
    if (wrong === "hang up") request.socket.destroy();
    else if (wrong !== null) send(response, wrong.status, wrong.headers ?? {}, wrong.body ?? "");
    else answer(request, response, new URL(path, "http://mock.invalid"));
  });
  server.on("connection", () => {
    connections++;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { origin, log, connections: () => connections };

  function answer({ headers }: IncomingMessage, response: ServerResponse, url: URL) {
    const { pathname, searchParams } = url;
    if (pathname === "/collinfo.json")
      return send(response, 200, {}, JSON.stringify(ids.map((id) => ({ id, name: id }))));
    const [, crawl = ""] = /^\/(CC-MAIN-[\d-]+)-index$/.exec(pathname) ?? [];
    if (crawl !== "") return list(response, crawl, searchParams);
    const file = files.get(pathname);
    const denied = '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>';
    if (file === undefined)
      return send(response, 403, { "content-type": "application/xml" }, denied);
    const [, first = "", last = ""] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? "") ?? [];
    const [from, to] = [Number(first), Math.min(Number(last), file.length - 1)];
    if (first === "") return send(response, 200, {}, file);
    if (from > to) return send(response, 416, {}, "");
    const range = `bytes ${from}-${to}/${file.length}`;
    send(response, 206, { "content-range": range }, file.subarray(from, to + 1));
  }

  function list(response: ServerResponse, crawl: string, asked: URLSearchParams) {
    const key = sortKey(asked.get("url") ?? "");
    const begin = asked.get("matchType") === "prefix" ? key : `${key} `;
    const found = (lines.get(crawl) ?? []).filter((line) => line.startsWith(begin));
    const none = JSON.stringify({ message: `No Captures found for: ${asked.get("url")}` });
    if (found.length === 0) return send(response, 404, { "content-type": "text/x-ndjson" }, none);
    const at = Number(asked.get("page") ?? "0");
    const last = Math.ceil(found.length / page) - 1;
    const invalid = `Page ${at} invalid: First Page is 0, Last Page is ${last}`;
    if (at > last) return send(response, 400, {}, JSON.stringify({ message: invalid }));
    const objects = found.slice(at * page, (at + 1) * page).map((line) => {
      const [urlkey = "", timestamp = ""] = line.split(" ");
      return JSON.stringify({ urlkey, timestamp, ...JSON.parse(line.slice(line.indexOf("{"))) });
    });
    send(response, 200, { "content-type": "text/x-ndjson" }, `${objects.join("\n")}\n`);
  }
}

function send(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string | Uint8Array,
): void {
  response.writeHead(status, { "content-length": Buffer.byteLength(body as string), ...headers });
  response.end(body);
}
