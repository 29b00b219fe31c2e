// What holders of tickets do with the page behind a payment link, in a real browser against the
// real program.
//
// Argument: JSON with the server's origin, a key, where the sandbox's log is, the numbers of events
// and types, and when the links to the soon event end.

import { readFileSync } from "node:fs";
import { checkByAxe, checkThumb, checkView } from "./checks.mjs";
import { equal, eventually, expect, visit, withBrowser } from "./page.mjs";

const facts = JSON.parse(process.argv[2]);
const { origin } = facts;

const GOOD = "4242424242424242";
const DECLINED = "4000000000000002";
const CHALLENGE = "4000002760003184";

const call = async (operation, body) => {
  const answer = await fetch(`${origin}/${operation}.json`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${facts.key}` },
    body: JSON.stringify(body),
  });
  return answer.json();
};

/** A ticket of somebody, and the link to pay for a dearer one. */
async function newLink({ event = facts.rematch, kind = facts.dear, difference = 1_500 } = {}) {
  const paymentMethod = {
    paymentType: "Card",
    pan: GOOD,
    expYear: "2036",
    expMonth: "12",
    cvc: "123",
  };
  const bought = await call("ticketOrder", {
    order: { eventId: facts.home },
    orderDetails: [{ eventSeriesOwnerTicketType: facts.regular, count: 1 }],
    cardInfo: { paymentMethod },
  });
  const ticket = bought.ticketAndDetails.eventTicket.ticketTokenId;
  const moved = await call("TransferTicketToEvent", {
    ticketTokenId: ticket,
    toEventId: event,
    toOwnerTicketTypeId: kind,
    expectedPriceDifference: difference,
  });
  equal(moved.code, "TopupRequired", JSON.stringify(moved));
  return { link: moved.topup.paymentLinkUrl, session: moved.topup.sessionToken, ticket };
}

const status = async ({ session }) => {
  const answer = await fetch(`${origin}/transferTicket/topupSession/${session}.json`);
  return (await answer.json()).status;
};

const ticketStatus = async ({ ticket }) =>
  (await call("ticketOrder/status", { ticketTokenId: ticket })).ticketStatus;

/** How often the gateway took money from somebody, and how often it gave it back. */
function movements() {
  const lines = readFileSync(facts.log, "utf8").trim().split("\n").map(JSON.parse);
  const count = (operation) => lines.filter((line) => line.request.operation === operation).length;
  return { sales: count("sale"), refunds: count("refund") };
}

const english = (link) => `${link}?lang=en`;

async function type(page, number) {
  await page.getByLabel("Card number").fill(number);
  await page.getByLabel("Month").fill("12");
  await page.getByLabel("Year").fill("2036");
  await page.getByLabel("Security code").fill("123");
}

const pay = (page) => page.getByRole("button", { name: /^Pay ISK/ });

const ready = (page) => page.getByRole("heading", { name: "Your ticket is ready" }).waitFor();

/** Everything that must hold of a state of the page, on a desk and on a phone. */
async function look(page, where) {
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 800 });
    await checkView(page, `${where} at ${width}`, 0);
    await checkByAxe(page, `${where} at ${width}`);
  }
}

const scenarios = {
  "pays through the bank's challenge": async (context) => {
    const sold = await newLink();
    const { page, seen } = await visit(context, origin);
    await page.goto(english(sold.link));
    for (const part of ["Hekla – Esja", "rematch", "Hekla Park", "ISK 1,500", "To be paid before"]) {
      await page.getByText(part).first().waitFor();
    }
    await look(page, "the form");
    await checkThumb(page, "the form");
    const hints = await page.locator("input").evaluateAll((all) => all.map((it) => it.autocomplete));
    equal(hints.join(" "), "cc-number cc-exp-month cc-exp-year cc-csc", "what browsers may fill in");
    await page.emulateMedia({ colorScheme: "dark" });
    await checkByAxe(page, "the form in the dark");
    await page.emulateMedia({ colorScheme: "light" });
    await type(page, CHALLENGE);
    await pay(page).click();
    await page.getByRole("button", { name: "Yes, confirm" }).click();
    await ready(page);
    await page.locator(".code svg").waitFor();
    await look(page, "the ticket");
    equal(await status(sold), "Completed", "the session");
    equal(await ticketStatus(sold), "Transferred", "the old ticket");
    const cards = seen.urls.filter((url) => url.includes(CHALLENGE));
    equal(cards.length, 0, "card numbers in addresses");
    return seen;
  },

  "is refused by the bank, then declined, and pays with another card": async (context) => {
    const sold = await newLink();
    const { page, seen } = await visit(context, origin);
    await page.goto(english(sold.link));
    await type(page, CHALLENGE);
    await pay(page).click();
    await page.getByRole("button", { name: "No, refuse" }).click();
    await page.getByText("The bank did not confirm that it is you").waitFor();
    await look(page, "after a refusal");
    await type(page, DECLINED);
    await pay(page).click();
    await page.getByText("The card was declined").waitFor();
    equal(await page.getByLabel("Card number").inputValue(), "", "a card that is shown again");
    await type(page, GOOD);
    await pay(page).click();
    await ready(page);
    return seen;
  },

  "clicks twice and is charged once": async (context) => {
    const sold = await newLink();
    const before = movements().sales;
    const { page, seen } = await visit(context, origin);
    await page.goto(english(sold.link));
    await type(page, GOOD);
    await pay(page).dblclick();
    await ready(page);
    equal(movements().sales - before, 1, "charges");
    return seen;
  },

  "opens one link in two browsers and is charged once": async (context) => {
    const sold = await newLink();
    const before = movements().sales;
    const { page, seen } = await visit(context, origin);
    await withBrowser(async (other) => {
      const second = await visit(other, origin);
      for (const browser of [page, second.page]) {
        await browser.goto(english(sold.link));
        await type(browser, GOOD);
      }
      await Promise.all([pay(page).click(), pay(second.page).click()]);
      await Promise.all([ready(page), ready(second.page)]);
      seen.complaints.push(...second.seen.complaints);
    });
    equal(movements().sales - before, 1, "charges");
    return seen;
  },

  "goes back and finds the ticket": async (context) => {
    const sold = await newLink();
    const before = movements().sales;
    const { page, seen } = await visit(context, origin);
    await page.goto(english(sold.link));
    await type(page, CHALLENGE);
    await pay(page).click();
    await page.getByRole("button", { name: "Yes, confirm" }).click();
    await ready(page);
    for (let step = 0; step < 3; step += 1) {
      await page.goBack().catch(() => null);
      const confirm = page.getByRole("button", { name: "Yes, confirm" });
      if (await confirm.isVisible()) await confirm.click();
    }
    await page.goto(english(sold.link));
    await ready(page);
    equal(movements().sales - before, 1, "charges");
    return seen;
  },

  "pays without a script, in Icelandic": async () => {
    const sold = await newLink();
    let seen;
    await withBrowser(
      async (plain) => {
        const visited = await visit(plain, origin);
        const { page } = visited;
        seen = visited.seen;
        await page.goto(sold.link);
        await page.getByRole("link", { name: /^(Íslenska|English)$/ }).waitFor();
        if ((await page.locator("html").getAttribute("lang")) !== "is") {
          await page.getByRole("link", { name: "Íslenska" }).click();
        }
        await page.getByLabel("Kortanúmer").fill(CHALLENGE);
        await page.getByLabel("Mánuður").fill("12");
        await page.getByLabel("Ár").fill("2036");
        await page.getByLabel("Öryggisnúmer").fill("123");
        await page.getByRole("button", { name: /^Greiða 1\.500 kr/ }).click();
        await page.locator("button[value=ok]").click();
        await page.getByRole("button", { name: /^(Ljúka við greiðslu|Finish paying)/ }).click();
        await page.locator(".code svg").waitFor();
      },
      { javaScriptEnabled: false },
    );
    equal(await status(sold), "Completed", "the session");
    return seen;
  },

  "finds a link over, and money that came too late on its way back": async (context) => {
    const soon = { event: facts.soon, kind: facts.dear };
    const unpaid = await newLink(soon);
    const late = await newLink({ ...soon, kind: facts.answerLost, difference: 666 });
    const { page, seen } = await visit(context, origin);
    await page.goto(english(unpaid.link));
    await type(page, GOOD);
    const payer = await visit(context, origin);
    await payer.page.goto(english(late.link));
    await type(payer.page, GOOD);
    const wait = facts.linksEndMs - Date.now() - 2_500;
    expect(wait > 0, `the scenarios before took too long: ${wait} ms are left`);
    await new Promise((wake) => setTimeout(wake, wait));
    await pay(payer.page).click();
    await payer.page.getByRole("heading", { name: "Payment under way" }).waitFor();
    await eventually(async () => Date.now() > facts.linksEndMs, "the end of the links");
    await pay(page).click();
    await page.getByRole("heading", { name: "The link is over" }).waitFor();
    await page.getByText("Nothing was charged").waitFor();
    await look(page, "a link that is over");
    await payer.page.getByText("goes back to the card").waitFor({ timeout: 30_000 });
    equal(await status(late), "Expired", "the late session");
    equal(await ticketStatus(late), "Bought", "the old ticket");
    const refunded = () => movements().refunds > 0;
    await eventually(refunded, "the refund of the late payment");
    await page.goto(`${origin}/transferTicket/pay/nonsense?lang=en`);
    await page.getByRole("heading", { name: "There is no such link" }).waitFor();
    seen.complaints.push(...payer.seen.complaints);
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
      console.log(`ok: a holder ${name} (${Date.now() - started} ms)`);
    } catch (error) {
      failures += 1;
      console.log(`failed: a holder ${name}\n  ${error.stack}`);
    }
    for (const page of context.pages()) await page.close();
    await context.clearCookies();
  }
});
process.exit(failures === 0 ? 0 : 1);
