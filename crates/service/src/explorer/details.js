// What an operation takes and gives, as tables.

import { h } from "./dom.js";
import { bodySchema } from "./request.js";
import { typesOf } from "./model.js";

/** Routes, then every type of request and answer. */
export function detailsView(model, operation) {
  const place = operation.places.find((place) => bodySchema(place)) ?? operation.places[0];
  const contents = place.described.responses["200"]?.content ?? {};
  const answer = contents["application/json"]?.schema;
  const fileTypes = Object.keys(contents).join(" or ");
  const parts = [h("h2", {}, "Routes"), routes(operation)];
  const parameters = operation.places.find((it) => !bodySchema(it))?.described.parameters ?? [];
  if (bodySchema(place))
    parts.push(h("h2", {}, "Request"), ...types(model, bodySchema(place), "request"));
  else if (parameters.length)
    parts.push(h("h2", {}, "Parameters"), parameterTable(model, parameters));
  if (answer) parts.push(h("h2", {}, "Answer"), ...types(model, answer, "answer"));
  else if (fileTypes) parts.push(h("p", {}, `The answer is a file: ${fileTypes}.`));
  else parts.push(h("p", {}, "The answer has no body."));
  const page = `${operation.base}/json/metadata?op=${encodeURIComponent(operation.name)}`;
  parts.push(
    h("p", {}, h("a", { href: page }, "The operation's page"), ", with samples in each format."),
  );
  return h("div", { class: "details" }, parts);
}

function routes(operation) {
  return h(
    "ul",
    { class: "plain" },
    operation.places.map(({ verb, path, described }) => {
      const summary = described.summary === operation.name ? "" : described.summary;
      return h(
        "li",
        {},
        h("code", {}, `${verb} ${path}`),
        summary && h("span", { class: "muted" }, ` ${summary}`),
      );
    }),
  );
}

function parameterTable(model, parameters) {
  return table(
    "Parameters",
    parameters.map((parameter) => {
      const schema = parameter.schema ?? parameter.content["application/json"].schema;
      const kind = `${model.kind(schema)}, in the ${parameter.in}`;
      const note = parameter.required ? "required" : "";
      return { name: parameter.name, kind, note, text: parameter.description };
    }),
  );
}

/** What it says of a member that is never missing, in each direction. */
const NEVER_MISSING = { request: "required", answer: "always there" };

function types(model, schema, direction) {
  const found = new Map();
  const visit = (schema) => {
    const resolved = model.resolve(schema);
    if (resolved.items) visit(resolved.items);
    if (resolved.additionalProperties) visit(resolved.additionalProperties);
    if (!resolved.typeName || found.has(resolved.typeName)) return;
    found.set(resolved.typeName, resolved);
    Object.values(resolved.properties ?? {}).forEach(visit);
  };
  visit(schema);
  return [...found.values()].map((type) => typeTable(model, direction, type));
}

function typeTable(model, direction, { typeName, properties, required = [], ...type }) {
  if (!properties) {
    const names = type.enum ?? type["x-enum-varnames"] ?? typesOf(type);
    return h("p", {}, h("strong", {}, typeName), ` is one of: ${names.join(", ")}`);
  }
  return table(
    typeName,
    Object.entries(properties).map(([name, member]) => {
      const text = member.description ?? model.resolve(member).description;
      const note = required.includes(name) ? NEVER_MISSING[direction] : "";
      return { name, kind: model.kind(member), note, text };
    }),
    `${typeName} of the ${direction}`,
  );
}

function table(title, rows, label = title) {
  const head = ["Name", "Type", "Description"].map((text) => h("th", { scope: "col" }, text));
  const body = rows.map(({ name, kind, note, text }) => {
    return h(
      "tr",
      {},
      h("th", { scope: "row" }, name),
      h("td", {}, note ? `${kind}, ${note}` : kind),
      h("td", { class: "prose" }, text ?? ""),
    );
  });
  const content = h(
    "table",
    {},
    h("caption", {}, title),
    h("thead", {}, h("tr", {}, head)),
    h("tbody", {}, body),
  );
  return h("div", { class: "wide", tabindex: "0", role: "region", "aria-label": label }, content);
}
