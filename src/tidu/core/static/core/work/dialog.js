// A link marked data-dialog opens its page's question as a dialog. On any failure it stays the link it is.
let dialog = null;

function close() {
  dialog?.close();
}

document.addEventListener("click", async (event) => {
  if (event.target.closest("dialog [data-dialog-close]")) {
    event.preventDefault();
    return close();
  }
  const link = event.target.closest("a[data-dialog]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  try {
    const answer = await fetch(link.href, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const body = page.querySelector("[data-dialog-body]");
    if (!body) throw new Error("no question");
    show(document.adoptNode(body));
  } catch {
    location.assign(link.href);
  }
});

function show(body) {
  if (!dialog) {
    dialog = document.createElement("dialog");
    dialog.className = "td-dialog";
    document.body.append(dialog);
    dialog.addEventListener("close", () => dialog.replaceChildren());
  }
  const title = body.querySelector("h1");
  if (title) {
    const heading = document.createElement("h2");
    heading.id = "dialog-title";
    heading.textContent = title.textContent;
    title.replaceWith(heading);
    body.setAttribute("aria-labelledby", heading.id);
    dialog.setAttribute("aria-labelledby", heading.id);
  }
  dialog.replaceChildren(body);
  dialog.showModal();
  body.querySelector("textarea, input:not([type=hidden]), button")?.focus();
}

// A second press while the first is under way would be a second request.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-dialog-body]")) return;
  for (const button of event.target.querySelectorAll("button[type=submit]")) button.setAttribute("aria-disabled", "true");
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
});
