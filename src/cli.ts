#!/usr/bin/env node
/** argv -> a command -> an exit code. Commands are loaded when they run: --help, --version and a wrong option load none of them. */
import process from "node:process";
import { CommanderError } from "@commander-js/extra-typings";
import * as commands from "./commands/command-line.js";
import type { siteToWalk } from "./commands/site.js";
import { CliError, EXIT, type ExitCode } from "./error.js";
import { escapeJson, escapeTerminal } from "./text.js";

let exitCode: ExitCode = EXIT.complete;
const run = async (command: () => Promise<ExitCode>) => {
  exitCode = await command();
};
const siteOf = async (...named: Parameters<typeof siteToWalk>) =>
  (await import("./commands/site.js")).siteToWalk(...named);

commands.demo.action((options) =>
  run(async () => (await import("./commands/demo.js")).demo(options)),
);
commands.crawl.action((target, options) =>
  run(async () => {
    const site = await siteOf(target, options);
    return (await import("./commands/crawl.js")).crawl(site, options);
  }),
);
commands.build.action((captures, options) =>
  run(async () => {
    const site = await siteOf(options.site, options);
    return (await import("./commands/build.js")).build(captures, site, options);
  }),
);
commands.pack.action((archive, options) =>
  run(async () => (await import("./commands/pack.js")).pack(archive, options)),
);
commands.verify.action((archive, options) =>
  run(async () => (await import("./commands/verify.js")).verify(archive, options)),
);
commands.diff.action((before, after, options) =>
  run(async () => (await import("./commands/diff.js")).diff(before, after, options)),
);
commands.exporting.action((archive, options) =>
  run(async () => (await import("./commands/export.js")).exportArchive(archive, options)),
);
commands.redirects.action((archive, options) =>
  run(async () => (await import("./commands/redirects.js")).redirects(archive, options)),
);
commands.inspect.action((page, options) =>
  run(async () => {
    const site = await (await import("./commands/site.js")).siteOfPage(page, options);
    return (await import("./commands/inspect.js")).inspect(site, page, options);
  }),
);
commands.record.action((pages, options) =>
  run(async () => {
    const named = { ...options, url: options.url?.[0] };
    const site = await (await import("./commands/site.js")).siteOfPage(pages[0] ?? "", named);
    return (await import("./commands/record.js")).record(site, pages, options);
  }),
);
commands.test.action((folder, options) =>
  run(async () => {
    const site = options.site === undefined ? undefined : await siteOf(options.site, options);
    return (await import("./commands/test.js")).test(folder, site, options);
  }),
);
commands.init.action((page, options) =>
  run(async () => (await import("./commands/init.js")).init(page, options)),
);
commands.drift.action((folder, options) =>
  run(async () => {
    const site = options.site === undefined ? undefined : await siteOf(options.site, options);
    return (await import("./commands/drift.js")).drift(folder, site, options);
  }),
);
commands.schema.action((what, options) =>
  run(async () => (await import("./commands/schema.js")).schema(what, options)),
);

// A reader that has seen enough, such as `| head`, closes the pipe: what is being written goes on.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });

// A file that grows beyond `ulimit -f` ends a process without a word; heard, the write fails and says why.
process.on("SIGXFSZ", () => {});

try {
  await commands.program.parseAsync();
} catch (error) {
  exitCode = explain(error);
}
process.exitCode = exitCode;

/** Words for an error, and its exit code; a program that reads JSON Lines gets its last line in any case. */
function explain(error: unknown): ExitCode {
  const code = exitCodeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  if (code !== EXIT.complete && process.argv.includes("--json"))
    process.stdout.write(
      `${escapeJson({ event: "end", exitCode: code, error: message, counts: null })}\n`,
    );
  if (error instanceof CommanderError) return code;
  const write = (line: string) => process.stderr.write(`${escapeTerminal(line)}\n`);
  if (error instanceof CliError) {
    write(`error: ${message}`);
    for (const line of error.details) write(`  ${line}`);
    if (error.hint !== null) write(`hint: ${error.hint}`);
    return code;
  }
  write(`error: ${error instanceof Error ? (error.stack ?? message) : message}`);
  write("hint: this is a defect of sitelift; please report it with the lines above.");
  return code;
}

function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.complete : EXIT.usage;
  return error instanceof CliError ? error.exitCode : EXIT.findings;
}
