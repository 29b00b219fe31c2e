// An example to begin with: the one that the operation declares, completed by asking the server,
// or else the published sample, whose values are placeholders.

import { Exact, parse } from "./json.js";
import { typesOf } from "./model.js";
import { sameName } from "./nested.js";
import { bodySchema, send } from "./request.js";

const PLACEHOLDERS =
  "These are placeholders: replace what matters to you, and remove or empty the rest.";

/** A request, what to know of it, and whether signing in would complete it. */
export async function exampleOf(model, operation) {
  const declared = operation.places[0].described["x-example"];
  if (!declared) return { request: placeholders(model, operation), note: PLACEHOLDERS };
  const request = structuredClone(declared.request);
  for (const source of declared.sources) {
    const problem = await complete(request, operation, source);
    if (problem) return { request, ...problem };
  }
  return { request, note: declared.note };
}

/** Asks for what the example lacks; answers what kept it from that. */
async function complete(request, operation, source) {
  const { path, lacks } = pathOf(request, source.path);
  if (lacks) return { note: `The server has nothing to put into ${lacks}: type it yourself.` };
  const headers = { Accept: "application/json" };
  const outcome = await send({ verb: "GET", url: operation.base + path, headers });
  if (outcome.status === 401 || outcome.status === 403) {
    const note = "The rest is asked of the server, which wants to know who you are.";
    return { note, needsSignIn: true };
  }
  const answer = outcome.status === 200 ? parse(outcome.text) : null;
  if (!answer) return { note: "The server did not tell the rest: type it yourself." };
  for (const [to, from] of source.values) {
    const value = valueAt(answer, from.split("."));
    if (value !== undefined && value !== null) put(request, to.split("."), value);
  }
  return null;
}

function pathOf(request, template) {
  let lacks = null;
  const path = template.replace(/\{([^}]*)\}/g, (_, name) => {
    const value = name === "now" ? new Date().toISOString() : valueAt(request, name.split("."));
    if (value === undefined) lacks ??= name;
    return encodeURIComponent(value instanceof Exact ? value.text : String(value));
  });
  return { path, lacks };
}

function valueAt(value, steps) {
  return steps.reduce((at, step) => {
    if (at === null || typeof at !== "object") return undefined;
    return at[Object.keys(at).find((name) => sameName(name, step))];
  }, value);
}

function put(target, [step, ...rest], value) {
  if (rest.length === 0) {
    target[step] = value;
    return;
  }
  target[step] ??= /^\d+$/.test(rest[0]) ? [] : {};
  put(target[step], rest, value);
}

/** The published sample, or a value for each parameter of an operation that takes no body. */
function placeholders(model, operation) {
  const place = operation.places.find((it) => bodySchema(it));
  if (place) return place.described.requestBody.content["application/json"].example ?? {};
  const parameters = operation.places.flatMap(({ described }) => described.parameters);
  const simple = parameters.filter(({ schema }) => schema);
  return Object.fromEntries(simple.map(({ name, schema }) => [name, placeholder(model, schema)]));
}

function placeholder(model, schema) {
  const resolved = model.resolve(schema);
  if (resolved.enum) return resolved.enum[0];
  if (resolved.format === "date-time") return new Date().toISOString();
  return { string: "String", integer: 1, number: 1, boolean: true }[typesOf(resolved)[0]];
}
