/** An article page, shown: its fields, and the entry that it becomes. */

import process from "node:process";
import { convertItem } from "../../convert/draft.js";
import { EXIT, type ExitCode } from "../../error.js";
import { mergeItem } from "../../extract/item.js";
import type { Tree } from "../../extract/tree.js";
import { type Article, type Draft, FIELD_NAMES, type Row, type Warning } from "../../model.js";
import { judge } from "../../schema/entry.js";
import type { Site } from "../../site/site.js";
import { column, escapeJson } from "../../text.js";
import type { Terminal } from "../terminal.js";
import { showField, showWarnings } from "./fields.js";

/** @param told warnings of the page itself, said before those of its fields */
export function showArticle(
  terminal: Terminal,
  tree: Tree,
  site: Site,
  article: Article,
  told: readonly Warning[],
): ExitCode {
  const row: Row = {
    listing: site.start,
    position: 1,
    url: article.url,
    base: tree.base,
    readings: {},
  };
  const item = mergeItem(site, article.canonical ?? article.url, row, article);
  const converted = convertItem(item, site);
  const { draft } = converted;
  const warnings = [...told, ...converted.warnings];
  const verdict = judge(draft);
  const issues = "issues" in verdict ? verdict.issues : [];
  const { fields, losses } = draft.provenance;
  if (terminal.json) {
    const { url } = article;
    const shown =
      "issues" in verdict
        ? { entry: null, draft: { data: draft.data, body: draft.body } }
        : { entry: { id: verdict.id, slug: verdict.slug, data: verdict.data, body: verdict.body } };
    const object = { kind: "article", url, ...shown, fields, losses, issues, warnings };
    process.stdout.write(`${escapeJson(object, 2)}\n`);
  } else {
    const { bold, dim, red } = terminal.colours;
    const { canonical, language, translations } = article;
    terminal.print(`${bold("article page")}  ${article.url}`);
    terminal.print(
      dim(
        `  canonical ${canonical ?? "–"}, language ${language ?? "–"}, translations ${Object.keys(translations).join(", ") || "–"}`,
      ),
    );
    terminal.print();
    for (const name of FIELD_NAMES)
      showField(terminal, name, site.fields[name].article, [article.readings[name]]);
    showDraft(terminal, draft);
    showWarnings(terminal, warnings);
    for (const { path, message, hint } of issues) {
      terminal.print(`${red("issue")} ${path}: ${message}`);
      terminal.print(dim(`      ${hint}`));
    }
  }
  return issues.length === 0 ? EXIT.complete : EXIT.findings;
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
