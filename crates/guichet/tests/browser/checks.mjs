// What must hold of every view, whatever it shows: it fits the screen, everything in it has a name,
// and all of its text can be read.

import { expect } from "./page.mjs";

const CONTRAST_MIN = 4.5;

/** Checks the page as it stands. */
export async function checkView(page, where) {
  const found = await page.evaluate(inspect);
  expect(found.overflow <= 0, `${where}: ${found.overflow} px wider than the screen`);
  expect(found.nameless.length === 0, `${where}: without a name: ${found.nameless.join(" ")}`);
  expect(found.twice.length === 0, `${where}: the same id twice: ${found.twice.join(" ")}`);
  const pale = found.contrasts.filter(({ ratio }) => ratio < CONTRAST_MIN);
  expect(pale.length === 0, `${where}: pale text: ${JSON.stringify(pale.slice(0, 5))}`);
  expect(found.contrasts.length > 3, `${where}: nothing was looked at`);
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
    "pale text": () => document.documentElement.style.setProperty("--soft", "#bbbbbb"),
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
