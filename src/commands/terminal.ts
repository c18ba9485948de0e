/** What a command shows: words for people, JSON Lines for programs, progress on the way. */
import { relative } from "node:path";
import process from "node:process";
import pc from "picocolors";
import { escapeJson, escapeTerminal, withoutPasswords } from "../text.js";
import { isoTime } from "../warc/date.js";

/** A path for people and programs: relative to the working folder, with `/`. */
export function here(path: string): string {
  return relative(process.cwd(), path).replaceAll("\\", "/") || ".";
}

/** Seconds between two plain progress lines without a terminal. */
const PLAIN_EVERY_MS = 10_000;

export class Terminal {
  readonly json: boolean;
  readonly colours: ReturnType<typeof pc.createColors>;
  /** How many live lines are on the screen. */
  #live = 0;
  #lastPlain = 0;
  readonly #startedAt = Date.now();

  constructor(options: { json?: boolean | undefined }) {
    this.json = options.json ?? false;
    const shows = this.json ? process.stderr : process.stdout;
    // NO_COLOR and FORCE_COLOR are honoured by picocolors; a stream that is not a terminal gets none.
    this.colours = pc.createColors(
      pc.isColorSupported && (shows.isTTY || "FORCE_COLOR" in process.env),
    );
  }

  /** A line for people. */
  print(line = ""): void {
    this.#clear();
    (this.json ? process.stderr : process.stdout).write(`${this.#shown(line)}\n`);
  }

  /** A line for people about what went wrong. */
  warn(line: string): void {
    this.#clear();
    process.stderr.write(`${this.#shown(line)}\n`);
  }

  /** A note for people and programs. */
  note(message: string): void {
    this.event({ event: "note", message });
    this.warn(message);
  }

  /** One object for programs; people do not see it. */
  event(value: { readonly event: string } & Readonly<Record<string, unknown>>): void {
    if (this.json) process.stdout.write(`${withoutPasswords(escapeJson(value))}\n`);
  }

  /** The one object that a command prints with `--json`. */
  result(value: object): void {
    process.stdout.write(`${escapeJson(value, 2)}\n`);
  }

  /** Progress of long work: a live line on a terminal, or several, and plain ones every ten seconds elsewhere. */
  progress(lines: () => string | readonly string[]): void {
    if (process.stderr.isTTY && !process.env.CI && process.env.TERM !== "dumb") {
      const width = Math.max(1, (process.stderr.columns || 80) - 1);
      // Characters and not code units: half of one would show as another.
      const shown = [lines()].flat().map((line) => [...this.#shown(line)].slice(0, width).join(""));
      this.#clear();
      process.stderr.write(shown.join("\n"));
      this.#live = shown.length;
      return;
    }
    const now = Date.now() - this.#startedAt;
    if (now - this.#lastPlain < PLAIN_EVERY_MS) return;
    this.#lastPlain = now;
    // A log is read later: then the time is what a reader lacks.
    const time = isoTime(Date.now());
    for (const line of [lines()].flat()) process.stderr.write(`${time} ${this.#shown(line)}\n`);
  }

  #shown(line: string): string {
    return escapeTerminal(withoutPasswords(line), this.colours.isColorSupported);
  }

  #clear(): void {
    if (this.#live === 0) return;
    // Up to the first of them, and nothing below it.
    const up = this.#live > 1 ? `\u001b[${this.#live - 1}A` : "";
    process.stderr.write(`${up}\r\u001b[K${up === "" ? "" : "\u001b[J"}`);
    this.#live = 0;
  }
}

type Takes = Partial<Pick<Terminal, "print" | "warn" | "event" | "progress">>;

/** Shows nothing but what is taken here: for work that another command reports. */
export class Silent extends Terminal {
  readonly #takes: Takes;

  constructor(takes: Takes = {}, options: { json?: boolean | undefined } = {}) {
    super(options);
    this.#takes = takes;
  }
  override print(line?: string): void {
    this.#takes.print?.(line);
  }
  override warn(line: string): void {
    this.#takes.warn?.(line);
  }
  override event(value: Parameters<Terminal["event"]>[0]): void {
    this.#takes.event?.(value);
  }
  override result(): void {}
  override progress(lines: Parameters<Terminal["progress"]>[0]): void {
    this.#takes.progress?.(lines);
  }
}
