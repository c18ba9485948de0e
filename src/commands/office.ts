/** The embedded office, served while a command reads it. */
import { startOffice } from "../../fixtures/office/server.js";
import type { Hosts } from "../http/live.js";
import { DEMO_HOST } from "../site/presets/demo.js";

/** Serves the office while something runs. */
export async function withOffice<T>(port: number, run: (hosts: Hosts) => Promise<T>): Promise<T> {
  const office = await startOffice({ port });
  try {
    return await run({ [DEMO_HOST]: { address: "127.0.0.1", port: office.port } });
  } finally {
    await office.close();
  }
}
