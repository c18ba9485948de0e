/** The front door of the library. */
export { bareDate, contentFile, yamlText } from "./archive/frontmatter.js";
export { readArchive, type StoredArchive } from "./archive/read/archive.js";
export { type Walk, type WalkEvent, type WalkOptions, walk } from "./crawl/walk.js";
export { CliError, EXIT, type ExitCode } from "./error.js";
export type * from "./exports/export.js";
export { publish } from "./exports/publication.js";
export type { PublicationOptions } from "./exports/url-map.js";
export { type MarkdownOptions, toMarkdown } from "./markdown/to-markdown.js";
export type * from "./model.js";
export { drupal7 } from "./site/presets/drupal7.js";
export { unesco } from "./site/presets/unesco.js";
export { resolveSite } from "./site/resolve.js";
export { defineSite, type Preset, type Site, type SiteInput } from "./site/site.js";
export type { Entry } from "./site/typed.js";
