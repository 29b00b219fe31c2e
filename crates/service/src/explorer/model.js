// What there is to call, read from the server's own description of itself.

const read = (name) => document.querySelector(`meta[name="${name}"]`).content;

/** What stands before every path of this explorer, for example `/tickets`. */
export const root = read("explorer-root");

/** Whether all hosts are shown, each below its own base path. */
const showsAll = read("explorer-shows-all") === "true";

/** The languages that the server writes types in, each as key and title. */
export const languages = read("explorer-languages")
  .split(";")
  .map((pair) => pair.split("="));

/** Loads the description. Throws an Error whose message says what to do. */
export async function loadModel() {
  const response = await fetch(`${root}/openapi.json`, { headers: { Accept: "application/json" } });
  if (!response.ok) {
    throw new Error(`The server answered ${response.status} to ${root}/openapi.json.`);
  }
  return new Model(await response.json());
}

class Model {
  constructor(document) {
    this.document = document;
    this.hosts = document.tags.map((tag) => ({
      name: tag.name,
      title: tag.description,
      isOptional: tag["x-properties-optional"],
      isPascal: tag["x-names"] === "pascal",
    }));
    this.operations = [];
    for (const [path, verbs] of Object.entries(document.paths)) {
      for (const [verb, described] of Object.entries(verbs)) this.#add(path, verb, described);
    }
    const rank = (operation) => this.hosts.findIndex((host) => host.name === operation.host);
    this.operations.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
  }

  #add(path, verb, described) {
    if (verb === "options") return;
    const [name, host] = [described["x-operation"], described["x-host"]];
    let operation = this.operations.find((known) => known.name === name && known.host === host);
    if (!operation) {
      const { isOptional, isPascal } = this.hosts.find((known) => known.name === host);
      operation = {
        name,
        host,
        access: described["x-access"],
        changes: described["x-changes"],
        tags: described.tags,
        description: described.description ?? "",
        places: [],
        isOptional,
        isPascal,
        base: showsAll ? `${root}/${host}` : root,
      };
      this.operations.push(operation);
    }
    operation.places.push({ verb: verb.toUpperCase(), path: `${root}${path}`, described });
  }

  /** The operation of that name, in any case; `host` decides between two. */
  find(name, host) {
    const same = (operation) => operation.name.toLowerCase() === name.toLowerCase();
    const found = this.operations.filter(same);
    return found.find((operation) => operation.host === host) ?? found[0];
  }

  /** A schema with its reference followed, and whether it may be null. */
  resolve(schema) {
    const options = schema.anyOf?.filter((option) => option.type !== "null");
    const inner = options?.length === 1 ? { ...options[0] } : schema;
    const isNullable = inner !== schema || [schema.type].flat().includes("null");
    const target = inner.$ref
      ? this.document.components.schemas[inner.$ref.split("/").pop()]
      : inner;
    const description = schema.description ?? target.description;
    return { ...target, description, isNullable, typeName: this.typeName(inner) };
  }

  /** The name that a generator gives the type a schema refers to. */
  typeName(schema) {
    const name = schema.$ref?.split("/").pop().split(".").pop();
    return name?.endsWith("Input") && this.#isVariant(schema.$ref) ? name.slice(0, -5) : name;
  }

  #isVariant(reference) {
    return reference.split("/").pop().slice(0, -5) in this.document.components.schemas;
  }

  /** A short name of a schema's type, for people. */
  kind(schema) {
    const { type, format, items, typeName, additionalProperties, ...rest } = this.resolve(schema);
    const kinds = [type].flat().filter((kind) => kind !== "null");
    if (kinds[0] === "array") return `list of ${this.kind(items)}`;
    if (typeName) return typeName;
    if (additionalProperties) return `dictionary of ${this.kind(additionalProperties)}`;
    const named = { decimal: "decimal", password: "secret", uuid: "GUID", "date-time": "date" };
    if (rest.pattern?.startsWith("^-?P")) return "duration";
    return named[format] ?? { string: "text", integer: format ?? "integer" }[kinds[0]] ?? kinds[0];
  }
}

/** The types of a schema without null. */
export function typesOf(schema) {
  return [schema.type].flat().filter((type) => type !== "null");
}

/** Who may call, in words. */
export function accessText(access) {
  if (!access.authenticated) return "Open to everybody";
  const parts = [
    ["all roles of", access.allRoles],
    ["role", access.anyRole],
    ["all permissions of", access.allPermissions],
    ["permission", access.anyPermission],
  ];
  const told = parts.filter(([, names]) => names.length);
  const join = ([what, names]) => `${what} ${names.join(what.startsWith("all") ? ", " : " or ")}`;
  return told.length ? `Needs ${told.map(join).join(", and ")}` : "Needs sign-in";
}
