"use strict";

// A choice in a filter takes effect at once; without scripts the button beside it does.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-submit-on-change]");
  if (form) form.requestSubmit();
});

// Nothing is sent twice by an impatient second click.
document.addEventListener("submit", (event) => {
  if (event.target.method !== "post") return;
  for (const button of event.target.querySelectorAll("button:not([name])")) {
    window.setTimeout(() => { button.disabled = true; }, 0);
  }
});
