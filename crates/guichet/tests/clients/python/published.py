"""Calls services with types that were copied from their operation pages, as they stand there.

Such types say neither where they go nor what comes back, so the caller does. Members that are
called ID on the page of CustomerPayments are sent as the package spells them, and read as such
below /camel:

    python published.py http://HOST USER OTHER_USER PASSWORD \
        EVENT TICKET_TYPE CARD_TYPE AMOUNT CURRENCY

AMOUNT is the price of a ticket. The second user may not read data, and is refused.
"""

import sys
from decimal import Decimal
from typing import List

from servicestack import Authenticate, JsonServiceClient, WebServiceException
from servicestack.log import Log, NullLogger

import page_000
import page_001
import page_003

# The package prints a complaint when an answer such as "no such path" is a text.
Log.logger = NullLogger()


def sign_in(url, user, password):
    """A client that shows the token of a user, and fetches a new one when it has expired."""
    client = JsonServiceClient(url)
    request = Authenticate(provider="credentials", user_name=user, password=password)
    answer = client.post(request)
    client.set_bearer_token(answer.bearer_token)
    client.set_refresh_token(answer.refresh_token)
    print(f"signed in: {answer.user_name}, {', '.join(answer.roles)}")
    return client


def order(event, ticket_type, amount, currency):
    """One ticket, paid by card."""
    card = page_001.PaymentMethodCreditCardInfo(
        payment_type="Card", pan="4242424242424242", exp_year="2036", exp_month="12", cvc="123"
    )
    ticket = page_001.TicketDetails(event_series_owner_ticket_type=ticket_type, count=1)
    return page_001.TicketOrder(
        order=page_001.Ticket(event_id=event, payment_method_id="card"),
        order_details=[ticket],
        card_info=page_001.PaymentRequestCreditCard(
            payment_method=card, amount=amount, currency=currency
        ),
    )


def show(result):
    """What was bought. An order that is not filled is an answer too, with a code of its own."""
    if result.status_code != 200:
        raise SystemExit(result.message)
    bought = result.ticket_and_details
    ticket, details, event = bought.event_ticket, bought.event_ticket_details[0], bought.event_info
    print(f"event: {event.name}, {event.time_of_event.isoformat()}, {event.latitude}")
    paid = f"{ticket.total_paid_for_ticket} {ticket.currency}"
    print(f"bought: {ticket.ticket_status}, {paid}, {details.count} x {details.ticket_name}")


def order_cards(client, card_type):
    """Two season cards for one holder, paid by a card whose holder agreed to no price."""
    card = page_000.PaymentMethodCreditCardInfo(
        payment_type="Card", pan="4242424242424242", exp_year="2036", exp_month="12", cvc="123"
    )
    wanted = page_000.OwnerCardsOrderRequest(
        owner_card_type_ids=[card_type, card_type],
        card_info=page_000.PaymentRequestCreditCard(payment_method=card),
        holder_name="Anna",
        return_cards=True,
    )
    return client.post_url("OrderOwnerCards", wanted, page_000.OwnerCardsOrderResult)


def show_cards(result):
    """What was bought, or why nothing was."""
    if not result.success:
        print(f"season card of no kind: {result.status_code} {result.message.split(':')[0]}")
        return
    one = result.cards[0]
    paid = f"{len(result.cards)} x {one.price_paid} {one.price_paid_currency}"
    print(f"season cards: {paid}, {one.current_available_tickets} tickets each, of {one.holder_name}")


def refused(what, call):
    """Prints how a call is refused: the status, the code, and what is wrong with which member."""
    try:
        call()
        print(f"{what}: not refused")
    except WebServiceException as error:
        status = error.response_status
        print(f"{what}: {error.status_code} {status.error_code}")
        for problem in status.errors or []:
            print(f"  {problem.field_name}: {problem.message}")


def send(client, order):
    """An order goes to the path on its page, and the result's type is named there too."""
    return client.post_url("ticketOrder", order, page_001.TicketOrderResult)


def main():
    host, user, other_user, password, event, ticket_type, card_type, *price = sys.argv[1:]
    amount, currency = price
    client = sign_in(f"{host}/tickets", user, password)
    wanted = order(int(event), int(ticket_type), Decimal(amount), currency)
    show(send(client, wanted))
    batch = "api/TicketOrder[]"
    bought = client.post_url(batch, [wanted, wanted], List[page_001.TicketOrderResult])
    print(f"batch: {', '.join(one.ticket_and_details.event_ticket.ticket_status for one in bought)}")

    refused("broken order", lambda: send(client, page_001.TicketOrder()))
    refused("nobody", lambda: send(JsonServiceClient(f"{host}/tickets"), wanted))
    other = sign_in(f"{host}/tickets", other_user, password)
    refused("somebody else", lambda: send(other, wanted))
    refused("nowhere", lambda: client.post_url("nowhere", wanted, page_001.TicketOrderResult))
    client.set_bearer_token("expired")
    show(send(client, wanted))

    show_cards(order_cards(client, int(card_type)))
    show_cards(order_cards(client, 0))

    agents = sign_in(f"{host}/camel/agents", user, password)
    payment = page_003.CustomerPaymentsRequest(
        customer=page_003.Customer(id=7, email="anna@example.org"),
        order_i_d="00000000000000000000000000000007",
        payment_info=page_003.PaymentInfo(payment_type="Card", agent_id=3),
    )
    answer = page_003.CustomerPaymentsResponse
    refused("payment", lambda: agents.post_url("v1/CustomerPayments", payment, answer))


main()
