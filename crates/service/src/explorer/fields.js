// One control for each schema. A field knows how to read its value (undefined when left empty), how
// to take one, and where a problem named by the server belongs.

import { h, newId } from "./dom.js";
import { Exact } from "./json.js";
import { typesOf } from "./model.js";
import { listField, mapField, recordField } from "./nested.js";

/** The field of a schema; `title` is its label, `isItem` says that a list holds it. */
export function fieldOf(model, schema, title, isRequired, isItem = false) {
  const resolved = model.resolve(schema);
  const frame = { model, schema: resolved, title, isRequired, isItem, kind: model.kind(schema) };
  const type = typesOf(resolved)[0];
  if (type === "array") return listField(frame);
  if (type === "object") return resolved.properties ? recordField(frame) : mapField(frame);
  return scalarField(frame);
}

/** Label, hint and place for a problem around one control. */
export function framed({ title, kind, isRequired, schema }, control, hint = "") {
  const problem = h("span", { id: newId("problem"), class: "problem" });
  const description = h("span", { id: newId("hint"), class: "hint" });
  description.textContent = [schema.description?.split("\n")[0], hint].filter(Boolean).join(" ");
  control.id ||= newId("field");
  control.setAttribute("aria-describedby", `${description.id} ${problem.id}`);
  if (isRequired) control.setAttribute("aria-required", "true");
  const label = h(
    "label",
    { for: control.id },
    title,
    h("span", { class: "kind" }, isRequired ? `${kind}, required` : kind),
  );
  const show = (message) => {
    problem.textContent = message ?? "";
    if (message) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  };
  return { element: h("div", { class: "field" }, label, control, description, problem), show };
}

function scalarField(frame) {
  const { control, read, write, hint, check } = controlOf(frame);
  const { element, show } = framed(frame, control, hint);
  control.addEventListener("input", () => show(null));
  return {
    element,
    read,
    write,
    check() {
      const message = check?.() ?? missing(frame, read());
      show(message);
      return message ? control : null;
    },
    complain(path, message) {
      show(message);
      return control;
    },
    clear: () => show(null),
  };
}

function missing({ isRequired, schema }, value) {
  return isRequired && !schema.isNullable && value === undefined ? "This is needed." : null;
}

function controlOf(frame) {
  const { schema } = frame;
  const types = typesOf(schema);
  if (schema.enum)
    return choice(["", ...schema.enum.map(String)], (text) => enumValue(schema, text));
  if (types[0] === "boolean" && schema.isNullable) {
    return choice(["", "true", "false"], (text) => (text === "" ? undefined : text === "true"));
  }
  if (types[0] === "boolean") return checkbox();
  if (schema.format === "date-time") return moment();
  if (types.includes("number") || types[0] === "integer") return number(schema, types);
  return text(schema);
}

function enumValue(schema, text) {
  if (text === "") return undefined;
  return typesOf(schema)[0] === "integer" ? new Exact(text) : text;
}

function choice(options, read) {
  const control = h(
    "select",
    {},
    options.map((option) => {
      return h("option", { value: option }, option === "" ? "not set" : option);
    }),
  );
  return {
    control,
    read: () => read(control.value),
    write: (value) => {
      control.value = value === undefined || value === null ? "" : plain(value);
    },
  };
}

function checkbox() {
  const control = h("input", { type: "checkbox" });
  return {
    control,
    read: () => (control.checked ? true : undefined),
    write: (value) => {
      control.checked = value === true;
    },
  };
}

function moment() {
  const control = h("input", { type: "datetime-local", step: "1" });
  return {
    control,
    hint: "In UTC.",
    read: () => (control.value === "" ? undefined : `${control.value}Z`),
    write: (value) => {
      control.value = String(value ?? "").slice(0, 19);
    },
  };
}

function number(schema, types) {
  const isWhole = types[0] === "integer";
  const attributes = { type: "text", inputmode: isWhole ? "numeric" : "decimal" };
  const control = h("input", { ...attributes, autocomplete: "off" });
  const form = isWhole ? /^-?\d+$/ : /^-?\d+(\.\d+)?$/;
  return {
    control,
    read: () => (control.value.trim() === "" ? undefined : new Exact(control.value.trim())),
    write: (value) => {
      control.value = plain(value ?? "");
    },
    check: () => numberProblem(control.value.trim(), form, isWhole, schema),
  };
}

function numberProblem(text, form, isWhole, schema) {
  if (text === "") return null;
  if (!form.test(text)) return isWhole ? "Type a whole number." : "Type a number such as 12.50.";
  if (!isWhole) return null;
  const outside = BigInt(text) < BigInt(schema.minimum) || BigInt(text) > BigInt(schema.maximum);
  return outside ? `Type a number from ${schema.minimum} to ${schema.maximum}.` : null;
}

function text(schema) {
  const isSecret = schema.format === "password";
  const control = h("input", {
    type: isSecret ? "password" : "text",
    autocomplete: isSecret ? "new-password" : "off",
    spellcheck: "false",
  });
  return {
    control,
    hint: isSecret ? "Hidden, and left out of code samples." : "",
    read: () => (control.value === "" ? undefined : control.value),
    write: (value) => {
      control.value = plain(value ?? "");
    },
  };
}

function plain(value) {
  return value instanceof Exact ? value.text : String(value);
}
