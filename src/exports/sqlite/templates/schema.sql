PRAGMA page_size = 4096;
PRAGMA encoding = 'UTF-8';
CREATE TABLE articles (
  id TEXT PRIMARY KEY NOT NULL,
  title TEXT NOT NULL,
  date TEXT CHECK (date IS NULL OR date IS date(date)),
  type TEXT,
  language TEXT NOT NULL,
  direction TEXT NOT NULL CHECK (direction IN ('ltr', 'rtl')),
  address TEXT NOT NULL UNIQUE,
  source_url TEXT NOT NULL,
  summary TEXT,
  body TEXT NOT NULL,
  html TEXT NOT NULL,
  date_text TEXT,
  type_text TEXT,
  translation_key TEXT NOT NULL
);
CREATE INDEX articles_by_date ON articles (date);
CREATE INDEX articles_by_translation ON articles (translation_key);
CREATE TABLE aliases (
  article TEXT NOT NULL REFERENCES articles (id),
  address TEXT NOT NULL,
  PRIMARY KEY (article, address)
);
CREATE TABLE media (
  article TEXT NOT NULL REFERENCES articles (id),
  position INTEGER NOT NULL,
  path TEXT,
  address TEXT,
  source_url TEXT NOT NULL,
  alt TEXT,
  title TEXT,
  caption TEXT,
  kind TEXT,
  media_type TEXT,
  bytes INTEGER,
  sha256 TEXT,
  in_text INTEGER,
  PRIMARY KEY (article, position)
);
CREATE TABLE redirects (
  host TEXT,
  path TEXT NOT NULL,
  target TEXT NOT NULL,
  status INTEGER NOT NULL,
  article TEXT NOT NULL REFERENCES articles (id)
);
CREATE INDEX redirects_by_path ON redirects (path);
-- Finds words in any script that puts spaces between them, with or without accents.
CREATE VIRTUAL TABLE search USING fts5 (
  title, summary, body, content = 'articles', tokenize = 'unicode61 remove_diacritics 2'
);
-- Finds any three characters in a row, as Chinese needs it.
CREATE VIRTUAL TABLE search_parts USING fts5 (
  title, summary, body, content = 'articles', tokenize = 'trigram'
);
