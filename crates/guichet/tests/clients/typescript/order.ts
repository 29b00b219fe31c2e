/**
 * Signs in, orders a ticket and meets every kind of refusal, with `@servicestack/client`.
 *
 * The types come from the server:
 *
 *     npm init --yes && npm pkg set type=module
 *     npm install @servicestack/client typescript @types/node
 *     curl http://HOST/types/typescript > dtos.ts
 *     npx tsc --strict --target es2022 --module nodenext order.ts
 *     node order.js http://HOST/tickets USER OTHER_USER PASSWORD
 *
 * The second user may not read data, and is refused.
 */

import { JsonServiceClient, ResponseStatus } from "@servicestack/client";
import {
  Authenticate,
  EventDetails,
  EventDetailsAndPrices,
  EventTicketPrice,
  EventsListing,
  GetAccessToken,
  PaymentMethodCreditCardInfo,
  PaymentRequestCreditCard,
  Ticket,
  TicketDetails,
  TicketOrder,
  TicketOrderStatus,
} from "./dtos.js";

/** Of the last answer that was a refusal: the package tells it to a filter only. */
let lastStatus = 0;

function connect(url: string) {
  const client = new JsonServiceClient(url);
  client.exceptionFilter = (answer) => {
    lastStatus = answer.status;
  };
  return client;
}

/** A client that shows the token of a user, and fetches a new one when it has expired. */
async function signIn(url: string, userName: string, password: string) {
  const client = connect(url);
  const request = new Authenticate({ provider: "credentials", userName, password });
  const answer = await client.post(request);
  client.bearerToken = answer.bearerToken;
  client.refreshToken = answer.refreshToken;
  console.log(`signed in: ${answer.userName}, ${answer.roles.join(", ")}`);
  return client;
}

/** The first event, with the price of its first ticket type. */
async function findEvent(client: JsonServiceClient) {
  const event = (await client.get(new EventsListing({ take: 1 }))).results[0];
  const place = `${event.latitude} ${event.longitude}`;
  // Dates are texts here, with all their digits.
  const start = event.timeOfEvent!.slice(0, "2037-05-02T19:15:00".length);
  console.log(`event: ${event.name}, ${start}, ${place}`);
  const prices = (await client.get(new EventDetailsAndPrices({ id: event.id }))).prices;
  console.log(`price: ${prices[0].ticketPrice} ${prices[0].currency}`);
  return { event, price: prices[0] };
}

/** How many events start at its start or later, and how many before. */
async function countAround(client: JsonServiceClient, event: EventDetails) {
  const start = event.timeOfEventUTC;
  const from = await client.get(new EventsListing({ from: start }));
  const before = await client.get(new EventsListing({ to: start }));
  console.log(`from its start: ${from.total}, before: ${before.total}`);
}

/** One ticket, paid by card; `amount` is the price that the buyer agreed to. */
function order(event: EventDetails, price: EventTicketPrice, amount: number) {
  const paymentMethod = new PaymentMethodCreditCardInfo({
    paymentType: "Card",
    pan: "4242424242424242",
    expYear: "2036",
    expMonth: "12",
    cvc: "123",
  });
  const eventSeriesOwnerTicketType = price.eventSeriesOwnerTicketType;
  return new TicketOrder({
    order: new Ticket({ eventId: event.id, paymentMethodId: "card" }),
    orderDetails: [new TicketDetails({ eventSeriesOwnerTicketType, count: 1 })],
    cardInfo: new PaymentRequestCreditCard({ paymentMethod, amount, currency: price.currency }),
  });
}

/** Orders it; answers the handle of the ticket. */
async function buy(client: JsonServiceClient, event: EventDetails, price: EventTicketPrice) {
  const answer = await client.post(order(event, price, price.ticketPrice));
  const { eventTicket: ticket, eventTicketDetails } = answer.ticketAndDetails;
  const [details] = eventTicketDetails;
  const paid = `${ticket.totalPaidForTicket} ${ticket.currency}`;
  console.log(`bought: ${ticket.ticketStatus}, ${paid}, ${details.count} x ${details.ticketName}`);
  return ticket.ticketTokenId;
}

/** Prints how a call is refused: the status, the code, and what is wrong with which member. */
async function refused(what: string, call: () => Promise<unknown>) {
  try {
    await call();
    console.log(`${what}: not refused`);
  } catch (error: any) {
    const status: ResponseStatus = error.responseStatus;
    console.log(`${what}: ${lastStatus} ${status.errorCode}`);
    for (const problem of status.errors ?? []) {
      console.log(`  ${problem.fieldName}: ${problem.message}`);
    }
    if (status.meta) {
      console.log(`  after ${status.meta["AutoBatchIndex"]} of the batch`);
    }
  }
}

const [url, user, otherUser, password] = process.argv.slice(2);
const client = await signIn(url, user, password);
const { event, price } = await findEvent(client);
await countAround(client, event);
const ticketTokenId = await buy(client, event, price);

const centLess = Number((price.ticketPrice - 0.01).toFixed(2));
const cheaper = await client.post(order(event, price, centLess));
console.log(`a cent less: ${cheaper.statusCode} ${cheaper.message.split(":")[0]}`);
const question = new TicketOrderStatus({ ticketTokenId });
const answers = await client.sendAll([question, question]);
console.log(`batch: ${answers.map((answer) => answer.ticketStatus).join(", ")}`);

await refused("batch with a broken order", () => client.sendAll([new TicketOrder()]));
await refused("broken order", () => client.post(new TicketOrder()));
await refused("nobody", () => connect(url).post(question));
const other = await signIn(url, otherUser, password);
await refused("somebody else", () => other.post(question));
await refused("nowhere", () => client.get("/nowhere"));

client.bearerToken = "expired";
console.log(`with a new token: ${(await client.post(question)).ticketStatus}`);
const renewed = await client.post(new GetAccessToken({ refreshToken: client.refreshToken }));
console.log(`asked for: ${renewed.accessToken ? "a token" : "none"}`);
