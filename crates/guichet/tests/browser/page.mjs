// A browser with a page that is watched: whatever it asks of others, and whatever it complains
// about, is remembered.

import { createRequire } from "node:module";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const TIMEOUT_MS = 15_000;

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-sync",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-dev-shm-usage",
];

/**
 * Runs `work` with a browser's context; its folder is empty before and gone afterwards. `choices`
 * are options of the context.
 */
export async function withBrowser(work, choices = {}) {
  const { chromium } = createRequire(join(process.env.GUICHET_NODE_MODULES, "x.js"))(
    "playwright-core",
  );
  const home = mkdtempSync(join(tmpdir(), "guichet-browser-"));
  const executablePath = process.env.GUICHET_CHROMIUM;
  const options = {
    executablePath,
    args: ARGUMENTS,
    headless: true,
    timeout: TIMEOUT_MS,
    ...choices,
  };
  const context = await chromium.launchPersistentContext(home, options);
  try {
    await work(context);
  } finally {
    await context.close();
    rmSync(home, { recursive: true, force: true });
  }
}

/** A page as a person with that screen has it. */
export async function visit(context, origin, { width = 1280, height = 800, dark = false } = {}) {
  const page = await context.newPage();
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme: dark ? "dark" : "light" });
  page.setDefaultTimeout(TIMEOUT_MS);
  const seen = { outside: [], complaints: [], urls: [] };
  page.on("request", (request) => {
    const url = request.url();
    seen.urls.push(url);
    if (!url.startsWith(`${origin}/`) && !url.startsWith("data:")) seen.outside.push(url);
  });
  page.on("pageerror", (error) => seen.complaints.push(error.message));
  page.on("console", (message) => {
    // The browser notes every answer of 400 and above; those are looked at by the scenarios.
    const isAnswer = message.text().startsWith("Failed to load resource");
    if (message.type() === "error" && !isAnswer) seen.complaints.push(message.text());
  });
  return { page, seen };
}

/** Fails with a sentence. */
export function expect(isTrue, what) {
  if (!isTrue) throw new Error(what);
}

/** Fails with both values when they differ. */
export function equal(found, wanted, what) {
  expect(found === wanted, `${what}: ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`);
}

/** Waits until what `look` gives is true. */
export async function eventually(look, what) {
  const end = Date.now() + TIMEOUT_MS;
  while (Date.now() < end) {
    if (await look()) return;
    await new Promise((wake) => setTimeout(wake, 50));
  }
  throw new Error(`waited too long for: ${what}`);
}
