/** Invented sites that are not Drupal's, each a listing page and one article of it. */
import type { Page } from "../../src/model.js";

export interface Invented {
  readonly name: string;
  readonly url: string;
  readonly listing: string;
  readonly article: { readonly url: string; readonly html: string } | null;
  /** What must be read: titles in order, dates in order, URL of the next page. */
  readonly titles: readonly string[];
  readonly dates: readonly (string | null)[];
  readonly types?: readonly string[];
  readonly next: string | null;
  readonly pageCount?: number;
  readonly bodyHolds?: string;
}

export function pageOf(url: string, html: string): Page {
  return { url, requestedUrl: url, status: 200, headers: {}, body: Buffer.from(html) };
}

const LOREM = [
  "The harbour was quiet in the morning, and the boats that had left before dawn were already far beyond the lighthouse.",
  "Nobody had expected the fog to stay so long, but it did, and the bell was rung every quarter of an hour until noon.",
  "When it lifted, the islands stood where they had always stood, and the ferry resumed its service with two hours of delay.",
];
const paragraphs = LOREM.map((text) => `<p>${text}</p>`).join("\n");
const menu = `<header class="site-header"><nav class="main-menu"><ul>${["Home", "About us", "Our work", "Press", "Contact"].map((name) => `<li class="menu-item"><a href="/${name.toLowerCase().replaceAll(" ", "-")}">${name}</a></li>`).join("")}</ul></nav></header>`;
const footer = `<footer class="site-footer"><ul>${["Imprint", "Privacy", "Jobs", "Sitemap"].map((name) => `<li><a href="/${name.toLowerCase()}">${name}</a></li>`).join("")}</ul><p>© 2021</p></footer>`;
const document_ = (language: string, content: string, head = "") =>
  `<!DOCTYPE html><html lang="${language}"><head><meta charset="utf-8">${head}</head><body>${menu}${content}${footer}</body></html>`;

const WP_TITLES = [
  "Fog over the northern sound",
  "A new bell for the lighthouse",
  "Ferry timetable for winter",
  "Ropes, knots and splices",
  "The pilot who could not swim",
  "Harvest of kelp begins",
];
const WP_DATES = [
  "2021-11-28",
  "2021-11-20",
  "2021-10-30",
  "2021-10-09",
  "2021-09-18",
  "2021-09-02",
];
const wordpress: Invented = {
  name: "WordPress",
  url: "https://sound.example/news/page/2/",
  titles: WP_TITLES,
  dates: WP_DATES,
  next: "https://sound.example/news/page/3/",
  pageCount: 12,
  bodyHolds: LOREM[1] ?? "",
  listing: document_(
    "en-GB",
    `<div id="page"><main id="main" class="site-main">${WP_TITLES.map(
      (
        title,
        index,
      ) => `<article id="post-${900 + index}" class="post-${900 + index} post type-post status-publish format-standard hentry category-${["sea", "land"][index % 2]}">
<header class="entry-header"><h2 class="entry-title"><a href="https://sound.example/2021/${title.toLowerCase().replaceAll(" ", "-")}/" rel="bookmark">${title}</a></h2>
<div class="entry-meta"><span class="posted-on"><a href="https://sound.example/2021/x/"><time class="entry-date published" datetime="${WP_DATES[index]}T09:30:00+01:00">${WP_DATES[index]}</time></a></span><span class="cat-links"><a href="/category/x">${["Sea", "Land"][index % 2]}</a></span></div></header>
<div class="entry-summary"><p>${LOREM[index % 3]} [&hellip;]</p><a class="more-link" href="https://sound.example/2021/more-${index}/">Continue reading</a></div></article>`,
    ).join("\n")}
<nav class="navigation pagination"><h2 class="screen-reader-text">Posts navigation</h2><div class="nav-links"><a class="prev page-numbers" href="https://sound.example/news/">Previous</a><a class="page-numbers" href="https://sound.example/news/"><span class="meta-nav screen-reader-text">Page </span>1</a><span aria-current="page" class="page-numbers current"><span class="meta-nav screen-reader-text">Page </span>2</span><a class="page-numbers" href="https://sound.example/news/page/3/"><span class="meta-nav screen-reader-text">Page </span>3</a><span class="page-numbers dots">…</span><a class="page-numbers" href="https://sound.example/news/page/12/"><span class="meta-nav screen-reader-text">Page </span>12</a><a class="next page-numbers" href="https://sound.example/news/page/3/">Next</a></div></nav></main>
<aside id="secondary" class="widget-area"><section class="widget"><h2>Recent posts</h2><ul>${WP_TITLES.map((title) => `<li><a href="https://sound.example/2021/${title.length}/">${title}</a></li>`).join("")}</ul></section></aside></div>`,
  ),
  article: {
    url: "https://sound.example/2021/fog-over-the-northern-sound/",
    html: document_(
      "en-GB",
      `<main id="main"><article class="post-900 post hentry"><header class="entry-header"><h1 class="entry-title">Fog over the northern sound</h1></header><div class="entry-content">${paragraphs}<ul><li>One short point</li></ul></div><div id="comments" class="comments-area"><p>What a lovely text about the fog, I remember it well and so does my aunt.</p><p>So do I, although I was in the other valley at that time of the year.</p></div></article></main>`,
    ),
  },
};

const TABLE = [
  ["3/1/2022", "Minutes of the harbour council", "Minutes"],
  ["14/12/2021", "Notice to mariners: buoy 7 adrift", "Notice"],
  ["2/12/2021", "Tide tables for the coming year", "Notice"],
  ["25/11/2021", "Minutes of the extraordinary meeting", "Minutes"],
  ["11/11/2021", "Dredging of the inner basin", "Notice"],
] as const;
const table: Invented = {
  name: "a plain table",
  url: "https://council.example/archive.php",
  titles: TABLE.map(([, title]) => title),
  dates: ["2022-01-03", "2021-12-14", "2021-12-02", "2021-11-25", "2021-11-11"],
  types: TABLE.map(([, , type]) => type.toLowerCase()),
  next: "https://council.example/archive.php?start=5",
  listing: document_(
    "en",
    `<div id="content"><h1>Archive</h1><table><tr><th>Date</th><th>Title</th><th>Kind</th></tr>${TABLE.map(([date, title, type], index) => `<tr><td>${date}</td><td><a href="show.php?id=${index}">${title}</a></td><td>${type}</td></tr>`).join("")}</table><p><a class="older" href="archive.php?start=5">older entries</a></p></div>`,
  ),
  article: {
    url: "https://council.example/show.php?id=0",
    html: document_(
      "en",
      `<div id="content"><h1>Minutes of the harbour council</h1><div class="text">${paragraphs}</div></div>`,
    ),
  },
};

const LIST = [
  ["12 mars 2021", "Ouverture de la bibliothèque du port"],
  ["28 février 2021", "Les gardiens de phare se souviennent"],
  ["1er février 2021", "Un atelier de cartographie"],
  ["9 janvier 2021", "La digue est réparée"],
] as const;
const list: Invented = {
  name: "a list of links with dates in the text, in French",
  url: "https://phare.example/actualites",
  titles: LIST.map(([, title]) => title),
  dates: ["2021-03-12", "2021-02-28", "2021-02-01", "2021-01-09"],
  next: "https://phare.example/actualites?page=2",
  listing: document_(
    "fr",
    `<main><h1>Actualités</h1><ul class="actualites">${LIST.map(([date, title], index) => `<li>${date} – <a href="/actualites/${index}">${title}</a></li>`).join("")}</ul><div class="pages"><b>1</b> <a href="/actualites?page=2">2</a> <a href="/actualites?page=3">3</a> <a rel="next" href="/actualites?page=2">Suivant</a></div></main>`,
  ),
  article: {
    url: "https://phare.example/actualites/0",
    html: document_(
      "fr",
      `<main><h1>Ouverture de la bibliothèque du port</h1><div class="corps">${paragraphs}</div></main>`,
    ),
  },
};

const CARDS = [
  "Глубина у причала",
  "Новый маяк на мысе",
  "Рыбаки вышли в море",
  "Туман над проливом",
  "Школа юных моряков",
  "Праздник воды",
];
const CARD_DATES = [
  "5 декабря 2021 г.",
  "30 ноября 2021 г.",
  "21 ноября 2021 г.",
  "12 ноября 2021 г.",
  "3 ноября 2021 г.",
  "1 октября 2021 г.",
];
const cards: Invented = {
  name: "cards with hashed classes, in Russian",
  url: "https://more.example/novosti/?PAGEN_1=0",
  titles: CARDS,
  dates: ["2021-12-05", "2021-11-30", "2021-11-21", "2021-11-12", "2021-11-03", "2021-10-01"],
  next: "https://more.example/novosti/?PAGEN_1=1",
  pageCount: 4,
  listing: document_(
    "ru",
    `<div class="css-1x2y3z"><div class="grid news-grid">${CARDS.map((title, index) => `<div class="news-card css-9ab${index}d Card_root__x7Fd${index}"><a class="Card_link__aB3dE" href="/novosti/${index}"><img src="/i/${index}.jpg" alt=""><h3 class="news-card__title css-77aa11">${title}</h3></a><div class="news-card__date">${CARD_DATES[index]}</div></div>`).join("")}</div>
<ul class="pager-list"><li class="active"><span>1</span></li><li><a href="?PAGEN_1=1">2</a></li><li><a href="?PAGEN_1=2">3</a></li><li><a href="?PAGEN_1=3">4</a></li></ul></div>`,
  ),
  article: {
    url: "https://more.example/novosti/0",
    html: document_(
      "ru",
      `<div class="css-1x2y3z"><h1>Глубина у причала</h1><div class="news-detail">${paragraphs}</div></div>`,
    ),
  },
};

const ARABIC = [
  "افتتاح مكتبة المرفأ",
  "حراس المنارة يتذكرون",
  "ورشة لرسم الخرائط البحرية",
  "إصلاح الحاجز الشرقي",
];
const ARABIC_DATES = ["٨ فيفري ٢٠٢١", "٣ فيفري ٢٠٢١", "٢٧ جانفي ٢٠٢١", "١٢ جانفي ٢٠٢١"];
const arabic: Invented = {
  name: "cards with a time element, in Arabic",
  url: "https://marfa.example/ar/news",
  titles: ARABIC,
  dates: ["2021-02-08", "2021-02-03", "2021-01-27", "2021-01-12"],
  next: "https://marfa.example/ar/news?page=1",
  listing: `<!DOCTYPE html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><link rel="next" href="/ar/news?page=1"></head><body>${menu}<section class="news-list">${ARABIC.map((title, index) => `<div class="card"><a href="/ar/news/${index}"><h2>${title}</h2></a><span class="when">${ARABIC_DATES[index]}</span><p class="card-text">${title} ${title} ${title}</p></div>`).join("")}</section>${footer}</body></html>`,
  article: null,
};

const RELATIVE = ["Boat adrift off Pellan", "Ferry resumes after storm", "School closed for snow"];
const relative: Invented = {
  name: "relative dates",
  url: "https://ticker.example/",
  titles: RELATIVE,
  dates: [null, null, null],
  next: null,
  listing: document_(
    "en",
    `<main><div class="stories">${RELATIVE.map((title, index) => `<div class="story"><h3><a href="/story/${index}">${title}</a></h3><span class="ago">${index + 2} hours ago</span><p>${LOREM[index]}</p></div>`).join("")}</div></main>`,
  ),
  article: null,
};

const AMBIGUOUS = ["Regatta", "Concert on the pier", "Open day"];
const ambiguous: Invented = {
  name: "numeric dates that prove no order",
  url: "https://pier.example/events",
  titles: AMBIGUOUS,
  dates: ["2021-05-03", "2021-04-02", "2021-01-05"].map((date) => date),
  next: null,
  listing: document_(
    "en",
    `<main><ol class="events">${AMBIGUOUS.map((title, index) => `<li class="event"><a class="event-title" href="/events/${index}">${title} of the year</a> <em class="event-date">${["03/05/2021", "02/04/2021", "05/01/2021"][index]}</em></li>`).join("")}</ol></main>`,
  ),
  article: null,
};

export const SITES: readonly Invented[] = [wordpress, table, list, cards, arabic, relative];
export const AMBIGUOUS_SITE = {
  ...ambiguous,
  titles: AMBIGUOUS.map((title) => `${title} of the year`),
};
