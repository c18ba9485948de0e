/** An article page, shown: its fields, and the entry that it becomes. */
import { judgeArticle } from "../../cases/read.js";
import { holdingWords } from "../../crawl/left-words.js";
import { EXIT, type ExitCode } from "../../error.js";
import type { Article, Block, Draft, PageContent, Warning } from "../../model.js";
import { fieldsInOrder, type Site } from "../../site/site.js";
import { column } from "../../text.js";
import type { Terminal } from "../terminal.js";
import { showField, showTaken, showWarnings, type Taken } from "./fields.js";

/** @param pageWarnings warnings of the page itself, shown before those of its fields */
export function showArticle(
  terminal: Terminal,
  site: Site,
  article: Article,
  taken: Taken,
  pageWarnings: readonly Warning[],
): ExitCode {
  const converted = judgeArticle(article, null, site);
  const { draft, verdict, issues, item } = converted;
  const warnings = [...pageWarnings, ...converted.warnings];
  const exitCode = issues.length === 0 ? EXIT.complete : EXIT.findings;
  if (terminal.json) {
    const { fields, losses } = draft.provenance;
    const shown =
      "issues" in verdict
        ? { entry: null, draft: { data: draft.data, body: draft.body } }
        : { entry: { id: verdict.id, slug: verdict.slug, data: verdict.data, body: verdict.body } };
    const { url } = article;
    const content = article.content(item);
    const head = { kind: "article", ...taken, url };
    terminal.result({ ...head, ...shown, fields, losses, issues, warnings, content });
    return exitCode;
  }
  const { bold, dim, red } = terminal.colours;
  const { canonical, language } = article;
  const translations = Object.keys(article.translations).join(", ");
  terminal.print(`${bold("article page")}  ${article.url}`);
  showTaken(terminal, taken);
  terminal.print(
    dim(
      `  canonical ${canonical ?? "–"}, language ${language ?? "–"}, translations ${translations || "–"}`,
    ),
  );
  terminal.print();
  for (const [name, { article: ways, listing }] of fieldsInOrder(site)) {
    const isInRows = ways.length === 0 && listing.length > 0;
    showField(
      terminal,
      name,
      ways,
      [article.readings[name]],
      isInRows ? "read in the list" : undefined,
    );
  }
  showDraft(terminal, draft);
  showLeft(terminal, article.content(item));
  showWarnings(terminal, warnings);
  for (const { path, message, hint } of issues) {
    terminal.print(`${red("issue")} ${path}: ${message}`);
    terminal.print(dim(`      ${hint}`));
  }
  return exitCode;
}

/** What is on the page and in no field, by place: that of the article first. One page does not show what repeats. */
function showLeft(terminal: Terminal, { read, removed, blocks }: PageContent): void {
  const { bold, dim, yellow } = terminal.colours;
  const sum = blocks.reduce((words, block) => words + block.words, 0);
  terminal.print();
  terminal.print(
    `${bold("words of the page")}  ${read} in fields, ${removed} removed, ${sum} in no field${sum === 0 ? "" : ":"}`,
  );
  const show = (some: readonly Block[], paint: (text: string) => string) => {
    for (const block of some)
      terminal.print(
        `${paint(column(block.isIgnored ? "ignored" : "left", 8))} ${block.place}  ${dim(`${holdingWords(block)}: "${block.sample}"`)}`,
      );
  };
  const [own, around] = [false, true].map((is) => blocks.filter(({ isAround }) => isAround === is));
  show(own ?? [], yellow);
  if (around?.length) terminal.print(dim("in menus, headers, footers and side blocks:"));
  show(around ?? [], dim);
}

function showDraft(terminal: Terminal, draft: Draft): void {
  const { dim } = terminal.colours;
  terminal.print();
  for (const [key, value] of Object.entries(draft.data)) {
    if (value === null || (typeof value === "object" && Object.keys(value).length === 0)) continue;
    terminal.print(
      `${dim(column(key, 12))} ${typeof value === "string" ? value : JSON.stringify(value)}`,
    );
  }
  terminal.print();
  terminal.print(draft.body);
  for (const { construct, kind, count: times, sample } of draft.provenance.losses)
    terminal.print(dim(`${kind}: ${times} × ${construct} (${sample})`));
}
