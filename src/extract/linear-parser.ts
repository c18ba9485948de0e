/** parse5, without two searches of it that take the square of a hostile page's length. The tree is the same. */
import { html, Parser, type ParserOptions, type Token, Tokenizer } from "parse5";
import type { Htmlparser2TreeAdapterMap } from "parse5-htmlparser2-tree-adapter";

type Nodes = Htmlparser2TreeAdapterMap;
type Options = Pick<Required<ParserOptions<Nodes>>, "treeAdapter">;

/** From so many attributes on, names are looked up in a set; parse5 compares each with all before it. */
const MANY = 32;

class LinearTokenizer extends Tokenizer {
  #tag: Token.Token | null = null;
  #names = new Set<string>();

  protected override _leaveAttrName(): void {
    const tag = this.currentToken as Token.TagToken;
    if (tag.attrs.length < MANY) {
      super._leaveAttrName();
      return;
    }
    if (this.#tag !== tag) {
      this.#tag = tag;
      this.#names = new Set(tag.attrs.map(({ name }) => name));
    }
    // HTML keeps the first of a name.
    if (this.#names.has(this.currentAttr.name)) return;
    this.#names.add(this.currentAttr.name);
    tag.attrs.push(this.currentAttr);
  }
}

class LinearParser extends Parser<Nodes> {
  #paragraphs = 0;

  constructor(...given: ConstructorParameters<typeof Parser<Nodes>>) {
    super(...given);
    this.tokenizer = new LinearTokenizer(this.options, this);
    const open = this.openElements;
    const search = open.hasInButtonScope.bind(open);
    // Each block closes a paragraph that is open, for which parse5 looks through all that is open.
    open.hasInButtonScope = (tag) => (tag !== html.TAG_ID.P || this.#paragraphs > 0) && search(tag);
  }

  override onItemPush(node: Nodes["parentNode"], tag: number, isTop: boolean): void {
    if ("name" in node && node.name === "p") this.#paragraphs++;
    super.onItemPush(node, tag, isTop);
  }

  override onItemPop(node: Nodes["parentNode"], isTop: boolean): void {
    if ("name" in node && node.name === "p") this.#paragraphs--;
    super.onItemPop(node, isTop);
  }
}

export function parseDocument(text: string, options: Options): Nodes["document"] {
  return LinearParser.parse(text, options);
}

/** @returns what a template element would hold */
export function parseParts(text: string, options: Options): Nodes["documentFragment"] {
  const parser = LinearParser.getFragmentParser(null, options);
  parser.tokenizer.write(text, true);
  return parser.getFragment();
}
