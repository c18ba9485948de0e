/** Active content: what an SVG or other XML runs when it is opened. Pure. */

/**
 * What runs when a browser opens a file of its own, each with the name that a reason gives it. Looser
 * than XML where a strict reading could be led astray (comments, `>` in values): an image that only
 * mentions scripts is refused too, and keeps its old URL.
 * https://www.w3.org/TR/SVG2/interact.html, https://www.w3.org/TR/xml-stylesheet/
 */
const ACTIVE: readonly (readonly [mark: RegExp, name: string])[] = [
  [/<(?:[^\s<>/:"'=]*:)?(?:script|handler|listener)[\s/>]/i, "a script"],
  [/<(?:[^\s<>/:"'=]*:)?(?:iframe|object|embed)[\s/>]/i, "an embedded page"],
  [/[\s"'/]on[a-z]+\s*=\s*["']/i, "an event attribute"],
  // A declaration gives attributes to elements that do not show them.
  [/\son[a-z]+\s+cdata\s/i, "an event attribute"],
  // A browser skips controls and white space within a scheme.
  [
    /j[\s\0]*a[\s\0]*v[\s\0]*a[\s\0]*s[\s\0]*c[\s\0]*r[\s\0]*i[\s\0]*p[\s\0]*t[\s\0]*:/i,
    "a script",
  ],
  // Drawing programs declare short names of namespaces; any other entity may hold markup or parts of it.
  [/<!entity(?!\s+[^\s"'<>&%]+\s+(?:"https?:[^"<&%]*"|'https?:[^'<&%]*')\s*>)/i, "an entity"],
  [/<\?xml-stylesheet\s/i, "a style sheet that may be a program"],
  // No character of XML, but one by which a coding hides others.
  [/\x1b/, "an escape"],
];

/**
 * What in an XML text runs when it is opened.
 *
 * @param text the whole of it, decoded
 * @returns its name; null for a text that only shows
 */
export function activeContent(text: string): string | null {
  const plain = text.replace(/&#(?:x([0-9a-f]{1,8})|(\d{1,8}));?/gi, (_, hex, decimal) => {
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : "";
  });
  // The text as it is shows the markup; with its references decoded it shows the values.
  return ACTIVE.find(([mark]) => mark.test(text) || mark.test(plain))?.[1] ?? null;
}
