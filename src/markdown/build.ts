/**
 * From a page's nodes to the light tree: blocks that hold one run of inline content each, in
 * containers that Markdown has (lists, items, quotations). Everything that HTML allows and Markdown
 * does not is settled here, so that each rule writes one construct and nothing else.
 */
import type { ChildNode, Element } from "domhandler";
import { imageSource, mediaAddress } from "./address.js";
import { anchor, anchorOf } from "./anchors.js";
import { codeBlock } from "./code-block.js";
import { isHidden, MAX_CONTAINERS, MAX_MARKS, nameOf, PLAYS, partOf } from "./elements.js";
import { inlineNodes, isSolid, type Leaf, type Mark } from "./inline.js";
import { languageOf, type Setting } from "./language.js";
import { arrangeList } from "./list-shape.js";
import type { Losses } from "./losses.js";
import { attributesOf, marksOf } from "./marks.js";
import { sanitise } from "./sanitise.js";
import { tableOf } from "./table-shape.js";
import { isElement, LightElement, LightRoot, textOf, traverse } from "./tree.js";

/** What a conversion knows beside the nodes. */
export interface Context {
  /** Address that relative ones start from. */
  readonly base: string | undefined;
  /** Ids that links of the same text lead to. */
  readonly linked: ReadonlySet<string>;
  /** Direction and language around the nodes. */
  readonly setting: Setting;
  readonly losses: Losses;
}

/** Blocks of the light tree, in order. @param cell true for what stands in a cell of a table: breaks are tags there */
export function buildBlocks(
  nodes: readonly ChildNode[],
  context: Context,
  cell = false,
): LightElement {
  return new Builder(context, cell).build(nodes);
}

const isList = ({ name }: LightElement) => name === "ul" || name === "ol";

class Builder {
  readonly #context: Context;
  readonly #cell: boolean;
  readonly #open: LightElement[] = [new LightRoot()];
  /** What is to be done when an element ends, for each that was gone into. */
  readonly #leaves: (() => void)[] = [];
  /** Places whose run has not begun. */
  #anchors: Leaf[] = [];
  #run: Leaf[] = [];
  #solids = 0;
  #marks: readonly Mark[] = [];
  #heading: string | null = null;
  #paragraphs = 0;
  /** Direction and language of the block at hand. */
  #setting: Setting;

  constructor(context: Context, cell: boolean) {
    this.#context = context;
    this.#cell = cell;
    this.#setting = context.setting;
  }

  build(nodes: readonly ChildNode[]): LightElement {
    traverse(
      nodes,
      (node) => this.#enter(node),
      () => this.#leaves.pop()?.(),
    );
    this.#flush();
    const root = this.#open[0] as LightElement;
    if (this.#anchors.length > 0) {
      const places = this.#anchors.map((leaf) => (leaf as Leaf & { kind: "anchor" }).node);
      root.append(new LightElement("p", {}, places));
    }
    return root;
  }

  #enter(node: ChildNode): boolean {
    if (node.type === "text") {
      this.#push({ kind: "text", text: node.data, marks: this.#marks });
      return false;
    }
    if (!isElement(node)) return false;
    // A footnote's mark, put in before.
    if (node instanceof LightElement) {
      const reference = new LightElement(node.name);
      reference.html = node.html;
      this.#push({ kind: "atom", node: reference, marks: this.#marks });
      return false;
    }
    if (isHidden(node)) return this.#drop(node);
    const part = partOf(node.name);
    switch (part) {
      case "drop":
        return this.#drop(node);
      case "mark":
      case "code":
      case "unwrap":
        return this.#enterInline(node);
      case "break":
        this.#push({
          kind: "break",
          tag: this.#cell || this.#heading !== null,
          marks: this.#marks,
        });
        return false;
      case "image":
        return this.#image(node);
      case "embed":
        return this.#embed(node);
      case "input":
        return this.#input(node);
      default:
        return this.#enterBlock(node, part);
    }
  }

  #push(leaf: Leaf): void {
    this.#run.push(leaf);
    if (isSolid(leaf)) this.#solids++;
  }

  /** Ends the run: it becomes a paragraph, or a heading inside one. */
  #flush(): void {
    if (this.#run.length === 0) return;
    const run = this.#run;
    this.#run = [];
    if (!run.some(isSolid)) {
      for (const leaf of run) if (leaf.kind === "anchor") this.#anchors.push(leaf);
      return;
    }
    const holder = this.#holder();
    const anchors = this.#anchors;
    this.#anchors = [];
    const nodes = inlineNodes(anchors.concat(this.#asTask(run, holder)));
    if (nodes === null) return;
    const block = new LightElement(this.#heading ?? "p", {}, nodes);
    block.tight = this.#heading === null && this.#paragraphs === 0 && holder.name === "li";
    holder.append(block);
  }

  /** A box to tick at the start of an item is a task of GFM; elsewhere it stays a tag. */
  #asTask(run: Leaf[], holder: LightElement): Leaf[] {
    const first = run.findIndex(isSolid);
    const box = run[first];
    if (holder.name !== "li" || holder.children.length > 0) return run;
    if (box?.kind !== "atom" || box.node.name !== "input") return run;
    const rest = run.slice(first + 1);
    const word = rest.findIndex(isSolid);
    if (word === -1) return run;
    box.node.tight = true;
    const next = rest[word] as Leaf;
    const begun = next.kind === "text" ? { ...next, text: next.text.trimStart() } : next;
    return [{ ...box, marks: [] }, begun, ...rest.slice(word + 1)];
  }

  /** Where a block goes. What stands in a list but in no item belongs to the item before it. */
  #holder(): LightElement {
    const top = this.#open.at(-1) as LightElement;
    if (!isList(top)) return top;
    const last = top.children.at(-1);
    if (last instanceof LightElement) return last;
    const item = new LightElement("li");
    top.append(item);
    return item;
  }

  #drop(element: Element): false {
    this.#context.losses.drop(element);
    return false;
  }

  #raw(element: Element, construct: string): false {
    const html = sanitise([element], this.#context.base, this.#context.losses);
    if (html !== "") {
      const raw = new LightElement("raw");
      raw.html = html;
      this.#holder().append(raw);
      this.#context.losses.add("html", construct, [element]);
    }
    return false;
  }

  #enterInline(element: Element): boolean {
    this.#place(element);
    const before = this.#marks;
    for (const mark of marksOf(element, this.#context.base, this.#setting))
      this.#mark(mark, element);
    const solids = this.#solids;
    this.#leaves.push(() => {
      this.#marks = before;
      const { href } = element.attribs;
      if (element.name === "a" && href !== undefined && this.#solids === solids)
        this.#context.losses.add("dropped", "empty link", href);
    });
    if (element.name === "a" && element.attribs.href !== undefined && this.#marks === before)
      this.#context.losses.add("dropped", "unsafe address", element.attribs.href);
    return true;
  }

  #mark(mark: Mark, element: Element): void {
    if (this.#marks.some(({ key }) => key === mark.key)) return;
    if (this.#marks.length >= MAX_MARKS) {
      this.#context.losses.add("flattened", mark.name, "");
      return;
    }
    if (mark.tags) this.#context.losses.add("html", mark.name, [element]);
    // A link cannot stand in a link.
    const others = mark.name === "a" ? this.#marks.filter(({ name }) => name !== "a") : this.#marks;
    this.#marks = [...others, mark];
  }

  /** Keeps an element's name where links lead to it. */
  #place(element: Element): void {
    const id = anchorOf(element, this.#context.linked);
    if (id !== null) this.#push({ kind: "anchor", node: anchor(id), marks: this.#marks });
  }

  #image(element: Element): false {
    const { base, losses } = this.#context;
    this.#place(element);
    const src = mediaAddress(imageSource(element), base);
    const { alt = "", title } = element.attribs;
    if (src === null) losses.add("dropped", "image without address", alt);
    else {
      const node = new LightElement("img", { src, alt, ...(title ? { title } : {}) });
      this.#push({ kind: "atom", node, marks: this.#marks });
    }
    return false;
  }

  #embed(element: Element): boolean {
    const { base, losses } = this.#context;
    const html = sanitise([element], base).replaceAll("\n", "");
    const shows = !PLAYS.has(element.name) || /<[^>]* (src|data)="/.test(html);
    if (!shows) {
      losses.add("dropped", element.name, [element]);
      // Words beside a player that cannot be shown are still words.
      if (element.name === "iframe") return false;
      this.#leaves.push(() => {});
      return true;
    }
    losses.add("html", element.name, [element]);
    const node = new LightElement(element.name);
    node.html = html;
    this.#push({ kind: "atom", node, marks: this.#marks });
    return false;
  }

  #input(element: Element): false {
    if (element.attribs.type?.toLowerCase() !== "checkbox") return this.#drop(element);
    const checked = element.attribs.checked !== undefined;
    const node = new LightElement("input", {
      type: "checkbox",
      ...(checked ? { checked: "" } : {}),
    });
    node.html = `<input type="checkbox"${checked ? " checked" : ""} disabled>`;
    this.#push({ kind: "atom", node, marks: this.#marks });
    return false;
  }

  #enterBlock(element: Element, part: string): boolean {
    this.#flush();
    switch (part) {
      case "rule":
        this.#holder().append(new LightElement("hr"));
        return false;
      case "pre":
        return this.#pre(element);
      case "table":
        return this.#table(element);
      case "asHtml":
        return this.#raw(element, element.name);
      case "block":
        if (element.name === "summary" && parentName(element) === "details")
          return this.#raw(element, "details");
        break;
      case "figure":
        if (hasCaption(element)) return this.#raw(element, "figure");
        break;
    }
    this.#place(element);
    // The tags stand in an item, around all else.
    const closers =
      part === "item"
        ? [this.#openBlock(element, part), this.#openWrapper(element)]
        : [this.#openWrapper(element), this.#openBlock(element, part)];
    this.#leaves.push(() => {
      this.#flush();
      for (const close of closers.toReversed()) close();
    });
    return true;
  }

  #openBlock(element: Element, part: string): () => void {
    switch (part) {
      case "paragraph":
        this.#paragraphs++;
        return () => this.#paragraphs--;
      case "heading": {
        const before = this.#heading;
        this.#heading = element.name;
        return () => {
          this.#heading = before;
        };
      }
      case "list":
        return this.#openList(element);
      case "item":
        return this.#openItem(element);
      case "quote":
        return this.#container(new LightElement("blockquote"));
      default:
        return () => {};
    }
  }

  /** Opens a container, if not too many are open; an empty one is taken away again. */
  #container(container: LightElement, settle: () => void = () => {}): () => void {
    if (this.#open.length > MAX_CONTAINERS) {
      this.#context.losses.add("flattened", `nested ${container.name}`, "");
      return () => {};
    }
    const holder = container.name === "li" ? (this.#open.at(-1) as LightElement) : this.#holder();
    holder.append(container);
    this.#open.push(container);
    return () => {
      this.#open.pop();
      if (container.children.length === 0 && container.name !== "li") removeLast(holder);
      else settle();
    };
  }

  #openList(element: Element): () => void {
    const name = nameOf(element) as string;
    const list = new LightElement(name, name === "ol" ? attributesOf(element, "ol") : {});
    return this.#container(list, () => {
      const why = arrangeList(list);
      if (why === null) return;
      removeLast(list.parent as LightElement);
      this.#raw(element, why);
    });
  }

  #openItem(element: Element): () => void {
    const { value } = element.attribs;
    const item = new LightElement("li", value === undefined ? {} : { value });
    if (isList(this.#open.at(-1) as LightElement)) return this.#container(item);
    // An item outside a list is shown as one.
    const list = new LightElement("ul");
    const closeList = this.#container(list, () => arrangeList(list));
    const closeItem = this.#open.at(-1) === list ? this.#container(item) : () => {};
    return () => {
      closeItem();
      closeList();
    };
  }

  /** Direction and language of a block, and `details`, are kept as tags around its Markdown. */
  #openWrapper(element: Element): () => void {
    const isDetails = element.name === "details";
    const around = this.#setting;
    const language = languageOf(element, around);
    const isOther = Object.keys(language).length > 0;
    if (!isDetails && !isOther) return () => {};
    if (isOther) this.#context.losses.add("html", "dir or lang", [element]);
    this.#setting = { ...around, ...language };
    const isOpen = isDetails && element.attribs.open !== undefined;
    const attributes = { ...language, ...(isOpen ? { open: "" } : {}) };
    const close = this.#openTags(isDetails ? "details" : "div", attributes);
    return () => {
      close();
      this.#setting = around;
    };
  }

  /** Blocks one after another in one language share one wrapper. */
  #openTags(name: string, attributes: Record<string, string>): () => void {
    const last = this.#holder().children.at(-1);
    if (name === "div" && last instanceof LightElement && isLike(last, attributes)) {
      this.#open.push(last);
      return () => this.#open.pop();
    }
    const wrapper = new LightElement(name, attributes);
    wrapper.tags = true;
    return this.#container(wrapper);
  }

  #pre(element: Element): false {
    const block = codeBlock(element);
    if (block === "html") return this.#raw(element, "pre");
    if (block !== null) this.#holder().append(block);
    return false;
  }

  #table(element: Element): false {
    const context = { ...this.#context, setting: this.#setting };
    const table = tableOf(element, this.#setting, this.#context.losses, (nodes) =>
      buildBlocks(nodes, context, true),
    );
    if (typeof table === "string") return this.#raw(element, table);
    if (table !== null) this.#holder().append(table);
    return false;
  }
}

function removeLast(holder: LightElement): void {
  const last = holder.children.pop();
  const before = holder.children.at(-1);
  if (last !== undefined) last.prev = null;
  if (before !== undefined) before.next = null;
}

function isLike(last: LightElement, attributes: Readonly<Record<string, string>>): boolean {
  return (
    last.name === "div" && last.tags && JSON.stringify(last.attribs) === JSON.stringify(attributes)
  );
}

function parentName({ parent }: Element): string | null {
  return parent !== null && "name" in parent ? parent.name : null;
}

function hasCaption(figure: Element): boolean {
  let found = false;
  traverse(figure.children, (node) => {
    found ||= isElement(node) && node.name === "figcaption" && textOf([node]).trim() !== "";
    return !found;
  });
  return found;
}
