// Who else is here: asked when the page opens and every twenty seconds while it is looked at. Such a question is no use of
// the session, so that nobody stays signed in by leaving a page open.
const EVERY = 20_000;
const box = document.querySelector("[data-presence]");

async function look() {
  if (document.hidden || !navigator.onLine) return;
  const token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
  try {
    const answer = await fetch(box.dataset.presence, {
      method: "POST",
      body: new URLSearchParams({ part: box.dataset.part }),
      headers: { "X-CSRFToken": token, "X-Idle": "1" },
      credentials: "same-origin",
      redirect: "manual",
    });
    if (!answer.ok) return;
    const words = await answer.text();
    if (words.trim() !== box.innerHTML.trim()) box.innerHTML = words;
  } catch {
    // Without a connection nobody is seen; saving says so where it matters.
  }
}

if (box) {
  look();
  setInterval(look, EVERY);
  document.addEventListener("visibilitychange", look);
}
