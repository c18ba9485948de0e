/** What the help of each command ends with. */
export const EXAMPLES: Readonly<Record<string, readonly [string, string]>> = {
  demo: ["demo", "demo --serve --port 8080"],
  crawl: ["crawl unesco-beijing --limit 20 --dry-run", "crawl my-site.ts --out archive"],
  fleet: ["fleet fleet.yaml --dry-run", "fleet fleet.yaml --only unesco-beijing,unesco-j*"],
  worker: [
    "worker --on redis://10.0.0.5:6379 --store /mnt/fleet",
    "worker --on redis://localhost:6379 --store s3://bucket/fleet --at-once 8",
  ],
  build: [
    "build archive/captures/* --site my-site.ts --out again",
    "build --manifest builds.jsonl --index 3",
  ],
  archive: [
    "archive list unesco-beijing",
    "archive list https://example.org/news --in https://web.archive.org/web",
  ],
  pack: ["pack archive", "pack archive --out archive.wacz --sign key.pem"],
  verify: ["verify archive", "verify archive.wacz --json"],
  prune: ["prune archive --keep monthly:12,yearly --dry-run", "prune archive --before 2026-01-01"],
  diff: ["diff archive --last --summary", "diff archive --from 2026-01 --to 2026-02"],
  export: ["export archive --to hugo", "export archive --to csv --out tables"],
  redirects: [
    "redirects archive --format nginx --out redirects.conf",
    "redirects archive --check http://localhost:8080",
  ],
  inspect: [
    "inspect page.html --url https://example.org/news --preset drupal7",
    "inspect https://example.org/news --capture archive --site my-site.ts",
  ],
  record: [
    "record https://example.org/news/a-story --site my-site.ts --trim --scrub",
    "record https://example.org/news --site my-site.ts --walk",
  ],
  test: ["test", "test fixtures/cases --reporter html --out report.html"],
  init: ["init https://example.org/news", "init page.html --url https://example.org/news --yes"],
  drift: ["drift", "drift fixtures/cases --max-age 90d"],
  repair: [
    "repair archive --site my-site.ts",
    "repair archive --site my-site.ts --capture archive/captures/20261130T020000Z --accept",
  ],
  schema: ["schema site --out site.schema.json", "schema entry"],
  explain: ["explain page-short", "explain 3"],
};
