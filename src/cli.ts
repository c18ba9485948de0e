#!/usr/bin/env node
/** The program: a process around one command. */
import process from "node:process";
import { main } from "./commands/main.js";

// A reader that has seen enough, such as `| head`, closes the pipe: what is being written continues.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });

// A file that grows beyond `ulimit -f` ends a process without a word; heard, the write fails and says why.
process.on("SIGXFSZ", () => {});

process.exitCode = await main(process.argv.slice(2));
