// Short calls in the languages that have a client library. Secrets are never repeated: where one is
// filled in, the snippet shows three dots.

import { pythonBase } from "./code.js";
import { Exact, stringify } from "./json.js";
import { typesOf } from "./model.js";
import { bodySchema, requestOf } from "./request.js";
import { callerKind } from "./session.js";

const HIDDEN = "…";

/** The call in that language, or null where there is no client library for it. */
export function snippet(model, operation, call, language) {
  const schema = model.resolve(bodySchema(call.place) ?? requestSchema(operation) ?? {});
  const value = hideSecrets(model, schema, { ...call.values(), ...call.body() });
  const context = { model, operation, schema, value, place: call.place, parameters: call.given() };
  return { curl, python, typescript, mjs: typescript, csharp, rust }[language]?.(context) ?? null;
}

function requestSchema(operation) {
  const place = operation.places.find((place) => bodySchema(place));
  return place ? bodySchema(place) : null;
}

function hideSecrets(model, schema, value) {
  const { format, items, properties } = model.resolve(schema);
  if (value === undefined || value === null) return value;
  if (format === "password") return HIDDEN;
  if (Array.isArray(value)) return value.map((item) => hideSecrets(model, items ?? {}, item));
  if (typeof value !== "object" || value instanceof Exact) return value;
  const members = Object.entries(value);
  return Object.fromEntries(
    members.map(([name, member]) => {
      return [name, hideSecrets(model, properties?.[name] ?? {}, member)];
    }),
  );
}

function curl({ place, parameters, value }) {
  const { verb, url, headers, body } = requestOf(place, parameters, value);
  const credentials = {
    none: [],
    user: ["-b cookies.txt"],
    key: ['-H "X-Api-Key: $GUICHET_KEY"'],
    token: ['-H "Authorization: Bearer $GUICHET_TOKEN"'],
  }[callerKind()];
  const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  const lines = [`curl -X ${verb} ${quoted(location.origin + url)}`, ...credentials];
  lines.push(
    ...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
  );
  if (body !== undefined) lines.push(`-d ${quoted(body)}`);
  return lines.join(" \\\n  ");
}

function typescript(context) {
  const { operation, place } = context;
  const request = built(context, {
    record: (type, members, pad, end) => `new ${type}({${pad}${members.join(`,${pad}`)}${end}})`,
    member: (name, value) => `${name}: ${value}`,
    list: (items) => `[${items.join(", ")}]`,
    enumeration: (type, name) => `${type}.${name}`,
    text: JSON.stringify,
    decimal: (text) => text,
    moment: JSON.stringify,
  });
  return [
    'import { JsonServiceClient } from "@servicestack/client";',
    `import { ${request.types.join(", ")} } from "./dtos";`,
    "",
    `const client = new JsonServiceClient("${location.origin}${operation.base}");`,
    ...signIn("client.bearerToken = process.env.GUICHET_KEY;"),
    `const answer = await client.${place.verb.toLowerCase()}(${request.text});`,
    "console.log(answer);",
  ].join("\n");
}

function python(context) {
  const { operation, place } = context;
  const request = built(context, {
    record: (type, members, pad, end) => `${type}(${pad}${members.join(`,${pad}`)}${end})`,
    member: (name, value) => `${snake(name)}=${value}`,
    list: (items) => `[${items.join(", ")}]`,
    enumeration: (type, name) => `${type}.${snake(name).replace(/^_/, "").toUpperCase()}`,
    text: JSON.stringify,
    decimal: (text) => `decimal.Decimal("${text}")`,
    moment: (text) =>
      `datetime.datetime.fromisoformat(${JSON.stringify(text.replace("Z", "+00:00"))})`,
    words: { true: "True", false: "False", null: "None" },
  });
  return [
    "import datetime",
    "import decimal",
    "import os",
    "from servicestack import JsonServiceClient",
    `from dtos import ${request.types.join(", ")}`,
    "",
    `client = JsonServiceClient("${location.origin}${pythonBase(operation)}")`,
    ...signIn('client.set_bearer_token(os.environ["GUICHET_KEY"])'),
    `answer = client.${place.verb.toLowerCase()}(${request.text})`,
    "print(answer)",
  ].join("\n");
}

function csharp(context) {
  const { operation, place } = context;
  const request = built(context, {
    record: (type, members, pad, end) => `new ${type} {${pad}${members.join(`,${pad}`)}${end}}`,
    member: (name, value) => `${name[0].toUpperCase()}${name.slice(1)} = ${value}`,
    list: (items, type) => `new List<${type}> { ${items.join(", ")} }`,
    enumeration: (type, name) => `${type}.${name}`,
    text: JSON.stringify,
    decimal: (text) => `${text}m`,
    moment: (text) => `DateTime.Parse(${JSON.stringify(text)})`,
  });
  return [
    "using ServiceStack;",
    "// and the namespace of the types below",
    "",
    `var client = new JsonApiClient("${location.origin}${operation.base}");`,
    ...signIn('client.BearerToken = Environment.GetEnvironmentVariable("GUICHET_KEY");'),
    `var answer = await client.${pascalVerb(place.verb)}Async(${request.text});`,
    "Console.WriteLine(answer.Dump());",
  ].join("\n");
}

function rust(context) {
  const { operation, place } = context;
  const rest = "..Default::default()";
  const request = built(context, {
    record: (type, members, pad, end) =>
      `${type} {${pad}${[...members, rest].join(`,${pad}`)}${end}}`,
    member: (name, value, isNullable) => {
      return `${snake(name)}: ${isNullable || operation.isOptional ? `Some(${value})` : value}`;
    },
    list: (items) => `vec![${items.join(", ")}]`,
    enumeration: (type, name) => `${type}::${name}`,
    text: (text) => `${JSON.stringify(text)}.into()`,
    // The crate's decimals are floats.
    decimal: (text) => (text.includes(".") ? text : `${text}.0`),
    moment: (text) => `${JSON.stringify(text)}.into()`,
  });
  return [
    "use servicestack::JsonServiceClient;",
    "mod dtos;",
    `use dtos::{${request.types.join(", ")}};`,
    "",
    `let mut client = JsonServiceClient::new("${location.origin}${operation.base}");`,
    ...signIn('client.set_bearer_token(&std::env::var("GUICHET_KEY")?);'),
    `let answer = client.${place.verb.toLowerCase()}(&${request.text}).await?;`,
    'println!("{answer:?}");',
  ].join("\n");
}

function signIn(line) {
  return callerKind() === "none" ? [] : [line];
}

function pascalVerb(verb) {
  return verb[0] + verb.slice(1).toLowerCase();
}

/** The framework's own rule: what is no digit, lower-case letter or `_` gets a `_` before it. */
function snake(name) {
  const start = name.replace(/^[A-Z]+(?=[A-Z]|$)|^[A-Z]/, (letters) => letters.toLowerCase());
  return start.replace(/[^a-z0-9_]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** An expression that makes the request, and the types it names. */
function built({ model, operation, schema, value }, dialect) {
  const types = [operation.name];
  const words = dialect.words ?? {};
  const use = (type) => {
    if (!types.includes(type)) types.push(type);
    return type;
  };
  const expression = (value, schema, depth) => {
    const { typeName, items, properties, format, enum: names, ...type } = model.resolve(schema);
    if (value instanceof Exact)
      return format === "decimal" ? dialect.decimal(value.text) : value.text;
    if (value === null || typeof value === "boolean") return words[value] ?? String(value);
    if (typeof value === "string" && names) return dialect.enumeration(use(typeName), value);
    if (typeof value === "string" && format === "date-time") return dialect.moment(value);
    if (typeof value === "string") return dialect.text(value);
    if (Array.isArray(value)) {
      const inner =
        model.resolve(items ?? {}).typeName ??
        { integer: "int" }[typesOf(items ?? {})[0]] ??
        "string";
      return dialect.list(
        value.map((item) => expression(item, items ?? {}, depth)),
        inner,
      );
    }
    if (!properties && !type.isRequest) return stringify(value);
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    const pad = members.length ? `\n${"    ".repeat(depth + 1)}` : "";
    const end = members.length ? `\n${"    ".repeat(depth)}` : "";
    const written = members.map(([name, member]) => {
      const inner = properties?.[name] ?? {};
      return dialect.member(
        name,
        expression(member, inner, depth + 1),
        model.resolve(inner).isNullable,
      );
    });
    return dialect.record(use(typeName ?? operation.name), written, pad, end);
  };
  return { text: expression(value, { ...schema, isRequest: true }, 0), types };
}
