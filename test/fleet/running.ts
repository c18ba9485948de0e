/** A process that crawls a fleet whose hosts are on loopback ports: `running.ts FLEET HOSTS`. It says how it ended. */
import process from "node:process";
import { crawlFleet } from "../../src/commands/fleet.js";
import { Terminal } from "../../src/commands/terminal.js";
import { findFleet } from "../../src/fleet/sites.js";

const [file = "", hosts = "{}"] = process.argv.slice(2);
const found = await findFleet([file], process.cwd());
const end = await crawlFleet(found, {}, new Terminal({}), { hosts: JSON.parse(hosts) });
process.exitCode = end.exitCode;
