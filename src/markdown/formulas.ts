/**
 * Formulas: KaTeX and MathJax print each several times, for the eye, for readers of screens and as its TeX. One is kept:
 * MathML where the page has it, with the TeX as `alttext`, else the TeX between the marks that both look for.
 */
import { type ChildNode, Element, Text } from "domhandler";
import { elementsOf, isElement, parentOf, sourceText } from "../extract/nodes.js";

const RENDERED = /katex|math|mjx/i;

/** True for a formula that the page has a better form of beside it. */
export function isFormulaCopy(element: Element): boolean {
  if (isTex(element)) return texOf(element) === null;
  const parent = parentOf(element);
  if (parent === null) return false;
  if (![element.name, element.attribs.class, parent.attribs.class].some(isRendered)) return false;
  const siblings = parent.children.filter((node) => node !== element);
  if (element.attribs["aria-hidden"] === "true" && siblings.some(holdsMath)) return true;
  return /MathJax/.test(element.attribs.class ?? "") && !holdsMath(element) && siblings.some(isTex);
}

function isRendered(name: string | undefined): boolean {
  return name !== undefined && RENDERED.test(name);
}

function holdsMath(node: ChildNode): boolean {
  return isElement(node) && elementsOf([node]).some(({ name }) => name === "math");
}

/** The TeX that MathJax makes a formula of: `<script type="math/tex; mode=display">`. */
function isTex(node: ChildNode): boolean {
  return isElement(node) && node.name === "script" && /^math\/tex/i.test(node.attribs.type ?? "");
}

/** The TeX of a formula as text; null for anything else, and where its MathML is beside it. */
export function texOf(element: Element): Element | null {
  if (!isTex(element)) return null;
  const beside = [element.prev, element.prev?.prev].filter((node) => node != null);
  if (beside.some(holdsMath)) return null;
  const tex = sourceText([element]).trim().replace(/\s+/g, " ");
  return /mode\s*=\s*display/i.test(element.attribs.type ?? "")
    ? new Element("p", {}, [new Text(`\\[${tex}\\]`)])
    : new Element("span", {}, [new Text(`\\(${tex}\\)`)]);
}

/** The TeX that a formula in MathML is annotated with; null for none. */
export function annotationOf(math: Element): string | null {
  const annotation = elementsOf(math.children).find(
    ({ name, attribs }) => name === "annotation" && /tex/i.test(attribs.encoding ?? ""),
  );
  return annotation === undefined ? null : sourceText([annotation]).trim() || null;
}
