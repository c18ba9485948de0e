/** argv -> a command -> an exit code. Commands are loaded when they run: --help, --version and a wrong option load none of them. */
import process from "node:process";
import { CommanderError } from "@commander-js/extra-typings";
import { CliError, EXIT, type ExitCode } from "../error.js";
import { escapeJson, escapeTerminal, parseUrl, withoutPasswords } from "../text.js";
import * as commands from "./command-line.js";
import type * as SiteRoom from "./site.js";
import { withoutEffect } from "./without-effect.js";

let exitCode: ExitCode = EXIT.complete;
const run = async (command: () => Promise<ExitCode>) => {
  exitCode = await command();
};
const siteOfCases = async (...named: Parameters<typeof SiteRoom.siteOfCases>) =>
  (await import("./site.js")).siteOfCases(...named);
const siteOf = async (...named: Parameters<typeof SiteRoom.siteToWalk>) =>
  (await import("./site.js")).siteToWalk(...named);

/** With `--notify`, an error is told too. */
const telling = async (
  { notify }: { readonly notify?: string | undefined },
  command: () => Promise<ExitCode>,
) => {
  try {
    return await command();
  } catch (error) {
    if (notify !== undefined)
      await (await import("./notify.js")).notifyError(notify, error, { warn: write });
    throw error;
  }
};

commands.demo.action((options) => run(async () => (await import("./demo.js")).demo(options)));
commands.crawl.action((target, options) =>
  run(() =>
    telling(options, async () => {
      const site = await siteOf(target, options);
      return (await import("./crawl.js")).crawl(site, options);
    }),
  ),
);
commands.fleet.action((what, options) =>
  run(() =>
    telling(options, async () => {
      const found = await (await import("../fleet/sites.js")).findFleet(what, process.cwd());
      if (options.on === undefined && options.store === undefined)
        return (await import("./fleet.js")).fleet(found, options);
      const { onMachines, queueFleet } = await import("./fleet/on-machines.js");
      return queueFleet(found, onMachines(options));
    }),
  ),
);
commands.worker.action((options) => run(async () => (await import("./worker.js")).worker(options)));
commands.fleetStatus.action((options) =>
  run(async () => (await import("./fleet/status.js")).fleetStatus(options)),
);
commands.fleetRetry.action((sites, options) =>
  run(async () => (await import("./fleet/retry.js")).fleetRetry(sites, options)),
);
commands.build.action((captures, options) =>
  run(async () => {
    const { manifest, watch } = options;
    if (manifest !== undefined)
      return telling(options, async () =>
        (await import("./build/line.js")).buildLine(captures, { ...options, manifest }),
      );
    if (watch) return (await import("./watch.js")).watch(captures, options);
    return telling(options, async () => {
      const site = await siteOf(options.site, options);
      return (await import("./build.js")).buildAndNotify(captures, site, options);
    });
  }),
);
commands.archive.action((_, target, options) =>
  run(async () => (await import("./archive-list.js")).archiveList(target, options)),
);
commands.pack.action((archive, options) =>
  run(async () => (await import("./pack.js")).pack(archive, options)),
);
commands.verify.action((archive, options) =>
  run(async () => (await import("./verify.js")).verify(archive, options)),
);
commands.prune.action((archive, options) =>
  run(async () => (await import("./prune.js")).prune(archive, options)),
);
commands.diff.action((before, after, options) =>
  run(async () => (await import("./diff.js")).diff(before, after, options)),
);
commands.exporting.action((archive, options) =>
  run(async () => (await import("./export.js")).exportArchive(archive, options)),
);
commands.redirects.action((archive, options) =>
  run(async () => (await import("./redirects.js")).redirects(archive, options)),
);
commands.inspect.action((page, options) =>
  run(async () => {
    const site = await (await import("./site.js")).siteOfPage(page, options);
    return (await import("./inspect.js")).inspect(site, page, options);
  }),
);
commands.record.action((pages, options) =>
  run(async () => {
    const named = { ...options, url: options.url?.[0] };
    const site = await (await import("./site.js")).siteOfPage(pages[0] ?? "", named);
    return (await import("./record.js")).record(site, pages, options);
  }),
);
commands.test.action((folder, options) =>
  run(async () => {
    const site = options.site === undefined ? undefined : await siteOfCases(options.site, options);
    return (await import("./test.js")).test(folder, site, options);
  }),
);
commands.init.action((page, options) =>
  run(async () => (await import("./init.js")).init(page, options)),
);
commands.drift.action((folder, options) =>
  run(async () => {
    const site = options.site === undefined ? undefined : await siteOfCases(options.site, options);
    return (await import("./drift.js")).drift(folder, site, options);
  }),
);
commands.repair.action((archive, options) =>
  run(async () => (await import("./repair.js")).repair(archive, options)),
);
commands.schema.action((what, options) =>
  run(async () => {
    const site = options.site === undefined ? null : await siteOf(options.site, options);
    return (await import("./schema.js")).schema(what, site, options);
  }),
);
commands.explain.action((words) => run(async () => (await import("./explain.js")).explain(words)));

commands.program.hook("preAction", (_, command) => {
  const given = Object.entries(command.opts()).filter(
    ([key]) => command.getOptionValueSource(key) !== "default",
  );
  for (const sentence of withoutEffect(command.name(), command.args, Object.fromEntries(given)))
    write(sentence);
});

/** Runs one command. @param args what follows the name of the program @returns its exit code */
export async function main(args: readonly string[]): Promise<ExitCode> {
  exitCode = EXIT.complete;
  try {
    refuseCredentials(args);
    await commands.program.parseAsync(args, { from: "user" });
  } catch (error) {
    exitCode = explain(error, args.includes("--json"));
  }
  return exitCode;
}

/** Credentials are never sent, so none is taken: what is not read cannot be shown or stored. @throws {CliError} */
function refuseCredentials(args: readonly string[]): void {
  const url = args
    .map((arg) => parseUrl(arg.replace(/^--[\w-]+=/, "")))
    .find((url) => url !== null && url.username + url.password !== "");
  const shown = url?.host ?? args.map(withoutPasswords).find((arg, at) => arg !== args[at]);
  if (shown === undefined) return;
  throw new CliError(`${shown} was given with a user name or password`, {
    hint: url?.protocol.startsWith("redis")
      ? "Every user of a machine can list its commands: set REDIS_USERNAME and REDIS_PASSWORD."
      : "No credentials are sent: give the URL without them.",
  });
}

function write(line: string): void {
  process.stderr.write(`${escapeTerminal(withoutPasswords(line))}\n`);
}

/** Words for an error, and its exit code; a program that reads JSON Lines gets its last line in any case. */
function explain(error: unknown, isJson: boolean): ExitCode {
  const code = exitCodeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  if (code !== EXIT.complete && isJson)
    process.stdout.write(
      `${withoutPasswords(escapeJson({ event: "end", exitCode: code, error: message, counts: null }))}\n`,
    );
  if (error instanceof CommanderError) return code;
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
