/** Fingerprints of templates as they are kept in memory: most entries have row and page in common, and words of their own. */
import type { TemplateFingerprints } from "../../model.js";

export class SharedTemplates {
  readonly #known = new Map<string, string>();

  /** The same, with a text that is held once for all entries that have it. */
  share({ row, page, words }: TemplateFingerprints): TemplateFingerprints {
    return { row: this.#once(row), page: this.#once(page), words };
  }

  #once(fingerprint: string | null): string | null {
    if (fingerprint === null) return null;
    const known = this.#known.get(fingerprint);
    if (known === undefined) this.#known.set(fingerprint, fingerprint);
    return known ?? fingerprint;
  }
}
