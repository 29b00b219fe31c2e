// Fields that hold other fields: objects, lists, dictionaries. What is inside is made when it is
// first asked for, so that a type that nests in itself ends.

import { h, newId } from "./dom.js";
import { fieldOf } from "./fields.js";

/** Names of one member as the server and this page may spell it: case, `_` and `-` do not count. */
export function sameName(one, other) {
  const folded = (name) => name.replace(/[_-]/g, "").toLowerCase();
  return folded(one) === folded(other);
}

/** The members of an object, without a frame. */
export function members(model, schema, isLeftOut = () => false) {
  const fields = Object.entries(schema.properties).filter(([name]) => !isLeftOut(name));
  const required = schema.required ?? [];
  const entries = fields.map(([name, member]) => {
    return { name, field: fieldOf(model, member, name, required.includes(name)) };
  });
  const find = (path) => entries.find(({ name }) => sameName(name, path[0] ?? ""))?.field;
  return {
    element: h(
      "div",
      { class: "grid" },
      entries.map(({ field }) => field.element),
    ),
    read: () => collect(entries.map(({ name, field }) => [name, field.read()])),
    write: (value) => entries.forEach(({ name, field }) => field.write(pick(value, name))),
    check: () => firstOf(entries.map(({ field }) => field.check())),
    complain: (path, message) => find(path)?.complain(path.slice(1), message) ?? null,
    clear: () => entries.forEach(({ field }) => field.clear()),
  };
}

function pick(value, name) {
  const key = Object.keys(value ?? {}).find((known) => sameName(known, name));
  return key === undefined ? undefined : value[key];
}

function collect(pairs) {
  const given = pairs.filter(([, value]) => value !== undefined);
  return given.length ? Object.fromEntries(given) : undefined;
}

function firstOf(found) {
  return found.find((control) => control) ?? null;
}

function group(frame, ...content) {
  const problem = h("p", { class: "problem", id: newId("problem") });
  const kind = frame.isRequired ? `${frame.kind}, required` : frame.kind;
  const legend = h("legend", {}, frame.title, h("span", { class: "kind" }, kind));
  const hint = frame.schema.description?.split("\n")[0];
  const element = h(
    "fieldset",
    { class: "group", "aria-describedby": problem.id },
    legend,
    hint && h("p", { class: "hint" }, hint),
    content,
    problem,
  );
  return {
    element,
    show: (message) => {
      problem.textContent = message ?? "";
    },
  };
}

function button(title, label, onClick) {
  return h("button", { type: "button", class: "quiet", "aria-label": label, onClick }, title);
}

/** An object that may be left out altogether; one that is an item of a list is always there. */
export function recordField(frame) {
  let inner = null;
  const place = h("div", {});
  const add = () => {
    inner = members(frame.model, frame.schema);
    place.replaceChildren(inner.element);
    toggle.textContent = "Remove";
    toggle.setAttribute("aria-label", `Remove ${frame.title}`);
  };
  const remove = () => {
    inner = null;
    place.replaceChildren();
    toggle.textContent = "Add";
    toggle.setAttribute("aria-label", `Add ${frame.title}`);
  };
  const toggle = button("Add", `Add ${frame.title}`, () => {
    if (inner) return remove();
    add();
    place.querySelector("input, select, button")?.focus();
  });
  const { element, show } = group(frame, frame.isItem ? null : toggle, place);
  if (frame.isItem) add();
  return {
    element,
    read: () => (inner ? (inner.read() ?? {}) : undefined),
    write: (value) => {
      if ((value === undefined || value === null) && !frame.isItem) return remove();
      if (!inner) add();
      inner.write(value);
    },
    check: () => inner?.check() ?? null,
    complain: (path, message) => {
      const found = path.length ? inner?.complain(path, message) : null;
      if (!found) show([...path, message].join(": "));
      return found ?? (frame.isItem ? null : toggle);
    },
    clear: () => {
      show(null);
      inner?.clear();
    },
  };
}

/** Items that can be added and removed. */
export function listField(frame) {
  const items = [];
  const place = h("ol", { class: "items" });
  const addButton = button("Add an item", `Add an item to ${frame.title}`, () => {
    const item = add();
    item.row.querySelector("input, select, button")?.focus();
  });
  const add = () => {
    const field = fieldOf(
      frame.model,
      frame.schema.items,
      `${frame.title} ${items.length + 1}`,
      false,
      true,
    );
    const row = h("li", {}, field.element);
    const item = { field, row };
    row.append(
      button("Remove", `Remove this item of ${frame.title}`, () => {
        items.splice(items.indexOf(item), 1);
        row.remove();
        addButton.focus();
      }),
    );
    items.push(item);
    place.append(row);
    return item;
  };
  const { element, show } = group(frame, place, addButton);
  const read = () => items.map(({ field }) => field.read() ?? null);
  return {
    element,
    read: () => (items.length ? read() : undefined),
    write: (value) => {
      items.length = 0;
      place.replaceChildren();
      for (const item of Array.isArray(value) ? value : []) add().field.write(item);
    },
    check: () => firstOf(items.map(({ field }) => field.check())),
    complain: (path, message) => {
      const found = items[Number(path[0])]?.field.complain(path.slice(1), message);
      if (!found) show(message);
      return found ?? addButton;
    },
    clear: () => {
      show(null);
      items.forEach(({ field }) => field.clear());
    },
  };
}

/** Keys with values. */
export function mapField(frame) {
  const rows = [];
  const place = h("ol", { class: "items" });
  const values = frame.schema.additionalProperties ?? { type: "string" };
  const add = (key = "") => {
    const name = h("input", {
      type: "text",
      "aria-label": `Key of ${frame.title}`,
      autocomplete: "off",
    });
    name.value = key;
    const field = fieldOf(frame.model, values, "Value", false);
    const entry = { name, field };
    const row = h(
      "li",
      {},
      name,
      field.element,
      button("Remove", `Remove ${frame.title} entry`, () => {
        rows.splice(rows.indexOf(entry), 1);
        row.remove();
        addButton.focus();
      }),
    );
    rows.push(entry);
    place.append(row);
    return entry;
  };
  const addButton = button("Add an entry", `Add an entry to ${frame.title}`, () =>
    add().name.focus(),
  );
  const { element, show } = group(frame, place, addButton);
  return {
    element,
    read: () =>
      collect(
        rows.filter(({ name }) => name.value).map(({ name, field }) => [name.value, field.read()]),
      ),
    write: (value) => {
      rows.length = 0;
      place.replaceChildren();
      for (const [key, item] of Object.entries(value ?? {})) add(key).field.write(item);
    },
    check: () => firstOf(rows.map(({ field }) => field.check())),
    complain: (path, message) => {
      show(message);
      return addButton;
    },
    clear: () => show(null),
  };
}
