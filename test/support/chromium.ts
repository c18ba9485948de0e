/** A headless Chromium, driven by its DevTools protocol: no package for it is needed. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { request, WebSocket } from "undici";

/** The name of the program on this machine; null when there is none. */
export const CHROMIUM =
  ["chromium", "chromium-browser", "google-chrome"].find(
    (name) => spawnSync(name, ["--version"]).status === 0,
  ) ?? null;

/** One page of a browser. */
export interface ChromiumPage {
  open(url: string): Promise<void>;
  /** The value of an expression as soon as it is neither null nor an error. */
  when<T>(expression: string): Promise<T>;
  /** What is shown, or a part of it, as PNG. */
  screenshot(part?: Part): Promise<Buffer>;
  /** Gives pages another size than that of the window. */
  resize(size: Pick<Part, "width" | "height"> | null): Promise<void>;
  /** URLs or hosts, other than this machine, that anything in the browser asked for. */
  readonly outside: ReadonlySet<string>;
  close(): Promise<void>;
}

/** A part of a page, in pixels. */
export interface Part {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Chromium asks its maker for updates and the time, some of it whatever the options say: no page asks for that. */
const OWN = /^(?:http:\/\/)?[\w.-]+\.google(?:apis)?\.com[:/]/;
const QUIET = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-default-apps",
  "--disable-sync",
  "--no-first-run",
];

export async function openChromium(program: string): Promise<ChromiumPage> {
  const outside = new Set<string>();
  // Chromium asks a proxy for everything that is not on this machine.
  const proxy = createServer(({ url = "" }, response) => {
    if (!OWN.test(url)) outside.add(url);
    response.writeHead(502).end();
  });
  proxy.on("connect", ({ url = "" }, socket) => {
    if (!OWN.test(url)) outside.add(url);
    socket.destroy();
  });
  await new Promise<void>((done) => proxy.listen(0, "127.0.0.1", done));
  const { port } = proxy.address() as AddressInfo;
  const child = spawn(
    program,
    [
      "--headless=new",
      "--no-sandbox",
      "--hide-scrollbars",
      "--window-size=1100,1600",
      ...QUIET,
      `--proxy-server=127.0.0.1:${port}`,
      `--user-data-dir=${mkdtempSync(join(tmpdir(), "sitelift-chromium-"))}`,
      "--remote-debugging-port=0",
      "about:blank",
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  const ended = new Promise<void>((done) => child.once("close", () => done()));
  const origin = await devTools(child);
  const made = await request(`http://${origin}/json/new`, { method: "PUT" });
  const { webSocketDebuggerUrl } = (await made.body.json()) as { webSocketDebuggerUrl: string };
  const socket = new WebSocket(webSocketDebuggerUrl);
  await new Promise((done) => socket.addEventListener("open", done, { once: true }));
  const waiting = new Map<number, (result: Result) => void>();
  socket.addEventListener("message", ({ data }) => {
    const { id, result } = JSON.parse(String(data)) as { id?: number; result?: Result };
    if (id !== undefined) waiting.get(id)?.(result ?? {});
  });
  const send = (method: string, params: object) =>
    new Promise<Result>((done) => {
      const id = waiting.size + 1;
      waiting.set(id, done);
      socket.send(JSON.stringify({ id, method, params }));
    });
  return {
    outside,
    async open(url) {
      // Otherwise a URL that differs in its fragment alone loads nothing.
      await send("Page.navigate", { url: "about:blank" });
      await send("Page.navigate", { url });
    },
    async when<T>(expression: string) {
      for (;;) {
        const found = await send("Runtime.evaluate", { expression, returnByValue: true });
        if (found.exceptionDetails === undefined && found.result?.value != null)
          return found.result.value as T;
        await new Promise((done) => setTimeout(done, 100));
      }
    },
    async screenshot(part) {
      const clip = part && { clip: { ...part, scale: 1 } };
      const { data } = await send("Page.captureScreenshot", { format: "png", ...clip });
      return Buffer.from(data ?? "", "base64");
    },
    async resize(size) {
      if (size === null) await send("Emulation.clearDeviceMetricsOverride", {});
      else {
        const metrics = { ...size, deviceScaleFactor: 1, mobile: false };
        await send("Emulation.setDeviceMetricsOverride", metrics);
      }
    },
    async close() {
      socket.close();
      child.kill("SIGKILL");
      await ended;
      proxy.closeAllConnections();
      await new Promise((done) => proxy.close(done));
    },
  };
}

interface Result {
  readonly data?: string;
  readonly result?: { readonly value?: unknown };
  readonly exceptionDetails?: unknown;
}

/** Host and port on which it listens. */
function devTools({ stderr }: ChildProcess): Promise<string> {
  return new Promise((done, fail) => {
    let said = "";
    stderr?.on("data", (chunk) => {
      said += chunk;
      const [, origin] = /DevTools listening on ws:\/\/([^/]+)\//.exec(said) ?? [];
      if (origin !== undefined) done(origin);
    });
    stderr?.on("end", () => fail(new Error(`Chromium ended: ${said}`)));
  });
}
