// Keeps a form from being sent twice, and sends on what needs no answer. The page works without it:
// the server takes a payment once, however often it is asked.
"use strict";

for (const form of document.querySelectorAll("form[data-once]")) {
  const button = form.querySelector("button");
  const label = button.textContent;
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    button.setAttribute("aria-disabled", "true");
    button.textContent = form.dataset.once;
  });
  // A page that comes back from the browser's memory can be used again.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    delete form.dataset.sent;
    button.removeAttribute("aria-disabled");
    button.textContent = label;
  });
}

const onward = document.querySelector("form[data-onward]");
if (onward) onward.requestSubmit();
