// JSON without loss: a number keeps the digits it was written with, because 1.50 of money and a
// number of 64 bits are not what a float makes of them.

/** A number as it is written. */
export class Exact {
  constructor(text) {
    this.text = text;
  }
}

const TOKEN =
  /\s*(?:([{}[\],:])|("(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null))/y;

/** Reads a document; throws a SyntaxError that says where it goes wrong. */
export function parse(text) {
  let position = 0;
  const next = () => {
    TOKEN.lastIndex = position;
    const match = TOKEN.exec(text);
    if (!match) throw wrong(text, position);
    position = TOKEN.lastIndex;
    return match;
  };
  const list = (close, item) => {
    const start = position;
    if (next()[1] === close) return;
    position = start;
    for (;;) {
      item();
      const mark = next()[1];
      if (mark === close) return;
      if (mark !== ",") throw wrong(text, position - 1);
    }
  };
  const value = () => {
    const [, mark, quoted, number, word] = next();
    if (quoted !== undefined) return JSON.parse(quoted);
    if (number !== undefined) return new Exact(number);
    if (word !== undefined) return JSON.parse(word);
    if (mark === "[") {
      const items = [];
      list("]", () => items.push(value()));
      return items;
    }
    if (mark !== "{") throw wrong(text, position - 1);
    const members = Object.create(null);
    list("}", () => {
      const name = next()[2];
      if (name === undefined || next()[1] !== ":") throw wrong(text, position - 1);
      members[JSON.parse(name)] = value();
    });
    return members;
  };
  const document = value();
  if (text.slice(position).trim() !== "") throw wrong(text, position);
  return document;
}

function wrong(text, position) {
  const line = text.slice(0, position).split("\n").length;
  const rest = text.slice(position).trim().slice(0, 20);
  const what = rest === "" ? "the end comes too early" : `"${rest}" is not expected`;
  return new SyntaxError(`Line ${line}: ${what}.`);
}

/** Writes a value; with `indent` on several lines. Members that are undefined are left out. */
export function stringify(value, indent = 0, depth = 0) {
  const pad = indent ? `\n${" ".repeat(indent * (depth + 1))}` : "";
  const end = indent ? `\n${" ".repeat(indent * depth)}` : "";
  const inner = (item) => stringify(item, indent, depth + 1);
  if (value instanceof Exact) return value.text;
  if (Array.isArray(value)) {
    return value.length ? `[${value.map((item) => pad + inner(item)).join(",")}${end}]` : "[]";
  }
  if (value === null || typeof value !== "object") return JSON.stringify(value ?? null);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  const colon = indent ? ": " : ":";
  const text = members.map(([name, member]) => pad + JSON.stringify(name) + colon + inner(member));
  return text.length ? `{${text.join(",")}${end}}` : "{}";
}
