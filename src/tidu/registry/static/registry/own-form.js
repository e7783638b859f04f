// The enterprise's form beyond what every self-saving section does: words below the fields follow each save, an offer is
// taken in place, and what stood in the controls is remembered so that nobody overwrites a colleague unseen.
const form = document.getElementById("section");
const shown = document.getElementById("shown");

// ── an offer below a field fills it in; “用我填的” sends the section with the wish to keep what was typed ──
form.addEventListener("click", (event) => {
  const offer = event.target.closest("button[data-fill], button[name=keep]");
  if (!offer) return;
  event.preventDefault();
  if (offer.name === "keep") {
    const wish = Object.assign(document.createElement("input"), { type: "hidden", name: "keep", value: offer.value });
    form.append(wish);
    form.requestSubmit();
    form.addEventListener("td:saved", () => wish.remove(), { once: true });
    return;
  }
  const field = document.getElementById(offer.dataset.fill);
  const value = offer.value.slice(offer.value.indexOf("=") + 1);
  if (field.matches("[role=radiogroup]")) for (const radio of field.querySelectorAll("input")) radio.checked = radio.value === value;
  else field.value = value;
  (field.matches("[role=radiogroup]") ? field.querySelector("input:checked") : field).focus();
  (field.querySelector?.("input") ?? field).dispatchEvent(new Event("change", { bubbles: true }));
});

// ── tie what now stands below a field to the field ──
function tie(field) {
  for (const control of field.querySelectorAll("input[id], select[id], textarea[id], [role=radiogroup][id]")) {
    const said = ["error", "warning"].map((kind) => `${control.id}-${kind}`).filter((id) => document.getElementById(id));
    const others = (control.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && !/-(error|warning)$/.test(id));
    control.setAttribute("aria-describedby", [...said, ...others].join(" "));
    control.removeAttribute("aria-errormessage");
    if (said.some((id) => id.endsWith("-error"))) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  }
  field.toggleAttribute("data-bad", field.querySelector("[aria-invalid]") !== null);
}

// ── the summary above the form forgets what has been put right since the page came ──
function keepSummary() {
  const summary = document.getElementById("errors");
  for (const link of summary?.querySelectorAll("li a") ?? []) {
    if (!document.getElementById(link.hash.slice(1))?.closest(".td-field")?.hasAttribute("data-bad")) link.parentElement.remove();
  }
  const left = summary?.querySelectorAll("li").length;
  if (left) summary.querySelector("h2").textContent = `有 ${left} 处需要改，其余已保存`;
  else summary?.remove();
}

form.addEventListener("td:saved", ({ detail }) => {
  if (detail.shown) shown.value = JSON.stringify(detail.shown);
  for (const line of form.querySelectorAll("[data-auto-error]")) line.remove(); // the words below the fields say it, with offers
  for (const [name, words] of Object.entries(detail.said ?? {})) {
    const place = document.getElementById(`n-${name}`);
    if (place) place.innerHTML = words;
  }
  for (const field of form.querySelectorAll(".td-field")) tie(field);
  keepSummary();
  const count = document.querySelector("[data-toc-done]");
  if (count && detail.total) count.textContent = `${detail.done}/${detail.total}`;
});

// ── an address that names a field inside the closed part opens it ──
const named = location.hash ? document.getElementById(location.hash.slice(1)) : null;
named?.closest("details")?.setAttribute("open", "");
