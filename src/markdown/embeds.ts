/**
 * Elements that print nothing by themselves, and that a script turns into a film, a post or a picture: `<lite-youtube videoid>`,
 * `<amp-img src>`, `<div class="fb-post" data-href>`, CKEditor's `<oembed url>`. Each is read as what it leads to.
 */
import { Element, Text } from "domhandler";
import { isElement, names } from "../extract/nodes.js";
import { partOf } from "./elements.js";
import { texOf } from "./formulas.js";

/** Players that name a film or a post by its id alone: a word of the element's name or class, the attributes, and the URL before the id. */
const SERVICES: readonly (readonly [word: RegExp, ids: string, url: string])[] = [
  [
    /youtube/i,
    "videoid video-id data-videoid data-video-id data-youtube-id data-ytid data-id data-plyr-embed-id",
    "https://www.youtube.com/watch?v=",
  ],
  [
    /vimeo/i,
    "videoid video-id data-videoid data-vimeo-id data-id data-plyr-embed-id",
    "https://vimeo.com/",
  ],
  [/dailymotion/i, "videoid data-videoid data-id", "https://www.dailymotion.com/video/"],
  [/instagram/i, "data-shortcode", "https://www.instagram.com/p/"],
  [/twitter|tweet/i, "data-tweetid data-tweet-id", "https://twitter.com/i/status/"],
  [/soundcloud/i, "data-trackid", "https://api.soundcloud.com/tracks/"],
];
/** Attributes that hold the URL of what is shown; `data-url` of a share button is the page itself. */
const URLS =
  "src url href data-src data-href data-url data-oembed-url data-embed-url data-video-url data-iframe-src data-instgrm-permalink data-permalink data-pin-href".split(
    " ",
  );
/** What only takes the reader to where the page can be shared or the site followed. */
const SHARES = /share|sharing|like|follow|addthis|addtoany|a2a|social|button|comments/i;
const IMAGE = /^(amp-img|amp-anim)$/;
const IMAGE_FILE = /\.(png|jpe?g|gif|webp|avif|svg|bmp)([?#]|$)/i;

/** Where one of these is missing, an element names no URL. */
const NAMES = names("src url href videoid video-id");
const BOXES = names("div section aside center blockquote");
const DEPTH = 5;

/**
 * What an element without content is read as, a link or an image; null where it is neither. The
 * words of a link are those that the element has for its reader, else its URL.
 */
export function standIn(element: Element): Element | null {
  const { name, attribs } = element;
  if (name === "script") return texOf(element);
  const isBox = BOXES.has(name);
  if (!isBox && partOf(name) !== "unwrap") return null;
  const url = embedUrl(element);
  if (url === null || !isBare(element)) return null;
  const { id, alt = "", title, playlabel } = attribs;
  const words = playlabel ?? title ?? attribs["aria-label"] ?? attribs["data-title"] ?? alt;
  const shown =
    IMAGE_FILE.test(url) || IMAGE.test(name)
      ? new Element("img", { src: url, alt })
      : new Element("a", { href: url }, [new Text(words.trim() || url)]);
  if (id !== undefined) shown.attribs.id = id;
  return isBox ? new Element("p", {}, [shown]) : shown;
}

/** The URL that an element which is not a link or an image names; null for none, and for that of a button to share the page. */
function embedUrl({ name, attribs }: Element): string | null {
  const keys = Object.keys(attribs);
  if (!keys.some((key) => key.startsWith("data-") || NAMES.has(key))) return null;
  const words = `${name} ${attribs.class ?? ""} ${attribs["data-plyr-provider"] ?? ""} ${keys.join(" ")}`;
  if (SHARES.test(words)) return null;
  for (const [word, ids, base] of SERVICES) {
    if (!word.test(words)) continue;
    const id = ids
      .split(" ")
      .map((key) => attribs[key]?.trim())
      .find((value) => value && /^[\w-]+$/.test(value));
    if (id !== undefined) return base + id;
  }
  const isOwn = name.includes("-");
  const found = URLS.map((key) => attribs[key]?.trim()).find(
    (url) => url && (/^(https?:)?\/\//i.test(url) || (isOwn && url.startsWith("/"))),
  );
  return found ?? null;
}

/** True where there is nothing that would be printed: words, an image, a frame, a form. */
export function isBare({ children }: Element, depth = DEPTH): boolean {
  return children.every((child) => {
    if (child.type === "text") return child.data.trim() === "";
    if (!isElement(child) || child.attribs.placeholder !== undefined) return true;
    const part = partOf(child.name);
    if (part === "drop") return true;
    return depth > 0 && (part === "block" || part === "unwrap") && isBare(child, depth - 1);
  });
}
