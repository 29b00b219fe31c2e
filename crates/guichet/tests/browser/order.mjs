// What customers do with the page behind an order's payment link, in a real browser against the real
// program.
//
// Argument: JSON with the server's origin, an agent's key, and where the sandbox's log is.

import { readFileSync } from "node:fs";
import { checkByAxe, checkThumb, checkView } from "./checks.mjs";
import { equal, expect, visit, withBrowser } from "./page.mjs";

const facts = JSON.parse(process.argv[2]);
const { origin } = facts;

const GOOD = "4242424242424242";
const DECLINED = "4000000000000002";
const CHALLENGE = "4000002760003184";
const CHALLENGE_THEN_DECLINED = "4000008400001629";

const call = async (path, body) => {
  const answer = await fetch(`${origin}${path}`, {
    method: body ? "POST" : "GET",
    headers: {
      accept: "application/json",
      "content-type": "application/json",
      authorization: `Bearer ${facts.key}`,
    },
    body: body && JSON.stringify(body),
  });
  expect(answer.ok, `${path}: ${answer.status}`);
  return answer.json();
};

/** An order of 14,880 with its link. */
async function newOrder() {
  const line = { Description: "Week in the highlands", Quantity: 1, UnitPrice: 12_000 };
  const placed = await call("/v1/OrderHeaders", { OrderLines: [{ ...line, TaxPercent: 24 }] });
  const { UID: uid } = placed.OrderHeader;
  const { PaymentPageUrl: link } = await call(`/v1/OrderHeaders/${uid}/PaymentLink`, {});
  return { uid, link };
}

const state = async ({ uid }) => (await call(`/v1/OrderHeaders/${uid}`)).OrderHeader.OrderStatusText;

/** How often the gateway took money of open payments. */
function charges() {
  const lines = readFileSync(facts.log, "utf8").trim().split("\n").filter(Boolean).map(JSON.parse);
  const paid = lines.filter((line) => line.request.operation === "pay_open");
  return paid.filter((line) => /approved/i.test(JSON.stringify(line.outcome))).length;
}

const english = ({ link }) => `${link}?lang=en`;

const goOn = (page) => page.getByRole("button", { name: "Go on to pay" });

const pay = (page) => page.getByRole("button", { name: /^Pay ISK 1/ });

const ready = (page) => page.getByRole("heading", { name: "It is paid" }).waitFor();

async function type(page, number) {
  await page.getByLabel("Card number").fill(number);
  await page.getByLabel("Month").fill("12");
  await page.getByLabel("Year").fill("2036");
  await page.getByLabel("Security code").fill("123");
}

/** A page of a new order whose payment is open. */
async function begun(context) {
  const order = await newOrder();
  const { page, seen } = await visit(context, origin);
  await page.goto(english(order));
  await goOn(page).click();
  await pay(page).waitFor();
  return { order, page, seen };
}

/** Everything that must hold of a state of the page, on a desk and on a phone. */
async function look(page, where) {
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 800 });
    await checkView(page, `${where} at ${width}`, 0);
    await checkByAxe(page, `${where} at ${width}`);
  }
}

/** The part of a page that Stripe's script finds, as the server writes it. */
const STRIPE_FORM = `<!doctype html><html lang="en"><title>x</title><main>
  <form id="stripe" data-locale="en" data-key="pk_test_1" data-secret="pi_1_secret_2"
    data-paying="One moment" data-unreachable="Stripe cannot be reached">
    <div data-element></div><p class="bad" role="alert" hidden></p>
    <button type="submit" hidden>Pay</button></form>
  <form hidden id="look" method="post" action="/looked"><button>Look</button></form></main>`;

/** What Stripe's script does as far as the page sees it: the answers come one after the other. */
const STRIPE = `window.asked = [];
  window.Stripe = (key, options) => ({
    elements: ({ clientSecret }) => {
      window.asked.push(key, options.locale, clientSecret);
      return { create: (kind) => ({ mount: (place) => place.append(kind) }) };
    },
    confirmPayment: async ({ redirect }) => {
      window.asked.push(redirect);
      return window.answers.shift();
    },
  });`;

const scenarios = {
  "pays": async (context) => {
    const before = charges();
    const order = await newOrder();
    const { page, seen } = await visit(context, origin);
    await page.goto(english(order));
    for (const part of ["Highland Tours", "1 × Week in the highlands", "ISK 14,880", "ISK 2,880"]) {
      await page.getByText(part).first().waitFor();
    }
    await look(page, "the order");
    equal(await state(order), "Open", "the order after a look");
    await goOn(page).click();
    await pay(page).waitFor();
    await look(page, "the form");
    await checkThumb(page, "the form");
    const inputs = page.locator("input:not([type=hidden])");
    const hints = await inputs.evaluateAll((all) => all.map((it) => it.autocomplete));
    equal(hints.join(" "), "cc-number cc-exp-month cc-exp-year cc-csc", "what browsers may fill in");
    await page.emulateMedia({ colorScheme: "dark" });
    await checkByAxe(page, "the form in the dark");
    await page.emulateMedia({ colorScheme: "light" });
    await type(page, GOOD);
    await pay(page).dblclick();
    await ready(page);
    await page.getByText("•••• 4242").waitFor();
    await look(page, "the receipt");
    equal(await state(order), "Paid", "the order");
    equal(charges() - before, 1, "charges");
    const told = seen.urls.filter((url) => url.includes(GOOD) || url.includes("_secret_"));
    equal(told.length, 0, "secrets in addresses");
    return seen;
  },

  "is declined, then pays": async (context) => {
    const { page, seen } = await begun(context);
    await type(page, DECLINED);
    await pay(page).click();
    await page.getByText("The card was declined").waitFor();
    await look(page, "after a decline");
    equal(await page.getByLabel("Card number").inputValue(), "", "a card that is shown again");
    await type(page, GOOD);
    await pay(page).click();
    await ready(page);
    return seen;
  },

  "is asked by the bank: refuses, is declined, confirms": async (context) => {
    const before = charges();
    const { page, seen } = await begun(context);
    await type(page, CHALLENGE);
    await pay(page).click();
    await page.getByRole("button", { name: "No, refuse" }).click();
    await page.getByText("The bank did not confirm that it is you").waitFor();
    await look(page, "after a refusal");
    await type(page, CHALLENGE_THEN_DECLINED);
    await pay(page).click();
    await page.getByRole("button", { name: "Yes, confirm" }).click();
    await page.getByText("The card was declined").waitFor();
    await type(page, CHALLENGE);
    await pay(page).click();
    await page.getByRole("button", { name: "Yes, confirm" }).click();
    await ready(page);
    equal(charges() - before, 1, "charges");
    for (let step = 0; step < 3; step += 1) {
      await page.goBack().catch(() => null);
      const confirm = page.getByRole("button", { name: "Yes, confirm" });
      if (await confirm.isVisible()) await confirm.click();
    }
    await page.reload();
    equal(charges() - before, 1, "charges after going back");
    return seen;
  },

  "opens one link in two browsers and is charged once": async (context) => {
    const before = charges();
    const { order, page, seen } = await begun(context);
    await withBrowser(async (other) => {
      const second = await visit(other, origin);
      await second.page.goto(english(order));
      for (const browser of [page, second.page]) await type(browser, GOOD);
      await Promise.all([pay(page).click(), pay(second.page).click()]);
      await Promise.all([ready(page), ready(second.page)]);
      seen.complaints.push(...second.seen.complaints);
    });
    equal(charges() - before, 1, "charges");
    return seen;
  },

  "finds the order changed, then cancelled": async (context) => {
    const before = charges();
    const { order, page, seen } = await begun(context);
    await type(page, GOOD);
    const line = { Description: "Breakfast", Quantity: 1, UnitPrice: 1_000 };
    await call(`/v1/OrderHeaders/${order.uid}/Lines`, { Line: line });
    await pay(page).click();
    await page.getByText("The order was changed").waitFor();
    await page.getByText("ISK 15,880").first().waitFor();
    await look(page, "a changed order");
    await goOn(page).click();
    await type(page, GOOD);
    await call(`/v1/OrderHeaders/${order.uid}/Cancel`, {});
    await pay(page).click();
    await page.getByRole("heading", { name: "The order was cancelled" }).waitFor();
    await look(page, "a cancelled order");
    equal(charges() - before, 0, "charges");
    await page.goto(`${origin}/pay/nonsense?lang=en`);
    await page.getByRole("heading", { name: "There is no such link" }).waitFor();
    return seen;
  },

  "pays without a script, in Icelandic": async () => {
    const order = await newOrder();
    let seen;
    await withBrowser(
      async (plain) => {
        const visited = await visit(plain, origin);
        const { page } = visited;
        seen = visited.seen;
        await page.goto(`${order.link}?lang=is`);
        equal(await page.locator("html").getAttribute("lang"), "is", "the language");
        await page.getByRole("button", { name: "Halda áfram að greiðslu" }).click();
        await page.getByLabel("Kortanúmer").fill(CHALLENGE);
        await page.getByLabel("Mánuður").fill("12");
        await page.getByLabel("Ár").fill("2036");
        await page.getByLabel("Öryggisnúmer").fill("123");
        await page.getByRole("button", { name: /^Greiða 14\.880 kr/ }).click();
        await page.locator("button[value=ok]").click();
        await page.getByRole("button", { name: /^(Ljúka við greiðslu|Finish paying)/ }).click();
        await page.getByRole("heading", { name: /^(Greiðslan tókst|It is paid)/ }).waitFor();
      },
      { javaScriptEnabled: false },
    );
    equal(await state(order), "Paid", "the order");
    return seen;
  },

  "pays at Stripe's form": async (context) => {
    const { page, seen } = await visit(context, origin);
    let looked = 0;
    await page.route("**/stripe-form", (route) =>
      route.fulfill({ contentType: "text/html", body: STRIPE_FORM }),
    );
    await page.route("**/looked", (route) => {
      looked += 1;
      return route.fulfill({ contentType: "text/html", body: "<title>x</title>looked" });
    });
    const show = async (stripe) => {
      await page.goto(`${origin}/stripe-form`);
      if (stripe) await page.addScriptTag({ content: STRIPE });
      await page.addScriptTag({ url: `${origin}/pay/page.js` });
    };
    await show(false);
    await page.getByText("Stripe cannot be reached").waitFor();
    equal(await page.getByRole("button").count(), 0, "buttons without Stripe's script");
    await show(true);
    await page.evaluate(() => {
      window.answers = [{ error: { type: "card_error", message: "Declined." } }, {}];
    });
    await page.getByText("payment").waitFor();
    await page.getByRole("button", { name: "Pay" }).click();
    await page.getByText("Declined.").waitFor();
    equal(looked, 0, "questions after a decline");
    const asked = await page.evaluate(() => window.asked.join(" "));
    equal(asked, "pk_test_1 en pi_1_secret_2 if_required", "what Stripe's script was asked");
    await page.getByRole("button", { name: "Pay" }).dblclick();
    await page.getByText("looked").waitFor();
    equal(looked, 1, "questions after a payment");
    return seen;
  },
};

let failures = 0;
await withBrowser(async (context) => {
  for (const [name, scenario] of Object.entries(scenarios)) {
    const started = Date.now();
    try {
      const seen = await scenario(context);
      equal(seen.outside.join(" "), "", "requests to others than the server");
      equal(seen.complaints.join(" "), "", "complaints of the browser");
      console.log(`ok: a customer ${name} (${Date.now() - started} ms)`);
    } catch (error) {
      failures += 1;
      console.log(`failed: a customer ${name}\n  ${error.stack}`);
    }
    for (const page of context.pages()) await page.close();
    await context.clearCookies();
  }
});
process.exit(failures === 0 ? 0 : 1);
