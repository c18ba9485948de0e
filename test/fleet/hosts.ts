/** Hosts on loopback ports, each with some sites of two articles, which judge how they are asked. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

export interface Host {
  readonly name: string;
  readonly port: number;
  /** Every request: when it came, in milliseconds, and how many were open then. */
  readonly asked: { readonly path: string; readonly at: number; readonly open: number }[];
  close(): Promise<void>;
}

export interface HostOptions {
  /** Milliseconds before each response. */
  readonly slow?: number;
  readonly robots?: string;
}

/** Serves `/site-1/list` and so on. Words of the first article of a site say its edition. */
export async function startHost(
  name: string,
  { slow = 0, robots = "User-agent: *\nDisallow: /private" }: HostOptions = {},
  edition: (site: string) => number = () => 1,
): Promise<Host> {
  const asked: Host["asked"] = [];
  let open = 0;
  const server: Server = createServer(async ({ url: path = "/" }, response) => {
    open++;
    asked.push({ path, at: performance.now(), open });
    response.on("close", () => open--);
    await pause(slow);
    const body = pageOf(path, robots, edition);
    response.statusCode = body === null ? 404 : 200;
    response.setHeader("content-type", path === "/robots.txt" ? "text/plain" : "text/html");
    response.end(body ?? "");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  return { name, port, asked, close };
}

function pageOf(path: string, robots: string, edition: (site: string) => number): string | null {
  if (path === "/robots.txt") return robots;
  const [, site = "", page = ""] = /^\/([\w-]+)\/([\w-]+)$/.exec(path) ?? [];
  const html = (body: string) =>
    `<!DOCTYPE html><html lang="en"><head><title>${page}</title></head><body>${body}</body></html>`;
  if (page === "list")
    return html(
      ["a", "b"]
        .map((one) => `<li><a href="/${site}/story-${one}">Story ${one} of ${site}</a></li>`)
        .join(""),
    );
  const words = `The words of ${page}, edition ${page === "story-a" ? edition(site) : 1}.`;
  return page.startsWith("story-")
    ? html(`<article><h1>Story ${page.slice(-1)} of ${site}</h1><p>${words}</p></article>`)
    : null;
}

/** The site file of one of its sites. */
export function siteOn(host: string, site: string): object {
  return {
    name: `${host.split(".")[0]}-${site}`,
    start: `http://${host}/${site}/list`,
    politeness: { delay: 0, concurrency: 2 },
    requisites: "none",
    listing: { rows: "li", link: "a", next: [] },
    fields: { title: { listing: "a", article: "h1" }, body: { article: "p" } },
  };
}
