/** The embedded office, served while a command reads it. */
import type { Hosts } from "../http/live.js";
import { DEMO_HOST } from "../site/presets/demo.js";

/** Runs something, with the office served on a loopback port where one of the URLs to be read is on its host. */
export async function withHosts<T>(
  urls: readonly string[],
  run: (hosts: Hosts) => Promise<T>,
  port = 0,
): Promise<T> {
  if (!urls.some((url) => new URL(url).hostname === DEMO_HOST)) return run({});
  const { startOffice } = await import("../../fixtures/office/server.js");
  const office = await startOffice({ port });
  try {
    return await run({ [DEMO_HOST]: { address: "127.0.0.1", port: office.port } });
  } finally {
    await office.close();
  }
}
