/** The embedded office, served while a command reads it. */
import type { Hosts } from "../http/live.js";
import { DEMO_HOST } from "../site/presets/demo.js";

/** Serves the office on a loopback port where one of the URLs to be read is on its host. */
export async function openHosts(urls: readonly string[]) {
  const isNeeded = urls.some((url) => new URL(url).hostname === DEMO_HOST);
  const server = isNeeded ? await import("../../fixtures/office/server.js") : null;
  const office = await server?.startOffice();
  const hosts: Hosts = office ? { [DEMO_HOST]: { address: "127.0.0.1", port: office.port } } : {};
  return { hosts, [Symbol.asyncDispose]: async () => office?.close() };
}
