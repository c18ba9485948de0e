/**
 * From a page's nodes to the light tree: blocks that hold one run of inline content each, in
 * containers that Markdown has (lists, items, quotations). Everything that HTML allows and Markdown
 * does not is settled here, so that each rule writes one construct and nothing else.
 */
import type { AnyNode, Element } from "domhandler";
import { elementsOf, isElement, parentOf, sourceText, traverse } from "../extract/nodes.js";
import { codeBlock } from "./code-block.js";
import {
  isDropped,
  isListOfLists,
  MAX_CONTAINERS,
  nameOf,
  numberStyle,
  type Part,
  partIn,
} from "./elements.js";
import { standIn } from "./embeds.js";
import { inlineNodes, isSolid, type Leaf } from "./inline.js";
import { arrangeList } from "./list.js";
import { attributesOf, languageOf, type Mark, type Setting } from "./marks.js";
import { type Context, Run } from "./run.js";
import { openTag, sanitise } from "./sanitise.js";
import { tableOf } from "./table.js";
import { LightElement, LightRoot } from "./tree.js";

/** Blocks of the light tree, in order. */
export function buildBlocks(nodes: readonly AnyNode[], context: Context): LightElement {
  return new Builder(context, new Run(context), false).build(nodes);
}

class Builder {
  readonly #context: Context;
  /** True for a cell of a table: breaks are tags there. */
  readonly #cell: boolean;
  readonly #root = new LightRoot();
  /** Containers that are open, from the root on. */
  readonly #open: LightElement[] = [this.#root];
  readonly #run: Run;
  #heading: string | null = null;
  #paragraphs = 0;
  /** Direction and language of the block at hand. */
  #setting: Setting;

  constructor(context: Context, run: Run, cell: boolean) {
    this.#context = context;
    this.#cell = cell;
    this.#setting = context.setting;
    this.#run = run;
  }

  build(nodes: readonly AnyNode[]): LightElement {
    traverse(nodes, (node) => this.#enter(node));
    this.#flush();
    this.#appendAnchors(this.#root);
    const last = elementsOf(this.#root.children).findLast(isText);
    if (last instanceof LightElement) last.ids = [...last.ids, ...this.#run.takeIds()];
    return this.#root;
  }

  #enter(node: AnyNode): boolean | (() => void) {
    if (node.type === "text") this.#run.text(node.data);
    if (!isElement(node)) return false;
    if (isDropped(node)) {
      this.#context.losses.drop(node);
      return false;
    }
    const other = standIn(node);
    if (other !== null) return this.#enterStandIn(node, other);
    this.#context.losses.shown(node);
    const part = partIn(node);
    // A footnote's mark, put in before.
    if (node instanceof LightElement) {
      const reference = new LightElement(node.name);
      reference.html = node.html;
      this.#run.atom(reference);
    } else if (part === "break") this.#run.lineBreak(this.#cell || this.#heading !== null);
    else if (part === "image") this.#run.image(node);
    else if (part === "input") this.#run.input(node);
    else if (part === "embed") return this.#run.embed(node);
    else if (part === "mark" || part === "code" || part === "unwrap")
      return this.#run.enter(node, this.#setting);
    else return this.#enterBlock(node, part);
    return false;
  }

  #enterStandIn(element: Element, other: Element): false {
    this.#context.losses.standIn(element, other);
    traverse([other], (node) => this.#enter(node));
    return false;
  }

  /** Ends the run: it becomes a paragraph, or a heading inside one. */
  #flush(): void {
    const leaves = this.#run.end();
    if (leaves === null) return;
    const holder = this.#holder();
    const nodes = inlineNodes([...this.#run.takeAnchors(), ...withTask(leaves, holder)]);
    if (nodes === null) return;
    const block = new LightElement(this.#heading ?? "p", {}, nodes);
    block.tight = this.#heading === null && this.#paragraphs === 0 && holder.name === "li";
    block.ids = this.#run.takeIds();
    holder.append(block);
  }

  /** Anchors that found no text, in a paragraph of their own. */
  #appendAnchors(holder: LightElement): void {
    const anchors = this.#run.takeAnchors().map(({ node }) => node);
    if (anchors.length > 0) holder.append(new LightElement("p", {}, anchors));
  }

  /** Where a block goes. What is in a list but in no item belongs to the item before it. */
  #holder(): LightElement {
    const top = this.#top;
    if (!isList(top)) return top;
    const last = top.children.at(-1);
    if (last instanceof LightElement) return last;
    const item = new LightElement("li");
    top.append(item);
    return item;
  }

  get #top(): LightElement {
    return this.#open.at(-1) ?? this.#root;
  }

  #append(block: LightElement | null): false {
    if (block === null) return false;
    this.#appendAnchors(this.#holder());
    block.ids = this.#run.takeIds();
    this.#holder().append(block);
    this.#run.passBlock();
    return false;
  }

  /** Keeps an element as HTML. @param construct its name among the losses */
  #raw(element: Element, construct: string): false {
    const html = sanitise([element], this.#context.base, this.#context.losses);
    if (html === "") return false;
    this.#context.losses.add("html", construct, [element]);
    return this.#append(LightElement.raw(withTags(html, this.#run.marks)));
  }

  #enterBlock(element: Element, part: Part): false | (() => void) {
    this.#flush();
    if (part === "rule") {
      this.#run.anchor(element);
      return this.#append(new LightElement("hr"));
    }
    if (part === "pre" || part === "table") {
      const block = part === "pre" ? codeBlock(element) : this.#table(element);
      // A code block cannot be linked.
      const isRaw = block === "html" || (block?.name === "pre" && this.#run.isLinked);
      if (isRaw) return this.#raw(element, part);
      this.#run.anchor(element);
      return this.#append(block);
    }
    if (part === "asHtml") return this.#raw(element, element.name);
    if (element.name === "summary" && parentOf(element)?.name === "details")
      return this.#raw(element, "details");
    if (part === "figure" && hasCaption(element)) return this.#raw(element, "figure");
    this.#run.anchor(element);
    // The tags are inside an item, around all else.
    const closers =
      part === "item"
        ? [this.#openItem(element), this.#openWrapper(element)]
        : [this.#openWrapper(element), this.#openBlock(element, part)];
    closers.push(this.#run.enterStyled(element));
    return () => {
      this.#flush();
      for (const close of closers.toReversed()) close();
    };
  }

  #table(element: Element): LightElement | "html" | null {
    const context = { ...this.#context, setting: this.#setting };
    return tableOf(element, this.#setting, this.#context.losses, (cell) => {
      const run = new Run(context, this.#run.marks);
      for (const around of beginningAt(cell)) run.anchor(around);
      run.enterStyled(cell);
      return new Builder(context, run, true).build(cell.children);
    });
  }

  #openBlock(element: Element, part: Part): () => void {
    if (part === "list" && !isListOfLists(element)) return this.#openList(element);
    if (part === "quote") return this.#container(new LightElement("blockquote"));
    const heading = this.#heading;
    if (part === "heading") this.#heading = element.name;
    if (part === "paragraph") this.#paragraphs++;
    return () => {
      this.#heading = heading;
      if (part === "paragraph") this.#paragraphs--;
    };
  }

  /** Opens a container, if not too many are open; an empty one is taken away again. */
  #container(
    container: LightElement,
    settle: (holder: LightElement) => void = () => {},
  ): () => void {
    if (this.#open.length > MAX_CONTAINERS) {
      this.#context.losses.add("flattened", `nested ${container.name}`, "");
      return () => {};
    }
    const holder = container.name === "li" ? this.#top : this.#holder();
    holder.append(container);
    this.#open.push(container);
    return () => {
      this.#open.pop();
      if (container.children.length === 0 && container.name !== "li") holder.removeLast();
      else settle(holder);
    };
  }

  #openList(element: Element): () => void {
    const name = nameOf(element) ?? element.name;
    const list = new LightElement(name, name === "ol" ? attributesOf(element, "ol") : {});
    const style = name === "ol" ? numberStyle(element) : null;
    if (style !== null) list.attribs.type = style;
    return this.#container(list, (holder) => {
      const why = arrangeList(list);
      if (why === null) return;
      holder.removeLast();
      this.#raw(element, why);
    });
  }

  #openItem(element: Element): () => void {
    const { value } = element.attribs;
    const item = new LightElement("li", value === undefined ? {} : { value });
    if (isList(this.#top)) return this.#container(item);
    // An item outside a list is shown as one.
    const list = new LightElement("ul");
    const closeList = this.#container(list, () => arrangeList(list));
    const closeItem = this.#top === list ? this.#container(item) : () => {};
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
    if (!isDetails && language === null) return () => {};
    if (language !== null) this.#context.losses.add("html", "dir or lang", [element]);
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
}

/** HTML with the formatting and the link around it as tags, each on a line: a line with one tag begins HTML in Markdown. */
function withTags(html: string, marks: readonly Mark[]): string {
  return marks.reduceRight((inside, { name, attributes }) => {
    const open = openTag(new LightElement(name, { ...attributes }), name, undefined);
    return `${open}\n${inside}\n</${name}>`;
  }, html);
}

/** A cell, and the row and the part of the table that begin with it: Markdown has no place for their ids but the cell. */
function beginningAt(cell: Element): Element[] {
  const begun: Element[] = [];
  for (let at: Element | null = cell; at !== null && at.name !== "table"; at = parentOf(at)) {
    begun.unshift(at);
    let before = at.prev;
    while (before !== null && !isElement(before)) before = before.prev;
    if (before !== null) break;
  }
  return begun;
}

function isText({ name }: Element): boolean {
  return /^(p|h[1-6])$/.test(name);
}

/** A box to tick at the start of an item is a task of GFM; elsewhere it stays a tag. */
function withTask(run: Leaf[], holder: LightElement): Leaf[] {
  const first = run.findIndex(isSolid);
  const box = run[first];
  if (holder.name !== "li" || holder.children.length > 0) return run;
  if (box?.kind !== "atom" || box.node.name !== "input") return run;
  const rest = run.slice(first + 1);
  const word = rest.findIndex(isSolid);
  const next = rest[word];
  if (next === undefined) return run;
  box.node.tight = true;
  const begun = next.kind === "text" ? { ...next, text: next.text.trimStart() } : next;
  return [{ ...box, marks: [] }, begun, ...rest.slice(word + 1)];
}

function isList({ name }: LightElement): boolean {
  return name === "ul" || name === "ol";
}

function isLike(last: LightElement, attributes: Readonly<Record<string, string>>): boolean {
  return (
    last.name === "div" && last.tags && JSON.stringify(last.attribs) === JSON.stringify(attributes)
  );
}

function hasCaption(figure: Element): boolean {
  return elementsOf(figure.children).some(
    (node) => node.name === "figcaption" && sourceText([node]).trim() !== "",
  );
}
