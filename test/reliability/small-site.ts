/** A small site with one of everything that an archive holds, in two editions. */
import { answer, type FaultServer, startFaultServer } from "../fault-server.js";
import { FaultyOffice, HTML, html, LIST } from "./office.js";

export interface SmallSite {
  readonly server: FaultServer;
  readonly start: string;
  /** Publishes the next edition: an article is added, one edited, one corrected and one taken away. */
  next(): void;
}

/** How many entries of either edition go to quarantine: the exit code is 0 where so many may. */
export const REJECTED = 1;

export const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==",
  "base64",
);
const PDF = Buffer.from("%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n");
const MEDIA = `<p>With <img src="/files/a.png" alt="a picture"> and <a href="/files/b.pdf">a file</a>.</p>`;

/** Two listing pages, five articles of which one is rejected for its date, an image and an attachment. */
export async function startSmallSite(): Promise<SmallSite> {
  const office = new FaultyOffice({ articles: 5, perPage: 3 });
  let isNext = false;
  const server = await startFaultServer({
    "/robots.txt": html("", 404),
    "/files/a.png": (ask) => answer(ask, 200, { "content-type": "image/png" }, PNG),
    "/files/b.pdf": (ask) => answer(ask, 200, { "content-type": "application/pdf" }, PDF),
    "/news/story-2": (ask) => answer(ask, 200, HTML, office.article(2, MEDIA)),
    "/news/story-1": (ask) =>
      answer(ask, 200, HTML, office.article(1, isNext ? "<p>Edited.</p>" : undefined)),
    "*": (ask) => {
      const { pathname, searchParams } = new URL(ask.path, "http://x");
      if (pathname !== LIST) return office.answer(ask);
      const wrong = isNext ? /2021-03-04|3\/4\/2021/g : /2021-03-05|3\/5\/2021/g;
      const list = office.listing(Number(searchParams.get("page") ?? 0));
      answer(ask, 200, HTML, list.replace(wrong, "2021-02-30"));
    },
  });
  const next = () => {
    isNext = true;
    office.numbers = [6, 1, 2, 3, 4];
  };
  return { server, start: `${server.origin}${LIST}`, next };
}
