// The form of an operation: where to send it, its parameters and body, and the answer.

import { announce, h, newId } from "./dom.js";
import { answerView, fieldErrors } from "./answer.js";
import { exampleOf } from "./example.js";
import { fieldOf } from "./fields.js";
import { parse, stringify } from "./json.js";
import { members, sameName } from "./nested.js";
import { bodySchema, newKey, requestOf, send } from "./request.js";
import { openSignIn } from "./session.js";

const REPEAT_KEY = "Idempotency-Key";

/** What is filled in for each operation, so that going back to it or to its code loses nothing. */
const drafts = new Map();

/** The call's form and its answer. */
export class Call {
  constructor(model, operation) {
    this.model = model;
    this.operation = operation;
    const draft = drafts.get(operation);
    this.place = draft?.place ?? bestPlace(operation);
    this.fields = h("div", {});
    this.note = h("p", { class: "hint row" });
    this.answer = h("section", { "aria-label": "Answer", class: "result" });
    this.element = this.#element();
    this.#fill(draft);
  }

  /** The parameters as they stand. */
  given() {
    return Object.fromEntries(this.parameters.map(({ name, field }) => [name, field.read()]));
  }

  /** The parameters that are members of the request, which headers are not. */
  values() {
    const own = this.parameters.filter(({ where }) => where !== "header");
    const pairs = own.map(({ name, field }) => [name, field.read()]);
    return Object.fromEntries(pairs.filter(([, value]) => value !== undefined));
  }

  /** The body as it stands. */
  body() {
    if (this.raw) return parse(this.raw.value || "{}");
    return this.form?.read();
  }

  #element() {
    const select = h(
      "select",
      { id: newId("place") },
      this.operation.places.map((place, index) => {
        const isSelected = place === this.place;
        return h("option", { value: index, selected: isSelected }, `${place.verb} ${place.path}`);
      }),
    );
    select.addEventListener("change", () => {
      const draft = this.#draft();
      this.place = this.operation.places[Number(select.value)];
      this.#fill(draft);
    });
    const button = h(
      "button",
      { type: "button", class: "primary", onClick: () => this.send() },
      "Send",
    );
    this.button = button;
    // No submit button: Enter in a field must not order anything by accident.
    const onKeydown = (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.send();
    };
    const form = h(
      "form",
      { onKeydown, onSubmit: (event) => event.preventDefault(), novalidate: true },
      h("p", { class: "field" }, h("label", { for: select.id }, "Send by"), select),
      this.#helpers(),
      this.note,
      this.fields,
      h(
        "p",
        { class: "row sending" },
        button,
        h("span", { class: "muted keys" }, "or Ctrl + Enter"),
      ),
    );
    return h("div", { class: "call" }, form, this.answer);
  }

  #helpers() {
    const button = (title, onClick) => {
      return h("button", { type: "button", class: "quiet", onClick }, title);
    };
    this.exampleButton = button("Fill in an example", () => this.#fillExample());
    return h(
      "p",
      { class: "row" },
      this.exampleButton,
      button("Clear", () => this.#clear()),
    );
  }

  async #fillExample() {
    this.exampleButton.disabled = true;
    const { request, note, needsSignIn } = await exampleOf(this.model, this.operation);
    this.exampleButton.disabled = false;
    // A header is for those who know what they say with it.
    const isHeader = (name) =>
      this.place.described.parameters.some((it) => it.in === "header" && sameName(it.name, name));
    const parameters = Object.entries(request).filter(([name]) => !isHeader(name));
    this.#fill({ body: request, parameters: Object.fromEntries(parameters) });
    const onClick = () => openSignIn(() => this.#fillExample());
    const signIn = h("button", { type: "button", class: "quiet", onClick }, "Sign in");
    this.note.replaceChildren(note, ...(needsSignIn ? [signIn] : []));
    announce(`An example is filled in. ${note}`);
  }

  #clear() {
    this.#fill();
    this.note.replaceChildren();
    this.answer.replaceChildren();
    announce("The form is empty.");
  }

  #fill(draft) {
    this.raw = null;
    this.parameters = this.place.described.parameters.map((parameter) => {
      const schema = parameter.schema ?? parameter.content["application/json"].schema;
      const described = { ...schema, description: parameter.description };
      const field = fieldOf(this.model, described, parameter.name, parameter.required);
      const known = Object.entries(draft?.parameters ?? {}).find(([name]) =>
        sameName(name, parameter.name),
      );
      const given = known?.[1] ?? draft?.body?.[parameter.name];
      field.write(given ?? (parameter.name === REPEAT_KEY ? newKey() : undefined));
      return { name: parameter.name, where: parameter.in, field };
    });
    const schema = bodySchema(this.place);
    const inPath = (name) =>
      this.parameters.some((it) => it.where === "path" && sameName(it.name, name));
    this.form = schema ? members(this.model, this.model.resolve(schema), inPath) : null;
    if (this.form && draft?.body) this.form.write(draft.body);
    this.#show();
  }

  #show() {
    const isHead = ({ where }) => where === "header";
    const grid = (fields) =>
      h(
        "div",
        { class: "grid" },
        fields.map(({ field }) => field.element),
      );
    const heads = this.parameters.filter(isHead);
    const content = [grid(this.parameters.filter((it) => !isHead(it)))];
    if (this.form) content.push(this.#bodyPart());
    if (heads.length) {
      content.push(h("details", {}, h("summary", {}, "Request headers"), grid(heads)));
    }
    if (!this.form && this.parameters.length === 0)
      content.push(h("p", { class: "muted" }, "Nothing to fill in."));
    this.fields.replaceChildren(...content);
  }

  #bodyPart() {
    const place = h("div", {}, this.form.element);
    const problem = h("p", { class: "problem", role: "alert" });
    const toggle = h(
      "button",
      { type: "button", class: "quiet", "aria-pressed": "false" },
      "Edit as JSON",
    );
    toggle.addEventListener("click", () => {
      problem.textContent = "";
      if (this.raw) {
        try {
          this.form.write(this.body());
        } catch (error) {
          problem.textContent = error.message;
          this.raw.focus();
          return;
        }
        this.raw = null;
        place.replaceChildren(this.form.element);
      } else {
        const value = stringify(this.form.read() ?? {}, 2);
        this.raw = h("textarea", {
          class: "code",
          rows: "16",
          spellcheck: "false",
          "aria-label": "Body as JSON",
        });
        this.raw.value = value;
        place.replaceChildren(this.raw);
        this.raw.focus();
      }
      toggle.setAttribute("aria-pressed", String(this.raw !== null));
    });
    this.rawProblem = problem;
    return h(
      "section",
      { "aria-label": "Body" },
      h("div", { class: "row between" }, h("h2", {}, "Body"), toggle),
      place,
      problem,
    );
  }

  #draft() {
    let body;
    try {
      body = this.body();
    } catch {
      body = undefined;
    }
    return { place: this.place, parameters: this.given(), body };
  }

  /** Keeps what is filled in while another operation is looked at. */
  leave() {
    drafts.set(this.operation, this.#draft());
  }

  /** Checks what can be checked here, sends the rest to the server and shows its answer. */
  async send() {
    if (this.button.disabled || !this.#isComplete()) return;
    this.button.disabled = true;
    this.answer.replaceChildren(h("p", { class: "muted" }, "Waiting for the answer…"));
    const outcome = await send(requestOf(this.place, this.given(), this.body()));
    this.button.disabled = false;
    this.answer.replaceChildren(answerView(this.operation, outcome, () => this.send()));
    // The answer may be far below the button.
    this.answer.querySelector("h2").focus();
    if (outcome.failure) return;
    // An answer settles the request: the next one is another. Without one, sending again is safe.
    this.parameters.find(({ name }) => name === REPEAT_KEY)?.field.write(newKey());
    this.#complain(fieldErrors(outcome));
  }

  #isComplete() {
    const controls = this.parameters.map(({ field }) => field.check());
    if (this.raw) {
      this.rawProblem.textContent = "";
      try {
        this.body();
      } catch (error) {
        this.rawProblem.textContent = error.message;
        controls.push(this.raw);
      }
    } else {
      this.form?.clear();
      controls.push(this.form?.check());
    }
    const first = controls.find((control) => control);
    if (first) {
      reveal(first);
      announce("Some fields are not right; the first of them has the focus.");
    }
    return !first;
  }

  #complain(errors) {
    const controls = errors.map(({ path, message }) => {
      const parameter = this.parameters.find(({ name }) => sameName(name, path[0] ?? ""));
      if (parameter) return parameter.field.complain([], message);
      return this.raw ? null : this.form?.complain(path, message);
    });
    const first = controls.find((control) => control);
    if (first) reveal(first);
  }
}

function reveal(control) {
  const details = control.closest("details");
  if (details) details.open = true;
  control.focus();
}

/** The published route that takes a body, so that secrets stay out of URLs; else the first one. */
function bestPlace(operation) {
  return operation.places.find((place) => bodySchema(place)) ?? operation.places[0];
}
