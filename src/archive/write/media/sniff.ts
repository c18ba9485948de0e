/** What a file is, by its bytes, and why it may not be stored. What it is named or served as helps only where the bytes do not decide. */
import type { Page } from "../../../model.js";
import { isWebPage, MARKUP_PROLOGUE } from "../../../text.js";
import { type FileType, named, namesOf, urlEnding } from "./kinds.js";

/** Names that differ from what file systems and servers use. */
const NAMES: Readonly<Record<string, FileType>> = {
  "application/x-cfb": { extension: "cfb", mediaType: "application/x-ole-storage" },
};
/** Signatures of two or three letters, with which a text may begin. */
const SHORT: ReadonlySet<string> = new Set([
  "image/bmp",
  "application/x-msdownload",
  "application/x-bzip2",
  "application/x-shockwave-flash",
  "audio/mpeg",
]);
/** Extensions of files that always have a signature. */
const SIGNED =
  /^(?:pdf|docx?|xlsx?|pptx?|od[tsp]|epub|zip|rar|7z|gz|jpe?g|png|gif|webp|avif|heic|tiff?|bmp|mp[34]|m4[av]|mov|avi|webm|og[gv]|wav)$/;
const HEAD = 4096;

/**
 * Finds out what some bytes are.
 *
 * @param from where they came from, and how they were served: that chooses between kinds that look alike
 * @param wanted `image` where the text shows it as one
 * @returns the type, or why they are not stored: a web page, an empty answer, no image where one is wanted, an
 *   SVG or other XML with scripts, which would run on the site that the archive becomes
 */
export async function sniff(
  bytes: Uint8Array,
  from: Pick<Page, "url" | "requestedUrl" | "headers">,
  wanted: "image" | "file",
): Promise<FileType | { readonly refused: string }> {
  if (bytes.length === 0) return { refused: "the answer is empty" };
  const ending = urlEnding(from.url);
  const found = await byBytes(bytes, namesOf([from.url, from.requestedUrl], from.headers));
  if (found === null) return { refused: "a web page was answered" };
  const { isText = false, ...type } = found;
  // Words where a PDF is wanted are what a server says instead of it.
  if (isText && SIGNED.test(ending))
    return { refused: `expected a file of the kind ${ending}, found text` };
  if (wanted === "image" && !type.mediaType.startsWith("image/"))
    return { refused: `expected an image, found ${type.mediaType}` };
  const isSvg = type.extension === "svg";
  const active = /xml$/.test(type.mediaType) ? activeContent(decoded(bytes), isSvg) : null;
  if (active !== null)
    return {
      refused: `the ${type.extension.toUpperCase()} file holds ${active}, and is not stored`,
    };
  return type;
}

/** Null for a web page. */
async function byBytes(
  bytes: Uint8Array,
  names: readonly string[],
): Promise<(FileType & { readonly isText?: boolean }) | null> {
  const head = textOf(bytes.subarray(0, HEAD));
  if (head !== null && isWebPage(head)) return null;
  const content = head?.replace(MARKUP_PROLOGUE, "") ?? "";
  if (/^<(?:[a-z]+:)?svg[\s>]/i.test(content))
    return { extension: "svg", mediaType: "image/svg+xml" };
  // Loaded for the first file: a run that fetches none needs none of its thirty modules.
  const { fileTypeFromBuffer } = await import("file-type");
  const found = await fileTypeFromBuffer(bytes);
  if (found?.mime === "image/gif" && isPolyglot(bytes)) return null;
  if (found?.mime === "application/x-cfb")
    return named(names, ["ole"], bytes) ?? NAMES[found.mime] ?? null;
  if (found?.mime === "application/zip")
    return named(names, ["zip"], bytes) ?? { extension: "zip", mediaType: found.mime };
  const isXml = found?.mime === "application/xml" || /^<[a-z_][\w.:-]*[\s/>]/i.test(content);
  const isText = head !== null || isNearlyText(bytes.subarray(0, HEAD));
  const text = isText ? named(names, isXml ? ["xml", "text"] : ["text"], bytes) : null;
  const isSure = found !== undefined && found.mime !== "application/xml";
  if (isSure && (text === null || head === null || !SHORT.has(found.mime)))
    return { extension: found.ext, mediaType: found.mime };
  if (text !== null) return { ...text, isText: !isXml };
  if (isXml) return { extension: "xml", mediaType: "application/xml" };
  if (head !== null) return { extension: "txt", mediaType: "text/plain", isText: true };
  return (
    named(names, ["data"], bytes) ?? { extension: "bin", mediaType: "application/octet-stream" }
  );
}

/** The beginning of a text; null where bytes hold what no text does. */
function textOf(head: Uint8Array): string | null {
  const text = decoded(head);
  return /[\0-\x08\x0e-\x1a]/.test(text) ? null : text.replace(/^\ufeff/, "");
}

/** Whether bytes are a text where they are named as one: some end with a control character, or have one here and there. */
function isNearlyText(head: Uint8Array): boolean {
  const controls = decoded(head).match(/[\x01-\x08\x0e-\x1f]/g)?.length ?? 0;
  return !head.includes(0) && controls <= Math.max(1, head.length / 100);
}

function decoded(bytes: Uint8Array): string {
  return new TextDecoder(CODINGS[`${bytes[0]},${bytes[1]}`] ?? "utf-8").decode(bytes);
}

/** By their byte order mark. */
const CODINGS: Readonly<Record<string, string>> = { "254,255": "utf-16be", "255,254": "utf-16le" };

/** A page with the first bytes of a GIF: markup takes the place of its screen and colours. */
function isPolyglot(bytes: Uint8Array): boolean {
  return /^GIF8[79]a[^,!]{0,64}<(?:!doctype|html|head|body|script)\b/i.test(
    Buffer.from(bytes.subarray(0, 128)).toString("latin1"),
  );
}

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
function activeContent(text: string, isSvg: boolean): string | null {
  const plain = text.replace(/&#(?:x([0-9a-f]{1,8})|(\d{1,8}));?/gi, (_, hex, decimal) => {
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : "";
  });
  // The text as it is shows the markup; with its references decoded it shows the values.
  const active = ACTIVE.find(([mark]) => mark.test(text) || mark.test(plain))?.[1] ?? null;
  return active ?? (isSvg ? (callsOut(text) ?? callsOut(plain)) : null);
}

/** A URL of another host, or of a scheme other than `data:`. A browser takes a backslash for a slash. */
const AWAY = /^[\s\0-\x20]*(?:(?!data:)[a-z][a-z0-9+.-]*:|[\\/]{2})/i;
/** Each tag's name, and each value that a browser fetches: what of a link is fetched only by who follows it. */
const FETCHED =
  /<([^\s<>/"'=!?]{1,60})|(?:^|[\s"'/:])(href|src|srcset|poster|data|background|action|formaction|base)\s*=\s*(?:"([^"]{0,300})|'([^']{0,300}))/gi;
/** A URL in a style sheet, or in an attribute that takes one of its values. */
const STYLED = /(?:url|src|image-set|image|cross-fade)\(\s*["']?([^"')]{0,300})/gi;
/** What fetches by itself, whatever its URL. */
const FETCHES: readonly RegExp[] = [
  /@import/i,
  /<(?:[^\s<>/:"'=]*:)?(?:link|meta|base|form|portal|applet|frame)[\s/>]/i,
  /attributename\s*=\s*["']\s*(?:[a-z]+:)?href/i,
];

/**
 * What an SVG fetches from elsewhere when it is shown or opened.
 *
 * @param text the whole of it, its character references decoded
 * @returns its name for a reason; null for one that fetches nothing
 */
function callsOut(text: string): string | null {
  if (FETCHES.some((mark) => mark.test(text))) return "what fetches another file";
  let element = "";
  for (const [, name, , double, single] of text.matchAll(FETCHED)) {
    if (name !== undefined) element = name.replace(/^.*:/, "").toLowerCase();
    else if (element !== "a" && AWAY.test(double ?? single ?? "")) return REASON;
  }
  for (const css of [text, withoutCssEscapes(text)])
    for (const [, url = ""] of css.matchAll(STYLED)) if (AWAY.test(url)) return REASON;
  return null;
}

const REASON = "the URL of another host, which it fetches";

/** Style sheets may write any letter as its number (https://www.w3.org/TR/css-syntax-3/#escaping). */
function withoutCssEscapes(text: string): string {
  return text
    .replace(/\/\*[^*]*\*\//g, "")
    .replace(/\\(?:([0-9a-f]{1,6})\s?|([^\n]))/gi, (_, hex, sign) => {
      const code = hex === undefined ? -1 : Number.parseInt(hex, 16);
      return code < 0 ? sign : code <= 0x10ffff ? String.fromCodePoint(code) : "";
    });
}
