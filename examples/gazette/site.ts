import { defineSite } from "sitelift";

export default defineSite({
  name: "harbour-gazette",
  start: "https://gazette.example/news/",
  language: "en",
  listing: {
    rows: "article.card",
    link: "h2 a",
    next: "nav.pages a[rel=next]",
  },
  fields: {
    title: { listing: "h2", article: "main h1" },
    date: {
      listing: ".date",
      article: [{ select: "main time", attribute: "datetime" }, "main .date"],
      formats: ["d MMMM yyyy"],
    },
    type: { listing: ".label", values: { News: "news", "Letters to the editor": "letter" } },
    summary: { listing: ".teaser" },
    body: { article: "main .story" },
  },
  health: { title: 1, date: 0.9 },
});
