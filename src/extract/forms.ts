/** Forms as a browser sends them (https://html.spec.whatwg.org/#form-submission-algorithm), without a script to run. Pure. */
import type { Element } from "domhandler";
import { percentDecode } from "../text.js";
import { withoutPost } from "../url/post.js";
import { elementPath } from "./element-path.js";
import { isElement, textOf, traverse } from "./nodes.js";
import { closest, matches, select } from "./select.js";
import { linkTarget, type Tree } from "./tree.js";

export interface FormRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
}

/** What a script is called with: `__doPostBack('list','Page$2')`. */
export interface ScriptCall {
  readonly name: string;
  readonly values: readonly string[];
}

const SUBMITS =
  "button:not([type=button i], [type=reset i]), input[type=submit i], input[type=image i]";
const CONTROLS = "input, select, textarea, button";

/** Letters of a script that are looked at. */
const MOST_SCRIPT = 500;

export function isSubmit(node: Element): boolean {
  return matches(node, SUBMITS);
}

/** The first call of a function in the script of a link or a button; null where there is none. */
export function scriptCall({ attribs }: Element): ScriptCall | null {
  const { href = "", onclick = "" } = attribs;
  const scripts = [
    /^\s*javascript:/i.test(href) ? percentDecode(href.replace(/^\s*javascript:/i, "")) : "",
    onclick,
  ];
  for (const whole of scripts) {
    // A call is short; a long word without one would be looked through from each of its letters.
    const script = whole.slice(0, MOST_SCRIPT);
    // `new WebForm_PostBackOptions("list", "", true, …)` is an argument of a call.
    const call =
      /\bWebForm_PostBackOptions\s*\(([^()]*)/.exec(script) ??
      /(?!(?:if|for|while|return|void|function)\b)[\w$.]+\s*\(([^()]*)\)/.exec(script);
    if (call === null) continue;
    const name = (call[0].split("(", 1)[0] ?? "").trim();
    return { name, values: valuesOf(call[1] ?? "") };
  }
  return null;
}

/**
 * Whether a link or a control sends a form: `form` as it is, or by a script that is known; `script` by another one, which
 * may fill its fields; null when it does not.
 */
export function sends(tree: Tree, node: Element): "form" | "script" | null {
  if (node.name === "form") return "form";
  const call = scriptCall(node);
  if (call !== null && isPostBack(call)) return "form";
  if (isSubmit(node) && formOf(tree, node) !== null) return "form";
  return call !== null && formsOf(tree).hasPost ? "script" : null;
}

/** True for the scripts of ASP.NET that send its form. */
export function isPostBack({ name }: ScriptCall): boolean {
  return /(?:^|\.)(?:__doPostBack|WebForm_PostBackOptions)$/.test(name);
}

/** Texts and numbers among the arguments of a call; anything else is an empty text. */
function valuesOf(list: string): string[] {
  const found = list.matchAll(/\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^,]*))\s*(?:,|$)/gy);
  const values = [...found].map(([, single, double, bare = ""]) => {
    const text = single ?? double;
    return text === undefined
      ? /^-?\d+$/.test(bare.trim())
        ? bare.trim()
        : ""
      : text.replace(/\\(.)/g, "$1");
  });
  return values.slice(0, -1).concat(values.at(-1) === "" ? [] : values.slice(-1));
}

/** What is known of the forms of a page, found once. */
interface Forms {
  /** Controls and links after a form that a parser closed at once, as in a table: they are its own. */
  readonly strays: ReadonlyMap<Element, Element>;
  readonly hasPost: boolean;
  readonly byId: ReadonlyMap<string, Element>;
}

const known = new WeakMap<Tree, Forms>();

function formsOf(tree: Tree): Forms {
  const found = known.get(tree);
  if (found !== undefined) return found;
  const strays = new Map<Element, Element>();
  const byId = new Map<string, Element>();
  let last: Element | null = null;
  let hasPost = false;
  for (const node of select(tree.$, null, `form, ${CONTROLS}, a`)) {
    if (node.name === "form") {
      last = node.children.some(isElement) ? null : node;
      hasPost ||= isPost(node.attribs.method);
      const { id } = node.attribs;
      if (id !== undefined && !byId.has(id)) byId.set(id, node);
    } else if (last !== null && closest(node, "form") === null) strays.set(node, last);
  }
  const forms = { strays, hasPost, byId };
  known.set(tree, forms);
  return forms;
}

function isPost(method = ""): boolean {
  return /^post$/i.test(method.trim());
}

/** The form that a control or a link belongs to; null where it is in none. */
export function formOf(tree: Tree, node: Element): Element | null {
  const { form: id } = node.attribs;
  if (id !== undefined) return formsOf(tree).byId.get(id) ?? null;
  const own = node.name === "form" ? node : closest(node, "form");
  return own ?? formsOf(tree).strays.get(node) ?? null;
}

/** True where a form has a control by that name. */
export function hasField(tree: Tree, form: Element, name: string): boolean {
  return controlsOf(tree, form).some(({ attribs }) => attribs.name === name);
}

function controlsOf(tree: Tree, form: Element): Element[] {
  const { strays } = formsOf(tree);
  return select(tree.$, null, CONTROLS).filter((node) =>
    node.attribs.form === undefined
      ? strays.get(node) === form || closest(node, "form") === form
      : node.attribs.form === form.attribs.id,
  );
}

/**
 * What a form sends.
 *
 * @param button what submits it; null for its first button
 * @param set fields that a script fills, in the place of what the page has in them
 * @returns a text that says why it cannot be sent
 */
export function submitted(
  tree: Tree,
  form: Element,
  button: Element | null,
  set: Readonly<Record<string, string>>,
): FormRequest | string {
  const controls = controlsOf(tree, form);
  const by = button ?? (Object.keys(set).length > 0 ? null : controls.find(isSubmit));
  if (by === undefined) return `the form at ${elementPath(form)} has no button that submits it`;
  const { formaction, formmethod } = by?.attribs ?? {};
  const action = (formaction ?? form.attribs.action ?? "").trim();
  const url = action === "" ? withoutPost(tree.url) : linkTarget(tree, action);
  if (url === null)
    return `the form at ${elementPath(form)} is sent to ${action}, which is not the URL of a page`;
  const fields = controls.flatMap((node) => entriesOf(tree, node, node === by));
  for (const [name, value] of Object.entries(set)) {
    const at = fields.findIndex(([known]) => known === name);
    if (at < 0) fields.push([name, value]);
    else fields[at] = [name, value];
  }
  const method = isPost(formmethod ?? form.attribs.method) ? "POST" : "GET";
  return { method, url, fields };
}

type Entry = readonly [name: string, value: string];

function entriesOf(tree: Tree, node: Element, isClicked: boolean): Entry[] {
  const { name, value = "", type = "", disabled } = node.attribs;
  if (
    !name ||
    disabled !== undefined ||
    closest(node, "fieldset[disabled], datalist, template") !== null
  )
    return [];
  if (node.name === "select") return chosen(tree, node).map((text) => [name, text]);
  if (node.name === "textarea") return [[name, textIn(node)]];
  if (isSubmit(node) || node.name === "button") {
    if (!isClicked) return [];
    return /^image$/i.test(type)
      ? [
          [`${name}.x`, "1"],
          [`${name}.y`, "1"],
        ]
      : [[name, value]];
  }
  if (/^(?:button|reset|file)$/i.test(type)) return [];
  if (/^(?:checkbox|radio)$/i.test(type))
    return node.attribs.checked === undefined ? [] : [[name, node.attribs.value ?? "on"]];
  return [[name, value]];
}

function chosen(tree: Tree, node: Element): string[] {
  const options = select(tree.$, node, "option").filter(
    ({ attribs }) => attribs.disabled === undefined,
  );
  const marked = options.filter(({ attribs }) => attribs.selected !== undefined);
  const isList = node.attribs.multiple !== undefined;
  const taken = isList ? marked : [marked.at(-1) ?? options[0]];
  return taken.flatMap((option) =>
    option === undefined ? [] : [option.attribs.value ?? textOf([option]).trim()],
  );
}

function textIn(node: Element): string {
  const parts: string[] = [];
  traverse([node], (one) => {
    if (one.type === "text") parts.push(one.data);
    return true;
  });
  return parts.join("").replace(/\r?\n/g, "\r\n");
}

/** Fields as they are sent, in UTF-8. */
export function encoded(fields: FormRequest["fields"]): string {
  return new URLSearchParams(
    fields.map(([name, value]): [string, string] => [name, value]),
  ).toString();
}
