/** The tree is that of parse5 where the searches of parse5 are replaced. */
import { parse, parseFragment, serialize } from "parse5";
import { adapter as treeAdapter } from "parse5-htmlparser2-tree-adapter";
import { expect, test } from "vitest";
import { parseDocument, parseParts } from "../../src/extract/bounded-parser.js";

const many = (count: number, piece: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => piece(at)).join("");

test.each([
  ["attributes of which each comes twice", `<p ${many(100, (at) => `a${at % 50}=${at} `)}>x</p>`],
  ["attributes of two elements", `<p ${many(40, (at) => `a${at}=1 `)}>x</p>`.repeat(2)],
  ["attributes of one name", `<p ${"a=b A=c ".repeat(40)}>x`],
  ["attributes of an end tag", `<p>x</p ${many(40, (at) => `a${at}=1 `)}>y`],
  ["attributes of the body", `<body ${many(40, (at) => `a${at}=1 `)}><body a1=2 b=3>x`],
  ["blocks in an open paragraph", "<p>a<div>b<p>c<ul><li>d<p>e<li>f</ul>g</div>h</p>i"],
  ["a paragraph around a button", "<p>a<button><div>b<p>c</button><div>d"],
  ["paragraphs in a table", "<table><p>a<tr><p>b<td><p>c<div>d</table>e<p>f"],
  ["paragraphs that marks are left open in", "<p><b>a<p>b<div><i>c</b>d<p>e</i>f</div>g"],
  ["a paragraph in a drawing", "<p><svg><p>a<desc><p>b<div>c</desc></svg><div>d"],
  ["ends of paragraphs that are not open", "</p><div></p>a</div></p>"],
  ["paragraphs in templates", "<template><p>a<div>b</template><p>c<template><p>d</template><div>e"],
])("a page with %s is parsed as parse5 parses it", (_, html) => {
  const options = { treeAdapter };
  expect(serialize(parseDocument(html, treeAdapter), options)).toBe(
    serialize(parse(html, options), options),
  );
  expect(serialize(parseParts(html, treeAdapter), options)).toBe(
    serialize(parseFragment(html, options), options),
  );
});
