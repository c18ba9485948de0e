/** The targets, each loaded when it is asked for. A new one is a file in this folder and a line here. */
import type { Export } from "./export.js";

export const EXPORTS: Readonly<Record<string, () => Promise<Export>>> = {
  hugo: async () => (await import("./hugo.js")).hugo,
  astro: async () => (await import("./astro.js")).astro,
  eleventy: async () => (await import("./eleventy.js")).eleventy,
  docusaurus: async () => (await import("./docusaurus.js")).docusaurus,
  jekyll: async () => (await import("./jekyll.js")).jekyll,
  drupal: async () => (await import("./drupal.js")).drupal,
  wordpress: async () => (await import("./wordpress.js")).wordpress,
  csv: async () => (await import("./csv.js")).csv,
  jsonl: async () => (await import("./jsonl.js")).jsonl,
  sqlite: async () => (await import("./sqlite.js")).sqlite,
  bagit: async () => (await import("./bagit.js")).bagit,
};
