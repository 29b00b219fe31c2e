// The page: its address says which operation and which tab, everything else follows.

import { Call } from "./call.js";
import { codeView } from "./code.js";
import { detailsView } from "./details.js";
import { announce, h, tabs } from "./dom.js";
import { setUpList } from "./list.js";
import { accessText, loadModel, root } from "./model.js";
import { setUpSession } from "./session.js";

const main = document.getElementById("main");
let current = null;

function addressOf(operation, tab) {
  const query = new URLSearchParams();
  if (operation.isAmbiguous) query.set("host", operation.host);
  if (tab && tab !== "call") query.set("tab", tab);
  const text = query.toString();
  return `${root}/ui/${encodeURIComponent(operation.name)}${text ? `?${text}` : ""}`;
}

/** The operation that the address names, `undefined` for one that is not there. */
function asked(model) {
  const rest = location.pathname.slice(`${root}/ui`.length).replace(/^\/|\/$/g, "");
  if (rest === "") return null;
  return model.find(decodeURIComponent(rest), new URLSearchParams(location.search).get("host"));
}

function show(model, mark, isFirst) {
  current?.leave();
  current = null;
  const operation = asked(model);
  document.body.classList.toggle("has-operation", operation !== null);
  mark(operation);
  document.title = operation ? `${operation.name} – API Explorer` : "API Explorer";
  if (operation) main.replaceChildren(...operationView(model, operation));
  else main.replaceChildren(operation === null ? welcome(model) : unknown());
  if (isFirst) return;
  main.querySelector("h1")?.focus();
  scrollTo(0, 0);
}

function operationView(model, operation) {
  const call = new Call(model, operation);
  current = call;
  const tab = new URLSearchParams(location.search).get("tab") ?? "call";
  const entries = [
    { key: "call", title: "Call", content: () => call.element },
    { key: "details", title: "Details", content: () => detailsView(model, operation) },
    { key: "code", title: "Code", isFresh: true, content: () => codeView(model, operation, call) },
  ];
  const onSelect = (key) => history.replaceState(null, "", addressOf(operation, key));
  const { access } = operation;
  return [
    h("a", { class: "back", href: `${root}/ui` }, "← All operations"),
    h("h1", { tabindex: "-1" }, operation.name),
    h(
      "p",
      { class: "row" },
      h("span", { class: access.authenticated ? "pill locked" : "pill" }, accessText(access)),
      operation.changes && h("span", { class: "pill changes" }, "Changes something"),
    ),
    description(operation),
    tabs("Views of the operation", entries, tab, onSelect),
  ];
}

/** The published text; the last paragraph is the access rule, which stands above already. */
function description(operation) {
  const paragraphs = operation.description
    .split("\n\n")
    .filter((text) => !text.startsWith("Needs "));
  return h(
    "div",
    { class: "prose" },
    paragraphs.filter(Boolean).map((text) => h("p", {}, text)),
  );
}

function welcome(model) {
  const count = model.operations.length;
  return h(
    "div",
    { class: "welcome" },
    h("h1", { tabindex: "-1" }, "API Explorer"),
    h(
      "p",
      {},
      `${count} operations. Choose one to fill in its form, send it, `,
      "and see the answer and the code for it.",
    ),
    h(
      "p",
      { class: "muted" },
      "Most operations ask who calls: sign in above with a user name, an API key or a token.",
    ),
    h(
      "p",
      {},
      h("a", { href: `${root}/metadata` }, "Operation pages"),
      " · ",
      h("a", { href: `${root}/types` }, "Types"),
      " · ",
      h("a", { href: `${root}/openapi.json` }, "OpenAPI document"),
    ),
  );
}

function unknown() {
  return h(
    "div",
    {},
    h("h1", { tabindex: "-1" }, "There is no such operation"),
    h(
      "p",
      {},
      "Its name may have changed. Find it in the list, or ",
      h("a", { href: `${root}/ui` }, "begin anew"),
      ".",
    ),
  );
}

function failed(error) {
  const again = h(
    "button",
    { type: "button", class: "primary", onClick: () => location.reload() },
    "Try again",
  );
  announce("The list of operations could not be loaded.");
  main.replaceChildren(
    h("h1", {}, "The list of operations could not be loaded"),
    h("p", { class: "told" }, error.message),
    h("p", {}, "Check that the server runs. "),
    again,
  );
}

async function start() {
  setUpSession();
  const model = await loadModel();
  for (const operation of model.operations) {
    const same = (other) => other.name.toLowerCase() === operation.name.toLowerCase();
    operation.isAmbiguous = model.operations.filter(same).length > 1;
  }
  const go = (address) => {
    history.pushState(null, "", address);
    show(model, mark, false);
  };
  const mark = setUpList(model, addressOf, (operation) => go(addressOf(operation)));
  addEventListener("popstate", () => show(model, mark, false));
  document.addEventListener("click", (event) => {
    const link = event.target.closest(`a.back, a.brand`);
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(link.getAttribute("href"));
  });
  show(model, mark, true);
}

start().catch(failed);
