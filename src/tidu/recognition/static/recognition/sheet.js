// The expert's sheet beyond what every self-saving form does: what stands in the controls is remembered, so that another
// tab is not overwritten unseen, and the bar below counts along.
const form = document.getElementById("sheet");

form.addEventListener("td:saved", ({ detail }) => {
  if (detail.shown) document.getElementById("shown").value = JSON.stringify(detail.shown);
  for (const node of document.querySelectorAll("[data-bar-done]")) if (detail.done !== undefined) node.textContent = detail.done;
});
