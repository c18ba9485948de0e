/** Pages that are parsed before they are asked for, while nothing else is to be done. Each tree is read once: converting changes it. */
import type { Tree } from "../extract/tree.js";
import type { Page } from "../model.js";
import type { Site } from "../site/site.js";
import { isLarge } from "./worker/page-worker.js";

export class ParsedAhead {
  readonly #trees = new WeakMap<Page, { readonly rules: string; readonly tree: Tree }>();

  /** Parses pages one by one, and lets other work go before each. */
  async prepare(pages: Iterable<Page>, site: Site): Promise<void> {
    const { parsePage } = await import("./read-here.js");
    const rules = rulesOf(site);
    for (const page of pages) {
      // A large page is parsed elsewhere.
      if (isLarge(page) || this.#trees.get(page)?.rules === rules) continue;
      await new Promise((resolve) => setImmediate(resolve));
      this.#trees.set(page, { rules, tree: parsePage(page, site) });
    }
  }

  /** The tree of a page, once; null where it is not parsed, or by other rules. */
  take(page: Page, site: Site): Tree | null {
    const found = this.#trees.get(page);
    this.#trees.delete(page);
    return found?.rules === rulesOf(site) ? found.tree : null;
  }
}

/** What of a site file changes the tree of a page. */
function rulesOf({
  remove,
  encoding,
  sessionParameters,
  listing: { kind, fragment },
}: Site): string {
  return JSON.stringify([remove, encoding, sessionParameters, kind, fragment]);
}
