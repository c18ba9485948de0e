/** The program: its commands as Commander takes them, and what happens around the one that runs. */
import process from "node:process";
import type { Command as Line } from "@commander-js/extra-typings";
import type { ExitCode } from "../error.js";
import { escapeJson, escapeTerminal, withoutPasswords } from "../text.js";
import { Command } from "./command-line/command.js";
import { withoutEffect } from "./command-line/without-effect.js";
import { COMMANDS, type Listed } from "./commands.js";
import { type End, endOf } from "./end.js";

/**
 * @param version what `--version` shows
 * @param end takes the exit code of the command that ran
 */
export function newProgram(version: string, end: (exitCode: ExitCode) => void) {
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
  for (const one of COMMANDS) add(program, one, end);
  return program;
}

function add(parent: Line, listed: Listed, end: (exitCode: ExitCode) => void): void {
  const { line, examples, needless = [], run, below } = listed;
  const command = line().copyInheritedSettings(parent);
  const lines = examples?.map((words) => `\n  $ sitelift ${words}`);
  if (lines !== undefined) command.addHelpText("after", `\nExamples:${lines.join("")}`);
  command.action(async (...all: unknown[]) => {
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
  for (const one of below) add(command, one, end);
  parent.addCommand(command);
}

export function writeEnd(end: End): void {
  process.stdout.write(`${withoutPasswords(escapeJson({ event: "end", ...end }))}\n`);
}

/** A line for people from the program itself. */
export function write(line: string): void {
  process.stderr.write(`${escapeTerminal(withoutPasswords(line))}\n`);
}
