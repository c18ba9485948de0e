/** argv -> a command -> an exit code. */
import { CliError, EXIT, type ExitCode, errorLines } from "../error.js";
import { parseUrl, withoutPasswords } from "../text.js";
import { CommanderError } from "./command-line/command.js";
import { endOf } from "./end.js";
import { newProgram, write, writeEnd } from "./program.js";

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
