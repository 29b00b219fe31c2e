// The list of operations, narrowed while typing.

import { announce, h, newId } from "./dom.js";
import { accessText } from "./model.js";

/** Fills the list; `open` is called with the operation somebody chose. */
export function setUpList(model, addressOf, open) {
  const id = newId("search");
  const search = h("input", {
    type: "search",
    id,
    placeholder: "Name, path or tag",
    autocomplete: "off",
    spellcheck: "false",
  });
  const place = h("div", {});
  let current = null;
  const narrow = () => {
    const found = matching(model, search.value);
    place.replaceChildren(...groups(model, found, addressOf, open, search.value !== ""));
    if (current) mark(place, current);
    const none = found.length === 0;
    if (none)
      place.append(h("p", { class: "muted" }, "No operation has that in its name, path or tags. "));
    if (search.value) announce(`${found.length} operations`);
  };
  search.addEventListener("input", narrow);
  search.addEventListener("keydown", (event) => {
    const links = place.querySelectorAll("a");
    if (event.key === "ArrowDown" && links.length) {
      event.preventDefault();
      links[0].focus();
    }
    if (event.key === "Enter") links[0]?.click();
    if (event.key === "Escape") {
      search.value = "";
      narrow();
    }
  });
  place.addEventListener("keydown", (event) =>
    move(
      event,
      [...place.querySelectorAll("a")].filter((link) => link.offsetParent),
      search,
    ),
  );
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.target.closest("input, textarea, select, dialog")) {
      event.preventDefault();
      search.focus();
    }
  });
  narrow();
  const label = h("label", { for: id }, "Find an operation", h("span", { class: "kind" }, "key /"));
  document
    .getElementById("operations")
    .replaceChildren(h("div", { role: "search", class: "field" }, label, search), place);
  return (operation) => {
    current = operation;
    mark(place, operation);
  };
}

function matching(model, text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const haystack = ({ name, tags, places, description }) => {
    return [name, ...tags, ...places.map(({ path }) => path), description].join(" ").toLowerCase();
  };
  return model.operations.filter((it) => words.every((word) => haystack(it).includes(word)));
}

function groups(model, found, addressOf, open, isNarrowed) {
  return model.hosts.flatMap((host) => {
    const own = found.filter((operation) => operation.host === host.name);
    if (own.length === 0) return [];
    const id = newId("host");
    const heading = h("h2", { id }, host.name, h("span", { class: "kind" }, host.title));
    const list = (operations, label) => {
      return h(
        "ul",
        label,
        operations.map((it) => item(it, addressOf, open)),
      );
    };
    const tags = [...new Set(own.map((it) => it.tags[1]).filter(Boolean))];
    const tagged = tags.map((tag) =>
      h(
        "details",
        { open: isNarrowed },
        h("summary", {}, tag),
        list(
          own.filter((it) => it.tags[1] === tag),
          { "aria-label": tag },
        ),
      ),
    );
    return [
      heading,
      list(
        own.filter((it) => !it.tags[1]),
        { "aria-labelledby": id },
      ),
      ...tagged,
    ];
  });
}

function item(operation, addressOf, open) {
  const onClick = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(operation);
  };
  const lock = operation.access.authenticated
    ? h("span", { class: "lock", title: accessText(operation.access) }, "sign-in")
    : null;
  const link = h(
    "a",
    { href: addressOf(operation), onClick },
    h("span", {}, breakable(operation.name)),
    lock,
  );
  link.operation = operation;
  return h("li", {}, link);
}

/** A name that may be broken before a capital. */
function breakable(name) {
  return name.split(/(?=[A-Z][a-z])/).flatMap((part) => [h("wbr"), part]);
}

function mark(place, operation) {
  for (const link of place.querySelectorAll("a")) {
    const isCurrent = link.operation === operation;
    if (isCurrent) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
    const group = link.closest("details");
    if (isCurrent && group) group.open = true;
  }
}

function move(event, links, search) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const index = links.indexOf(document.activeElement);
  if (!step || index < 0) return;
  event.preventDefault();
  (links[index + step] ?? (step < 0 ? search : links[index])).focus();
}
