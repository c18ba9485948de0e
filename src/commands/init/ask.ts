/** Questions on a terminal, about the unsure parts of a proposal. */
import { confirm, isCancel, select } from "@clack/prompts";
import type { Choice } from "../../propose/proposal.js";

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

/** True when the user wants the files written. */
export async function confirmed(paths: readonly string[]): Promise<boolean> {
  return (await confirm({ message: `Write ${paths.join(", ")}?` })) === true;
}
