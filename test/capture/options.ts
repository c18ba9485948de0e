/** What a test captures with, where nothing depends on it. */
export const OPTIONS = {
  run: {
    site: "office",
    limit: null,
    since: null,
    articles: true,
    media: true,
    languages: null,
    ignoreRobots: false,
    requisites: "none" as const,
  },
  generator: "sitelift test",
  userAgent: "sitelift/test",
};
