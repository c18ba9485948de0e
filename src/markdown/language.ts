/** Direction and language of text, which Markdown cannot say. */
import type { Element } from "domhandler";

/** Direction and BCP 47 tag that hold in a place; "" when the language is not known. */
export interface Setting {
  readonly dir: string;
  readonly lang: string;
}

/**
 * Attributes by which an element differs from what holds around it. Word and Google Docs name both
 * on every paragraph, in vain: `lang="EN-US"` on an English page, `dir="ltr"` anywhere.
 */
export function languageOf({ attribs }: Element, around: Setting): Partial<Setting> {
  const dir = attribs.dir?.trim().toLowerCase() ?? "";
  const lang = attribs.lang?.trim() ?? "";
  return {
    ...(/^(ltr|rtl|auto)$/.test(dir) && dir !== around.dir ? { dir } : {}),
    ...(lang !== "" && primary(lang) !== primary(around.lang) ? { lang } : {}),
  };
}

function primary(tag: string): string {
  return tag.split(/[-_]/, 1)[0]?.toLowerCase() ?? "";
}
