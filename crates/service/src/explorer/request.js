// A request made from a place (verb and path) and what was filled in. Nothing secret can get into
// its URL: the description has no such parameters.

import { Exact, stringify } from "./json.js";
import { credentials } from "./session.js";

/** Whether a place takes a body. */
export function bodySchema(place) {
  return place.described.requestBody?.content["application/json"].schema ?? null;
}

/** URL, headers and body, without the caller's credentials. */
export function requestOf(place, parameters, body) {
  let path = place.path;
  const query = [];
  const headers = { Accept: "application/json" };
  for (const { name, in: where } of place.described.parameters) {
    const value = parameters[name];
    if (value === undefined) continue;
    if (where === "path") path = path.replace(`{${name}}`, encodeURIComponent(asText(value)));
    else if (where === "query")
      query.push(`${encodeURIComponent(name)}=${encodeURIComponent(asText(value))}`);
    else headers[name] = asText(value);
  }
  const hasBody = bodySchema(place) !== null;
  if (hasBody) headers["Content-Type"] = "application/json";
  return {
    verb: place.verb,
    url: query.length ? `${path}?${query.join("&")}` : path,
    headers,
    body: hasBody ? stringify(body ?? {}) : undefined,
  };
}

function asText(value) {
  if (value instanceof Exact) return value.text;
  if (
    Array.isArray(value) &&
    value.every((item) => typeof item !== "object" || item instanceof Exact)
  ) {
    return value.map(asText).join(",");
  }
  return typeof value === "object" ? stringify(value) : String(value);
}

/** A key that makes it safe to send again what got no answer. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Sends it; `outcome.failure` says why there is no answer. */
export async function send({ verb, url, headers, body }) {
  const started = performance.now();
  try {
    const response = await fetch(url, {
      method: verb,
      headers: { ...headers, ...credentials() },
      body,
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
    });
    const text = await response.text();
    return {
      status: response.status,
      statusText: response.statusText,
      headers: [...response.headers],
      text,
      milliseconds: Math.round(performance.now() - started),
    };
  } catch {
    return { failure: "No answer came. Check that the server runs and try again." };
  }
}
