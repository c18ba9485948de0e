/** Lists with a way on that no selector reads, and with what only looks like one. */
import type { SiteInput } from "../../src/site/site.js";

export const ROW = (n: number) =>
  `<article class="card"><h2><a href="/a/${n}/">Story ${n}</a></h2><p>3 May 2021, on the quay. <a href="/a/${n}/">Read more</a></p></article>`;
export const rows = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => ROW(from + at)).join("\n");
export const page = (list: string, after = "", before = "") =>
  `<!doctype html><html lang="en"><head><title>News</title></head><body><header><a href="/">Gazette</a></header>${before}<main><h1>News</h1><div class="list">${list}</div>${after}</main><footer>Gazette</footer></body></html>`;

export interface Given {
  /** Below the rows of the first page. */
  readonly after?: string;
  readonly before?: string;
  readonly list?: string;
  readonly listing?: SiteInput["listing"];
  readonly accept?: SiteInput["accept"];
  /** Other pages by path. */
  readonly pages?: Readonly<Record<string, string>>;
}

export const link = (href: string, words: string) =>
  `<div class="nav"><a href="${href}">${words}</a></div>`;

/** Four weeks of days that are links, and other months. */
function month(seventh = "<td>7</td>"): string {
  const day = (n: number) => (n === 7 ? seventh : `<td><a href="/day/${n}/">${n}</a></td>`);
  const week = (first: number) =>
    `<tr>${[0, 1, 2, 3, 4, 5, 6].map((at) => day(first + at)).join("")}</tr>`;
  return `<div class="box"><table><tr><th colspan="3"><a href="/cal/2021-04">«</a></th><th colspan="4"><a href="/cal/2021-06">»</a></th></tr>${[1, 8, 15, 22].map(week).join("")}</table></div>`;
}

/** What is below the rows, and what the run must say of it. */
export const TOLD: Record<string, [after: string, said: RegExp]> = {
  "older posts by an arrow": [
    '<div class="nav-previous"><a href="page/2/index.html"><span>&larr;</span> Older posts</a></div>',
    /\/news\/page\/2\/index\.html/,
  ],
  "words that were escaped twice": [link("/old/", "Next &amp;raquo;"), /\/old\//],
  "an arrow that was escaped twice": [link("/old/", "&amp;amp;#8250;"), /\/old\//],
  "a parameter in Czech": [link("?strana=2", "Další"), /strana=2/],
  "a parameter of an unknown name": [link("?xyz=2", "2"), /xyz=2/],
  "an offset": [link("?start=10", "2"), /start=10/],
  "a number in the path": [link("/news/2/", "2"), /\/news\/2/],
  "a short path": [link("/news/p/2", "on"), /\/news\/p\/2/],
  "a number after the name": [link("/news/page-2", "on"), /page-2/],
  "a number without a mark": [link("/news/page2.html", "on"), /page2\.html/],
  "an arrow of a list that runs from right to left": [link("/archive?x=b", "«"), /archive\?x=b/],
  "an icon": [
    '<ul class="pagination"><li><a href="/list/b"><i class="fa fa-chevron-right"></i></a></li></ul>',
    /\/list\/b/,
  ],
  "an icon whose class has a colon": [
    '<ul class="pagination"><li><a href="/list/b"><i class="i-mdi:chevron-right"></i></a></li></ul>',
    /\/list\/b/,
  ],
  "25 numbers in one row of a table": [
    `<table><tr><td>1</td>${Array.from({ length: 24 }, (_, at) => `<td><a href="/list/${at + 2}/x">${at + 2}</a></td>`).join("")}</tr></table>`,
    /\/list\/2\/x/,
  ],
  "a label for screen readers": [
    '<p><a href="/list/b" aria-label="Nächste Seite"></a></p>',
    /\/list\/b/,
  ],
  "a class name alone": ['<p><a class="next-page" href="/list/b">↓</a></p>', /\/list\/b/],
  "more, beside the rows": [link("/archive", "More"), /\/archive/],
  "a list to choose from": [
    '<select onchange="go(this)"><option value="/news/">1</option><option value="/news/?page=2">2</option></select>',
    /page=2/,
  ],
  "a script link": [
    `<div class="pages"><a href="javascript:__doPostBack('list','Page$2')">2</a></div>`,
    /only a script follows "2".*__doPostBack/,
  ],
  "a button with a script": [
    '<button onclick="more()">Load more</button>',
    /only a script follows "Load more"/,
  ],
  "a button by its class": [
    '<button class="btn js-load-more">+</button>',
    /button\.btn\.js-load-more/,
  ],
  "a link to nowhere by its number": [
    '<nav class="pager"><a href="#" data-page="2">2</a></nav>',
    /"2" to #/,
  ],
  "a box that loads while one scrolls": [
    '<div class="infinite" data-infinite-next="2"></div>',
    /div\.infinite/,
  ],
  "a form": [
    '<form method="post"><input type="hidden" name="page" value="2"><button>Go</button></form>',
    /a form "Go"/,
  ],
  "a part of a list from one row to another": [link("?from=11&to=20", "11-20"), /from=11&to=20/],
  "a number with a colon": [link("/news/page:2", "on"), /page:2/],
  "rows by an offset in the path": [link("/news/s2", "2"), /\/news\/s2/],
  "an image": ['<a href="/list/b"><img src="n.gif" alt="Next"></a>', /\/list\/b/],
  "an image that says in Vietnamese that the list goes on": [
    '<div><a href="#"><img src="n.gif" alt="Xem tiếp"></a></div>',
    /only a script follows "Xem tiếp"/,
  ],
  "a fragment that a script reads": [
    '<nav class="pager"><a href="#!/page/2">2</a></nav>',
    /#!\/page\/2/,
  ],
  "numbers without links": [
    '<ul class="el-pager"><li class="number active">1</li><li class="number">2</li></ul>',
    /ul\.el-pager > li\.number/,
  ],
  "buttons with numbers": [
    '<div class="paging"><button>1</button><button>2</button></div>',
    /div\.paging > button/,
  ],
  "a choice of pages": [
    '<form action="/list"><select name="page"><option value="1">1</option><option value="2">2</option></select><button>Go</button></form>',
    /a form "Go"/,
  ],
  "the foot of the list": ['<footer><a class="next" href="/list/b">Next</a></footer>', /\/list\/b/],
  "an item with a sign of its own": [
    '<ul><li class="next"><i></i><a href="/list/b">↓</a></li></ul>',
    /\/list\/b/,
  ],
  "a form by its button": ['<form method="get"><button>Next page</button></form>', /Next page/],
};

/** Words that lead on, one or two of each language. */
export const WORDS =
  "Next|Older posts|Suivant|Articles plus anciens|Page suivante|Siguiente|Entradas antiguas|Próxima página|Следующая|Ранее|التالي|下一页|Keyingi|Weiter|Ältere Beiträge|Successivo|Articoli meno recenti|Volgende|Oudere berichten|Następna|Starsze wpisy|Další|Starší články|Ďalšia|Következő oldal|Régebbi bejegyzések|Următoarea|Sonraki|Daha eski yazılar|Επόμενη|Παλαιότερα άρθρα|Nästa|Äldre inlägg|Næste|Ældre indlæg|Neste side|Eldre innlegg|Seuraava|Vanhemmat artikkelit|Järgmine|Nākamā|Kitas puslapis|Наступна|Старіші записи|Следваща|Следећа|Sljedeća|Naslednja|Next »|→|»|›|次へ|次のページ|다음|다음 페이지|ถัดไป|Trang sau|Tiếp theo|Berikutnya|Halaman selanjutnya|Seterusnya|अगला|بعدی|הבא|შემდეგი|Հաջորդ|Següent|Hurrengoa|Seguinte|Næsta";

/** What leads nowhere: such a page is complete. */
export const FURNITURE: Record<string, Given> = {
  nothing: {},
  "the foot of another part": {
    after: '<section><h3>Fair</h3><footer><a href="/fair/b">Next</a></footer></section>',
  },
  "a breadcrumb": {
    before: '<nav class="breadcrumb"><a href="/">Home</a> » <a href="/press">Press</a> ›</nav>',
  },
  "share buttons": {
    after:
      '<div class="share"><a href="/share?u=2">Forward</a> <a href="https://x.example/next">Next</a></div>',
  },
  "a language switch": {
    before:
      '<ul class="language-switcher"><li><a href="/fr/news">Français</a></li><li><a href="/ru/news">Русский</a></li></ul>',
  },
  "a calendar": { after: month() },
  "a calendar in which today is named": { after: month("<td id='today'>7</td>") },
  "a sentence that counts its articles": {
    after:
      '<nav aria-label="Pagination Navigation"><p>Showing <span>1</span> to <span>2</span> of <span>2</span> results</p></nav><div class="pagination-info">All <span>2</span> items</div>',
  },
  "an arrow in each row, called after the page that it opens": {
    list: rows(1, 5).replace(/>Read more</g, ' aria-label="Open page">→<'),
  },
  "a part of the page that is called so": {
    before:
      '<div role="main" aria-label="Page content"><section><h2>Fair</h2><button>→</button></section></div>',
  },
  "years of an archive": {
    after:
      '<ul class="years"><li><a href="/news/2021/">2021</a></li><li><a href="/news/2020/">2020</a></li><li><a href="?year=2019">2019</a></li></ul>',
  },
  "a page of a site that is named by a number": {
    after:
      '<ul><li><a href="?page_id=2">About us</a></li><li><a href="?pageid=2">Map</a></li></ul>',
  },
  "a carousel": {
    before:
      '<div id="c" class="carousel"><a href="#c" data-slide="next">Next</a><button class="slick-next">Next</button></div>',
  },
  "a switch that opens a text": {
    after: '<button aria-expanded="false" data-toggle="collapse">Show more</button>',
  },
  "a side block with a link to more": {
    after:
      '<aside><h3>Events</h3><ul><li><a href="/events/1">Fair</a></li></ul><a href="/events">More</a></aside>',
  },
  "a pager that is switched off": {
    after:
      '<ul class="pagination"><li class="disabled"><a href="#">«</a></li><li class="active"><a href="#">1</a></li><li class="disabled"><a href="#">Next</a></li></ul>',
  },
  "a search form": {
    before:
      '<form role="search" action="/search"><input type="hidden" name="page" value="1"><button>Search</button></form>',
  },
  "choices of year, order and size": {
    after: '<p><a href="?year=2">2</a> <a href="?sort=2">2</a> <a href="?per_page=20">20</a></p>',
  },
  "a section of events": {
    after:
      '<section><h3>Events</h3><ul><li><a href="/e/1">Fair</a></li></ul><p><a href="/e">More events</a></p></section>',
  },
  "a box with a link to more": {
    after: '<div><h3>Contact</h3><p>Harbour office</p><a href="/contact">More</a></div>',
  },
  "a form for a newsletter": {
    after: '<form class="newsletter"><input name="email"><button>Next</button></form>',
  },
  "a player": { after: '<div class="player"><button>Next</button></div>' },
  "pictures of people and sponsors": {
    after: `<ul class="team">${Array.from({ length: 8 }, (_, at) => `<li><img src="/x"><a href="/p/${at}">Person ${at}</a></li>`).join("")}</ul>`,
  },
  "a control that is hidden": {
    after: '<button class="load-more" style="display: none">Load more</button>',
  },
  "a link to the top": { after: '<p id="top"><a href="#top">↑ Top</a></p>' },
  "steps and events by name": {
    after:
      '<p><a href="/steps">Next steps</a> <a href="/fair">Next event</a> <a href="/sub">Subscribe »</a></p>',
  },
  "tags and months": {
    after: `<ul class="tags">${Array.from({ length: 12 }, (_, at) => `<li><a href="/tag/${at}">Harbour matters ${at} (4)</a></li>`).join("")}</ul>`,
  },
  "a menu with many links": {
    before: `<ul class="main-menu">${Array.from({ length: 12 }, (_, at) => `<li><h3><a href="/m/${at}">Department number ${at}</a></h3></li>`).join("")}</ul>`,
  },
};
