//! What the benched tills sell: for each seller one event for everybody, one with few places and
//! one with a single place, each for money and for nothing.

/// The price of a paid ticket, in whole krónur.
pub(crate) const PRICE: u32 = 4_000;

/// Places of the hot event: gone within the first seconds of any run.
pub(crate) const HOT_PLACES: u64 = 10_000;

/// Places of the event for everybody: a limit, as events have one, that no run reaches.
const PLACES: u64 = 2_000_000_000;

/// The catalogue file of so many sellers.
pub(crate) fn text(sellers: u32) -> String {
    (1..=sellers).map(seller).collect()
}

fn seller(number: u32) -> String {
    let organiser = format!(
        "[[organiser]]\nslug = \"bench-{number}\"\nname = \"Bench FC {number}\"\n\
         fee_basis_points = 500\n"
    );
    let types = [("adult", PRICE), ("child", 0)].map(|(name, price)| {
        format!(
            "[[ticket_type]]\nslug = \"{name}-{number}\"\norganiser = \"bench-{number}\"\n\
             name = \"{name}\"\nprice = \"{price}\"\n"
        )
    });
    let events = [("match", PLACES), ("hot", HOT_PLACES), ("sold-out", 1)]
        .map(|(name, capacity)| event(number, name, capacity));
    organiser + &types.concat() + &events.concat()
}

fn event(seller: u32, name: &str, capacity: u64) -> String {
    format!(
        "[[event]]\nslug = \"{name}-{seller}\"\norganiser = \"bench-{seller}\"\n\
         name = \"Bench – Away\"\nstarts = \"2037-05-02T19:15:00\"\n\
         time_zone = \"Atlantic/Reykjavik\"\ncurrency = \"ISK\"\ncapacity = {capacity}\n\
         [[event.price]]\nticket_type = \"adult-{seller}\"\n\
         [[event.price]]\nticket_type = \"child-{seller}\"\n"
    )
}
