/** argv -> a command -> an exit code. */
import process from "node:process";
import type { Command as Line } from "@commander-js/extra-typings";
import { CliError, EXIT, type ExitCode, errorLines } from "../error.js";
import { escapeJson, escapeTerminal, parseUrl, withoutPasswords } from "../text.js";
import { Command, CommanderError } from "./command-line/command.js";
import { COMMANDS, type Listed } from "./commands.js";
import { type End, endOf } from "./end.js";

/** Runs one command. @param args what follows the name of the program @returns its exit code */
export async function main(args: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.complete;
  try {
    refuseCredentials(args);
    const isVersion = args.some((arg) => arg === "-V" || arg === "--version");
    const version = isVersion ? (await import("./version.js")).VERSION : "";
    const named = args.find((arg) => COMMANDS.some(({ name }) => name === arg));
    const take = (code: ExitCode) => {
      exitCode = code;
    };
    const program = await newProgram(version, (name) => name === named, take);
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

/** Words for an error, and its exit code; a program that reads JSON Lines gets its last line in any case. */
function explain(error: unknown, isJson: boolean): ExitCode {
  const end = endOf(error);
  const isTyped = error instanceof CommanderError;
  const exitCode = !isTyped ? end.exitCode : error.exitCode === 0 ? EXIT.complete : EXIT.usage;
  if (exitCode !== EXIT.complete && isJson) writeEnd({ ...end, exitCode });
  if (isTyped) return exitCode;
  if (error instanceof CliError) {
    for (const line of errorLines(error)) write(line);
    return exitCode;
  }
  write(`error: ${error instanceof Error ? (error.stack ?? end.error) : end.error}`);
  write("hint: this is a defect of sitelift; please report it with the lines above.");
  return exitCode;
}

/**
 * The program with its commands.
 *
 * @param version what `--version` shows
 * @param isNamed of which commands more is needed than their line in `--help`, those below them with them
 * @param end takes the exit code of the command that ran
 */
export async function newProgram(
  version: string,
  isNamed: (name: string) => boolean,
  end: (exitCode: ExitCode) => void,
) {
  const program: Line = new Command("sitelift")
    .description("Moves a paginated site into a validated Markdown archive that can be trusted.")
    .version(version)
    .showSuggestionAfterError()
    .showHelpAfterError("(add --help for the options)")
    .configureHelp({
      sortSubcommands: false,
      // All but one have options, and whoever wants to know them asks the command.
      subcommandTerm: (command) =>
        `${command.name()} ${command.usage().replace(/^\[options\]( \[command\])? ?/, "")}`.trimEnd(),
    })
    .exitOverride()
    .enablePositionalOptions();
  const add = async (parent: Line, listed: Listed, isWhole: boolean) => {
    const command = parent.command(listed.name);
    listed.head(command);
    if (isWhole) await complete(command, listed, end);
    for (const one of listed.below) await add(command, one, isWhole);
  };
  for (const one of COMMANDS) await add(program, one, isNamed(one.name));
  return program;
}

/** Gives a command its options, its examples and its action. */
async function complete(command: Line, { describe, run }: Listed, end: (code: ExitCode) => void) {
  const { options, examples, needless = [] } = await describe();
  options(command);
  const lines = examples?.map((words) => `\n  $ sitelift ${words}`);
  if (lines !== undefined) command.addHelpText("after", `\nExamples:${lines.join("")}`);
  command.action(async (...all: unknown[]) => {
    const { withoutEffect } = await import("./command-line/without-effect.js");
    const given = Object.entries(command.opts()).filter(
      ([key]) => command.getOptionValueSource(key) !== "default",
    );
    const line = { given: Object.fromEntries(given), args: command.args };
    const off = withoutEffect(needless, line);
    for (const sentence of off.values()) write(sentence);
    const { notify, json } = line.given;
    const send = async (last: End) => {
      if (typeof notify === "string" && !off.has("notify"))
        await (await import("./notify.js")).notify(notify, last, { warn: write });
    };
    // The last argument is the command itself.
    const last = await run(...(all.slice(0, -1) as never[])).catch(async (error: unknown) => {
      await send(endOf(error));
      throw error;
    });
    if (typeof last === "number") return end(last);
    if (json) writeEnd(last);
    await send(last);
    end(last.exitCode);
  });
}

export function writeEnd(end: End): void {
  process.stdout.write(`${withoutPasswords(escapeJson({ event: "end", ...end }))}\n`);
}

/** A line for people from the program itself. */
function write(line: string): void {
  process.stderr.write(`${escapeTerminal(withoutPasswords(line))}\n`);
}
