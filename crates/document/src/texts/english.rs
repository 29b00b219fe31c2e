//! English.

use super::Texts;

pub(super) static TEXTS: Texts = Texts {
    tag: "en",
    weekdays: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    date_and_time: "{weekday} {day} {month} {year} at {time}",
    label_event: "Event",
    label_when: "When",
    label_where: "Where",
    label_goods: "Bought",
    label_ticket: "Ticket",
    label_holder: "Name",
    label_seat: "Seat",
    label_order: "Order",
    label_price: "Paid",
    label_total: "Total",
    label_amount: "Amount",
    label_from: "From",
    label_to: "To",
    ticket_of: "Ticket {number} of {count}",
    gate_hint: "Show this code at the gate. It lets one person in.",
    seat_place: "section {section}, row {row}, number {number}",
    closing: "Questions? Please ask {organiser}.",
    tickets_subject: "Your tickets: {event}",
    tickets_intro: "Here are your tickets. The attached PDF has a page for each person: show its \
                    code at the gate, on paper or on a screen.",
    tickets_calendar: "The calendar file puts the event into your calendar.",
    tickets_care: "Whoever has a code can go in with it, so do not pass this letter on.",
    receipt_subject: "Receipt from {seller}",
    receipt_intro: "Thank you for your purchase. Your cards are in the app, under your phone \
                    number.",
    refund_subject: "Refund started: {goods}",
    refund_intro: "We have started to pay back {amount} for order {order}. It goes the way you \
                   paid; your bank may take a few days.",
    unpaid_subject: "Payment overdue: {goods}",
    unpaid_intro: "We could not charge {amount} for your contract {contract}. Please give your \
                   club another way to pay; it is charged as soon as you have chosen one.",
    cancelled_subject: "Cancelled: {event}",
    cancelled_intro: "This event has been cancelled, and its tickets are not good any more.",
    cancelled_refund: "You need do nothing: what you paid goes back the way you paid.",
    payment_subject: "Pay the difference: {event}",
    payment_intro: "Your ticket for {from} can become a ticket for {to}. The difference is \
                    {amount}.",
    payment_expiry: "Please pay before {time}. After that your ticket stays what it is.",
    payment_link: "Pay now",
};
