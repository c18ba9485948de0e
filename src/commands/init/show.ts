/** A proposal, shown: each choice with its matches, reason and samples, what it reads, and what it lacks. */
import type { Proposal } from "../../propose/proposal.js";
import { column, count } from "../../text.js";
import type { Terminal } from "../terminal.js";
import type { Planned } from "./files.js";

export function showProposal(
  terminal: Terminal,
  proposal: Proposal,
  files: readonly Planned[],
): void {
  const { choices, missing, reads, site } = proposal;
  terminal.event({ event: "proposal", site, choices, missing, reads });
  if (terminal.json) return;
  const { bold, dim, green, yellow } = terminal.colours;
  const how = site.preset === undefined ? "selectors of its own" : `the preset ${site.preset}`;
  terminal.print(`${bold(site.name)}  ${site.start}  by ${how}`);
  terminal.print();
  for (const { part, value, matched, reason, samples, sure, options } of choices) {
    const mark = sure ? green("✓") : yellow("?");
    terminal.print(`${mark} ${bold(column(part, 8))} ${value || "none"}  ${dim(matched)}`);
    terminal.print(`           ${sure ? dim(reason) : yellow(reason)}`);
    for (const sample of samples) terminal.print(dim(`           "${sample}"`));
    const others = options.filter((one) => one.value !== value);
    if (!sure && others.length > 0)
      terminal.print(`           or ${others.map((one) => one.value || "none").join(", ")}`);
  }
  for (const line of missing) terminal.print(`${yellow("–")} ${line}`);
  terminal.print();
  const { rows, titles, links, dates, next, pageCount } = reads;
  terminal.print(
    `It reads ${count(rows, "row")}: ${count(titles, "title")}, ${count(links, "link")}, ${count(dates, "date")}; ${pageCount === null ? "" : `${count(pageCount, "page")}; `}next ${next ?? "none"}`,
  );
  terminal.print();
  for (const { path, text } of files.filter(({ isSite }) => isSite)) {
    terminal.print(dim(path));
    terminal.print(text);
  }
}
