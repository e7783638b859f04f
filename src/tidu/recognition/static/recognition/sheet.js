// The expert's sheet beyond what every self-saving form does: what stands in the controls is remembered, so that another
// tab is not overwritten unseen; the bar below counts along; what was missing is no longer marked once it is there.
const form = document.getElementById("sheet");

function settle(line) {
  const id = line.id;
  const check = line.closest(".td-check");
  const field = line.closest(".td-field");
  line.remove();
  for (const control of form.querySelectorAll(`[aria-describedby~="${id}"]`)) {
    const left = control.getAttribute("aria-describedby").split(" ").filter((other) => other !== id);
    if (left.length) control.setAttribute("aria-describedby", left.join(" "));
    else control.removeAttribute("aria-describedby");
    control.removeAttribute("aria-invalid");
  }
  if (check && !check.querySelector("[data-fault]")) check.removeAttribute("data-hot");
  field?.removeAttribute("data-bad");
}

form.addEventListener("td:saved", ({ detail }) => {
  if (detail.shown) document.getElementById("shown").value = JSON.stringify(detail.shown);
  for (const node of document.querySelectorAll("[data-bar-done]")) if (detail.done !== undefined) node.textContent = detail.done;
  if (!detail.missing) return;
  for (const line of form.querySelectorAll("[data-fault]")) if (!detail.missing.includes(line.dataset.fault)) settle(line);
  const summary = document.getElementById("errors");
  for (const link of summary?.querySelectorAll("a") ?? []) {
    if (!detail.missing.includes(link.hash.slice(3))) link.closest("li").remove();
  }
  if (summary && !summary.querySelector("li")) summary.remove();
});
