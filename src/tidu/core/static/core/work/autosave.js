// Sections that save themselves: <form data-autosave action="…">, see c-section. Each change is kept in this browser first,
// sent after a pause, and forgotten here only when the server has said that it holds it.
//
// The server answers JSON: 200 {"saved_at": "14:32:05", "done": 3, "total": 8, "errors": {"revenue": "…"}};
// 409 or 4xx {"message": "…"}. A redirect means that the session has ended.
const PAUSE = 1200;
const RETRIES = [2, 4, 8, 15, 30]; // seconds
const PREFIX = "tidu-draft";
const states = new WeakMap();

const keyOf = (form) => `${PREFIX}:${document.body.dataset.person ?? ""}:${new URL(form.action, location.href).pathname}`;
const stateOf = (form) => states.get(form) ?? states.set(form, { turn: 0, sent: 0, tries: 0, timer: 0, busy: false }).get(form);
const kept = (control) => control.name && !control.disabled && !["file", "password", "hidden", "submit", "button"].includes(control.type) && !("secret" in control.dataset);

function say(form, state, text) {
  const line = form.querySelector("[data-saved]");
  if (!line) return;
  line.dataset.state = state;
  line.textContent = text;
}

// This page, asked for anew, leads to the sign-in page and from there back to itself.
function signInAgain(form) {
  say(form, "failed", "登录已结束。内容保留在本机，重新登录后打开本页会继续保存。");
  const link = Object.assign(document.createElement("a"), { href: location.pathname + location.search, textContent: "重新登录" });
  form.querySelector("[data-saved]")?.append(link);
}

function draftOf(form) {
  const draft = {};
  for (const control of form.elements) {
    if (!kept(control)) continue;
    draft[control.name] ??= [];
    if (control.type === "checkbox" || control.type === "radio") control.checked && draft[control.name].push(control.value);
    else if (control.multiple) draft[control.name].push(...[...control.selectedOptions].map((option) => option.value));
    else draft[control.name].push(control.value);
  }
  return draft;
}

function keep(form) {
  try {
    localStorage.setItem(keyOf(form), JSON.stringify(draftOf(form)));
  } catch {
    // Private windows may refuse; the server's copy is then the only one.
  }
}
const forget = (form) => localStorage.removeItem(keyOf(form));

function restore(form) {
  let draft = null;
  try {
    draft = JSON.parse(localStorage.getItem(keyOf(form)) ?? "null");
  } catch {
    forget(form);
  }
  if (!draft || JSON.stringify(draft) === JSON.stringify(draftOf(form))) return draft && forget(form);
  const places = {};
  for (const control of form.elements) {
    if (!kept(control) || !(control.name in draft)) continue;
    const values = draft[control.name];
    if (control.type === "checkbox" || control.type === "radio") control.checked = values.includes(control.value);
    else if (control.multiple) for (const option of control.options) option.selected = values.includes(option.value);
    else {
      places[control.name] ??= 0;
      control.value = values[places[control.name]++] ?? control.value;
    }
  }
  say(form, "changed", "已恢复本机保留的内容，正在保存");
  change(form, 0);
}

function change(form, pause = PAUSE) {
  const state = stateOf(form);
  state.turn += 1;
  keep(form);
  clearTimeout(state.timer);
  state.timer = setTimeout(() => save(form), pause);
}

async function save(form, { leaving = false } = {}) {
  const state = stateOf(form);
  clearTimeout(state.timer);
  if (state.busy && !leaving) return; // it goes again when this one is back
  if (!form.isConnected && !leaving) return;
  const turn = state.turn;
  const data = new FormData(form);
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  state.busy = true;
  say(form, "saving", "正在保存");
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(data),
      headers: { Accept: "application/json", "X-Requested-With": "autosave" },
      credentials: "same-origin",
      redirect: "manual",
      keepalive: leaving,
    });
    if (answer.type === "opaqueredirect" || answer.status === 401) return signInAgain(form);
    const body = await answer.json().catch(() => ({}));
    if (answer.ok) return acknowledged(form, turn, body);
    if (answer.status < 500 && answer.status !== 429) return say(form, "failed", body.message ?? `没有保存（${answer.status}）。内容保留在本机，请刷新本页再试。`);
    retry(form, "没有保存成功");
  } catch {
    retry(form, navigator.onLine ? "连接中断" : "网络已断开");
  } finally {
    state.busy = false;
    if (state.turn > turn && state.tries === 0) state.timer = setTimeout(() => save(form), PAUSE);
  }
}

function acknowledged(form, turn, body) {
  const state = stateOf(form);
  state.tries = 0;
  state.sent = turn;
  if (state.turn === turn) forget(form);
  const time = body.saved_at ?? new Date().toLocaleTimeString("zh-CN", { hour12: false });
  const faults = Object.entries(body.errors ?? {});
  say(form, faults.length ? "warned" : "saved", faults.length ? `已保存 ${time}，有 ${faults.length} 处需要改` : `已保存 ${time}`);
  if (body.done !== undefined) for (const node of form.querySelectorAll("[data-done]")) node.textContent = body.done;
  for (const node of form.querySelectorAll("[data-auto-error]")) node.remove();
  for (const control of form.querySelectorAll("[data-auto-invalid]")) {
    control.removeAttribute("aria-invalid");
    const kept = (control.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && !id.startsWith("auto-error-"));
    if (kept.length) control.setAttribute("aria-describedby", kept.join(" "));
    else control.removeAttribute("aria-describedby");
    delete control.dataset.autoInvalid;
  }
  for (const [name, text] of faults) mark(form, name, text);
  form.dispatchEvent(new CustomEvent("td:saved", { bubbles: true, detail: body }));
}

function mark(form, name, text) {
  const control = form.elements[name] instanceof RadioNodeList ? form.elements[name][0] : form.elements[name];
  if (!control) return;
  control.setAttribute("aria-invalid", "true");
  control.dataset.autoInvalid = "";
  const line = document.createElement("p");
  line.className = "td-err";
  line.dataset.autoError = "";
  line.id = `auto-error-${name}`;
  line.textContent = text;
  control.setAttribute("aria-describedby", `${control.getAttribute("aria-describedby") ?? ""} ${line.id}`.trim());
  (control.closest(".td-in, .td-radios, .td-in-date") ?? control).after(line);
}

function retry(form, reason) {
  const state = stateOf(form);
  const wait = RETRIES[Math.min(state.tries, RETRIES.length - 1)];
  state.tries += 1;
  say(form, navigator.onLine ? "failed" : "offline", `${reason}。内容保留在本机，${wait} 秒后再试。`);
  clearTimeout(state.timer);
  state.timer = setTimeout(() => save(form), wait * 1000);
}

const owner = (target) => target.form?.matches?.("form[data-autosave]") && kept(target) ? target.form : null;
for (const type of ["input", "change"]) {
  document.addEventListener(type, ({ target }) => {
    const form = owner(target);
    if (!form) return;
    if (stateOf(form).tries === 0) say(form, "changed", "有改动，稍后自动保存");
    change(form, type === "change" ? 200 : PAUSE);
  });
}
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-autosave]") || event.submitter?.hasAttribute("data-leave")) return;
  event.preventDefault();
  stateOf(form).tries = 0;
  stateOf(form).turn += 1;
  save(form);
});
const waiting = () => [...document.querySelectorAll("form[data-autosave]")].filter((form) => stateOf(form).turn > stateOf(form).sent);
addEventListener("online", () => waiting().forEach((form) => { stateOf(form).tries = 0; save(form); }));
addEventListener("pagehide", () => waiting().forEach((form) => save(form, { leaving: true })));

for (const form of document.querySelectorAll("form[data-autosave]")) restore(form);
document.addEventListener("htmx:afterSwap", ({ target }) => {
  for (const form of target.querySelectorAll?.("form[data-autosave]") ?? []) restore(form);
});
