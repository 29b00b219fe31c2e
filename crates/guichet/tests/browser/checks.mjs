// What must hold of every view, whatever it shows: it fits the screen, everything in it has a name,
// and all of its text can be read.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect } from "./page.mjs";

const CONTRAST_MIN = 4.5;

/** What a thumb hits without aiming (WCAG 2.2, 2.5.5). */
const THUMB_PX = 44;

/** Checks the page as it stands; there must be texts in more than so many pairs of colours. */
export async function checkView(page, where, pairsMin = 3) {
  const found = await page.evaluate(inspect);
  expect(found.overflow <= 0, `${where}: ${found.overflow} px wider than the screen`);
  expect(found.nameless.length === 0, `${where}: without a name: ${found.nameless.join(" ")}`);
  expect(found.twice.length === 0, `${where}: the same id twice: ${found.twice.join(" ")}`);
  const pale = found.contrasts.filter(({ ratio }) => ratio < CONTRAST_MIN);
  expect(pale.length === 0, `${where}: pale text: ${JSON.stringify(pale.slice(0, 5))}`);
  expect(found.contrasts.length > pairsMin, `${where}: nothing was looked at`);
}

/** Checks that everything to press or to type into is large enough for a thumb. */
export async function checkThumb(page, where) {
  const controls = page.locator("main, header").locator(
    "button, select, summary, textarea, input:not([type=checkbox], [type=radio])",
  );
  const low = await controls.evaluateAll(
    (all, least) =>
      all
        .filter((it) => it.checkVisibility() && it.getBoundingClientRect().height < least)
        .map((it) => it.outerHTML.slice(0, 80)),
    THUMB_PX,
  );
  expect((await controls.count()) > 1, `${where}: nothing to press`);
  expect(low.length === 0, `${where}: too low for a thumb: ${low.slice(0, 5).join(" ")}`);
}

/** Checks the page by axe, which knows the rules that a program can judge. */
export async function checkByAxe(page, where) {
  const found = await violations(page);
  expect(found.length === 0, `${where}: ${found.join("; ")}`);
}

async function violations(page) {
  const folder = createRequire(join(process.env.GUICHET_NODE_MODULES, "x.js"));
  await page.evaluate(readFileSync(folder.resolve("axe-core/axe.min.js"), "utf8"));
  const { violations } = await page.evaluate(() =>
    window.axe.run(document, { resultTypes: ["violations"] }),
  );
  return violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes[0].html}`);
}

/** Proves that axe finds something where there is something. */
export async function checkAxe(page) {
  await page.evaluate(() => {
    document.querySelector("main").append(document.createElement("button"));
  });
  const found = await violations(page);
  expect(found.some((it) => it.includes("button-name")), `axe found ${found}`);
}

/** Runs in the page. */
function inspect() {
  const channels = (color) => color.match(/[\d.]+/g).map(Number);
  const luminance = (color) => {
    const [red, green, blue] = channels(color).map((channel) => {
      const part = channel / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const background = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if ((channels(color)[3] ?? 1) > 0) return color;
    }
    return "rgb(255, 255, 255)";
  };
  const contrast = (colors) => {
    const [light, dark] = colors.map(luminance).sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };
  const hasText = (element) =>
    [...element.childNodes].some((it) => it.nodeType === 3 && it.data.trim());
  const isShown = (element) => element.checkVisibility() && element.getClientRects().length > 0;
  const shown = [...document.body.querySelectorAll("*")].filter(isShown);
  const named = (it) => {
    const byId = (it.getAttribute("aria-labelledby") ?? "")
      .split(" ")
      .map((id) => document.getElementById(id));
    const texts = [it.getAttribute("aria-label"), ...byId.map((other) => other?.textContent)];
    return [
      ...texts,
      ...[...(it.labels ?? [])].map((label) => label.textContent),
      it.textContent,
    ].some((text) => text?.trim());
  };
  const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
  const controls = shown.filter((it) =>
    it.matches("input, select, textarea, button, a, [role=tab]"),
  );
  // Each pair of colours once, with a text that has it.
  const pairs = new Map();
  for (const element of shown.filter(hasText)) {
    const colors = [getComputedStyle(element).color, background(element)];
    pairs.set(colors.join(" on "), { colors, text: element.textContent.trim().slice(0, 30) });
  }
  return {
    overflow: document.documentElement.scrollWidth - innerWidth,
    nameless: controls.filter((it) => !named(it)).map((it) => it.outerHTML.slice(0, 80)),
    twice: ids.filter((id, index) => ids.indexOf(id) !== index),
    contrasts: [...pairs.values()].map(({ colors, text }) => ({
      text,
      colors,
      ratio: contrast(colors),
    })),
  };
}

/** Proves that each check can fail, by breaking the page in each way. */
export async function checkTheChecks(page) {
  const breaks = {
    "wider than the screen": () => document.body.style.setProperty("width", "3000px"),
    "pale text": () => document.documentElement.style.setProperty("--quiet", "#bbbbbb"),
    "without a name": () => document.querySelector("nav label").remove(),
    "the same id twice": () => document.querySelector("nav").setAttribute("id", "main"),
  };
  for (const [complaint, breakIt] of Object.entries(breaks)) {
    await page.reload();
    await page.waitForSelector("nav a");
    await page.evaluate(breakIt);
    const error = await checkView(page, "a broken page").catch((failure) => failure);
    expect(error?.message.includes(complaint), `${complaint}: not found, but ${error?.message}`);
  }
}
