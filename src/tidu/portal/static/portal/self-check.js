// Answers save themselves through htmx (hx-post on the form). Here: what htmx cannot know. Without this file every
// button still works as the submit button that it is.
const form = document.getElementById("answers");
const saved = document.getElementById("saved");
let unsaved = false;

// ── an offer below a field fills it in place instead of loading the page again ──
form.addEventListener("click", (event) => {
  const offer = event.target.closest("button[data-fill]");
  const field = offer && document.getElementById(offer.dataset.fill);
  if (!field) return;
  event.preventDefault();
  field.value = offer.value.slice(offer.value.indexOf("=") + 1);
  field.focus();
  field.dispatchEvent(new Event("change", { bubbles: true }));
  document.querySelector("#industries")?.replaceChildren();
});

// ── tie what now stands below a field to the field ──
function tie(box) {
  const field = box.closest(".td-field");
  if (!field) return;
  for (const control of field.querySelectorAll("input[id], select[id], [role=radiogroup][id]")) {
    const said = ["error", "warning"].map((kind) => `${control.id}-${kind}`).filter((id) => document.getElementById(id));
    const others = (control.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && !/-(error|warning)$/.test(id));
    const all = [...said, ...others];
    if (all.length) control.setAttribute("aria-describedby", all.join(" "));
    else control.removeAttribute("aria-describedby");
    if (said.some((id) => id.endsWith("-error"))) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  }
  field.toggleAttribute("data-bad", field.querySelector("[aria-invalid]") !== null);
}
document.addEventListener("htmx:oobAfterSwap", (event) => {
  if (event.target.matches?.("[data-said]")) tie(event.target);
});

// ── nothing typed is lost: a failed save is told and tried again, leaving the page sends what is left ──
form.addEventListener("input", () => { unsaved = true; });
form.addEventListener("submit", () => { unsaved = false; });
form.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.elt !== form) return;
  if (event.detail.successful) unsaved = false;
  else if (saved) saved.textContent = "刚才没有保存上，联网后会再试；也可以按“保存”。";
});
addEventListener("online", () => unsaved && form.dispatchEvent(new Event("change")));
addEventListener("pagehide", () => {
  if (unsaved) navigator.sendBeacon(form.getAttribute("hx-post"), new FormData(form));
});

// ── the list of groups shows where one is ──
const links = new Map([...document.querySelectorAll(".td-toc a")].map((link) => [link.hash.slice(1), link]));
const watch = new IntersectionObserver((seen) => {
  for (const { target, isIntersecting } of seen) {
    if (!isIntersecting) continue;
    for (const [id, link] of links) {
      if (id === target.id) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }
}, { rootMargin: "-20% 0px -70% 0px" });
for (const id of links.keys()) {
  const group = document.getElementById(id);
  if (group) watch.observe(group);
}
