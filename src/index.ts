/** The front door of the library. */
export { readArchive, type StoredArchive } from "./archive.js";
export { CliError, EXIT, type ExitCode } from "./error.js";
export type * from "./exports/export.js";
export { bareDate, contentFile, yamlText } from "./exports/front-matter.js";
export { publish } from "./exports/publication.js";
export type { PublicationOptions } from "./exports/site-map.js";
export { type MarkdownOptions, toMarkdown } from "./markdown.js";
export type * from "./model.js";
export { type Walk, type WalkEvent, type WalkOptions, walk } from "./pipeline.js";
export { drupal7 } from "./presets/drupal7.js";
export { unesco } from "./presets/unesco.js";
export { defineSite, type Preset, resolveSite, type Site, type SiteInput } from "./site.js";
