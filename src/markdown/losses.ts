/** What did not become Markdown in one conversion, counted by construct. */

import type { ChildNode, Element } from "domhandler";
import { elementsOf, isElement, names, sourceText } from "../extract/nodes.js";
import type { Loss } from "../model.js";
import { byCodeUnits } from "../text.js";
import { isHidden } from "./elements.js";
import { isBare } from "./embeds.js";
import { isFormulaCopy } from "./formulas.js";
import { playerSource } from "./urls.js";

/** Shows nothing and means nothing outside its page: not worth a line. */
const SILENT = names(
  "head title meta link base track param wbr datalist xml colgroup col source annotation annotation-xml",
);

const SAMPLE = 60;
/** A URL is of no use when it is cut. */
const LONG_SAMPLE = 500;

/** One whose bytes are in the page is an icon or a pattern. */
const BACKGROUND =
  /(?:^|[;\s])background(?:-image)?\s*:[^;]{0,200}?url\(\s*["']?(?!data:)([^"')\s]+)/i;

export class Losses {
  readonly #all = new Map<string, Loss>();

  /** @param concerned words, or the nodes that hold them; may be empty */
  add(kind: Loss["kind"], construct: string, concerned: string | readonly ChildNode[]): void {
    const key = `${kind} ${construct}`;
    const known = this.#all.get(key);
    const sample = known?.sample || sampleOf(concerned);
    this.#all.set(key, { construct, kind, count: (known?.count ?? 0) + 1, sample });
  }

  /** Notes an element that leaves no trace. */
  drop(element: Element): void {
    if (isFormulaCopy(element)) return;
    const hidden = isHidden(element);
    if (hidden || !SILENT.has(element.name))
      this.add("dropped", hidden ? "hidden element" : element.name, [element]);
  }

  /** Notes an element that became a link; a picture is a picture. */
  standIn(element: Element, { name, children: [inner], attribs }: Element): void {
    if (name === "p" && inner !== undefined && isElement(inner)) this.standIn(element, inner);
    else if (name === "a") this.add("flattened", element.name, attribs.href ?? "");
  }

  /** Notes what an element that stays showed besides: a picture behind it, or, of a script's own, all of it. */
  shown(element: Element): void {
    const [, picture] = BACKGROUND.exec(element.attribs.style ?? "") ?? [];
    if (picture !== undefined) this.add("dropped", "background image", picture);
    if (element.name.includes("-") && isBare(element)) this.add("dropped", element.name, [element]);
  }

  /** Sorted by kind and construct, so that the order of a page does not show. */
  list(): Loss[] {
    return [...this.#all.entries()].sort(([a], [b]) => byCodeUnits(a, b)).map(([, loss]) => loss);
  }
}

/** What an element without words names: its URL, else its attributes. */
function attributesIn(nodes: readonly ChildNode[]): string {
  const all = elementsOf(nodes);
  const url = all.map((element) => playerSource(element) || element.attribs.data).find(Boolean);
  const own = Object.entries(all[0]?.attribs ?? {}).filter(
    ([name]) => name !== "style" && name !== "class",
  );
  const text = url ?? own.map(([name, value]) => `${name}="${value}"`).join(" ");
  return text.slice(0, LONG_SAMPLE);
}

function sampleOf(concerned: string | readonly ChildNode[]): string {
  const text = typeof concerned === "string" ? concerned : sourceText(concerned);
  if (text.trim() === "" && typeof concerned !== "string") return attributesIn(concerned);
  const words = text
    .slice(0, 4 * SAMPLE)
    .replace(/\s+/g, " ")
    .trim();
  if (words.length <= SAMPLE) return words;
  // A cut may have halved a character.
  return `${words
    .slice(0, SAMPLE - 1)
    .replace(/[\ud800-\udbff]$/, "")
    .trimEnd()}…`;
}
