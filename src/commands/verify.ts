/** `sitelift verify`: checks an archive, or a package, without the network. */

import { verifyingKey } from "../archive/signature.js";
import type { CheckedSignature, Finding } from "../archive/verify/inquiry.js";
import { verifyArchive } from "../archive/verify/verify.js";
import { namedFile } from "../disk/folders.js";
import { EXIT, type ExitCode } from "../error.js";
import { count } from "../text.js";
import type { VerifyOptions } from "./command-line.js";
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

export async function verify(folder: string, options: VerifyOptions): Promise<ExitCode> {
  const terminal = new Terminal(options);
  const key =
    options.key === undefined
      ? null
      : verifyingKey(await namedFile(options.key, "Name a key in PEM."), options.key);
  const { findings, checked, signatures, notes } = await verifyArchive(folder, undefined, key);
  const exitCode = findings.length === 0 ? EXIT.complete : EXIT.findings;
  for (const finding of findings) terminal.event({ event: "finding", ...finding });
  for (const [first, ...others] of byFile(findings)) {
    for (const { code, path, message } of [first, ...others])
      terminal.print(`${terminal.colours.red(code)} ${path}: ${message}`);
    terminal.print(terminal.colours.dim(`  ${first.hint}`));
  }
  for (const message of notes) {
    terminal.event({ event: "note", message });
    if (!terminal.json) terminal.print(terminal.colours.dim(`note ${message}`));
  }
  for (const signature of signatures) {
    terminal.event({ event: "signature", ...signature });
    terminal.print(signatureLine(signature));
  }
  terminal.event({ event: "end", exitCode, counts: checked });
  const sums = Object.entries(checked)
    .map(([what, n]) => count(n, ...(WORDS[what] ?? ([what] as const))))
    .join(", ");
  terminal.print(
    findings.length === 0
      ? `${folder} checks out: ${sums}`
      : `${count(findings.length, "finding")} in ${folder} (${sums})`,
  );
  return exitCode;
}

/** Findings of one file with the same advice, which is printed once. */
function byFile(findings: readonly Finding[]): Iterable<readonly [Finding, ...Finding[]]> {
  const groups = new Map<string, [Finding, ...Finding[]]>();
  for (const finding of findings) {
    const key = `${finding.path.replace(/:\d+$/, "")}\n${finding.hint}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  return groups.values();
}

function signatureLine({ path, key, created, software, isKnown }: CheckedSignature): string {
  const whose = isKnown ? "the one given" : "not compared: --key names the one that it must be";
  return `${path} was signed with the key ${key} (${whose}), by ${software} at ${created}`;
}
