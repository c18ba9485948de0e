/** A proposal, shown: each choice with its matches, reason and samples, what it reads, and what it lacks. */
import type { Proposal } from "../../propose/proposal.js";
import { column, count, type Terminal } from "../terminal.js";
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
  terminal.say(`${bold(site.name)}  ${site.start}  by ${how}`);
  terminal.say();
  for (const { part, value, matched, reason, samples, sure, options } of choices) {
    const mark = sure ? green("✓") : yellow("?");
    terminal.say(`${mark} ${bold(column(part, 8))} ${value || "none"}  ${dim(matched)}`);
    terminal.say(`           ${sure ? dim(reason) : yellow(reason)}`);
    for (const sample of samples) terminal.say(dim(`           "${sample}"`));
    const others = options.filter((one) => one.value !== value);
    if (!sure && others.length > 0)
      terminal.say(`           or ${others.map((one) => one.value || "none").join(", ")}`);
  }
  for (const line of missing) terminal.say(`${yellow("–")} ${line}`);
  terminal.say();
  const { rows, titles, links, dates, next, pageCount } = reads;
  terminal.say(
    `It reads ${count(rows, "row")}: ${count(titles, "title")}, ${count(links, "link")}, ${count(dates, "date")}; ${pageCount === null ? "" : `${count(pageCount, "page")}; `}next ${next ?? "none"}`,
  );
  terminal.say();
  for (const { path, text } of files.filter(({ isSite }) => isSite)) {
    terminal.say(dim(path));
    terminal.say(text);
  }
}
