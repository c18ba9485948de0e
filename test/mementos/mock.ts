/**
 * Web archives on loopback, driven by a table of captures: the index and the replay of the Internet Archive below
 * `/web/`, those of pywb below `/pywb/`, TimeMaps beside the replay. What real ones do wrong is a row of the table.
 */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { onTestFinished } from "vitest";

export interface MockCapture {
  readonly url: string;
  /** 14 digits. */
  readonly time: string;
  readonly status?: number;
  readonly type?: string;
  readonly body?: string | Uint8Array;
  /** Headers of then. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Of a redirect: where it led. */
  readonly location?: string;
  /** In the index under another digest, media type, status or length. */
  readonly row?: Readonly<Partial<Record<"digest" | "mimetype" | "statuscode" | "length", string>>>;
  /** What its replay answers in its place. */
  readonly replay?: "elsewhere" | "empty" | "other time" | "plain" | "missing" | "unlisted";
}

export interface MockFault {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface MockOptions {
  /** Rows that are put into the index as they are: url key, time, URL, media type, status, digest, length. */
  readonly rows?: readonly (readonly string[])[];
  /** Rows of an answer at most, whatever is asked for. */
  readonly pageSize?: number;
  /** True where replays are compressed for the way. */
  readonly gzip?: boolean;
  /** What is answered in the place of an answer; null for nothing of the kind. @param nth from 1, of all requests */
  readonly fault?: (path: string, nth: number) => MockFault | "hang up" | null;
  readonly now?: () => number;
  /** What pywb says of every length. */
  readonly length?: string;
  /** True where pywb takes a prefix for one URL, and says nothing of it. */
  readonly ignoresPrefix?: boolean;
}

export interface Mock {
  readonly origin: string;
  /** Path and query of every request, and when it came by the clock of the test. */
  readonly log: { readonly path: string; readonly at: number }[];
  readonly connections: () => number;
}

export function sha1Base32(body: Uint8Array): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  let bits = "";
  for (const byte of createHash("sha1").update(body).digest())
    bits += byte.toString(2).padStart(8, "0");
  return (bits.match(/.{5}/g) ?? []).map((five) => alphabet[Number.parseInt(five, 2)]).join("");
}

const bytesOf = ({ body = "" }: MockCapture) => Buffer.from(body as string);

function keyOf(url: string): string {
  return url
    .replace(/^https?:\/\/(?:www\.)?/i, "")
    .replace(/\/$/, "")
    .toLowerCase();
}

function rowOf(capture: MockCapture): string[] {
  const { url, time, status = 200, type = "text/html", row = {} } = capture;
  const body = bytesOf(capture);
  return [
    keyOf(url),
    time,
    url,
    row.mimetype ?? type.split(";")[0] ?? "",
    row.statuscode ?? String(status),
    row.digest ?? sha1Base32(body),
    row.length ?? String(body.length + 300),
  ];
}

const NAMES = ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"];

export async function startMock(
  captures: readonly MockCapture[],
  {
    rows = [],
    pageSize = Number.POSITIVE_INFINITY,
    gzip = false,
    fault,
    now = Date.now,
    length: everyLength,
    ignoresPrefix = false,
  }: MockOptions = {},
): Promise<Mock> {
  const log: { path: string; at: number }[] = [];
  let connections = 0;
  const all = [...captures.filter(({ replay }) => replay !== "unlisted").map(rowOf), ...rows].sort(
    (a, b) => (`${a[0]} ${a[1]}` < `${b[0]} ${b[1]}` ? -1 : 1),
  );
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    log.push({ path, at: now() });
    const wrong = fault?.(path, log.length) ?? null;
    if (wrong === "hang up") request.socket.destroy();
    else if (wrong !== null) send(response, wrong.status, wrong.headers ?? {}, wrong.body ?? "");
    else answer(request, response, path);
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

  function answer(request: IncomingMessage, response: ServerResponse, path: string) {
    const url = new URL(path, "http://mock.invalid");
    if (url.pathname.endsWith("/cdx")) return list(response, url);
    if (path.startsWith("/timegate/"))
      return timeGate(response, path.slice(10), request.headers["accept-datetime"]);
    if (path.startsWith("/web/timemap/link/")) return timeMap(response, path.slice(18));
    const [, time = "", target = ""] =
      /^\/(?:web|pywb|1234|noFrame\/replay|wayback\/archive)\/(\d{14})id_\/(.*)$/s.exec(path) ?? [];
    if (time === "")
      return send(response, 404, { "content-type": "text/html" }, "<h1>Not Found</h1>");
    replay(response, time, target, String(request.headers["accept-encoding"] ?? ""));
  }

  function list(response: ServerResponse, { pathname, searchParams }: URL) {
    const asked = keyOf(searchParams.get("url") ?? "");
    const isPywb = pathname !== "/cdx/search/cdx";
    const isPrefix = searchParams.get("matchType") === "prefix" && !(isPywb && ignoresPrefix);
    const [from, to] = [searchParams.get("from") ?? "", searchParams.get("to") ?? "9"];
    const resumeKey = searchParams.get("resumeKey") ?? "";
    const found = all.filter(
      ([key = "", time = ""]) =>
        (isPrefix ? key.startsWith(asked) : key === asked) &&
        time.slice(0, from.length) >= from &&
        time.slice(0, to.length) <= to,
    );
    const limit = Math.min(Number(searchParams.get("limit") ?? "150000"), pageSize);
    if (isPywb) {
      const objects = found
        .slice(0, limit)
        .map(([urlkey, timestamp, url, mime, status, digest, length]) =>
          JSON.stringify({
            urlkey,
            timestamp,
            url,
            mime,
            status,
            digest: `sha1:${digest}`,
            length: everyLength ?? length,
          }),
        );
      return send(response, 200, { "content-type": "text/x-ndjson" }, `${objects.join("\n")}\n`);
    }
    // The key is encoded once more than a parameter has to be, and counts on from the last row.
    const begin = resumeKey === "" ? 0 : Number(decodeURIComponent(resumeKey).split(" ")[1]);
    const part = found.slice(begin, begin + limit);
    const isLast = begin + limit >= found.length;
    const wantsKey = searchParams.get("showResumeKey") === "true";
    const key = encodeURIComponent(`${part.at(-1)?.[0] ?? ""} ${begin + limit}`);
    const json =
      found.length === 0 ? [] : [NAMES, ...part, ...(isLast || !wantsKey ? [] : [[], [key]])];
    send(response, 200, { "content-type": "application/json" }, JSON.stringify(json));
  }

  /** RFC 7089: without a time, the newest. Some name the memento as it is shown, with `mp_`. */
  function timeGate(response: ServerResponse, target: string, datetime?: string | string[]) {
    const at = Date.parse(String(datetime ?? "2999-01-01"));
    const far = ([, time = ""]: readonly string[]) => Math.abs(Date.parse(httpDate(time)) - at);
    const [near] = all.filter(([key]) => key === keyOf(target)).toSorted((a, b) => far(a) - far(b));
    if (near === undefined) return send(response, 404, { "content-type": "text/html" }, "none");
    const location = `${origin}/web/${near[1]}mp_/${near[2]}`;
    send(response, 302, { location, vary: "accept-datetime" }, "");
  }

  function timeMap(response: ServerResponse, target: string) {
    const found = all.filter(([key]) => key === keyOf(target));
    if (found.length === 0)
      return send(response, 404, { "content-type": "text/html" }, "<h1>none</h1>");
    const links = found.map(
      ([, time = "", url = ""]) =>
        `<${origin}/web/${time}mp_/${url}>; rel="memento"; datetime="${httpDate(time)}"`,
    );
    const text = [`<${target}>; rel="original"`, ...links].join(",\n");
    send(response, 200, { "content-type": "application/link-format" }, text);
  }

  function replay(response: ServerResponse, time: string, target: string, accepts: string) {
    const ofUrl = captures.filter(({ url }) => keyOf(url) === keyOf(target));
    const capture = ofUrl.find((one) => one.time === time);
    if (capture === undefined || capture.replay === "missing") {
      const [near] = ofUrl
        .filter(({ replay }) => replay !== "missing")
        .toSorted(
          (a, b) =>
            Math.abs(Number(a.time) - Number(time)) - Math.abs(Number(b.time) - Number(time)),
        );
      if (near === undefined)
        return send(
          response,
          404,
          { "content-type": "text/html" },
          "<title>Wayback Machine</title>",
        );
      const location = `${origin}/web/${near.time}id_/${near.url}`;
      return send(response, 302, { location, "content-type": "text/plain" }, "");
    }
    if (capture.replay === "elsewhere")
      return send(response, 302, { location: `${origin}/web/19990101000000id_/${target}` }, "");
    const { status = 200, type = "text/html; charset=utf-8", headers = {}, location } = capture;
    const original = Object.entries(headers).map(([name, value]) => [
      `x-archive-orig-${name}`,
      value,
    ]);
    const plain = capture.replay === "empty" ? Buffer.alloc(0) : bytesOf(capture);
    const isGzip = gzip && accepts.includes("gzip");
    send(
      response,
      status,
      {
        "content-type": type,
        ...(capture.replay === "plain"
          ? {}
          : {
              "memento-datetime": httpDate(
                capture.replay === "other time" ? "20100101000000" : time,
              ),
            }),
        ...Object.fromEntries(original),
        ...(location === undefined ? {} : { location: `/web/${time}id_/${location}` }),
        ...(isGzip ? { "content-encoding": "gzip" } : {}),
      },
      isGzip ? gzipSync(plain) : plain,
    );
  }
}

function httpDate(time: string): string {
  const iso = time.replace(/^(....)(..)(..)(..)(..)(..)$/, "$1-$2-$3T$4:$5:$6Z");
  return new Date(iso).toUTCString();
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

/** A clock that moves when somebody waits, and at no other time. */
export function waitingClock(start = Date.parse("2026-11-30T12:00:00Z")) {
  const clock = {
    time: start,
    now: () => clock.time,
    sleep: async (ms: number) => {
      clock.time += Math.max(0, ms);
    },
  };
  return clock;
}
