import { expect, test } from "vitest";
import { parsePage } from "../../src/extract/tree.js";
import { convertNodes } from "../../src/markdown/to-markdown.js";

const URL_ = "https://example.org/news/one";
const DOT = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";

/** URLs of the images of a page's Markdown, as paths. */
function imagesOf(html: string): string[] {
  const body = Buffer.from(`<html><body><main><p>${html}</p></main></body></html>`);
  const tree = parsePage({ url: URL_, requestedUrl: URL_, status: 200, headers: {}, body });
  const { markdown, problem } = convertNodes(tree.$("main").contents().toArray(), {
    baseUrl: URL_,
  });
  expect(problem).toBeNull();
  return [...markdown.matchAll(/!\[[^\]]*\]\(([^)\s]+)/g)].map(([, url = ""]) =>
    url.replace("https://example.org", ""),
  );
}

test.each([
  ['<img src="/lazyloader/image_placeholder.gif" data-src="/r.jpg">', "/r.jpg"],
  ['<img src="/blank.png" data-lazyimage-src="/r.jpg">', "/r.jpg"],
  ['<img src="/t.gif" data-original="/r.jpg">', "/r.jpg"],
  ['<img src="/small-real.jpg" data-src="/r.jpg">', "/r.jpg"],
  ['<img src="/1x1.png" data-hi-res="/r.jpg">', "/r.jpg"],
  ['<img src="/img/grey.gif" data-echo="/r">', "/img/grey.gif"],
  ['<img src="/a.gif" class="lazyload" data-img="/r.webp?w=9">', "/r.webp?w=9"],
  [`<img src="${DOT}" data-src="/r">`, "/r"],
  [`<img src="${DOT}" data-srcset="/s.jpg 300w, /r.jpg 900w">`, "/r.jpg"],
  ['<img src="" data-lazy-srcset="/s.jpg 1x,/r.jpg 2x">', "/r.jpg"],
  [`<img src="${DOT}" srcset="${DOT} 1w, /r,1.jpg 2w">`, "/r,1.jpg"],
  ['<img src="about:blank" data-url="/r">', "/r"],
  ['<img src="/photo.jpg" data-url="/page">', "/photo.jpg"],
  ['<img src="/photo.jpg" data-thumb="/t.jpg" data-caption="a.jpg">', "/photo.jpg"],
  ['<img src="/photo.jpg" data-thumb-src="/thumb.jpg">', "/photo.jpg"],
  ['<img src="/photo.jpg" data-src="lazy">', "/photo.jpg"],
  [`<img src="/photo.jpg" data-src="${DOT}">`, "/photo.jpg"],
  ['<img src="/photo.jpg" data-meta="{&quot;url&quot;:&quot;/x.jpg&quot;}">', "/photo.jpg"],
  ['<img src="/loading-bay.jpg" data-full="/x.jpg">', "/loading-bay.jpg"],
  ['<img src="/x-ray.jpg" srcset="/y.jpg 2x">', "/x-ray.jpg"],
  ['<img src="/placeholder-300x200.png" srcset="/r.jpg 2x">', "/r.jpg"],
  [`<picture><source srcset="/r.webp"><img src="${DOT}"></picture>`, "/r.webp"],
  [`<picture><source data-srcset="/s.jpg 1x, /r.jpg 2x"><img></picture>`, "/r.jpg"],
  ['<picture><source srcset="/o.webp"><img src="/photo.jpg"></picture>', "/photo.jpg"],
  [`<img src="${DOT}"><noscript><img src="/r.jpg"></noscript>`, "/r.jpg"],
  ['<noscript><img src="/r.jpg"></noscript><img src="/spacer.gif">', "/r.jpg"],
  ['<span><img src="/spacer.gif"></span> <noscript><img src="/r.jpg"></noscript>', "/r.jpg"],
  ['<img data-src="/r.jpg"><noscript><img src="/r.jpg"></noscript>', "/r.jpg"],
  ['<noscript><img src="/r.jpg" alt="Alone"></noscript>', "/r.jpg"],
])("the image of %s is %s", (html, expected) => {
  expect(imagesOf(html)).toEqual([expected]);
});

test("a counter of one pixel in a noscript is not an image of the article", () => {
  expect(imagesOf('a<noscript><img height="1" width="1" src="/tr?id=1"></noscript>')).toEqual([]);
});

test("a real image beside another page's fallback stays, and so does the fallback", () => {
  const html = '<b><img src="/one.jpg"></b><noscript><img src="/two.jpg"></noscript>';
  expect(imagesOf(html)).toEqual(["/one.jpg", "/two.jpg"]);
});
