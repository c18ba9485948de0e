/** A proposal, shown: each choice with its matches, reason and samples, what it reads, and what it lacks. */
import type { Choice, Proposal } from "../../propose/proposal.js";
import { alternatives } from "../../propose/rank.js";
import { column, count } from "../../text.js";
import type { Terminal } from "../terminal.js";
import type { PlannedFile } from "./files.js";

export function showProposal(
  terminal: Terminal,
  proposal: Proposal,
  [siteFile]: readonly [PlannedFile, ...PlannedFile[]],
): void {
  const { choices, missing, reads, site } = proposal;
  terminal.event({ event: "proposal", site, choices, missing, reads });
  if (terminal.json) return;
  const { bold, dim, green, yellow } = terminal.colours;
  const how = site.preset === undefined ? "selectors of its own" : `the preset ${site.preset}`;
  terminal.print(`${bold(site.name)}  ${site.start}  by ${how}`);
  terminal.print();
  for (const choice of choices) {
    const { part, value, matched, reason, samples, sure } = choice;
    const mark = sure ? green("✓") : yellow("?");
    terminal.print(`${mark} ${bold(column(part, 8))} ${value || "none"}  ${dim(matched)}`);
    terminal.print(`           ${sure ? dim(reason) : yellow(reason)}`);
    for (const sample of samples) terminal.print(dim(`           "${sample}"`));
    const others = alternatives(choice);
    if (!sure && others !== "") terminal.print(`           or ${others}`);
  }
  for (const line of missing) terminal.print(`${yellow("–")} ${line}`);
  terminal.print();
  const { rows, titles, links, dates, next, pageCount } = reads;
  const found = [count(titles, "title"), count(links, "link"), count(dates, "date")].join(", ");
  const pages = pageCount === null ? "" : `${count(pageCount, "page")}; `;
  terminal.print(`It reads ${count(rows, "row")}: ${found}; ${pages}next ${next ?? "none"}`);
  terminal.print();
  terminal.print(dim(siteFile.path));
  terminal.print(siteFile.text);
}

/** A choice that is not sure, in one line. */
export function choiceLine(choice: Choice): string {
  const { part, value, reason } = choice;
  const others = alternatives(choice);
  return `${part}: ${value || "none"} (${reason})${others === "" ? "" : `; or ${others}`}`;
}
