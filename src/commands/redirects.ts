/** `sitelift redirects`: writes the redirects of old URLs for a server, or checks those of a running site. */
import { resolve } from "node:path";
import process from "node:process";
import { readArchive } from "../archive/read/archive.js";
import { writeNamed } from "../disk/folders.js";
import { CliError, EXIT } from "../error.js";
import type { Redirect } from "../exports/export.js";
import { publish } from "../exports/publication.js";
import { redirectFile } from "../exports/redirects/formats.js";
import { findExport } from "../exports/registry.js";
import { leadsOn } from "../extract/alias-page.js";
import { checkRedirects, type RedirectCheck } from "../http/redirect-check.js";
import { count, parseUrl } from "../text.js";
import type { RedirectsOptions } from "./command-line/archive.js";
import type { End } from "./end.js";
import { Terminal } from "./terminal.js";

export async function redirects(folder: string, options: RedirectsOptions): Promise<End> {
  const terminal = new Terminal(options);
  const to = options.to ?? (options.format === "drupal" ? "drupal" : undefined);
  const target = to === undefined ? {} : (await findExport(to))[1];
  const archive = await readArchive(folder);
  await archive.check((path) => path === "entries.jsonl" || path === "redirects.csv");
  const publication = await publish(archive, { ...options, target });
  return options.check === undefined
    ? render(terminal, publication.redirects, options)
    : check(terminal, publication.redirects, options.check);
}

async function render(
  terminal: Terminal,
  map: readonly Redirect[],
  { format = "json", out }: RedirectsOptions,
): Promise<End> {
  const { text, leftOut } = redirectFile(format, map);
  for (const { origin, from, reason } of leftOut)
    terminal.warn(`left out, ${reason}: ${origin ?? ""}${from}`);
  const counts = { redirects: map.length, leftOut: leftOut.length };
  if (out !== undefined) await writeNamed(out, text);
  else if (!terminal.json) process.stdout.write(text);
  const place = out === undefined ? { redirects: map } : { out: resolve(out) };
  if (out !== undefined)
    terminal.print(`${count(map.length - leftOut.length, "redirect")} in ${out}`);
  return { exitCode: EXIT.complete, counts, ...place };
}

async function check(terminal: Terminal, map: readonly Redirect[], site: string) {
  if (!/^https?:$/.test(parseUrl(site)?.protocol ?? ""))
    throw new CliError(`--check "${site}" is not a URL`, {
      hint: "Expected the URL of a running site, such as http://localhost:8080",
    });
  const { origin, pathname } = new URL(site);
  const base = pathname.replace(/\/+$/, "");
  const expected = map.map(({ from, to, origin: old }) => ({
    from: base + from,
    to: base + to,
    host: old === null ? null : new URL(old).host,
  }));
  let done = 0;
  const checked = await checkRedirects(origin, expected, leadsOn, () =>
    terminal.progress(() => `${++done} of ${map.length} checked`),
  );
  return judge(terminal, site, map.length, checked);
}

function judge(
  terminal: Terminal,
  site: string,
  checked: number,
  { findings, aliases, aliasOrigins }: RedirectCheck,
): End {
  if (checked > 0 && findings.filter(({ code }) => code === "unreachable").length === checked)
    throw new CliError(`cannot reach ${site}: ${findings[0]?.message ?? ""}`, {
      exitCode: EXIT.unreachable,
      hint: "Start the site, and give its URL, such as http://localhost:8080",
    });
  const exitCode = findings.length === 0 ? EXIT.complete : EXIT.findings;
  for (const finding of findings) {
    terminal.event({ event: "finding", ...finding });
    terminal.print(`${terminal.colours.red(finding.code)} ${finding.from}: ${finding.message}`);
  }
  if (aliases > 0) {
    const origins = aliasOrigins.length === 0 ? "" : `, built for ${aliasOrigins.join(" and ")}`;
    terminal.warn(
      `${count(aliases, "old URL")} lead${aliases === 1 ? "s" : ""} on by a page (meta refresh), as Hugo writes for an alias${origins}: readers get there, and a redirect of the server (\`--format\`) takes programs there too`,
    );
  }
  const counts = { redirects: checked, findings: findings.length, aliases };
  terminal.print(
    findings.length === 0
      ? `${site}: each of ${count(checked, "old URL")} ${aliases > 0 ? "leads to its page" : "gives one permanent redirect to a page"}`
      : `${site}: ${count(findings.length, "finding")} in ${count(checked, "old URL")}`,
  );
  return { exitCode, counts };
}
