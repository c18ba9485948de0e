/** What became of the words, images and files of an article page: they are in a field, removed, or in blocks that nothing took. */
import type { AnyNode, Element } from "domhandler";
import type { Block, FieldName, Item, PageContent, Reading } from "../model.js";
import { isReserved, type Site } from "../site/site.js";
import { isFile } from "../url/url.js";
import type { Sources } from "./field.js";
import { BREAKING, isElement, parentOf, UNSEEN } from "./nodes.js";
import { bodyPlace, type Place, placeIn } from "./place.js";
import { select } from "./select.js";
import { imageOf, isPlain, linkOf, PLAYERS, playedBy } from "./shown.js";
import type { Tree } from "./tree.js";
import { countWords, hashOfWords, WordCount } from "./words.js";

/** Words of a date with its weekday and hour: a text that is longer says more than the date. */
const DATE_WORDS = 6;
/** So much of a block is shown. */
const SHOWN = 80;
const PIECES = 8;
/** URLs that are kept of a block. */
const LEADS = 3;

/**
 * Walks a page that was read, once, in time that is linear in its nodes.
 *
 * @param sources nodes that each field was read from
 * @param followed nodes of media and of links that are followed
 */
export function contentOf(
  tree: Tree,
  site: Pick<Site, "ignore">,
  item: Pick<Item, "readings" | "others">,
  sources: Sources,
  followed: readonly AnyNode[],
): PageContent {
  return new Walk(tree, site, item, sources, followed).content();
}

/** Words of one element, its children that are blocks of their own left out. */
interface Text {
  readonly place: Place;
  readonly ignored: string | null;
  readonly count: WordCount;
  pieces: readonly string[];
  images: number;
  files: number;
  links: number;
  /** Null as soon as something in it leads nowhere. */
  leads: readonly string[] | null;
}

const NOTHING: readonly string[] = [];

/** A block that grows: all texts of its place. */
interface Growing extends Text {
  words: number;
}

/** What is known of where the walk is. */
interface State {
  readonly place: Place;
  readonly isRead: boolean;
  readonly ignored: string | null;
  /** URL of the link that all here is a part of, as written. */
  readonly link: string | null;
  /** Whose text words here belong to; null for its own. */
  readonly owner: State | null;
  /** Made when there are some. */
  text: Text | null;
}

class Walk {
  readonly #tree: Tree;
  readonly #taken: ReadonlySet<AnyNode>;
  /** Elements that hold something that was read. */
  readonly #passages = new Set<AnyNode>();
  readonly #article: AnyNode | null;
  readonly #ignored: ReadonlyMap<AnyNode, string>;
  /** Words of fields: where they are told once more, they are in a field too. */
  readonly #titles: ReadonlySet<number>;
  readonly #others: ReadonlySet<number>;
  readonly #blocks = new Map<string, Growing>();
  readonly #read = new WordCount();
  #readAgain = 0;
  #within = false;

  constructor(
    tree: Tree,
    { ignore }: Pick<Site, "ignore">,
    { readings, others }: Pick<Item, "readings" | "others">,
    sources: Sources,
    followed: readonly AnyNode[],
  ) {
    this.#tree = tree;
    const fields = [...sources].flatMap(([name, nodes]) => takenOf(name, nodes, readings, others));
    this.#taken = new Set([...fields, ...followed]);
    for (const node of fields)
      for (let at: AnyNode | null = node; at !== null && !this.#passages.has(at); at = at.parent)
        this.#passages.add(at);
    this.#article = commonParent(fields);
    this.#ignored = ignoredIn(tree, ignore);
    const said = Object.values(readings);
    const hashes = (some: readonly Reading[]) =>
      new Set(some.flatMap(({ raw, printed }) => [hashOfWords(raw), hashOfWords(printed)]));
    this.#titles = hashes(said.filter(({ field }) => field === "title"));
    this.#others = hashes(said.filter(({ field }) => field !== "body"));
  }

  content(): PageContent {
    // Looked for by hand: a selector looks at every element of the page.
    const html = this.#tree.$.root()[0]?.children.find(isElement);
    const body = html?.children.find((node) => isElement(node) && node.name === "body");
    if (body !== undefined) this.#walk(body as Element);
    const removed = this.#tree.removed.reduce((sum, node) => sum + wordsOf(node), 0);
    const blocks = [...this.#blocks.values()]
      .filter(({ words, images, files }) => words + images + files > 0)
      .map((text) => this.#blockOf(text));
    const { base } = this.#tree;
    return { base, read: this.#read.words + this.#readAgain, removed, blocks };
  }

  #blockOf({ place, ignored, count, words, images, files, links, pieces, leads }: Growing): Block {
    return {
      place: ignored ?? place.selector,
      isIgnored: ignored !== null,
      isAround: place.isAround,
      ...{ words, images, files, links, hash: count.hash },
      leadsTo: leads ?? NOTHING,
      // Of most blocks nobody looks at it.
      get sample() {
        return pieces.join(" ").replace(/\s+/g, " ").trim().slice(0, SHOWN);
      },
    };
  }

  #walk(body: Element): void {
    let element = body;
    let state: State = {
      ...{ place: bodyPlace(), isRead: this.#taken.has(body) },
      ...{ ignored: this.#ignored.get(body) ?? null, link: null, owner: null, text: null },
    };
    const open: State[] = [];
    // Along the links between the nodes: no list of where the walk is has to be kept.
    for (let node: AnyNode | null = body.firstChild; ; ) {
      if (node === null) {
        const around = open.pop();
        this.#leave(element, state, around);
        if (around === undefined) return;
        node = element.next;
        element = element.parent as Element;
        state = around;
      } else if (isElement(node) && !UNSEEN.has(node.name)) {
        open.push(state);
        state = this.#enter(node, state);
        element = node;
        node = node.firstChild;
      } else {
        if (node.type === "text") this.#text(node.data, state, this.#taken.has(node));
        node = node.next;
      }
    }
  }

  #enter(element: Element, around: State): State {
    const { name, attribs } = element;
    if (BREAKING.has(name)) this.#within = false;
    if (around.isRead) return around;
    if (this.#taken.has(element))
      return { ...around, isRead: true, owner: around.owner ?? around, text: null };
    // Most elements within a text: no place of their own, and nothing that counts but their words.
    if (isPlain(element) && !this.#ignored.has(element)) return around;
    const isPassage = this.#passages.has(element);
    const place = placeIn(around.place, element, element === this.#article, isPassage);
    const isOwn = BREAKING.has(name) || place.tells;
    const ignored = this.#ignored.get(element);
    const state: State = {
      place: isOwn ? place : around.place,
      isRead: false,
      ignored: ignored ?? around.ignored,
      link: linkOf(element, isPassage) ?? around.link,
      owner: isOwn || ignored !== undefined ? null : (around.owner ?? around),
      text: null,
    };
    if (name === "img") this.#thing(state, "images", imageOf(element));
    else if (PLAYERS.has(name)) this.#thing(state, "files", playedBy(element));
    else if (name === "a" && attribs.href !== undefined) {
      if (isFile(attribs.href)) this.#thing(state, "files", attribs.href);
      else if (state.link !== null) this.#textOf(state).links++;
    }
    return state;
  }

  #leave({ name }: Element, state: State, around: State | undefined): void {
    if (BREAKING.has(name)) this.#within = false;
    // A plain element has the state of what is around it.
    if (state.text !== null && state !== around) this.#keep(state.text);
  }

  #text(data: string, state: State, isTaken: boolean): void {
    if (state.isRead || isTaken) {
      this.#within = this.#read.add(data, this.#within);
      return;
    }
    if ((state.owner ?? state).text === null && !/\S/.test(data)) {
      this.#within = false;
      return;
    }
    const text = this.#textOf(state);
    const before = text.count.words;
    this.#within = text.count.add(data, this.#within);
    if (text.count.words === before) return;
    addLead(text, state.link);
    if (text.pieces.length < PIECES) text.pieces = [...text.pieces, data.slice(0, SHOWN)];
  }

  /** An image or a file; null for one that shows nothing. */
  #thing(state: State, kind: "images" | "files", url: string | null): void {
    if (url === null) return;
    const text = this.#textOf(state);
    text[kind]++;
    text.count.mix(url);
    addLead(text, kind === "images" ? state.link : null);
    if (text.pieces.length === 0) text.pieces = [url.slice(0, SHOWN)];
  }

  #textOf(state: State): Text {
    const owner = state.owner ?? state;
    owner.text ??= {
      place: state.place,
      ignored: state.ignored,
      count: new WordCount(),
      pieces: NOTHING,
      images: 0,
      files: 0,
      links: 0,
      leads: NOTHING,
    };
    return owner.text;
  }

  /** Adds a text to the block of its place, unless a field says the same. */
  #keep(text: Text): void {
    const { place, ignored, count, images, files, links, leads } = text;
    const { words, hash } = count;
    const isTold = this.#titles.has(hash) || (!place.isAround && this.#others.has(hash));
    if (images + files === 0 && isTold) {
      this.#readAgain += words;
      return;
    }
    const key = ignored === null ? place.selector : `ignore\n${ignored}`;
    const known = this.#blocks.get(key);
    if (known === undefined) {
      this.#blocks.set(key, { ...text, words });
      return;
    }
    known.words += words;
    known.images += images;
    known.files += files;
    known.links += links;
    known.count.mix(String(hash));
    if (known.leads === null || leads === null) known.leads = null;
    else if (known.leads.length < LEADS) known.leads = [...known.leads, ...leads].slice(0, LEADS);
    if (known.pieces.length < PIECES) known.pieces = [...known.pieces, ...text.pieces];
  }
}

/** Elements that the site file ignores, each with the first selector that names it. */
function ignoredIn({ $ }: Tree, ignore: Site["ignore"]): ReadonlyMap<AnyNode, string> {
  const found = ignore.map((one) => select($, null, one.select).map((node) => [node, one.select]));
  return new Map(found.reverse().flat() as [AnyNode, string][]);
}

/**
 * The nodes of a field whose words are in the entry: where it was chosen, what it prints; where the row says it in its
 * own way, a date or a type all the same. An attribute of a box says nothing of what is in it.
 */
function takenOf(
  name: FieldName,
  nodes: readonly AnyNode[],
  readings: Item["readings"],
  others: Item["others"],
): readonly AnyNode[] {
  const isPrinted = name === "date" || name === "type";
  const isShort = isPrinted || !isReserved(name);
  const [chosen, other] = [readings[name], others[name]];
  if (chosen?.from === "article")
    return chosen.attribute === null || isPrinted ? nodes : nodes.filter(hasTextAlone);
  return isShort && countWords(other?.printed ?? "") <= DATE_WORDS ? nodes : [];
}

function hasTextAlone(node: AnyNode): boolean {
  return !isElement(node) || node.children.every(({ type }) => type === "text");
}

/** The innermost element that holds some nodes; of one node, the element around it. */
function commonParent(nodes: readonly AnyNode[]): AnyNode | null {
  const [first, ...rest] = nodes.flatMap((node) => {
    const chain: AnyNode[] = [];
    for (let at = parentOf(node); at !== null; at = parentOf(at)) chain.push(at);
    // What is read from the head says nothing of the page's layout.
    return chain.some((one) => isElement(one) && one.name === "head") ? [] : [chain];
  });
  if (first === undefined) return null;
  const sets = rest.map((chain) => new Set(chain));
  return first.find((node) => sets.every((set) => set.has(node))) ?? null;
}

function addLead(text: Text, link: string | null): void {
  if (link === null) text.leads = null;
  else if (text.leads !== null && text.leads.length < LEADS && !text.leads.includes(link))
    text.leads = [...text.leads, link];
}

/** Words of an element that is not part of a page any more. */
function wordsOf(root: AnyNode): number {
  const count = new WordCount();
  let within = false;
  const todo: AnyNode[] = [root];
  for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
    if (node.type === "text") within = count.add(node.data, within);
    if (!isElement(node) || UNSEEN.has(node.name)) continue;
    if (BREAKING.has(node.name)) within = false;
    for (let at = node.children.length - 1; at >= 0; at--) todo.push(node.children[at] as AnyNode);
  }
  return count.words;
}
