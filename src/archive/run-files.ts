/** history.csv, a line for each run, and badge.json, the last one for shields.io. Pure. */
import { EXIT, type ExitCode } from "../error.js";
import { STATES } from "../model.js";
import { RECORDED } from "../schema/snapshot.js";
import { count } from "../text.js";
import { type PastRun, whenOf } from "./history.js";

/** RFC 4180; no value needs a quote but the name of a program. */
export function renderHistory(runs: readonly PastRun[]): string {
  const head = ["time", "captured", "complete", "interrupted", "generator", "rules", "entries"];
  const lines = runs.map((run) => [
    run.time,
    whenOf(run),
    run.complete,
    run.interrupted,
    run.generator,
    run.rules?.slice(0, 12) ?? "",
    run.changes?.entries ?? "",
    run.counts.listed,
    ...STATES.map((state) => run.counts[state]),
    ...RECORDED.map((kind) => run.changes?.counts[kind] ?? ""),
  ]);
  const kinds = RECORDED.map((kind) => (kind === "gone" ? "newly gone" : kind));
  const all = [[...head, "listed", ...STATES, ...kinds], ...lines];
  return all.map((cells) => `${cells.map(cell).join(",")}\r\n`).join("");
}

function cell(value: string | number | boolean): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Colours by exit code: https://shields.io/badges/endpoint-badge. */
const COLOURS: Readonly<Record<number, string>> = {
  0: "brightgreen",
  1: "yellow",
  3: "orange",
  130: "lightgrey",
};

/** The exit code of the run that wrote a badge: null where the text is none of ours. A red one is of a drift: other runs leave none. */
export function exitCodeOfBadge(text: string | null): ExitCode | null {
  const colour = /"color": "(\w+)"/.exec(text ?? "")?.[1];
  if (colour === "red") return EXIT.drift;
  const codes = Object.values(EXIT);
  return codes.find((code) => COLOURS[code] !== undefined && COLOURS[code] === colour) ?? null;
}

/** The message has the day: a badge that nobody renews any more shows it. */
export function renderBadge(run: PastRun, exitCode: number): string {
  const entries = run.changes?.entries ?? run.counts.written;
  const badge = {
    schemaVersion: 1,
    label: run.site,
    message: `${count(entries, "article")}, ${whenOf(run).slice(0, 10)}`,
    color: COLOURS[exitCode] ?? "red",
  };
  return `${JSON.stringify(badge, null, 2)}\n`;
}
