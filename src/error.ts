/** Exit codes that users may rely on. */
export const EXIT = {
  complete: 0,
  findings: 1,
  usage: 2,
  incomplete: 3,
  drift: 4,
  unreachable: 5,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** An error of the run that its user can act on. */
export class CliError extends Error {
  override readonly name = "CliError";
  readonly exitCode: ExitCode;
  /** What to do about it; null when the message says it all. */
  readonly hint: string | null;
  /** One line for each thing that is wrong, where there is more than one. */
  readonly details: readonly string[];

  constructor(
    message: string,
    options: {
      exitCode?: ExitCode;
      hint?: string;
      details?: readonly string[];
      cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.exitCode = options.exitCode ?? EXIT.usage;
    this.hint = options.hint ?? null;
    this.details = options.details ?? [];
  }
}

/** An error as a terminal shows it: what is wrong, each thing, and what to do about it. */
export function errorLines({ message, details, hint }: CliError): string[] {
  const lines = [`error: ${message}`, ...details.map((line) => `  ${line}`)];
  return hint === null ? lines : [...lines, `hint: ${hint}`];
}

/** An error in one line: what is wrong, each thing, and what to do about it. */
export function wholeWords({ message, details, hint }: CliError): string {
  return [[message, ...details].join("; "), ...(hint === null ? [] : [hint])].join(". ");
}
