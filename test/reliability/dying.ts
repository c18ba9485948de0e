/** A process that crawls a site and is killed at a file-system call: `dying.ts START FOLDER NUMBER`. */
import process from "node:process";
import { crawlFrom } from "../commands/here.js";
import { faultyDisk } from "../disk/faulty-disk.js";
import { REJECTED } from "./small-site.js";

const [start = "", folder = "", at = ""] = process.argv.slice(2);
const onFault = () => process.kill(process.pid, "SIGKILL");
const disk = faultyDisk(Number(at), "dies", { onFault });
const { code } = await crawlFrom(start, folder, { maxRejected: { count: REJECTED } }, { disk });
process.exitCode = code;
