// What people do with the API explorer, in a real browser against the real program.
//
// Arguments: the server's origin, a key, an order that can be paid as JSON, the name and password
// of a user.

import { checkAxe, checkByAxe, checkTheChecks, checkThumb, checkView } from "./checks.mjs";
import { equal, eventually, expect, visit, withBrowser } from "./page.mjs";

const [origin, key, orderText, userName, password] = process.argv.slice(2);
const order = JSON.parse(orderText);
const card = order.cardInfo.paymentMethod;

const open = async (page, path = "/ui") => {
  await page.goto(origin + path);
  await page.waitForSelector("nav a");
};

const signInByKey = async (page) => {
  await page.locator("#account").click();
  await giveKey(page);
};

const giveKey = async (page) => {
  await page.getByRole("radio", { name: "API key" }).check();
  await page.getByLabel("API key", { exact: true }).last().fill(key);
  await page.getByRole("dialog").getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: "Account: API key" }).waitFor();
};

const find = async (page, name) => {
  await page.getByLabel("Find an operation").fill(name);
  await page
    .getByRole("link", { name: new RegExp(`^${name}( |$)`) })
    .first()
    .click();
  await page.getByRole("heading", { level: 1, name }).waitFor();
};

const send = async (page) => {
  const answered = page.locator(".answer .status");
  const before = (await answered.count()) ? await page.locator(".answer").elementHandle() : null;
  await page.getByRole("button", { name: "Send", exact: true }).click();
  if (before) await before.waitForElementState("hidden").catch(() => null);
  await answered.waitFor();
  return answered.innerText();
};

const field = (page, name, within = page) =>
  within.getByLabel(new RegExp(`^${name}(text|secret|decimal|int32|int64|date)`));

/** Fills an object's fields by their labels, adding what is nested. */
async function fill(page, scope, value) {
  for (const [name, member] of Object.entries(value)) {
    if (Array.isArray(member)) {
      for (const [index, item] of member.entries()) {
        await scope.getByRole("button", { name: `Add an item to ${name}`, exact: true }).click();
        const group = scope.getByRole("group", { name: new RegExp(`^${name} ${index + 1}`) });
        await fill(page, group, item);
      }
    } else if (typeof member === "object") {
      await scope.getByRole("button", { name: `Add ${name}`, exact: true }).click();
      await fill(page, scope.getByRole("group", { name: new RegExp(`^${name}[A-Z]`) }), member);
    } else {
      await field(page, name, scope).first().fill(String(member));
    }
  }
}

/** How many operations are looked at on the wide screen too. */
const DESK_VIEWS = 5;

/** Runs in the page: opens every nested object of a form. */
function addEverything() {
  const next = () =>
    [...document.querySelectorAll("fieldset button")].find((it) => it.textContent === "Add");
  for (let add = next(), count = 0; add && count < 200; add = next(), count += 1) add.click();
}

const scenarios = {
  "buys a ticket with a key, by the form alone": async (context) => {
    const { page, seen } = await visit(context, origin);
    await open(page);
    await signInByKey(page);
    await find(page, "TicketOrder");
    const form = page.locator("form");
    await fill(page, form, order);
    equal(await field(page, "pan").getAttribute("type"), "password", "a card number's field");
    expect((await send(page)).startsWith("200"), "the order is answered");
    await page.getByText('"Bought"').first().waitFor();
    const focused = await page.evaluate(() => document.activeElement.textContent);
    expect(focused.startsWith("200"), `the answer has the focus, not ${focused}`);
    await page.getByRole("tab", { name: "Code" }).click();
    const code = await page.getByLabel("Call", { exact: true }).last().innerText();
    expect(
      code.includes("curl -X POST") && code.includes(`"eventId":${order.order.eventId}`),
      code,
    );
    expect(!code.includes(card.pan) && !code.includes(key), "the code repeats no secret");
    const leaks = seen.urls.filter((url) => url.includes(card.pan) || url.includes(key));
    equal(leaks.length, 0, "secrets in URLs");
    return seen;
  },

  "edits the same request as JSON without losing a digit": async (context) => {
    const { page, seen } = await visit(context, origin);
    await open(page, "/ui/TicketOrder");
    await page.getByRole("button", { name: "Edit as JSON" }).click();
    const amounts = '"cardInfo":{"amount":3500.50},"requestUnixUTCTimeStamp":9007199254740993';
    const text = `{"order":{"eventId":1},${amounts}}`;
    await page.getByLabel("Body as JSON").fill(text);
    await page.getByRole("button", { name: "Edit as JSON" }).click();
    equal(await field(page, "amount").inputValue(), "3500.50", "a decimal");
    await page.getByRole("button", { name: "Edit as JSON" }).click();
    const shown = await page.getByLabel("Body as JSON").inputValue();
    expect(shown.includes("3500.50") && shown.includes("9007199254740993"), shown);
    await page.getByLabel("Body as JSON").fill('{"order": {]}');
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page.getByText("is not expected").waitFor();
    return seen;
  },

  "begins with an example, and loses nothing by signing in late": async (context) => {
    const { page, seen } = await visit(context, origin);
    await open(page, "/ui/TicketOrder");
    const fillIn = page.getByRole("button", { name: "Fill in an example" });
    await fillIn.click();
    await page.getByText("wants to know who you are").first().waitFor();
    await field(page, "cvc").fill("321");
    expect((await send(page)).startsWith("401"), "a stranger is refused");
    const answer = page.getByLabel("Answer", { exact: true });
    await answer.getByRole("button", { name: "Sign in" }).click();
    await giveKey(page);
    await page.getByText("what you typed is still there").waitFor();
    equal(await field(page, "cvc").inputValue(), "321", "what was typed");
    await page.getByRole("button", { name: "Send again" }).click();
    await page.locator(".answer .status").getByText("400").waitFor();
    await fillIn.click();
    await page.getByText("It buys one place").first().waitFor();
    expect((await send(page)).startsWith("200"), "the example can be sent as it is");
    await page.getByText('"Bought"').first().waitFor();
    await page.getByRole("button", { name: "Clear" }).click();
    equal(await field(page, "cvc").count(), 0, "fields after clearing");
    for (const name of ["EventsListing", "EventDetailsAndPrices"]) {
      await find(page, name);
      await fillIn.click();
      await eventually(() => page.getByText(/ten events|next event/).count(), "the example");
      expect((await send(page)).startsWith("200"), `the example of ${name}`);
    }
    await find(page, "TicketOrderStatus");
    await fillIn.click();
    await page.getByText("These are placeholders").first().waitFor();
    equal(await field(page, "ticketTokenId").inputValue(), "String", "a placeholder");
    return seen;
  },

  "can use the pages with what a program can judge": async (context) => {
    const operation = "/tickets/json/metadata?op=TicketOrder";
    const pages = ["/metadata", operation, "/tickets/events?format=html"];
    const views = ["/ui", "/ui/TicketOrder"];
    const tabs = ["details", "code"].map((tab) => `/ui/EventsListing?tab=${tab}`);
    const phone = await visit(context, origin, { width: 360, height: 740, dark: true });
    const desk = await visit(context, origin);
    // Pages and tabs are the same on each screen but for their layout and colours.
    for (const [{ page }, paths] of [
      [phone, [...pages, ...views, ...tabs]],
      [desk, ["/metadata", ...views]],
    ]) {
      await page.bringToFront();
      for (const path of paths) {
        await page.goto(origin + path);
        if (path.startsWith("/ui")) await page.waitForSelector("nav a", { state: "attached" });
        await checkByAxe(page, path);
      }
    }
    await checkAxe(desk.page);
    phone.seen.complaints.push(...desk.seen.complaints);
    return phone.seen;
  },

  "finds the way between the pages and the explorer": async (context) => {
    const { page, seen } = await visit(context, origin);
    await page.goto(`${origin}/tickets/json/metadata?op=TicketOrder`);
    await page.getByRole("link", { name: "API Explorer" }).click();
    await page.getByRole("heading", { level: 1, name: "TicketOrder" }).waitFor();
    await page.getByRole("link", { name: "Docs" }).click();
    await page.getByText("The following operations are available.").waitFor();
    return seen;
  },

  "is told which field is wrong, and why it may not call": async (context) => {
    const { page, seen } = await visit(context, origin);
    await open(page, "/ui/TicketOrder");
    expect((await send(page)).startsWith("401"), "a stranger is refused");
    await page.getByText("The server does not know who calls").waitFor();
    await signInByKey(page);
    await page.getByRole("button", { name: "Add order", exact: true }).click();
    expect((await send(page)).startsWith("400"), "an order for nothing is refused");
    await page.getByText("Name the event to order for.").last().waitFor();
    const wrong = field(page, "eventId");
    await eventually(
      async () => (await wrong.getAttribute("aria-invalid")) === "true",
      "the field to be marked",
    );
    const isFocused = await wrong.evaluate((it) => it === document.activeElement);
    expect(isFocused, "the field at fault has the focus");
    await field(page, "eventId").fill("one");
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page.getByText("Type a whole number.").waitFor();
    return seen;
  },

  "uses nothing but the keyboard": async (context) => {
    const { page, seen } = await visit(context, origin);
    await open(page);
    const press = (...keys) =>
      keys.reduce((done, name) => done.then(() => page.keyboard.press(name)), Promise.resolve());
    const focus = () =>
      page.evaluate(() => {
        const it = document.activeElement;
        return (
          it.getAttribute("aria-label") ?? it.labels?.[0]?.textContent ?? it.textContent.trim()
        );
      });
    const tabTo = async (wanted) => {
      for (let steps = 0; steps < 80; steps += 1) {
        if ((await focus()).startsWith(wanted)) return;
        await press("Tab");
      }
      throw new Error(`Tab never came to ${wanted}`);
    };
    await press("Tab");
    equal(await focus(), "Skip to the operation", "the first stop");
    await tabTo("Sign in");
    await press("Enter");
    await tabTo("User name and password");
    await press("ArrowDown");
    await tabTo("API key");
    await press("Tab");
    await page.keyboard.type(key);
    await press("Enter");
    await page.getByRole("button", { name: "Account: API key" }).waitFor();
    equal(await focus(), "Account: API key", "the focus after the dialog");
    await press("/");
    await page.keyboard.type("eventsl");
    await press("ArrowDown", "Enter");
    await page.getByRole("heading", { level: 1, name: "EventsListing" }).waitFor();
    equal(await focus(), "EventsListing", "the focus after opening");
    await tabTo("take");
    await page.keyboard.type("1");
    await press("Control+Enter");
    await eventually(
      async () => (await page.locator("#announcer").textContent()).startsWith("200"),
      "the answer to be announced",
    );
    await page.getByText("results:").waitFor();
    for (let steps = 0; steps < 80 && !(await focus()).startsWith("Call"); steps += 1)
      await press("Shift+Tab");
    await press("ArrowRight");
    equal(
      await page.getByRole("tab", { selected: true }).innerText(),
      "Details",
      "the arrow's tab",
    );
    await press("End");
    await page.getByLabel("Language").waitFor();
    return seen;
  },

  "sees every operation on a phone and on a desk, light and dark": async (context) => {
    const phone = await visit(context, origin, { width: 360, height: 740, dark: true });
    const desk = await visit(context, origin);
    for (const { page, seen } of [phone, desk]) {
      // A page in the background is drawn once a second.
      await page.bringToFront();
      await open(page);
      await checkView(page, "the list");
      await page.getByRole("button", { name: "Sign in" }).click();
      await checkView(page, "the sign-in");
      await page.keyboard.press("Escape");
      const links = await page
        .locator("nav a")
        .evaluateAll((all) => all.map((it) => it.getAttribute("href")));
      expect(links.length > 8, "operations are listed");
      // The operations of signing in are the same on each host.
      const names = links.map((link) => link.split("?")[0]);
      const once = links.filter((link, index) => names.indexOf(names[index]) === index);
      // What differs between screens is the layout; colours are the same in every view.
      for (const link of page === phone.page ? once : once.slice(0, DESK_VIEWS)) {
        await page.evaluate(
          (href) => document.querySelector(`nav a[href="${href}"]`).click(),
          link,
        );
        await page.evaluate(addEverything);
        await checkView(page, link);
        if (page === phone.page) await checkThumb(page, link);
        await page.getByRole("tab", { name: "Details" }).click();
        await checkView(page, `${link} details`);
      }
      equal(seen.outside.length, 0, "requests to others");
    }
    await open(desk.page, "/ui/TicketOrderDocument?tab=details");
    await desk.page.getByText("The answer is a file: application/pdf or").waitFor();
    await checkTheChecks(desk.page);
    phone.seen.complaints.push(...desk.seen.complaints);
    return phone.seen;
  },

  "opens what an address says, and hears what to do when that fails": async (context) => {
    const { page, seen } = await visit(context, origin);
    await open(page, "/clubs/ui/ContractSoldEndpoint?tab=details");
    equal(await page.getByRole("tab", { selected: true }).innerText(), "Details", "the tab");
    await page
      .getByText("IP address of the end user")
      .or(page.getByText("Member Id"))
      .first()
      .waitFor();
    await page.goto(`${origin}/ui/Nothing`);
    await page.getByText("There is no such operation").waitFor();
    await open(page, "/ui");
    await page.getByLabel("Find an operation").fill("zzz");
    await page.getByText("No operation has that").waitFor();
    await page.route("**/openapi.json", (route) => route.abort());
    await page.goto(`${origin}/ui`);
    await page.getByRole("button", { name: "Try again" }).waitFor();
    await page.unroute("**/openapi.json");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.waitForSelector("nav a");
    return seen;
  },

  "shows code and types for every language": async (context) => {
    const { page, seen } = await visit(context, origin);
    await open(page, "/ui/EventsListing?tab=code");
    const languages = await page
      .getByLabel("Language")
      .locator("option")
      .evaluateAll((all) => all.map((it) => it.value));
    for (const language of languages.slice(1)) {
      await page.getByLabel("Language").selectOption(language);
      const types = page.locator("pre[aria-label=Types]");
      await eventually(
        async () => (await types.textContent()).includes("EventsListing"),
        `types of ${language}`,
      );
    }
    return seen;
  },

  "signs in by name, calls by the session, and signs out": async (context) => {
    const { page, seen } = await visit(context, origin);
    await open(page, "/ui/EventsListing");
    const signIn = async (word) => {
      await page.getByLabel("User name", { exact: true }).fill(userName);
      await page.getByLabel("Password", { exact: true }).fill(word);
      await page.getByRole("dialog").getByRole("button", { name: "Sign in" }).click();
    };
    await page.getByRole("button", { name: "Sign in" }).click();
    await signIn("not the password");
    await page.getByText("Invalid Username or Password").waitFor();
    await signIn(password);
    await page.getByRole("button", { name: `Account: ${userName}` }).waitFor();
    expect((await send(page)).startsWith("200"), "the session may call");
    await page.getByRole("button", { name: `Account: ${userName}` }).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    expect((await send(page)).startsWith("401"), "the session has ended");
    expect(!seen.urls.some((url) => url.includes(password)), "a password in a URL");
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
      console.log(`ok: somebody ${name} (${Date.now() - started} ms)`);
    } catch (error) {
      failures += 1;
      console.log(`failed: somebody ${name}\n  ${error.stack}`);
    }
    for (const page of context.pages()) await page.close();
    await context.clearCookies();
  }
});
process.exit(failures === 0 ? 0 : 1);
