// The bulk bar: counts what is picked and picks a whole page. The checkboxes and the form work without this file.
const rows = (form) => [...document.querySelectorAll(`[data-pick][form="${CSS.escape(form.id)}"]`)];

function count(form) {
  const picks = rows(form);
  const all = form.querySelector("[data-pick-all]")?.checked;
  const picked = picks.filter((pick) => pick.checked).length;
  const page = form.querySelector("[data-pick-page]");
  if (page) {
    page.checked = picks.length > 0 && picked === picks.length;
    page.indeterminate = picked > 0 && picked < picks.length;
    page.disabled = Boolean(all);
  }
  for (const pick of picks) pick.disabled = Boolean(all);
  form.querySelector("[data-pick-count]").textContent = all ? "已选中筛选出的全部" : picked ? `已选 ${picked} 行` : "";
}

document.addEventListener("change", ({ target }) => {
  const form = target.form;
  if (!form?.matches("[data-bulk]")) return;
  if (target.matches("[data-pick-page]")) for (const pick of rows(form)) pick.checked = target.checked;
  count(form);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-bulk]")) return;
  if (form.querySelector("[data-pick-all]")?.checked || rows(form).some((pick) => pick.checked)) return;
  event.preventDefault();
  form.querySelector("[data-pick-count]").textContent = "还没有选中任何一行。请先勾选，再执行操作。";
});

// A browser that comes back restores the marks, not the count.
for (const form of document.querySelectorAll("[data-bulk]")) count(form);
