
// Stripe's form: the card goes from here to Stripe, and the server asks Stripe what came of it.
const stripeForm = document.querySelector("#stripe");
if (stripeForm) showStripe(stripeForm);

function showStripe(form) {
  const { key, secret, locale, paying, unreachable } = form.dataset;
  const problem = form.querySelector("[role=alert]");
  const button = form.querySelector("button");
  const label = button.textContent;
  const tell = (text) => {
    problem.textContent = text;
    problem.hidden = text === "";
  };
  if (typeof window.Stripe !== "function") {
    tell(unreachable);
    return;
  }
  const stripe = window.Stripe(key, { locale });
  const elements = stripe.elements({ clientSecret: secret });
  elements.create("payment").mount(form.querySelector("[data-element]"));
  button.hidden = false;
  const mark = (isPaying) => {
    form.dataset.sent = isPaying ? "yes" : "";
    button.setAttribute("aria-disabled", String(isPaying));
    button.textContent = isPaying ? paying : label;
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.dataset.sent) return;
    mark(true);
    tell("");
    const { error } = await stripe
      .confirmPayment({ elements, redirect: "if_required" })
      .catch(() => ({ error: { type: "api_connection_error", message: unreachable } }));
    // The payer can mend these; whatever else happened, the server finds out.
    const canMend = ["card_error", "validation_error", "api_connection_error"];
    if (error && canMend.includes(error.type)) {
      mark(false);
      tell(error.message ?? unreachable);
      return;
    }
    document.querySelector("#look").requestSubmit();
  });
}
