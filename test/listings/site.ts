/** A site of any kind of list on a loopback port, crawled and built again from its capture. */
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { SiteInput } from "../../src/site/site.js";
import { buildHere, crawlHere, type HereOptions } from "../commands/here.js";
import { scratch } from "../commands/sitelift.js";

interface Reply {
  readonly status?: number;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

interface Ask {
  readonly url: string;
  readonly method: string;
  readonly headers: IncomingMessage["headers"];
  /** What was posted. */
  readonly body: string;
  /** Origin of the site. */
  readonly origin: string;
}

/** A text is a web page, a number a status without one. */
export type Route = (ask: Ask) => Reply | string | number;

async function serve(route: Route) {
  const asked: Ask[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { url = "/", method = "GET", headers } = request;
    const ask = { url, method, headers, body: Buffer.concat(parts).toString(), origin };
    if (url !== "/robots.txt") asked.push(ask);
    const given = route(ask);
    const reply: Reply =
      typeof given === "object"
        ? given
        : typeof given === "number"
          ? { status: given, body: "" }
          : { body: `<!DOCTYPE html><html lang="en"><body>${given}</body></html>` };
    const type = { "content-type": reply.type ?? "text/html; charset=utf-8" };
    response.writeHead(reply.status ?? 200, { ...type, ...reply.headers }).end(reply.body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { origin, asked, [Symbol.dispose]: () => void server.close() };
}

/** What a crawl of a site wrote, and what it said. */
export interface Crawled {
  readonly code: number;
  readonly out: string;
  readonly stderr: string;
  readonly asked: readonly Ask[];
  readonly entries: readonly Record<string, unknown>[];
  readonly account: Record<string, unknown> & { readonly gaps?: readonly string[] };
  /** Whether `build` writes the same archive from the capture. */
  readonly isRebuilt: boolean;
}

const entryOf = ({ data, ...rest }: { data?: object }) => ({ ...rest, ...data });

export type Given = (origin: string) => Partial<SiteInput>;

/** Crawls a site that is served, and builds its archive again when the server is gone. */
export async function crawlServed(
  route: Route,
  given: Given,
  options: HereOptions = {},
): Promise<Crawled> {
  const cwd = scratch();
  const { asked, ended } = await (async () => {
    using served = await serve(route);
    const site = {
      name: "served",
      politeness: { delay: 0, concurrency: 2 },
      ...given(served.origin),
    };
    writeFileSync(join(cwd, "site.json"), JSON.stringify(site));
    return { asked: served.asked, ended: await crawlHere(cwd, "one", { ...options, json: true }) };
  })();
  const built = await buildHere(cwd, ["one"], "two", { json: true }).catch(() => null);
  const read = (out: string, name: string) => {
    try {
      return readFileSync(join(cwd, out, name), "utf8");
    } catch {
      return "";
    }
  };
  const files = ["entries.jsonl", "account.md", "ledger.jsonl", "redirects.csv"];
  const last = JSON.parse(ended.stdout.trimEnd().split("\n").at(-1) || "{}");
  return {
    code: ended.exitCode ?? -1,
    out: join(cwd, "one"),
    stderr: ended.stderr,
    asked,
    entries: read("one", "entries.jsonl")
      .split("\n")
      .flatMap((line) => (line === "" ? [] : entryOf(JSON.parse(line)))),
    account: last,
    isRebuilt:
      read("one", "ledger.jsonl") !== "" &&
      built?.exitCode === ended.exitCode &&
      files.every((name) => read("one", name) === read("two", name)),
  };
}

/** An article page, as the sites here have them. */
export const article = (title: string, more = "") =>
  `<article><h1>${title}</h1><time datetime="2021-03-05">5 March 2021</time><div class="text"><p>Text of ${title}.</p>${more}</div></article>`;

export const FIELDS: NonNullable<SiteInput["fields"]> = {
  title: { article: "h1" },
  date: { article: { select: "time", attribute: "datetime" } },
  body: { article: ".text" },
};
