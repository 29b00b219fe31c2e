// Who calls. Keys and tokens live in this page's memory only and are gone when it is left; a
// session lives in a cookie that scripts cannot read, so only the user's name is noted here.

import { announce, h, newId } from "./dom.js";

const NOTE = "guichet-explorer-user";

const caller = { kind: "none", secret: "", user: sessionStorage.getItem(NOTE) ?? "" };
if (caller.user) caller.kind = "user";

/** The headers that show who calls. */
export function credentials() {
  if (caller.kind === "key") return { "X-Api-Key": caller.secret };
  if (caller.kind === "token") return { Authorization: `Bearer ${caller.secret}` };
  return {};
}

/** Which kind of credential is in use, for code samples: `none`, `user`, `key` or `token`. */
export function callerKind() {
  return caller.kind;
}

const KINDS = [
  { key: "user", title: "User name and password" },
  { key: "key", title: "API key" },
  { key: "token", title: "Bearer token" },
];

/** Connects the button and the dialog. */
export function setUpSession() {
  const button = document.getElementById("account");
  const dialog = document.getElementById("sign-in");
  button.addEventListener("click", () => openSignIn());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  show();
}

/** Opens the dialog; `then` is called once somebody has signed in. */
export function openSignIn(then = () => {}) {
  const dialog = document.getElementById("sign-in");
  const content = caller.kind === "none" ? signInForm : signedIn;
  dialog.replaceChildren(content(dialog, then));
  dialog.showModal();
}

function show() {
  const names = { none: "Sign in", user: caller.user, key: "API key", token: "Bearer token" };
  const button = document.getElementById("account");
  button.textContent = names[caller.kind];
  button.setAttribute(
    "aria-label",
    caller.kind === "none" ? "Sign in" : `Account: ${names[caller.kind]}`,
  );
}

function become(kind, secret, user) {
  Object.assign(caller, { kind, secret, user });
  if (kind === "user") sessionStorage.setItem(NOTE, user);
  else sessionStorage.removeItem(NOTE);
  show();
  announce(kind === "none" ? "Signed out" : "Signed in");
}

function heading(text) {
  return h("h2", { id: "sign-in-title" }, text);
}

function signInForm(dialog, then) {
  const problem = h("p", { class: "problem", role: "alert" });
  const [name, password, secret] = [
    input("User name", "text", "username"),
    input("Password", "password", "current-password"),
    input("Key", "password", "off"),
  ];
  const hint = h("p", { class: "muted" });
  let kind = "user";
  const choose = (chosen) => {
    kind = chosen;
    name.hidden = password.hidden = kind !== "user";
    secret.hidden = kind === "user";
    secret.querySelector("label").textContent = kind === "key" ? "API key" : "Bearer token";
    hint.textContent =
      kind === "user"
        ? "Begins a session that the server keeps in a cookie."
        : "Kept in this page's memory only, until you sign out, reload or leave.";
  };
  const radios = KINDS.map(({ key, title }) => {
    const radio = h("input", { type: "radio", name: "kind", value: key, checked: key === kind });
    radio.addEventListener("change", () => choose(key));
    return h("label", { class: "choice" }, radio, title);
  });
  choose(kind);
  const submit = h("button", { type: "submit", class: "primary" }, "Sign in");
  const onSubmit = async (event) => {
    event.preventDefault();
    submit.disabled = true;
    problem.textContent = "";
    const fields = [name, password, secret].map((field) => field.querySelector("input"));
    problem.textContent = await signIn(kind, ...fields.map((field) => field.value.trim()));
    submit.disabled = false;
    if (problem.textContent !== "") {
      fields.find((field) => !field.closest("p").hidden).focus();
      return;
    }
    dialog.close();
    then();
  };
  return h(
    "form",
    { onSubmit, novalidate: true },
    heading("Sign in"),
    h("fieldset", { class: "choices" }, h("legend", {}, "By"), radios),
    name,
    password,
    secret,
    hint,
    problem,
    h("p", { class: "row" }, submit, cancel(dialog)),
  );
}

function input(title, type, autocomplete) {
  const id = newId("sign-in");
  const attributes = { id, type, autocomplete, spellcheck: "false", autocapitalize: "none" };
  return h("p", { class: "field" }, h("label", { for: id }, title), h("input", attributes));
}

function cancel(dialog) {
  return h("button", { type: "button", class: "quiet", onClick: () => dialog.close() }, "Cancel");
}

/** Signs in; answers what went wrong, or an empty text. */
async function signIn(kind, name, password, secret) {
  if (kind !== "user") {
    if (!/^[!-~]+$/.test(secret)) return "Paste the key or token as one piece, without blanks.";
    become(kind, secret, "");
    return "";
  }
  if (!name || !password) return "Type your user name and your password.";
  const body = JSON.stringify({ provider: "credentials", userName: name, password });
  try {
    const response = await post("/auth/credentials", body);
    if (response.ok) {
      become("user", "", name);
      return "";
    }
    const told = await response.json().catch(() => ({}));
    const status = told.responseStatus ?? told.ResponseStatus ?? {};
    return status.message ?? status.Message ?? `The server refused (${response.status}).`;
  } catch {
    return "The server does not answer. Check your connection and try again.";
  }
}

function post(path, body) {
  const headers = { "Content-Type": "application/json", Accept: "application/json" };
  return fetch(path, { method: "POST", headers, body, credentials: "same-origin" });
}

function signedIn(dialog, then) {
  const told = {
    user: `You are signed in as ${caller.user}.`,
    key: "An API key is sent with every call.",
    token: "A bearer token is sent with every call.",
  }[caller.kind];
  const leave = async () => {
    if (caller.kind === "user") await post("/auth/logout", "{}").catch(() => null);
    become("none", "", "");
  };
  const end = () => leave().then(() => dialog.close());
  const change = () => leave().then(() => dialog.replaceChildren(signInForm(dialog, then)));
  return h(
    "div",
    {},
    heading("Account"),
    h("p", {}, told),
    h(
      "p",
      { class: "row" },
      h("button", { type: "button", class: "primary", onClick: end }, "Sign out"),
      h("button", { type: "button", class: "quiet", onClick: change }, "Use another account"),
      cancel(dialog),
    ),
  );
}
