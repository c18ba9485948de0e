/** Rows as plain values, which may pass from one process to another. Nodes nest deeper than a stack, so each names its parent by its place. */
import {
  type AnyNode,
  type ChildNode,
  Comment,
  Document,
  Element,
  isComment,
  isTag,
  isText,
  type ParentNode,
  Text,
} from "domhandler";
import type { FieldName, Listing, Reading, Row } from "../../model.js";

type SerialisedNode =
  | readonly [parent: number, kind: "text" | "comment", data: string]
  | readonly [parent: number, kind: "tag", name: string, attribs: Readonly<Record<string, string>>];

export type SerialisedRow = Omit<Row, "readings"> & {
  readonly readings: readonly (readonly [
    FieldName,
    Omit<Reading, "nodes">,
    readonly SerialisedNode[] | null,
  ])[];
};

export type SerialisedListing = Omit<Listing, "rows"> & { readonly rows: readonly SerialisedRow[] };

export function serialiseListing({ rows, ...listing }: Listing): SerialisedListing {
  return { ...listing, rows: rows.map(serialiseRow) };
}

export function deserialiseListing({ rows, ...listing }: SerialisedListing): Listing {
  return { ...listing, rows: rows.map(deserialiseRow) };
}

export function serialiseRow<R extends Pick<Row, "readings">>({ readings, ...row }: R) {
  const flat = Object.entries(readings).map(
    ([name, { nodes, ...reading }]) =>
      [name as FieldName, reading, nodes === null ? null : flatten(nodes)] as const,
  );
  return { ...row, readings: flat };
}

export function deserialiseRow({ readings, ...row }: SerialisedRow): Row {
  const whole = readings.map(([name, reading, nodes]) => [
    name,
    { ...reading, nodes: nodes === null ? null : unflatten(nodes) },
  ]);
  return { ...row, readings: Object.fromEntries(whole) };
}

function flatten(nodes: readonly ChildNode[]): SerialisedNode[] {
  const flat: SerialisedNode[] = [];
  const todo: [node: AnyNode, parent: number][] = [...nodes].reverse().map((node) => [node, -1]);
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const [node, parent] = next;
    if (isText(node)) flat.push([parent, "text", node.data]);
    else if (isComment(node)) flat.push([parent, "comment", node.data]);
    else if (isTag(node)) {
      const place = flat.push([parent, "tag", node.name, node.attribs]) - 1;
      for (let at = node.children.length - 1; at >= 0; at--)
        todo.push([node.children[at] as AnyNode, place]);
    }
  }
  return flat;
}

function unflatten(flat: readonly SerialisedNode[]): ChildNode[] {
  const root = new Document([]);
  const made: AnyNode[] = [];
  for (const [parent, kind, text, attribs] of flat) {
    const node =
      kind === "text"
        ? new Text(text)
        : kind === "comment"
          ? new Comment(text)
          : new Element(text, Object.assign(Object.create(null), attribs));
    append((made[parent] as ParentNode | undefined) ?? root, node);
    made.push(node);
  }
  return root.children;
}

function append(parent: ParentNode, node: ChildNode): void {
  const before = parent.children.at(-1) ?? null;
  node.parent = parent;
  node.prev = before;
  if (before !== null) before.next = node;
  parent.children.push(node);
}
