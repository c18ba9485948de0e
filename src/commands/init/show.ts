/** A proposal, shown: each choice with its matches, reason and samples, what it reads, and what it lacks. */

import { confirm, isCancel, select } from "@clack/prompts";
import type { Choice, Option, Proposal } from "../../propose/proposal.js";
import { alternatives } from "../../propose/rank.js";
import { column, count } from "../../text.js";
import type { Terminal } from "../terminal.js";
import type { PlannedFile } from "./files.js";

export function showProposal(
  terminal: Terminal,
  proposal: Proposal,
  [siteFile]: readonly [PlannedFile, ...PlannedFile[]],
): void {
  const { choices, missing, left, reads, site, offers = [] } = proposal;
  terminal.event({ event: "proposal", site, choices, missing, left, offers, reads });
  const { bold, dim, green, yellow } = terminal.colours;
  const { kind } = site.listing ?? {};
  const by = site.preset === undefined ? "selectors of its own" : `the preset ${site.preset}`;
  const how = kind === undefined ? by : `listing.kind "${kind}"${site.preset ? ` and ${by}` : ""}`;
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
    else if (choice.runnerUp) terminal.print(dim(`           ${runnerUpWords(choice.runnerUp)}`));
  }
  for (const line of missing) terminal.print(`${yellow("–")} ${line}`);
  for (const line of offers) terminal.print(dim(`  ${line}`));
  for (const line of left) terminal.print(`${yellow("–")} in no field: ${line}`);
  terminal.print();
  const { rows, titles, links, dates, next, pageCount } = reads;
  const found = [count(titles, "title"), count(links, "link"), count(dates, "date")].join(", ");
  const pages = pageCount === null ? "" : `${count(pageCount, "page")}; `;
  terminal.print(`It reads ${count(rows, "row")}: ${found}; ${pages}next ${next ?? "none"}`);
  terminal.print();
  terminal.print(dim(siteFile.path));
  terminal.print(siteFile.text);
}

/** What came next, and why it lost. */
function runnerUpWords({ value, matched, samples, weight = 0, lost = "" }: Option): string {
  const sample = samples[0] === undefined ? "" : `, "${samples[0]}"`;
  const why = lost === "" ? "" : `, and loses on ${lost}`;
  return `before ${value} (${matched}${sample}), which has ${Math.round(weight * 100)} % of its points${why}`;
}

export function choiceLine(choice: Choice): string {
  const { part, value, reason } = choice;
  const others = alternatives(choice);
  return `${part}: ${value || "none"} (${reason})${others === "" ? "" : `; or ${others}`}`;
}

const QUESTIONS: Readonly<Record<Choice["part"], string>> = {
  rows: "Which are the rows of the list?",
  title: "Which is the title of a row?",
  link: "Which link leads to the article?",
  date: "Which is the date?",
  format: "In which order are day and month?",
  type: "Which is the type?",
  summary: "Which is the summary?",
  next: "Which link leads to the next page?",
  body: "Which is the text of the article?",
  media: "Which images and files are beside the text?",
  author: "Who wrote the article?",
  authors: "Who wrote the article?",
  tags: "Which are its tags?",
  image: "Which is its main picture?",
  language: "Which language is it?",
};

/** @returns the value chosen, empty for none; null when the user leaves */
export async function ask({ part, reason, value, options }: Choice): Promise<string | null> {
  const answer = await select({
    message: `${QUESTIONS[part]} (${reason})`,
    initialValue: value,
    options: options.map((one) => ({
      value: one.value,
      label: one.value === "" ? "none" : one.value,
      hint: [one.matched, ...one.samples.slice(0, 2).map((text) => `"${text}"`)]
        .filter((text) => text !== "")
        .join(", "),
    })),
  });
  return isCancel(answer) ? null : answer;
}

export async function confirmed(paths: readonly string[]): Promise<boolean> {
  return (await confirm({ message: `Write ${paths.join(", ")}?` })) === true;
}
