/** `sitelift redirects`: the map of old addresses for a server, and whether a running site follows it. */
import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import process from "node:process";
import { readArchive } from "../archive/read/archive.js";
import { CliError, EXIT, type ExitCode } from "../error.js";
import type { Redirect } from "../exports/export.js";
import { publish } from "../exports/publication.js";
import { isForDrupal, REDIRECT_FORMATS } from "../exports/redirects/formats.js";
import { findExport } from "../exports/registry.js";
import { checkRedirects, type RedirectFinding } from "../http/redirect-check.js";
import { count } from "../text.js";
import type { RedirectsOptions } from "./command-line.js";
import { Terminal } from "./terminal.js";

export async function redirects(folder: string, options: RedirectsOptions): Promise<ExitCode> {
  const terminal = new Terminal(options);
  const to = options.to ?? (options.format === "drupal" ? "drupal" : undefined);
  const target = to === undefined ? {} : (await findExport(to))[1];
  const publication = await publish(await readArchive(folder), { ...options, target });
  return options.check === undefined
    ? render(terminal, publication.redirects, options)
    : check(terminal, publication.redirects, options.check);
}

async function render(
  terminal: Terminal,
  map: readonly Redirect[],
  { format = "json", out }: RedirectsOptions,
): Promise<ExitCode> {
  const rendering = REDIRECT_FORMATS[format]?.(map) ?? "";
  const left = format === "drupal" ? map.filter((redirect) => !isForDrupal(redirect)) : [];
  for (const { origin, from } of left)
    terminal.warn(`left out, Drupal has no place for it: ${origin ?? ""}${from}`);
  const counts = { redirects: map.length, leftOut: left.length };
  if (out !== undefined) await replaceFile(resolve(out), rendering);
  else if (!terminal.json) process.stdout.write(rendering);
  terminal.event({
    event: "end",
    exitCode: EXIT.complete,
    counts,
    ...(out === undefined ? { redirects: map } : { out: resolve(out) }),
  });
  if (out !== undefined && !terminal.json)
    terminal.print(`${count(map.length - left.length, "old address", "old addresses")} in ${out}`);
  return EXIT.complete;
}

/** The old file or the new one, never half of one. */
async function replaceFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, text);
  await rename(temporary, path);
}

async function check(
  terminal: Terminal,
  map: readonly Redirect[],
  site: string,
): Promise<ExitCode> {
  if (!URL.canParse(site) || !/^https?:$/.test(new URL(site).protocol))
    throw new CliError(`--check "${site}" is no address`, {
      hint: "Expected the address of a running site, such as http://localhost:8080",
    });
  const { origin, pathname } = new URL(site);
  const base = pathname.replace(/\/+$/, "");
  const expected = map.map(({ from, to, origin: old }) => ({
    from: base + from,
    to: base + to,
    host: old === null ? null : new URL(old).host,
  }));
  let done = 0;
  const findings = await checkRedirects(origin, expected, () =>
    terminal.progress(() => `${++done} of ${map.length} asked`),
  );
  return judge(terminal, site, map.length, findings);
}

function judge(
  terminal: Terminal,
  site: string,
  asked: number,
  findings: readonly RedirectFinding[],
): ExitCode {
  if (asked > 0 && findings.filter(({ code }) => code === "unreachable").length === asked)
    throw new CliError(`${site} cannot be reached: ${findings[0]?.message ?? ""}`, {
      exitCode: EXIT.unreachable,
      hint: "Start the site, and name its address, such as http://localhost:8080",
    });
  const exitCode = findings.length === 0 ? EXIT.complete : EXIT.findings;
  for (const finding of findings) {
    terminal.event({ event: "finding", ...finding });
    if (!terminal.json)
      terminal.print(`${terminal.colours.red(finding.code)} ${finding.from}: ${finding.message}`);
  }
  terminal.event({
    event: "end",
    exitCode,
    counts: { redirects: asked, findings: findings.length },
  });
  if (!terminal.json)
    terminal.print(
      findings.length === 0
        ? `${site}: each of ${count(asked, "old address", "old addresses")} gives one permanent redirect to a page`
        : `${site}: ${count(findings.length, "finding")} in ${count(asked, "old address", "old addresses")}`,
    );
  return exitCode;
}
