// An answer: its status in words, what to do about it, and the document as a tree.

import { announce, copyButton, h } from "./dom.js";
import { Exact, parse, stringify } from "./json.js";
import { accessText } from "./model.js";
import { openSignIn } from "./session.js";

/** How many levels of the tree are open at first. */
const OPEN_LEVELS = 3;

/** The most items of one list that are shown at once. */
const ITEMS_MAX = 200;

/** Shows an outcome of `send`; `again` sends what is filled in once more. */
export function answerView(operation, outcome, again) {
  if (outcome.failure) {
    announce(outcome.failure);
    return h(
      "div",
      { class: "answer bad" },
      h("h2", { tabindex: "-1" }, "No answer"),
      h("p", {}, outcome.failure),
    );
  }
  const document = documentOf(outcome.text);
  const { status, milliseconds } = outcome;
  const refusal = refusalOf(status, document);
  const isGood = status < 400 && !refusal;
  const title = `${status} ${outcome.statusText}`.trim();
  announce(`${title}, in ${milliseconds} milliseconds. ${refusal ?? ""}`);
  return h(
    "div",
    { class: `answer ${isGood ? "good" : "bad"}` },
    h(
      "h2",
      { tabindex: "-1" },
      h("span", { class: "status" }, title),
      h("span", { class: "kind" }, ` ${milliseconds} ms, ${size(outcome.text)}`),
    ),
    refusal && h("p", { class: "told" }, refusal),
    advice(operation, status, again),
    bodyView(document, outcome.text),
    headersView(outcome.headers),
  );
}

/** The errors of an answer: the declared path of each member, and what is wrong with it. */
export function fieldErrors(outcome) {
  const status = statusOf(documentOf(outcome.text ?? ""));
  const errors = member(status, "errors");
  return (Array.isArray(errors) ? errors : []).map((error) => ({
    path: String(member(error, "fieldName") ?? "")
      .split(/[.[\]]+/)
      .filter(Boolean),
    message: String(member(error, "message") ?? "This is not right."),
  }));
}

function documentOf(text) {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

function member(value, name) {
  if (value === null || typeof value !== "object") return undefined;
  const folded = name.toLowerCase();
  return Object.entries(value).find(([key]) => key.replace(/_/g, "").toLowerCase() === folded)?.[1];
}

function statusOf(document) {
  return member(document, "responseStatus");
}

/** What the server says went wrong: by HTTP, or in the answer's own code. */
function refusalOf(status, document) {
  if (status >= 400) return String(member(statusOf(document), "message") ?? "");
  const code = member(document, "statusCode");
  const isRefused = code instanceof Exact && Number(code.text) >= 400;
  return isRefused ? String(member(document, "message") ?? "") : null;
}

function advice(operation, status, again) {
  const place = h("p", { class: "row" });
  const onClick = () => openSignIn(() => offerAgain(place, again));
  const signIn = h("button", { type: "button", class: "primary", onClick }, "Sign in");
  const access = accessText(operation.access);
  if (status === 401) {
    place.append(`The server does not know who calls. ${access}. What you typed is kept.`, signIn);
    return place;
  }
  if (status === 403) {
    const told = `You are known but may not do this. ${access}. Ask the operator for it, or use `;
    place.append(`${told}another account.`, signIn);
    return place;
  }
  if (status === 429) return h("p", {}, "Too many tries: wait a little before the next one.");
  return null;
}

/** After signing in, nothing needs to be typed anew. */
function offerAgain(place, again) {
  const button = h("button", { type: "button", class: "primary", onClick: again }, "Send again");
  place.replaceChildren("You are signed in, and what you typed is still there.", button);
  button.focus();
}

function size(text) {
  const bytes = new TextEncoder().encode(text).length;
  return bytes < 1024 ? `${bytes} bytes` : `${(bytes / 1024).toFixed(1)} KiB`;
}

function bodyView(document, text) {
  if (text === "") return h("p", { class: "muted" }, "The answer has no body.");
  const shown = document === undefined ? text : stringify(document, 2);
  const raw = h("pre", { class: "code", tabindex: "0", "aria-label": "Body as text" }, shown);
  if (document === undefined)
    return h(
      "div",
      {},
      raw,
      copyButton(() => text),
    );
  const tree = h("div", { class: "tree" }, node(null, document, 0));
  raw.hidden = true;
  const toggle = h(
    "button",
    { type: "button", class: "quiet", "aria-pressed": "false" },
    "As text",
  );
  toggle.addEventListener("click", () => {
    [raw.hidden, tree.hidden] = [tree.hidden, raw.hidden];
    toggle.setAttribute("aria-pressed", String(tree.hidden));
  });
  return h(
    "div",
    {},
    h(
      "p",
      { class: "row" },
      toggle,
      copyButton(() => shown),
    ),
    tree,
    raw,
  );
}

function node(name, value, depth) {
  const key = name === null ? null : h("span", { class: "key" }, `${name}: `);
  if (value === null || typeof value !== "object" || value instanceof Exact) {
    return h("div", { class: "leaf" }, key, leaf(value));
  }
  const entries = Object.entries(value);
  const count = Array.isArray(value) ? `list of ${entries.length}` : `${entries.length} members`;
  if (entries.length === 0)
    return h("div", { class: "leaf" }, key, h("span", { class: "kind" }, count));
  const summary = h("summary", {}, key, h("span", { class: "kind" }, count));
  const details = h("details", { open: depth < OPEN_LEVELS && entries.length <= 50 }, summary);
  let isFilled = false;
  const fill = () => {
    if (isFilled || !details.open) return;
    isFilled = true;
    details.append(...entries.slice(0, ITEMS_MAX).map(([key, item]) => node(key, item, depth + 1)));
    const more = entries.length - ITEMS_MAX;
    if (more > 0) details.append(h("p", { class: "kind" }, `${more} more; see them as text`));
  };
  details.addEventListener("toggle", fill);
  fill();
  return details;
}

function leaf(value) {
  if (value instanceof Exact) return h("span", { class: "number" }, value.text);
  if (typeof value === "string") return h("span", { class: "text" }, JSON.stringify(value));
  return h("span", { class: "word" }, String(value));
}

function headersView(headers) {
  const rows = headers.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]);
  return h(
    "details",
    {},
    h("summary", {}, `Headers (${headers.length})`),
    h("dl", { class: "pairs" }, rows),
  );
}
