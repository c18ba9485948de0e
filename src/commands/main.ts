/** argv -> a command -> an exit code. */
import process from "node:process";
import { CliError, EXIT, type ExitCode, errorLines } from "../error.js";
import { escapeJson, parseUrl, withoutPasswords } from "../text.js";
import { CommanderError } from "./command-line/command.js";
import { newProgram, write } from "./program.js";

/** Runs one command. @param args what follows the name of the program @returns its exit code */
export async function main(args: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.complete;
  try {
    refuseCredentials(args);
    const isVersion = args.some((arg) => arg === "-V" || arg === "--version");
    const version = isVersion ? (await import("./version.js")).VERSION : "";
    const program = newProgram(version, (code) => {
      exitCode = code;
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
