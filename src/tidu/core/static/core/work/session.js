// Says before the session ends by itself, and offers to go on. The server decides when it ends; this only counts along.
const WARN = 120; // seconds before the end
const box = document.querySelector("[data-expires]");
if (box) {
  if (!box.dataset.extend) box.querySelector("button").hidden = true; // the longest time is over soon, whatever is done
  let end = Date.now() + Number(box.dataset.expires) * 1000;
  const left = box.querySelector("[data-left]");
  const tick = () => {
    const seconds = Math.round((end - Date.now()) / 1000);
    box.hidden = seconds > WARN;
    if (seconds > WARN) return;
    left.textContent = seconds > 0 ? `还有 ${seconds > 60 ? `${Math.ceil(seconds / 60)} 分钟` : `${seconds} 秒`}` : "已经超时，请重新登录";
  };
  setInterval(tick, 5000);
  box.querySelector("button").addEventListener("click", async () => {
    try {
      const token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
      const answer = await fetch(box.dataset.extend, { method: "POST", headers: { "X-CSRFToken": token }, credentials: "same-origin", redirect: "manual" });
      if (!answer.ok) throw new Error(String(answer.status));
      end = Date.now() + Number(box.dataset.expires) * 1000;
      tick();
    } catch {
      location.reload(); // the sign-in page, which comes back here
    }
  });
  // Saving counts as being here.
  document.addEventListener("td:saved", () => { end = Date.now() + Number(box.dataset.expires) * 1000; tick(); });
}
