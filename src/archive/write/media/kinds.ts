/**
 * Kinds of files that their bytes do not tell apart: what a file is named or served as chooses between those that its
 * bytes allow. None of them runs when a browser opens it.
 */
import { decodeText } from "../../../disk/read.js";

export interface FileType {
  /** Without a dot, in lower case. */
  readonly extension: string;
  readonly mediaType: string;
}

/** What bytes are where no signature names their kind: `zip` and `ole` are containers, `data` is neither text nor known. */
type Form = "text" | "xml" | "zip" | "ole" | "data";

/** Media types by extension. The first of one media type is the extension that it gives. */
const KINDS: Readonly<Record<Form, Readonly<Record<string, string>>>> = {
  text: {
    txt: "text/plain",
    csv: "text/csv",
    tsv: "text/tab-separated-values",
    md: "text/markdown",
    json: "application/json",
    geojson: "application/geo+json",
    yaml: "application/yaml",
    srt: "application/x-subrip",
    vtt: "text/vtt",
    ics: "text/calendar",
    vcf: "text/vcard",
    bib: "application/x-bibtex",
    ris: "application/x-research-info-systems",
    tex: "text/x-tex",
    eml: "message/rfc822",
    log: "text/plain",
  },
  xml: {
    xml: "application/xml",
    kml: "application/vnd.google-earth.kml+xml",
    gpx: "application/gpx+xml",
    gml: "application/gml+xml",
    rdf: "application/rdf+xml",
    rss: "application/rss+xml",
    atom: "application/atom+xml",
  },
  zip: {
    epub: "application/epub+zip",
    docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    odt: "application/vnd.oasis.opendocument.text",
    ods: "application/vnd.oasis.opendocument.spreadsheet",
    odp: "application/vnd.oasis.opendocument.presentation",
    kmz: "application/vnd.google-earth.kmz",
  },
  ole: {
    doc: "application/msword",
    xls: "application/vnd.ms-excel",
    ppt: "application/vnd.ms-powerpoint",
    pub: "application/vnd.ms-publisher",
    msg: "application/vnd.ms-outlook",
    mpp: "application/vnd.ms-project",
    vsd: "application/vnd.visio",
  },
  data: {
    dbf: "application/vnd.dbf",
    shp: "application/vnd.shp",
    shx: "application/vnd.shx",
    sav: "application/x-spss-sav",
  },
};

/** Other names of media types, as servers use them. */
const ALIASES: Readonly<Record<string, string>> = {
  "text/xml": "xml",
  "text/json": "json",
  "text/yaml": "yaml",
  "application/x-yaml": "yaml",
  "application/csv": "csv",
  "text/comma-separated-values": "csv",
  "text/x-markdown": "md",
  "application/x-tex": "tex",
};

/** What a file of a kind has in it: without that its name is wrong. */
const MARKS: Readonly<Record<string, string | RegExp>> = {
  json: /^\s*[[{]/,
  geojson: /^\s*\{/,
  epub: "META-INF/container.xml",
  docx: "word/document.xml",
  xlsx: "xl/workbook.xml",
  pptx: "ppt/presentation.xml",
  odt: "content.xml",
  ods: "content.xml",
  odp: "content.xml",
  kmz: ".kml",
};

/** Extensions that a file is said to have, the surest first. */
export function namesOf(
  urls: readonly string[],
  headers: Readonly<Record<string, string>>,
): readonly string[] {
  const [, file = ""] =
    /filename[^;]*\.([a-z0-9]{1,8})["']?\s*(?:;|$)/i.exec(headers["content-disposition"] ?? "") ??
    [];
  const type = (headers["content-type"] ?? "").split(/[;,]/, 1)[0]?.trim().toLowerCase() ?? "";
  const served = Object.values(KINDS)
    .flatMap((kinds) => Object.entries(kinds))
    .find(([, mediaType]) => mediaType === type)?.[0];
  const all = [...urls.map(urlEnding), file.toLowerCase(), served ?? ALIASES[type] ?? ""];
  return [...new Set(all)].filter((name) => name !== "");
}

/** Extension of the last piece of a URL's path; empty without one. */
export function urlEnding(url: string): string {
  return /\.([a-z0-9]{1,8})$/i.exec(new URL(url).pathname)?.[1]?.toLowerCase() ?? "";
}

/** The kind of the first name that the bytes allow; null for none. @param forms that the bytes may have */
export function named(
  names: readonly string[],
  forms: readonly Form[],
  bytes: Uint8Array,
): FileType | null {
  for (const extension of names)
    for (const form of forms) {
      const mediaType = KINDS[form][extension];
      if (mediaType !== undefined && isMarked(extension, bytes)) return { extension, mediaType };
    }
  return null;
}

function isMarked(extension: string, bytes: Uint8Array): boolean {
  const mark = MARKS[extension];
  if (mark === undefined) return true;
  if (typeof mark === "string")
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(mark);
  return mark.test(decodeText(bytes.subarray(0, 1024)).replace(/^\ufeff/, ""));
}
