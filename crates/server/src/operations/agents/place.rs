//! `POST /v1/OrderHeaders`: an agent places an order for a customer.

use contract::agents::orders::OrderHeaderResponse;
use contract::agents::place::CreateOrder;
use domain::agency::PlaceCustomerOrder;
use domain::ids::CustomerId;
use service::matched::Matched;
use service::reply::Reply;

use super::fields::{Fields, Seller};
use super::{caller, shown};
use crate::app::App;
use crate::operations::clubs::answer::answer;
use crate::operations::family::Failure;
use crate::operations::{Call, office};

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(matched, async |request| place(app, call, &request).await).await
}

async fn place(
    app: &App,
    call: &Call<'_>,
    request: &CreateOrder,
) -> Result<OrderHeaderResponse, Failure> {
    let agent = caller::agent(app, call, "AgentID", request.agent_id).await?;
    let currency = agent.agency.currency;
    let mut fields = Fields::default();
    let lines = {
        let told = request.order_lines.as_deref().unwrap_or_default();
        fields.lines(told, Seller::of(app, &agent))
    };
    let shipping_cost = fields.price(request.total_shipping_cost, "TotalShippingCost", currency);
    let billing = fields.address(request.billing_address.as_ref(), "BillingAddress");
    let shipping = fields.address(request.shipping_address.as_ref(), "ShippingAddress");
    let notes = fields.notes(&request.notes);
    if request.customer_id < 0 {
        fields.wrong("CustomerID", "It must be 0 or the number of a customer.");
    }
    fields.done()?;
    let customer = CustomerId(office::number(request.customer_id));
    let command = PlaceCustomerOrder {
        shard: agent.shard(),
        customer: Some(customer).filter(|customer| customer.0 != 0),
        lines,
        shipping_cost,
        billing,
        shipping,
        notes,
        random: app.secret()?,
    };
    let order = app.store.submit(command).await?;
    shown::response(app, &order).await
}
