/** `sitelift demo`: the whole tool on an office that is served on a loopback port. */
import { once } from "node:events";
import { LISTING_PATHS, startOffice } from "../../fixtures/office/server.js";
import { EXIT, type ExitCode } from "../error.js";
import { findSite } from "../site/load.js";
import type { DemoOptions } from "./command-line/crawl.js";
import { crawl } from "./crawl.js";
import type { End } from "./end.js";
import { interrupted } from "./interrupt.js";
import { Terminal } from "./terminal.js";

export async function demo(options: DemoOptions): Promise<End | ExitCode> {
  const terminal = new Terminal(options);
  if (options.serve) return serve(options.port, terminal);
  const site = await findSite("demo", options);
  const end = await crawl(site, options, terminal);
  if (end.exitCode === EXIT.complete) lookAt(terminal, options.out);
  return end;
}

async function serve(port: number, terminal: Terminal): Promise<ExitCode> {
  const office = await startOffice({ port });
  for (const [language, path] of Object.entries(LISTING_PATHS))
    terminal.print(`${language}  ${office.origin}${path}`);
  terminal.event({ event: "serving", origin: office.origin, listings: LISTING_PATHS });
  terminal.print("serving until Ctrl-C");
  await once(interrupted(), "abort");
  await office.close();
  return EXIT.complete;
}

function lookAt(terminal: Terminal, folder: string): void {
  terminal.print();
  terminal.print("Look at:");
  terminal.print(`  ${folder}/content/       one Markdown file an article, with front matter`);
  terminal.print(`  ${folder}/ledger.jsonl   what became of every listed URL`);
  terminal.print(`  npx sitelift verify ${folder}`);
}
