/**
 * argv -> a command -> an exit code. The options of a command are loaded when it is named, the command when it runs:
 * --help, --version and a wrong option load none of them.
 */
import process from "node:process";
import { CliError, EXIT, type ExitCode, errorLines } from "../error.js";
import type { SiteChoice } from "../site/load.js";
import { escapeJson, escapeTerminal, parseUrl, withoutPasswords } from "../text.js";
import { CommanderError } from "./commander.js";
import { type Commands, newProgram } from "./program.js";

let exitCode: ExitCode = EXIT.complete;

/** An action whose command is loaded when it runs, and is not told of itself. */
const lazy =
  <A extends readonly unknown[]>(
    load: () => Promise<(...given: NoInfer<A>) => Promise<ExitCode>>,
  ) =>
  async (...given: [...A, unknown]) => {
    const act = await load();
    exitCode = await act(...(given.slice(0, -1) as unknown as NoInfer<A>));
  };

const runs =
  <A extends readonly unknown[]>(act: (...given: A) => Promise<ExitCode>) =>
  async (...given: A) => {
    exitCode = await act(...given);
  };

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

const sites = () => import("./site.js");
/** The site that `--site` names, by which cases are read; undefined where each is read by its own. */
const siteOfCases = async (choice: SiteChoice & { readonly site?: string }) =>
  choice.site === undefined ? undefined : (await sites()).siteOfCases(choice.site, choice);

type Line = typeof import("./command-line.js");

/** What each command does. */
const ACTIONS: {
  readonly [N in keyof Commands]: Parameters<ReturnType<Line[N]>["action"]>[0];
} = {
  demo: lazy(async () => (await import("./demo.js")).demo),
  crawl: runs((target, options) =>
    telling(options, async () => {
      const site = await (await sites()).siteToWalk(target, options);
      return (await import("./crawl.js")).crawl(site, options);
    }),
  ),
  fleet: runs((what, options) =>
    telling(options, async () => {
      const found = await (await import("../fleet/sites.js")).findFleet(what, process.cwd());
      if (options.on === undefined && options.store === undefined)
        return (await import("./fleet.js")).fleet(found, options);
      const { onMachines, queueFleet } = await import("./fleet/on-machines.js");
      return queueFleet(found, onMachines(options));
    }),
  ),
  worker: lazy(async () => (await import("./worker.js")).worker),
  fleetStatus: lazy(async () => (await import("./fleet/status.js")).fleetStatus),
  fleetRetry: lazy(async () => (await import("./fleet/retry.js")).fleetRetry),
  build: runs(async (captures, options) => {
    const { manifest, watch } = options;
    if (manifest !== undefined)
      return telling(options, async () =>
        (await import("./build/line.js")).buildLine(captures, { ...options, manifest }),
      );
    if (watch) return (await import("./watch.js")).watch(captures, options);
    return telling(options, async () => {
      const site = await (await sites()).siteToWalk(options.site, options);
      return (await import("./build.js")).build(captures, site, options);
    });
  }),
  archive: runs(async (_, target, options) =>
    (await import("./archive-list.js")).archiveList(target, options),
  ),
  pack: lazy(async () => (await import("./pack.js")).pack),
  verify: lazy(async () => (await import("./verify.js")).verify),
  prune: lazy(async () => (await import("./prune.js")).prune),
  diff: lazy(async () => (await import("./diff.js")).diff),
  exporting: lazy(async () => (await import("./export.js")).exportArchive),
  redirects: lazy(async () => (await import("./redirects.js")).redirects),
  inspect: runs(async (page, options) => {
    const site = await (await sites()).siteOfPage(page, options);
    return (await import("./inspect.js")).inspect(site, page, options);
  }),
  record: runs(async (pages, options) => {
    const named = { ...options, url: options.url?.[0] };
    const site = await (await sites()).siteOfPage(pages[0] ?? "", named);
    return (await import("./record.js")).record(site, pages, options);
  }),
  test: runs(async (folder, options) => {
    const site = await siteOfCases(options);
    return (await import("./test.js")).test(folder, site, options);
  }),
  init: lazy(async () => (await import("./init.js")).init),
  drift: runs(async (folder, options) => {
    const site = await siteOfCases(options);
    return (await import("./drift.js")).drift(folder, site, options);
  }),
  repair: lazy(async () => (await import("./repair.js")).repair),
  schema: runs(async (what, options) => {
    const { site: named } = options;
    const site = named === undefined ? null : await (await sites()).siteToWalk(named, options);
    return (await import("./schema.js")).schema(what, site, options);
  }),
  explain: runs(async (words) => (await import("./explain.js")).explain(words)),
};

/** Gives the command that is named, and those below it, their options, actions and examples. */
async function complete(commands: Commands, named: string): Promise<void> {
  const [line, { EXAMPLES }] = await Promise.all([
    import("./command-line.js"),
    import("./examples.js"),
  ]);
  for (const key of Object.keys(ACTIONS) as (keyof Commands)[]) {
    const command = commands[key];
    if (command.name() !== named && command.parent?.name() !== named) continue;
    line[key](command as never).action(ACTIONS[key] as never);
    const lines = EXAMPLES[command.name()]?.map((words) => `\n  $ sitelift ${words}`);
    if (lines !== undefined) command.addHelpText("after", `\nExamples:${lines.join("")}`);
  }
}

/** Runs one command. @param args what follows the name of the program @returns its exit code */
export async function main(args: readonly string[]): Promise<ExitCode> {
  exitCode = EXIT.complete;
  try {
    refuseCredentials(args);
    const { program, commands } = newProgram(
      args.some((arg) => arg === "-V" || arg === "--version")
        ? (await import("./version.js")).VERSION
        : "",
    );
    const named = args.find((arg) => program.commands.some((command) => command.name() === arg));
    if (named !== undefined) await complete(commands, named);
    program.hook("preAction", async (_, command) => {
      const { withoutEffect } = await import("./without-effect.js");
      const given = Object.entries(command.opts()).filter(
        ([key]) => command.getOptionValueSource(key) !== "default",
      );
      for (const sentence of withoutEffect(command.name(), command.args, Object.fromEntries(given)))
        write(sentence);
    });
    await program.parseAsync(args, { from: "user" });
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
    for (const line of errorLines(error)) write(line);
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
