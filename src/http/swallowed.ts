/**
 * Pages of which a script without an end tag, or an attribute without its second quote, holds all that follows: a browser
 * shows nothing of it, and it would be missing from an article without a word. Pure.
 */

/** Elements whose text is not markup, to a browser that runs scripts. */
const RAW = ["script", "style", "textarea", "title", "noscript"];
const RAW_TAG = new RegExp(`<(/?)(${RAW.join("|")})(?![a-z0-9-])`, "gi");
/** End tags of what a page shows. */
const SHOWN_END = /<\/(?:article|div|footer|h[1-6]|li|main|p|section|table|td|ul)\s*>/i;

/** What holds the rest of a page as text; null where nothing does. */
export function swallowed(bytes: Buffer): string | null {
  const text = bytes.toString("latin1");
  if (!isSuspect(text)) return null;
  const found = openAtEnd(text);
  if (found === null || !SHOWN_END.test(text.slice(found.at))) return null;
  return `the rest of the page is in ${found.what} that has no end`;
}

/** True where something has no end after it; most pages have nothing of that kind and need not be read for it. */
function isSuspect(text: string): boolean {
  const isOpen = (quote: string) => {
    const at = text.lastIndexOf(`=${quote}`);
    return at >= 0 && text.indexOf(quote, at + 2) < 0;
  };
  if (isOpen('"') || isOpen("'")) return true;
  const open = new Set<string>();
  for (const [, slash, name = ""] of text.matchAll(RAW_TAG))
    if (slash === "") open.add(name.toLowerCase());
    else open.delete(name.toLowerCase());
  return open.size > 0;
}

function openAtEnd(text: string): { readonly at: number; readonly what: string } | null {
  const tag = /<(\/?)([a-z][a-z0-9-]*)/giy;
  for (let at = text.indexOf("<"); at >= 0; at = text.indexOf("<", at)) {
    tag.lastIndex = at;
    const [opening, slash, written = ""] = tag.exec(text) ?? [];
    if (opening === undefined) {
      const end = text.startsWith("<!--", at) ? text.indexOf("-->", at) : at + 1;
      if (end < 0) return { at, what: "a comment" };
      at = end;
      continue;
    }
    const name = written.toLowerCase();
    const end = endOfTag(text, at + opening.length);
    if (end < 0) return { at, what: `a tag (${opening.slice(0, 20)})` };
    // In SVG these elements may be empty.
    const isEmpty = text[end - 2] === "/" && name !== "script";
    const isRaw = slash === "" && !isEmpty && RAW.includes(name);
    const close = isRaw ? indexOfEnd(text, name, end) : end;
    if (close < 0) return { at, what: `a ${name} element` };
    at = close;
  }
  return null;
}

/** Index after a tag, whose values may hold a `>` in quotes; -1 where it has no end. */
function endOfTag(text: string, from: number): number {
  const next = />|=\s*(["']?)/g;
  next.lastIndex = from;
  for (let found = next.exec(text); found !== null; found = next.exec(text)) {
    if (found[0] === ">") return next.lastIndex;
    const quote = found[1] ?? "";
    const close = quote === "" ? next.lastIndex : text.indexOf(quote, next.lastIndex) + 1;
    if (close === 0) return -1;
    next.lastIndex = close;
  }
  return -1;
}

/** Where an element ends whose text is not markup; -1 where it does not. */
export function indexOfEnd(text: string, name: string, from: number): number {
  const end = new RegExp(`</${name}`, "gi");
  end.lastIndex = from;
  return end.exec(text)?.index ?? -1;
}
