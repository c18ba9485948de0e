/**
 * A site that misbehaves on demand, on real sockets: each path is a scenario. Bytes are written by
 * hand, because a proper HTTP server would refuse to send most of this.
 */
import { createServer, type Server, type Socket } from "node:net";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";

interface Asked {
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Which connection it came on, from 1, and which request of that connection it was, from 1. */
  readonly connection: number;
  readonly turn: number;
}

export interface Ask extends Asked {
  /** How often the path was asked, this time counted. */
  readonly times: number;
  readonly socket: Socket;
  /** Port of this server. */
  readonly port: number;
}

export type Scenario = (ask: Ask) => void;

export interface FaultServer {
  readonly port: number;
  readonly origin: string;
  /** Every request, in the order in which they came. */
  readonly asked: readonly Asked[];
  close(): Promise<void>;
}

export const PAGE = `<!DOCTYPE html>\n<html lang="en"><head><title>Whole</title></head><body><p>${"A page of words. ".repeat(200)}</p></body></html>\n`;

const HTML = { "content-type": "text/html; charset=utf-8" };

/** Writes a response; the length is right unless the headers say otherwise. */
export function answer(
  { socket }: Ask,
  status: number,
  headers: Readonly<Record<string, string>> = HTML,
  body: string | Uint8Array = PAGE,
): void {
  const bytes = Buffer.from(body);
  const all: Record<string, string> = { "content-length": String(bytes.length), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(
    Buffer.concat([Buffer.from(`HTTP/1.1 ${status} Scenario\r\n${lines.join("")}\r\n`), bytes]),
  );
}

const encoded = (coding: string, body: Uint8Array): Scenario => {
  return (ask) => answer(ask, 200, { ...HTML, "content-encoding": coding }, body);
};
const page = (body: string | Uint8Array, type = "text/html"): Scenario => {
  return (ask) => answer(ask, 200, { "content-type": type }, body);
};
const status =
  (code: number, headers: Readonly<Record<string, string>> = {}): Scenario =>
  (ask) =>
    answer(ask, code, { ...HTML, ...headers });
const redirect =
  (to: string | ((ask: Ask) => string)): Scenario =>
  (ask) =>
    answer(ask, 302, { location: typeof to === "string" ? to : to(ask) }, "");
/** The first scenario the first time, and so on; the last one for ever. */
const inTurn =
  (...scenarios: Scenario[]): Scenario =>
  (ask) =>
    scenarios[Math.min(ask.times, scenarios.length) - 1]?.(ask);

const raw =
  (text: string, end = true): Scenario =>
  ({ socket }) => {
    socket.write(text);
    if (end) socket.end();
  };
const head = (...lines: string[]) => `HTTP/1.1 200 OK\r\n${[...lines, "", ""].join("\r\n")}`;
const TYPE = "content-type: text/html";

/** Writes pieces until the other side has had enough. */
function drip({ socket }: Ask, start: string, piece: string | Uint8Array, everyMs: number): void {
  socket.write(start);
  const timer = setInterval(() => {
    if (socket.writableLength < 1e6) socket.write(piece);
  }, everyMs);
  socket.on("close", () => clearInterval(timer));
}

const gzip = gzipSync(PAGE);
const damaged = gzip.map((byte, index) => (index === gzip.length >> 1 ? byte ^ 0xff : byte));
const zeros = Buffer.alloc(16 * 1024 * 1024);

/** What each path does. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  "/page": status(200),
  "/gzip": encoded("gzip", gzip),
  "/x-gzip": encoded("x-gzip", gzip),
  "/gzip-members": encoded(
    "gzip",
    Buffer.concat([gzipSync(PAGE.slice(0, 99)), gzipSync(PAGE.slice(99))]),
  ),
  "/deflate": encoded("deflate", deflateSync(PAGE)),
  "/deflate-raw": encoded("deflate", deflateRawSync(PAGE)),
  "/br": encoded("br", brotliCompressSync(PAGE)),
  "/identity": encoded("identity", Buffer.from(PAGE)),
  "/until-close": raw(`${head(TYPE, "connection: close")}${PAGE}`),
  "/http-1.0": raw(`HTTP/1.0 200 OK\r\n${TYPE}\r\n\r\n${PAGE}`),
  "/early-hints": (ask) => {
    ask.socket.write("HTTP/1.1 103 Early Hints\r\nlink: </style.css>; rel=preload\r\n\r\n");
    answer(ask, 200);
  },
  "/chunked": (ask) => {
    const [a, b] = [PAGE.slice(0, 1000), PAGE.slice(1000)];
    const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
    raw(`${head(TYPE, "transfer-encoding: chunked")}${chunk(a)}${chunk(b)}0\r\n\r\n`, false)(ask);
  },

  "/gzip-half": encoded("gzip", gzip.subarray(0, gzip.length >> 1)),
  "/gzip-no-trailer": encoded("gzip", gzip.subarray(0, gzip.length - 8)),
  "/gzip-damaged": encoded("gzip", damaged),
  "/gzip-trailed": encoded("gzip", Buffer.concat([gzip, Buffer.from("<!-- more -->")])),
  "/not-gzip": encoded("gzip", Buffer.from(PAGE)),
  "/deflate-half": encoded("deflate", deflateSync(PAGE).subarray(0, 40)),
  "/br-half": encoded("br", brotliCompressSync(PAGE).subarray(0, 40)),
  "/br-trailed": encoded("br", Buffer.concat([brotliCompressSync(PAGE), Buffer.from("more")])),
  "/stacked": encoded("gzip, br", brotliCompressSync(gzip)),
  "/triple-gzip": encoded("gzip, gzip, gzip", gzipSync(gzipSync(gzip))),
  "/triple-gzip-said-once": encoded("gzip", gzipSync(gzipSync(gzip))),
  "/unknown-coding": encoded("zstd", gzip),
  "/bomb-gzip": encoded("gzip", Buffer.concat(Array<Buffer>(64).fill(gzipSync(zeros)))),
  "/bomb-br": encoded("br", brotliCompressSync(Buffer.concat(Array<Buffer>(4).fill(zeros)))),

  "/length-too-long": raw(`${head(TYPE, `content-length: ${PAGE.length + 99}`)}${PAGE}`),
  "/length-too-short": raw(`${head(TYPE, "content-length: 500")}${PAGE}`, false),
  "/two-lengths": raw(
    `${head(TYPE, `content-length: ${PAGE.length}`, "content-length: 5")}${PAGE}`,
    false,
  ),
  "/length-of-letters": raw(`${head(TYPE, "content-length: many")}${PAGE}`),
  "/type-with-a-null": raw(`${head("content-type: text/\0html")}${PAGE}`),
  "/type-with-a-null-after-the-length": raw(
    `${head(`content-length: ${PAGE.length}`, "content-type: text/\0html")}${PAGE}`,
  ),
  "/headers-cut-after-the-length": raw(head(`content-length: ${PAGE.length}`, TYPE).slice(0, -9)),
  "/length-huge": raw(`${head(TYPE, "content-length: 99999999999")}${PAGE}`, false),
  "/chunked-no-end": raw(
    `${head(TYPE, "transfer-encoding: chunked", "connection: close")}${PAGE.length.toString(16)}\r\n${PAGE}\r\n`,
  ),
  "/chunked-damaged": raw(`${head(TYPE, "transfer-encoding: chunked")}5\r\n<html\r\nZZ\r\n`, false),
  "/reset": (ask) => {
    ask.socket.write(`${head(TYPE, `content-length: ${PAGE.length}`)}${PAGE.slice(0, 700)}`);
    setTimeout(() => ask.socket.resetAndDestroy(), 20);
  },
  "/reset-once": inTurn((ask) => SCENARIOS["/reset"]?.(ask), status(200)),
  "/endless": (ask) =>
    drip(ask, head(TYPE, "transfer-encoding: chunked"), `10000\r\n${"x".repeat(65_536)}\r\n`, 1),
  "/chunk-extensions": raw(
    head(TYPE, "transfer-encoding: chunked") +
      `a;${"x".repeat(60_000)}\r\n0123456789\r\n`.repeat(99),
    false,
  ),
  "/chunks-of-one-byte": raw(
    head(TYPE, "transfer-encoding: chunked") + `1;${"e".repeat(300)}\r\nx\r\n`.repeat(19_000),
    false,
  ),
  "/small-chunks": (ask) => {
    const chunks = [...PAGE].map((byte) => `1;${"x".repeat(99)}\r\n${byte}\r\n`);
    ask.socket.write(`${head(TYPE, "transfer-encoding: chunked")}${chunks.join("")}0\r\n\r\n`);
  },
  "/drip": (ask) => drip(ask, head(TYPE, "content-length: 9999"), ".", 250),
  "/drip-headers": (ask) => drip(ask, "HTTP/1.1 200 OK\r\nx-slow: ", ".", 250),
  "/stalls": raw(`${head(TYPE, "content-length: 9999")}<html>`, false),
  "/never": () => {},
  "/closes-at-once": ({ socket }) => socket.end(),
  "/header-flood": (ask) => drip(ask, "HTTP/1.1 200 OK\r\n", `x: ${"y".repeat(30_000)}\r\n`, 1),
  "/not-http": raw("220 mail.example ESMTP ready\r\n"),

  "/empty": page(""),
  "/empty-once": inTurn(page(""), status(200)),
  "/soft-error": page("The website encountered an unexpected error. Please try again later."),
  "/soft-error-themed": page(
    PAGE.replace(
      "<p>",
      '<div class="messages">\n The website encountered an unexpected error. Please try again later.\n</div><p>',
    ),
  ),
  "/soft-error-spaced": page(
    PAGE.replace(
      "</body>",
      "<p>The website encountered an\u00a0unexpected\nerror.&nbsp;Try again later. </p></body>",
    ),
  ),
  "/blank": page(" \n\n"),
  "/deflated-in-silence": page(deflateSync(PAGE)),
  "/no-end-but-in-a-comment": page(`<!-- </html> -->${PAGE.slice(0, 2000)}`),
  "/soft-error-500": (ask) =>
    answer(ask, 500, HTML, "The website encountered an unexpected error. Please try again later."),
  "/soft-error-quoted": page(
    PAGE.replace(
      "<p>",
      "<p>It said: The website encountered an unexpected error. Please try again later. ",
    ),
  ),
  "/maintenance": page(PAGE.replace("Whole", "Site under maintenance | Office")),
  "/no-end": page(PAGE.slice(0, 2000)),
  "/no-end-once": inTurn(page(PAGE.slice(0, 2000)), status(200)),
  "/comment-after-end": page(`${PAGE}<!-- cached ${"x".repeat(2000)} -->`),
  "/fragment": page("<p>Neither a beginning nor an end.</p>"),
  "/pdf": page("%PDF-1.7 ...", "application/pdf"),
  "/text": page(PAGE, "text/plain"),
  "/xhtml": page(PAGE, "application/xhtml+xml; charset=utf-8"),
  "/no-type": (ask) => answer(ask, 200, {}),
  "/no-type-binary": (ask) => answer(ask, 200, {}, Buffer.alloc(300, 7)),

  "/404": status(404),
  "/410": status(410),
  "/403": status(403),
  "/204": (ask) => answer(ask, 204, {}, ""),
  "/304": raw("HTTP/1.1 304 Not Modified\r\n\r\n", false),
  "/500": status(500),
  "/503-then-page": inTurn(status(503), status(200)),
  "/429-seconds": inTurn(status(429, { "retry-after": "120" }), status(200)),
  "/503-date": inTurn(
    (ask) => answer(ask, 503, { ...HTML, "retry-after": new Date(Date.now() + 9e4).toUTCString() }),
    status(200),
  ),
  "/408-then-page": inTurn(status(408), status(200)),
  "/522-then-page": inTurn(status(522), status(200)),
  "/429-for-ever": status(429),

  "/hop-1": redirect("/page"),
  "/hop-5": (ask) => redirect(ask.path === "/hop-5" ? "/hop-4" : "/page")(ask),
  "/hop-4": redirect("/hop-3"),
  "/hop-3": redirect("hop-2#part"),
  "/hop-2": redirect("/hop-1"),
  "/hop-6": redirect("/hop-5"),
  "/loop": redirect("/loop"),
  "/to-private": redirect("/private/page"),
  "/no-location": (ask) => answer(ask, 302, {}, ""),
  "/bad-location": redirect("http://"),
  "/to-port": redirect(({ port }) => `http://office.example:${port}/trap`),
  "/to-loopback": redirect(({ port }) => `http://127.0.0.1:${port}/trap`),
  "/to-other-loopback": redirect(({ port }) => `http://127.0.0.2:${port}/trap`),
  "/to-localhost": redirect(({ port }) => `http://localhost:${port}/trap`),
  "/to-decimal": redirect(({ port }) => `http://2130706433:${port}/trap`),
  "/to-hex": redirect(({ port }) => `http://0x7f.0.0.1:${port}/trap`),
  "/to-mapped": redirect(({ port }) => `http://[::ffff:127.0.0.1]:${port}/trap`),
  "/to-no-scheme": redirect(({ port }) => `//127.0.0.1:${port}/trap`),
  "/to-file": redirect("file:///etc/passwd"),
  "/to-ftp": redirect(({ port }) => `ftp://127.0.0.1:${port}/trap`),
  "/to-data": redirect("data:text/html,<html></html>"),
  "/to-user": redirect("http://user:secret@office.example/trap"),
  "/to-other-site": redirect("http://other.example/trap"),
  "/trap": status(200),

  "/set-cookie": (ask) => answer(ask, 200, { ...HTML, "set-cookie": "session=1; Path=/" }),
  "/set-cookie-redirect": (ask) =>
    answer(ask, 302, { location: "/page", "set-cookie": "session=1; Path=/" }, ""),
  "/closes-kept": (ask) => {
    if (ask.turn > 1) ask.socket.destroy();
    else answer(ask, 200);
  },
};

/**
 * Starts a server on loopback.
 *
 * @param more scenarios beside the known ones, such as for `/robots.txt`, which is 404 otherwise;
 *   `*` is for every path that has none
 */
export async function startFaultServer(
  more: Readonly<Record<string, Scenario>> = {},
): Promise<FaultServer> {
  const scenarios: Readonly<Record<string, Scenario>> = { ...SCENARIOS, ...more };
  const asked: Asked[] = [];
  const times = new Map<string, number>();
  const sockets = new Set<Socket>();
  let connections = 0;
  const server: Server = createServer((socket) => {
    const connection = ++connections;
    let turn = 0;
    let waiting = "";
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      waiting += chunk.toString("latin1");
      for (let end = waiting.indexOf("\r\n\r\n"); end >= 0; end = waiting.indexOf("\r\n\r\n")) {
        const request = parseRequest(waiting.slice(0, end));
        waiting = waiting.slice(end + 4);
        const count = (times.get(request.path) ?? 0) + 1;
        times.set(request.path, count);
        const one = { ...request, connection, turn: ++turn };
        asked.push(one);
        const scenario = scenarios[request.path] ?? scenarios["*"] ?? status(404);
        const { port } = server.address() as { port: number };
        scenario({ ...one, times: count, socket, port });
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function parseRequest(text: string): Pick<Asked, "path" | "headers"> {
  const [line = "", ...lines] = text.split("\r\n");
  const headers = lines.map((header) => {
    const colon = header.indexOf(":");
    return [header.slice(0, colon).toLowerCase(), header.slice(colon + 1).trim()];
  });
  return { path: line.split(" ")[1] ?? "", headers: Object.fromEntries(headers) };
}
