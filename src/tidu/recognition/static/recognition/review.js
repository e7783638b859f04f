// Comfort on the page of a review: the paper larger, turned, on the whole screen; the opinion kept in this browser until it
// is sent. Everything works without it.
const SCALES = [50, 75, 100, 150, 200];
const stageOf = (button) => button.closest("#evidence")?.querySelector("[data-stage]");

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-zoom], [data-turn], [data-full]");
  const stage = button && stageOf(button);
  if (!stage) return;
  if ("full" in button.dataset) return void stage.requestFullscreen?.();
  if ("turn" in button.dataset) {
    stage.dataset.angle = (Number(stage.dataset.angle ?? 0) + 90) % 360;
    return;
  }
  const now = SCALES.indexOf(Number(stage.dataset.scale ?? 100));
  const next = SCALES[Math.min(Math.max(now + (button.dataset.zoom === "in" ? 1 : -1), 0), SCALES.length - 1)];
  stage.dataset.scale = next;
  button.closest("#evidence").querySelector("[data-zoom-words]").textContent = `${next}%`;
});

const typed = document.querySelector("[data-kept]");
if (typed) {
  const key = `tidu-draft:${document.body.dataset.person ?? ""}:${typed.dataset.kept}`;
  const words = typed.parentElement.querySelector("[data-kept-words]");
  try {
    if (!typed.value) typed.value = localStorage.getItem(key) ?? "";
    typed.addEventListener("input", () => {
      localStorage.setItem(key, typed.value);
      words.hidden = !typed.value;
    });
    typed.form.addEventListener("submit", () => localStorage.removeItem(key));
  } catch {
    // A browser that keeps nothing loses only this comfort.
  }
}
