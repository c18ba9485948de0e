/**
 * The nouns of sitelift, in the order in which data meets them:
 * Page, Row, Listing, Article, Item, Draft, Entry, and beside them Failure and Outcome,
 * Source and Sink. Types only (and the one function that brands an Entry): every room imports
 * this file and it imports none of them.
 */
import type { ChildNode } from "domhandler";

/** Bytes and headers fetched from a URL. `body` is decoded from transfer and content encoding, never from its charset. */
export interface Page {
  /** URL that answered, after redirects. */
  readonly url: string;
  /** URL that was requested. */
  readonly requestedUrl: string;
  readonly status: number;
  /** Names in lower case; repeated headers joined by ", ". */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Of a page from a web archive: which capture it is. */
  readonly memento?: Memento;
  /** Of an article that goes on over several pages: the others, in their order. */
  readonly further?: readonly Page[];
  /** What was sent, where it answers a POST: its URLs are then those of `postKey`. */
  readonly post?: Post | undefined;
}

/** What a POST sends, and where. */
export interface Post {
  readonly url: string;
  readonly body: string;
  /** Content type of the body. */
  readonly type: string;
  /** True for what a script of the page would request. */
  readonly isAjax: boolean;
}

/** A capture of a web archive. */
export interface Memento {
  /** Name of the archive. */
  readonly archive: string;
  /** When it was made: `YYYY-MM-DDThh:mm:ssZ`. */
  readonly time: string;
}

/** A capture that was tried, and why it is not used; without a reason, it is. */
export interface TriedMemento extends Memento {
  readonly refused?: string | undefined;
}

/** Fields that every entry has. A site may have others of its own. */
export const FIELD_NAMES = ["title", "date", "type", "summary", "body"] as const;
/** One of these five, or the name of a field of the site's own. */
export type FieldName = string;

/** What one element says, for a field of the site's own. */
export interface Part {
  /** As in a reading. */
  readonly raw: string;
  readonly printed: string;
  /** The URL that it names, absolute; null where it names none, or is not read as one. */
  readonly target: string | null;
  /** Alternative text and title of an image or a link. */
  readonly alt: string | null;
  readonly title: string | null;
}

/** What one rule of one field yielded, and where it was found. */
export interface Reading {
  readonly field: FieldName;
  readonly from: "listing" | "article";
  /** Selector that won, as written in the site file. */
  readonly selector: string;
  /** Attribute that was read; null when the text or the HTML was. */
  readonly attribute: string | null;
  /** How many nodes the selector matched in its scope. */
  readonly matches: number;
  /** What the rest of those nodes would have yielded, where it is something else: at most three. */
  readonly also: readonly string[];
  /** What was read, trimmed; white space is collapsed as HTML does, no-break spaces are kept. */
  readonly raw: string;
  /** The words printed there: those of the element when an attribute was read, else `raw`. */
  readonly printed: string;
  /** The nodes of a field that is read as HTML, still part of the page's only tree; null for text. */
  readonly nodes: readonly ChildNode[] | null;
  /** Of a title, true where the element that the date was read from is in it, and its words are among these. */
  readonly holdsDate?: true;
  /** Of a field of the site's own, what each of its elements says; several where it holds several values. */
  readonly parts?: readonly Part[];
}

export type Readings = Readonly<Record<FieldName, Reading>>;

/** Something worth a person's look that stops nothing. */
export interface Warning {
  readonly code: string;
  readonly message: string;
}

/** One article as the listing shows it. */
export interface Row {
  /** Canonical URL of the listing page. */
  readonly listing: string;
  /** Place on that page, from 1. */
  readonly position: number;
  /** Canonical URL of the article; null when the row links to none. */
  readonly url: string | null;
  /** URL that relative links of the row start from. */
  readonly base: string;
  /** Fingerprints of its template and of its words; left out where no row was read. */
  readonly markup?: string;
  readonly words?: string;
  readonly readings: Readings;
  /** The capture that it was read from, where the listing page is from a web archive. */
  readonly memento?: Memento | undefined;
  /** Images and files of a row that is the article, outside its text. */
  readonly media?: readonly PageMedia[];
  /** Further URLs of the article, as an API names them. */
  readonly aliases?: readonly string[];
  /** True where a form for a password is in the place of the text; so in `Article` and `Item`. */
  readonly isLocked?: boolean;
}

/** What may lead on from a listing page, where the site file does not read it. */
export interface Lead {
  /**
   * `next`: what `listing.next` matched. `link`: a link that looks like it. `control`: a button, or a link, that loads
   * more. `script`: a link that only a script follows. `form`: a form, or a list to choose from.
   */
  readonly kind: "next" | "link" | "control" | "script" | "form";
  /** URL that it names; null when it names none that may be requested. */
  readonly url: string | null;
  /** Attribute that names the URL. */
  readonly attribute: string | null;
  /** What a link has in place of a URL. */
  readonly written?: string | null;
  /** Where it names no URL and sends a form: as it is, or by a script that may fill its fields. */
  readonly sends?: "form" | "script" | null;
  /** Where it is, as a selector; it may match more. */
  readonly place: string;
  /** What it says. */
  readonly label: string;
}

/** Something that keeps a run from being complete, unless the site file accepts it by name. */
export interface Finding {
  /** Its name, as `accept` of a site file has it. */
  readonly finding: string;
  /** Where: URL of a page, or a selector. */
  readonly place: string;
  /** How many, where it can be counted; null otherwise. */
  readonly count: number | null;
  /** One sentence. */
  readonly message: string;
  /** Of what could not be read; it is not written. */
  readonly code?: Code | undefined;
}

/** What tells the last page of a counted list from an error. */
export interface Frame {
  /** True for a page with a title, false for a part of one. */
  readonly isWhole: boolean;
  /** Elements around the rows, the innermost first; of a page without rows, all different ones. */
  readonly names: readonly string[];
  /** Lines of text outside the rows. */
  readonly lines: readonly string[];
}

/** One listing page, read. */
export interface Listing {
  readonly url: string;
  readonly rows: readonly Row[];
  /** URL of the next listing page; null on the last one. */
  readonly next: string | null;
  /** Where the next page answers to a POST: `next` is its key. */
  readonly post?: Post;
  /** Every URL to which `listing.next` leads, `next` first, where these are several: one may be that of the page before. */
  readonly nexts?: readonly string[];
  /** What looks like the way on and was not read as it; some may lead back. */
  readonly leads: readonly Lead[];
  /** What shows that rows of the page are not read. */
  readonly findings: readonly Finding[];
  /** Number of this page, from 1, and of the last one, as far as the pager shows them; null when it does not. */
  readonly pageNumber: number | null;
  readonly pageCount: number | null;
  /** Selectors that matched rows and the next link; null when none did. */
  readonly rowSelector: string | null;
  readonly nextSelector: string | null;
  /** True when `next` is not what the site file names, but what a control that loads more names. */
  readonly isControl?: boolean;
  /** True when `next` is counted on, and no link: the list ends where there is nothing at it. */
  readonly isCounted?: boolean;
  /** Further listing pages that this one names, such as the sitemaps of an index; read in their order. */
  readonly parts?: readonly string[];
  /** Of a list whose pages are counted. */
  readonly frame?: Frame;
  /** What is worth a look: one sentence. */
  readonly note?: string;
  /** How many articles the list has, as it says itself; left out where it does not. */
  readonly total?: number;
  /** URL of the list in other languages, by language, as the page names them. */
  readonly translations: Readonly<Record<string, string>>;
  /** URLs of further first pages, as the first page prints them; left out where the site file asks for none. */
  readonly starts?: readonly string[];
  /** URLs of feeds that the page names as its own. */
  readonly feeds?: readonly string[];
  /** True when the page itself says that the list is empty. */
  readonly saysEmpty: boolean;
  readonly warnings: readonly Warning[];
}

/** An image or attachment of a page, outside its text. */
export interface PageMedia {
  readonly url: string;
  readonly alt: string | null;
  readonly title: string | null;
  readonly kind: "image" | "file";
}

/** What one place of an article page holds. */
export interface Holding {
  readonly words: number;
  readonly images: number;
  /** Documents that are linked to, and players. */
  readonly files: number;
  /** Links to pages. */
  readonly links: number;
}

/** Words, images and files of an article page that no field took, of one place. */
export interface Block extends Holding {
  /**
   * A selector that matches the same place of other pages, or one of the site file's `ignore`; no two blocks of a
   * page have the same.
   */
  readonly place: string;
  /** Equal for the same words, images and files. */
  readonly hash: number;
  /** True for a menu, a header, a footer, a side block. */
  readonly isAround: boolean;
  /** True where the site file's `ignore` names it. */
  readonly isIgnored: boolean;
  /** Where all of it leads to other pages, or is part of a row that does: the first of the links, as written; else empty. */
  readonly leadsTo: readonly string[];
  /** Its first words, or the URL of its first image or file. */
  readonly sample: string;
}

/** What became of the words of an article page. Their sum is that of `read`, `removed` and all blocks. */
export interface PageContent {
  /** URL that links start from. */
  readonly base: string;
  /** Words in fields, and links that are followed. */
  readonly read: number;
  /** Words in what the site file removes. */
  readonly removed: number;
  readonly blocks: readonly Block[];
}

/** One article page, read. */
export interface Article {
  readonly url: string;
  /** URL that relative links of the page start from. */
  readonly base: string;
  /** Fingerprints of its template and of its words. */
  readonly markup: string;
  readonly words: string;
  /** URL that the page gives as its own; null when it gives none. */
  readonly canonical: string | null;
  /** Further URLs that it gives for itself, such as its short link. */
  readonly aliases: readonly string[];
  /** BCP 47 tag; null when the page has none. */
  readonly language: string | null;
  readonly direction: "ltr" | "rtl" | null;
  /** URL of each translation by its language, this page's own left out. */
  readonly translations: Readonly<Record<string, string>>;
  readonly media: readonly PageMedia[];
  /** URLs of pages that it goes on at, and that were not given. */
  readonly goesOn: readonly string[];
  readonly isLocked?: boolean;
  readonly readings: Readings;
  /** What its `title` element says. */
  readonly headTitle?: string;
  readonly warnings: readonly Warning[];
  /** What became of the words of the page, when it is merged with its row; counted when it is called. */
  readonly content: (item: Pick<Item, "readings" | "others">) => PageContent;
}

/** Fingerprints of the templates around an article: of its row and of its page, null where it has none. */
export interface TemplateFingerprints {
  readonly row: string | null;
  readonly page: string | null;
  /** Of the words of the page, or of the row where there is none, whatever the site file reads; older archives have none. */
  readonly words?: string | undefined;
}

/** The site's own words about one article, row and page merged, not yet judged. */
export interface Item {
  /** URL that relative links of a field start from, by where it was read. */
  readonly bases: Readonly<Record<Reading["from"], string>>;
  /** URLs under which it was met, and which of them its page gives as its own; null when it gives none. */
  readonly met: readonly string[];
  readonly canonical: string | null;
  readonly language: string;
  readonly direction: "ltr" | "rtl" | null;
  readonly translations: Readonly<Record<string, string>>;
  readonly media: readonly PageMedia[];
  readonly isLocked?: boolean;
  /** The chosen reading of each field. */
  readonly readings: Readings;
  /** The reading that was not chosen, where listing and article both have the field. */
  readonly others: Readings;
  /** Fields that the site file wants equal on both and that are not. */
  readonly disagreements: readonly FieldName[];
  readonly markup: TemplateFingerprints;
  readonly warnings: readonly Warning[];
}

/** Something that a conversion dropped, flattened or kept as HTML. */
export interface Loss {
  readonly construct: string;
  readonly kind: "dropped" | "flattened" | "html";
  readonly count: number;
  /** The first words that it concerned. */
  readonly sample: string;
}

/** One reason why a draft is not an entry. */
export interface Issue {
  /** Key of the entry, `data.title` or `body`. */
  readonly path: string;
  readonly message: string;
  /** Words as printed; null when there were none. */
  readonly raw: string | null;
  /** Selector that gave them, or those that matched nothing. */
  readonly selector: string | null;
  readonly hint: string;
}

/** An image or attachment of an entry. */
export interface Media {
  readonly sourceUrl: string;
  /** Path in the archive; null while it has not been fetched. */
  readonly path: string | null;
  readonly sha256: string | null;
  readonly bytes: number | null;
  readonly mediaType: string | null;
  readonly alt: string | null;
  /** Keys beside those that every archive has. */
  readonly title?: string | null | undefined;
  readonly caption?: string | null | undefined;
  /** `image` where the text shows it, `file` where it plays or links to it. */
  readonly kind?: "image" | "file" | undefined;
  /** Why it was requested and is not stored; only where the path is null. */
  readonly reason?: string | undefined;
}

/** Front matter of an entry, in the order in which it is written. */
export interface EntryData {
  readonly id: string;
  readonly title: string;
  /** Calendar date `YYYY-MM-DD`; null when the site prints none that can be read. */
  readonly date: string | null;
  readonly type: string | null;
  readonly language: string;
  readonly sourceUrl: string;
  readonly summary: string | null;
  readonly aliases: readonly string[];
  readonly media: readonly Media[];
  /** The date and the type as printed. */
  readonly dateText: string | null;
  readonly typeText: string | null;
  readonly direction: "ltr" | "rtl";
  readonly translations: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
  /** The site's own fields by name; left out where it has none. */
  readonly fields?: Readonly<Record<string, FieldValue>> | undefined;
}

/** A value of a field of the site's own: null where an entry has none, an empty list where it has no values. */
export type FieldValue = SingleValue | readonly SingleValue[] | null;
export type SingleValue = string | number | boolean | DateRange;

/** Calendar dates `YYYY-MM-DD`; equal for one day. */
export interface DateRange {
  readonly start: string;
  readonly end: string;
}

/** An image whose bytes are in the page itself. */
export interface EmbeddedImage {
  /** Under which the body and the media of the entry name it. */
  readonly url: string;
  readonly bytes: Uint8Array;
}

/** Where each value came from: kept beside the entry, not in it. */
export interface Provenance {
  readonly fields: Readonly<
    Record<
      FieldName,
      {
        readonly from: "listing" | "article";
        readonly selector: string;
        readonly attribute: string | null;
        readonly raw: string | null;
      }
    >
  >;
  readonly losses: readonly Loss[];
  /** Codes of the entry's warnings, in their order. */
  readonly warnings?: readonly string[];
  /** Keys that a person has set by overrides.yaml. */
  readonly overrides?: readonly string[];
  /** The capture that the article was read from, where it is from a web archive. */
  readonly memento?: Memento;
  /** In snapshots alone: a new template is not a new provenance. */
  readonly markup?: TemplateFingerprints;
}

/** An id of the page that no link of its own body leads to. It is written once another entry's link does. */
export interface Anchor {
  /** Where it belongs in the body, in code units. */
  readonly at: number;
  readonly id: string;
  /** What is between it and the text there; empty where it is in a line of text. */
  readonly gap: string;
}

/** A converted article that has not been judged. */
export interface Draft {
  readonly id: string;
  readonly slug: string;
  readonly data: Readonly<Record<Exclude<keyof EntryData, "fields">, unknown>> & {
    readonly fields?: unknown;
  };
  readonly body: string;
  readonly provenance: Provenance;
  /** What conversion could not read, each already an issue. */
  readonly issues: readonly Issue[];
  readonly anchors?: readonly Anchor[];
  readonly embedded: readonly EmbeddedImage[];
}

declare const judged: unique symbol;

/** A checked record: front matter and Markdown body. Only `validate` makes one, so nothing unchecked fits a sink. */
export interface Entry {
  readonly [judged]: true;
  readonly id: string;
  /** Preferred file name without extension; the archive adds a suffix where two entries prefer the same. */
  readonly slug: string;
  readonly data: EntryData;
  /** Markdown. */
  readonly body: string;
  readonly provenance: Provenance;
  readonly anchors?: readonly Anchor[];
  readonly embedded: readonly EmbeddedImage[];
}

/** A draft that failed, kept whole. */
export interface Rejection {
  readonly id: string;
  readonly url: string;
  readonly draft: Draft;
  readonly issues: readonly Issue[];
  /** The page that it was read from, or the listing page when it has none. */
  readonly page: Page;
}

/**
 * Why another run would find the same: `gone`: the site has no such page; `refused`: it does not give it to a crawler;
 * `unusable`: what came cannot be read; `list`: the site file does not fit the list; `not-captured`: the capture that is
 * built lacks it; `not-archived`: no web archive has it. What has none of these comes from the network, and may pass.
 */
export const CODES = [
  "gone",
  "refused",
  "unusable",
  "list",
  "not-captured",
  "not-archived",
] as const;
export type Code = (typeof CODES)[number];

/** An error of one page, as a value: it never stops the run. */
export interface Failure {
  readonly stage: "fetch" | "extract" | "convert" | "validate";
  readonly url: string;
  readonly reason: string;
  readonly code?: Code | undefined;
}

export const STATES = [
  "written",
  "duplicate",
  "excluded",
  "rejected",
  "failed",
  "gone",
  "not-reached",
] as const;
export type State = (typeof STATES)[number];

/** What became of one listed URL: a line of the ledger. */
export interface Outcome {
  readonly url: string;
  readonly state: State;
  readonly reason?: string;
  /** Of what could not be read. */
  readonly code?: Code | undefined;
  /** Names of the lists that named it, where a site has several. */
  readonly lists?: readonly string[];
  /** Id of the entry that holds it: its own, or the one it duplicates. */
  readonly entry?: string;
  /** `<listing URL>#<position>` of every row that named it, in the order met; `@<14 digits>` follows for a capture of a web archive. */
  readonly listedOn: readonly string[];
  /** Captures of web archives that were tried for it, in order. */
  readonly mementos?: readonly TriedMemento[] | undefined;
}

/** One URL to fetch. `order` is its place in the logical order of the walk. */
export interface PageRequest {
  readonly order: number;
  readonly url: string;
  readonly role: "listing" | "article";
  /** What may come: a web page, a feed, a sitemap or JSON, or either. Default: a page. */
  readonly format?: "page" | "data" | "either";
  /** What is sent, where it is a POST: the URL is then its key. */
  readonly post?: Post | undefined;
  /** Selectors of rows, where a browser is to show the page until one of them matches. */
  readonly render?: readonly string[];
  /** True for a page of a list that may need the cookies which its pages set. */
  readonly session?: boolean;
}

/** What came of a request: a page that may be read (status 200), or the reason why there is none. */
export type PageResponse =
  | {
      readonly request: PageRequest;
      readonly page: Page;
      readonly tried?: readonly TriedMemento[];
      /** Of a listing page, all its other captures: their rows count too. */
      readonly others?: AsyncIterable<Page>;
    }
  | {
      readonly request: PageRequest;
      readonly tried?: readonly TriedMemento[];
      readonly failure: Failure;
      /** `excluded`: a rule forbids the request. `not-reached`: it was not tried. `failed`: it was, and did not work. */
      readonly state: "excluded" | "failed" | "not-reached";
      /** Status of the response; null when there was none. */
      readonly status: number | null;
    };

/** Hands out requests in logical order; the walk fills it. */
export interface Frontier {
  /** The next request, or null when none may start now. */
  next(): PageRequest | null;
  /** True when every request handed out has its response and none waits. */
  isFinished(): boolean;
}

/**
 * Accepts a page that came whole, with null, or gives the reason to retry. It depends on the pages that were read
 * before, and on nothing else. A source does not ask about the last attempt: that page is handed over
 * as it is, and the walk decides what is lost.
 */
export type Accept = (
  request: PageRequest,
  page: Page,
  /** True where there may be a better page: then one without the title or the body of an article is not accepted either. */
  demanding?: boolean,
) => Promise<string | null>;

/** An image or attachment with status 200, or why there is none; a failure of null when the run was stopped before it was requested. Of a feed or sitemap from web archives, its other captures too. */
export type MediaResponse =
  | { readonly page: Page; readonly others?: AsyncIterable<Page> }
  | { readonly failure: Failure | null };

/**
 * Gives pages: fetches what the frontier hands out until it is finished, and awaits `onResponse` for
 * each. A source that holds one response to a URL has no use for `accept`; one that holds several, in
 * the order in which they came, gives the next one where a page is not accepted. Throws only for errors of the run.
 */
export interface Source {
  /** True when it gives the same page for a URL, however often it is asked: one pass through a list is enough. */
  readonly isFixed?: boolean;
  run(
    frontier: Frontier,
    onResponse: (response: PageResponse) => Promise<void>,
    accept?: Accept,
  ): Promise<void>;
  /**
   * Gives an image or attachment. A source that has none lacks this. Throws only for errors of the run.
   *
   * @param again true when what is stored of it may be damaged: then it is fetched whole
   */
  media?(url: string, again?: boolean): Promise<MediaResponse>;
  /** URLs of listing pages that it holds, whether or not another one leads there. */
  listings?(): Promise<readonly string[]>;
  /** Who of those that it asks for listing pages did not answer: rows may be missing. */
  unanswered?(): readonly Finding[];
  /** URLs of pages beside the articles that were requested, which it holds and no row names. */
  unlisted?(isListed: (url: string) => boolean): readonly string[];
  /**
   * Gives a file that pages need to be looked at, for the capture alone. A source that has none lacks this. Throws only for
   * errors of the run.
   *
   * @param origins where it may be, besides the site's own: those that pages name
   */
  requisite?(url: string, origins: ReadonlySet<string>): Promise<MediaResponse>;
  /**
   * Gives a feed or a sitemap; a failure of null also where a capture does not hold it. A source that has none lacks this.
   * Throws only for errors of the run.
   */
  data?(url: string): Promise<MediaResponse>;
  /** URLs of feeds that it knows of, whether or not a page names them. */
  feeds?(): readonly string[];
  /** Gives a further page of an article; as `data`. */
  further?(url: string): Promise<MediaResponse>;
  /** URLs of the sitemaps that robots.txt of the site names; none where it cannot be read, or is not obeyed. */
  sitemaps?(): Promise<readonly string[]>;
  /** Lets go of what `run`, `media` and `requisite` hold. */
  close?(): Promise<void>;
}

/** URLs of the pages that an entry was read from. */
export interface Origin {
  /** The listing page whose row named it. */
  readonly listing: string;
  /** Its article page, or the listing page when it has none of its own. */
  readonly page: string;
}

/** Takes results. A sink's error belongs to the run and stops it. */
export interface Sink {
  entry?(entry: Entry, origin: Origin): Promise<void>;
  rejection?(rejection: Rejection): Promise<void>;
  /** Gives an entry that was taken another URL, and a warning that says why. @param id made of the URL that it had */
  move?(id: string, url: string, warning: Warning): Promise<void>;
}
