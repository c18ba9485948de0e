/** `sitelift verify`: checks an archive, or a package, without the network. */

import { verifyingKey } from "../archive/signature.js";
import type { CheckedSignature, Finding } from "../archive/verify/inquiry.js";
import { verifyArchive } from "../archive/verify/verify.js";
import { namedFile } from "../disk/folders.js";
import { EXIT } from "../error.js";
import { count } from "../text.js";
import type { VerifyOptions } from "./command-line/archive.js";
import type { End } from "./end.js";
import { Terminal } from "./terminal.js";

const WORDS: Readonly<Record<string, readonly [one: string, many?: string]>> = {
  files: ["file"],
  entries: ["entry", "entries"],
  ledger: ["ledger line"],
  quarantine: ["quarantined draft"],
  redirects: ["redirect"],
  snapshots: ["snapshot"],
  captures: ["capture"],
  packages: ["package"],
  answers: ["response"],
};

export async function verify(folder: string, options: VerifyOptions): Promise<End> {
  const terminal = new Terminal(options);
  const key =
    options.key === undefined
      ? null
      : verifyingKey(await namedFile(options.key, "Name a key in PEM."), options.key);
  const { findings, checked, signatures, notes } = await verifyArchive(folder, undefined, key);
  const exitCode = findings.length === 0 ? EXIT.complete : EXIT.findings;
  for (const finding of findings) terminal.event({ event: "finding", ...finding });
  const groups = byFile(findings);
  for (const [n, group] of groups.entries()) {
    for (const { code, path, message, more } of shortened(group)) {
      terminal.print(`${terminal.colours.red(code)} ${path}: ${message}`);
      if (more > 0)
        terminal.print(`  and ${more} more of \`${code}\` in this file; --json lists them all`);
    }
    // What is to do is the same for all captures: it is said after the last of them.
    const { hint } = group[0];
    if (hint !== groups[n + 1]?.[0].hint) terminal.print(terminal.colours.dim(`  ${hint}`));
  }
  for (const message of notes) {
    terminal.event({ event: "note", message });
    terminal.print(terminal.colours.dim(`note ${message}`));
  }
  for (const signature of signatures) {
    terminal.event({ event: "signature", ...signature });
    terminal.print(signatureLine(signature));
  }
  const sums = Object.entries(checked)
    .map(([what, n]) => count(n, ...(WORDS[what] ?? ([what] as const))))
    .join(", ");
  terminal.print(
    findings.length === 0
      ? `${folder} checks out: ${sums}`
      : `${count(findings.length, "finding")} in ${folder} (${sums})`,
  );
  return { exitCode, counts: checked };
}

/** Findings of one kind in one file that are printed: a capture that is missing costs hundreds in those after it. */
const MOST_OF_A_FILE = 5;

/** The first findings of each kind, the last of them with the number of those that are left out. */
function shortened(group: readonly Finding[]) {
  const counts = new Map<string, number>();
  for (const { code } of group) counts.set(code, (counts.get(code) ?? 0) + 1);
  const printed = new Map<string, number>();
  return group.flatMap((finding) => {
    const n = (printed.get(finding.code) ?? 0) + 1;
    printed.set(finding.code, n);
    const more = n === MOST_OF_A_FILE ? (counts.get(finding.code) ?? n) - n : 0;
    return n > MOST_OF_A_FILE ? [] : [{ ...finding, more }];
  });
}

/** Findings of one file with the same advice, which is printed once. */
function byFile(findings: readonly Finding[]): readonly (readonly [Finding, ...Finding[]])[] {
  const groups = new Map<string, [Finding, ...Finding[]]>();
  for (const finding of findings) {
    const key = `${finding.path.replace(/:\d+$/, "")}\n${finding.hint}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  return [...groups.values()];
}

function signatureLine({ path, key, created, software, isKnown }: CheckedSignature): string {
  const whose = isKnown ? "the one given" : "not compared: --key names the one that it must be";
  return `${path} was signed with the key ${key} (${whose}), by ${software} at ${created}`;
}
