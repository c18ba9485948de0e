/** `sitelift explain`: prints what docs/troubleshooting.md says of a code. */
import { readFileSync } from "node:fs";
import { CliError, EXIT, type ExitCode } from "../error.js";
import { nearest } from "../text.js";
import { Terminal } from "./terminal.js";

interface Section {
  /** Heading of the part that it is in. */
  readonly part: string;
  readonly codes: readonly string[];
  readonly lines: readonly string[];
}

/** @param words a code; none for the list of all */
export async function explain(words: readonly string[]): Promise<ExitCode> {
  const terminal = new Terminal({});
  const sections = readSections();
  const code = words.join("-").toLowerCase();
  if (code === "") for (const line of listed(sections)) terminal.print(line);
  else for (const line of explained(code, sections)) terminal.print(line);
  return EXIT.complete;
}

function explained(code: string, sections: readonly Section[]): string[] {
  const found = sections.filter(({ codes }) => codes.includes(code));
  if (found.length === 0) {
    const near = nearCodes(
      code,
      sections.flatMap(({ codes }) => codes),
    );
    throw new CliError(`unknown code "${code}"`, {
      hint:
        near.length > 0
          ? `Did you mean ${near.join(", ")}?`
          : "`sitelift explain` lists all codes.",
    });
  }
  return found.flatMap(({ codes, part, lines }, at) => [
    ...(at > 0 ? [""] : []),
    `${codes.join(", ")} (${part})`,
    ...lines,
  ]);
}

function listed(sections: readonly Section[]): string[] {
  return sections.flatMap(({ part, codes, lines }, at) => [
    ...(part === sections[at - 1]?.part ? [] : [...(at > 0 ? [""] : []), part]),
    `  ${codes.join(", ").padEnd(24)} ${(lines[0] ?? "").replace("- What: ", "")}`,
  ]);
}

/** The one with the fewest letters changed first, then those that share a word. */
function nearCodes(code: string, known: readonly string[]): string[] {
  const words = code.split("-").filter((word) => word.length > 2);
  const sharing = known.filter((one) => one.split("-").some((word) => words.includes(word)));
  return [...new Set([nearest(code, known) ?? [], sharing].flat())].slice(0, 5);
}

function readSections(): Section[] {
  const file = new URL("docs/troubleshooting.md", import.meta.resolve("sitelift/package.json"));
  return readFileSync(file, "utf8")
    .split(/^## /m)
    .slice(1)
    .flatMap((text) => {
      const [head = "", ...parts] = text.split(/^### /m);
      return parts.map((section) => sectionOf(head.split("\n", 1)[0] ?? "", section));
    });
}

/** Bullets that the document breaks over lines are one line each; links are their targets. */
function sectionOf(part: string, text: string): Section {
  const [heading = "", ...rest] = text.trim().split("\n");
  const lines = rest
    .join("\n")
    .trim()
    .replace(/\n +/g, " ")
    .replace(/\[[^\]]+\]\(([^)]+)\)/g, "docs/$1");
  const codes = [...heading.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
  return { part, codes, lines: lines.split("\n") };
}
