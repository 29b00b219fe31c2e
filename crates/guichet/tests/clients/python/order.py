"""Signs in, orders a ticket and meets every kind of refusal, with the package `servicestack`.

The types come from the server:

    pip install servicestack
    curl http://HOST/types/python > dtos.py
    python order.py http://HOST/tickets USER OTHER_USER PASSWORD

The second user may not read data, and is refused. A host whose names are in PascalCase is
reached by this package below `http://HOST/camel/...`, because it reads camelCase only.
"""

import sys
from decimal import Decimal

from servicestack import JsonServiceClient, WebServiceException
from servicestack import Authenticate, GetAccessToken
from servicestack.log import Log, NullLogger

import dtos

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


def find_event(client):
    """The first event, with the price of its first ticket type."""
    event = client.get(dtos.EventsListing(take=1)).results[0]
    place = f"{event.latitude} {event.longitude}"
    print(f"event: {event.name}, {event.time_of_event.isoformat()}, {place}")
    price = client.get(dtos.EventDetailsAndPrices(id=event.id)).prices[0]
    print(f"price: {price.ticket_price} {price.currency}")
    return event, price


def count_around(client, event):
    """How many events start at its start or later, and how many before."""
    start = event.time_of_event_u_t_c
    from_start = client.get(dtos.EventsListing(from_=start)).total
    before = client.get(dtos.EventsListing(to=start)).total
    print(f"from its start: {from_start}, before: {before}")


def order(event, price, amount):
    """One ticket, paid by card; `amount` is the price that the buyer agreed to."""
    card = dtos.PaymentMethodCreditCardInfo(
        payment_type="Card", pan="4242424242424242", exp_year="2036", exp_month="12", cvc="123"
    )
    ticket = dtos.TicketDetails(
        event_series_owner_ticket_type=price.event_series_owner_ticket_type, count=1
    )
    return dtos.TicketOrder(
        order=dtos.Ticket(event_id=event.id, payment_method_id="card"),
        order_details=[ticket],
        card_info=dtos.PaymentRequestCreditCard(
            payment_method=card, amount=amount, currency=price.currency
        ),
    )


def buy(client, event, price):
    """Orders it; answers the handle of the ticket."""
    answer = client.post(order(event, price, price.ticket_price))
    if answer.status_code != 200:
        raise SystemExit(answer.message)
    bought = answer.ticket_and_details
    ticket, details = bought.event_ticket, bought.event_ticket_details[0]
    paid = f"{ticket.total_paid_for_ticket} {ticket.currency}"
    print(f"bought: {ticket.ticket_status}, {paid}, {details.count} x {details.ticket_name}")
    return ticket.ticket_token_id


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
        if status.meta:
            print(f"  after {status.meta['AutoBatchIndex']} of the batch")


def main():
    url, user, other_user, password = sys.argv[1:]
    client = sign_in(url, user, password)
    event, price = find_event(client)
    count_around(client, event)
    token = buy(client, event, price)

    cheaper = client.post(order(event, price, price.ticket_price - Decimal("0.01")))
    print(f"a cent less: {cheaper.status_code} {cheaper.message.split(':')[0]}")
    question = dtos.TicketOrderStatus(ticket_token_id=token)
    answers = client.send_all([question, question])
    print(f"batch: {', '.join(answer.ticket_status for answer in answers)}")

    refused("batch with a broken order", lambda: client.send_all([dtos.TicketOrder()]))
    refused("broken order", lambda: client.post(dtos.TicketOrder()))
    refused("nobody", lambda: JsonServiceClient(url).post(question))
    other = sign_in(url, other_user, password)
    refused("somebody else", lambda: other.post(question))
    refused("nowhere", lambda: client.get_url("/nowhere", dict))

    client.set_bearer_token("expired")
    print(f"with a new token: {client.post(question).ticket_status}")
    renewed = client.post(GetAccessToken(refresh_token=client.refresh_token))
    print(f"asked for: {'a token' if renewed.access_token else 'none'}")


main()
