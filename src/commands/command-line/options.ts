/** Options that several commands have. */
import { DEFAULT_SITE, Option } from "./command.js";

export const json = () =>
  new Option("--json", "print JSON Lines on stdout, everything else on stderr");
export const preset = () =>
  new Option(
    "--preset <name>",
    "preset for a bare URL (drupal7, drupal, wordpress, typo3-news, joomla, … see docs/presets.md)",
  );
export const language = () => new Option("--language <tag>", "language of a built-in site");
export const site = () =>
  new Option("--site <site>", `built-in site or site file; ${DEFAULT_SITE}`);
export const caseSite = () =>
  new Option("--site <site>", "read the cases by this site instead of the one that each names");
export const kind = () =>
  new Option("--as <kind>", "read the page as this kind").choices(["listing", "article"] as const);
export const notify = () =>
  new Option(
    "--notify <command|url>",
    "at the end, give the last event to a command on its standard input, or POST it to a URL",
  );
export const on = () =>
  new Option(
    "--on <redis>",
    "with workers on many machines: the Redis of their queue, such as redis://host:6379",
  );
export const store = () =>
  new Option(
    "--store <place>",
    "what workers share: a folder, or s3://bucket/prefix?endpoint=https://…",
  );
