// The call as code: a snippet with what is filled in, and the source of the types it needs.

import { copyButton, h, newId } from "./dom.js";
import { languages } from "./model.js";
import { snippet } from "./snippets.js";

/** The server's languages, and curl, which needs no types. */
const LANGUAGES = [["curl", "curl"], ...languages];

const NOTE = "guichet-explorer-language";

/** The view; `call` holds what is filled in. */
export function codeView(model, operation, call) {
  const select = h(
    "select",
    { id: newId("language") },
    LANGUAGES.map(([key, title]) => {
      return h("option", { value: key }, title);
    }),
  );
  select.value = localStorage.getItem(NOTE) ?? "curl";
  if (!select.value) select.value = "curl";
  const place = h("div", {});
  const show = () => {
    localStorage.setItem(NOTE, select.value);
    place.replaceChildren(...parts(model, operation, call, select.value));
  };
  select.addEventListener("change", show);
  show();
  return h(
    "div",
    {},
    h("p", { class: "field" }, h("label", { for: select.id }, "Language"), select),
    place,
  );
}

function parts(model, operation, call, language) {
  const found = [];
  const text = snippetOf(model, operation, call, language);
  if (text) found.push(...block("Call", text));
  if (language === "curl") return found;
  const address = typesAddress(operation, language);
  const source = h(
    "pre",
    { class: "code", tabindex: "0", "aria-label": "Types" },
    "Loading the types…",
  );
  load(address, source);
  const copy = copyButton(() => source.textContent);
  found.push(
    h("div", { class: "row between" }, h("h2", {}, "Types"), copy),
    source,
    h(
      "p",
      {},
      h("a", { href: address }, "These types alone"),
      " or ",
      h("a", { href: `${operation.base}/types/${language}` }, "all types of the service"),
      ".",
    ),
  );
  return found;
}

function block(title, text) {
  const pre = h("pre", { class: "code", tabindex: "0", "aria-label": title }, text);
  return [
    h(
      "div",
      { class: "row between" },
      h("h2", {}, title),
      copyButton(() => text),
    ),
    pre,
  ];
}

function snippetOf(model, operation, call, language) {
  try {
    return snippet(model, operation, call, language);
  } catch (error) {
    return `The body cannot be read as JSON. ${error.message}`;
  }
}

function typesAddress(operation, language) {
  const base = language === "python" ? pythonBase(operation) : operation.base;
  return `${base}/types/${language}?IncludeTypes=${operation.name}.*`;
}

/** Python's client reads camelCase alone, which any host speaks below `/camel`. */
export function pythonBase({ base, isPascal }) {
  return isPascal ? `/camel${base.replace(/^\/pascal(?=\/|$)/, "")}` : base;
}

async function load(address, source) {
  try {
    const response = await fetch(address, { headers: { Accept: "text/plain" } });
    const text = await response.text();
    source.textContent = response.ok
      ? text
      : `The server has no types in this language (${response.status}).`;
  } catch {
    source.textContent = "The types could not be loaded. Check that the server runs and try again.";
  }
}
