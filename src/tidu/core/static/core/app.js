// Display modes, small-screen menu, clause panel, charts. Pages stay complete without this file: the modes are a form,
// a clause chip is a link, every chart has a table.
const root = document.documentElement;
const css = (name) => getComputedStyle(root).getPropertyValue(name).trim();

// ── display modes: the server sets them on <html> from the same cookie ──
const MODES = { large: ["data-size", "large", null], contrast: ["data-contrast", "high", null], dark: ["data-bs-theme", "dark", "light"] };
const isOn = (mode) => root.getAttribute(MODES[mode][0]) === MODES[mode][1];

for (const button of document.querySelectorAll("[data-mode]")) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    const mode = button.dataset.mode;
    const [attribute, on, off] = MODES[mode];
    const next = isOn(mode) ? off : on;
    if (next) root.setAttribute(attribute, next);
    else root.removeAttribute(attribute);
    button.setAttribute("aria-pressed", String(isOn(mode)));
    const chosen = Object.keys(MODES).filter(isOn).join(".");
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `tidu-display=${chosen}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
    if (document.body.dataset.person) // the account keeps it too; where that fails, this browser still has it
      fetch(button.form.action, { method: "POST", body: new URLSearchParams({ modes: chosen }), keepalive: true }).catch(() => {});
    draw();
  });
}

// ── small-screen menu ──
for (const button of document.querySelectorAll("[data-menu]")) {
  button.addEventListener("click", () => {
    const open = button.closest(".container-xl").classList.toggle("td-open");
    button.setAttribute("aria-expanded", String(open));
  });
}

// ── clause panel: the text beside the page; on any failure the chip stays the link it is ──
const panel = document.getElementById("clause-panel");
let opener = null; // the chip on the page that has the focus back in the end
let wanted = ""; // where the chip leads without a panel

function closePanel() {
  if (!panel.open) return;
  panel.close();
  opener?.focus();
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-panel-close]")) return closePanel();
  if (event.target.closest("[data-print]")) return window.print();
  if (event.target.closest("[data-toast-close]")) return event.target.closest("[data-toast]").remove();
  if (event.target.closest(".td-panel-foot a")) panel.close(); // it leads to the page behind the panel
  const chip = event.target.closest("a[data-panel]");
  if (!chip || !panel || !window.htmx || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  if (!panel.contains(chip)) opener = chip;
  wanted = chip.href;
  htmx.ajax("GET", chip.dataset.panel, { target: panel, swap: "innerHTML" });
});
document.addEventListener("keydown", (event) => event.key === "Escape" && closePanel());
panel?.addEventListener("htmx:afterSwap", () => {
  if (!panel.open) panel.show();
  panel.querySelector("[data-panel-title]")?.focus();
});
for (const failure of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(failure, (event) => event.detail.target === panel && wanted && location.assign(wanted));
}

// ── the error summary is the first thing to hear after a form comes back ──
document.querySelector("[data-focus]")?.focus();

// ── charts: <div class="td-chart" data-chart="ID" role="img" aria-label="…"> and <script type="application/json" id="ID"> ──
function draw() {
  if (!window.echarts) return;
  const palette = [1, 2, 3, 4, 5].map((n) => css(`--td-c${n}`));
  const size = parseFloat(getComputedStyle(root).fontSize) * 0.8125;
  const text = { color: css("--td-ink-2"), fontFamily: css("--td-sans"), fontSize: size };
  const axis = { axisLabel: text, nameTextStyle: text, axisLine: { lineStyle: { color: css("--td-line-2") } }, splitLine: { lineStyle: { color: css("--td-line") } } };
  for (const node of document.querySelectorAll("[data-chart]")) {
    const option = JSON.parse(document.getElementById(node.dataset.chart).textContent);
    for (const key of ["xAxis", "yAxis"]) if (option[key]) option[key] = { ...option[key], ...axis };
    if (option.legend) option.legend.textStyle = text;
    if (node.clientWidth < 420) {
      if (option.grid && option.legend) option.grid.bottom += 28;
      if (option.xAxis?.type === "value") option.xAxis.splitNumber = 3;
    }
    echarts.dispose(node);
    echarts.init(node, null, { renderer: "svg" }).setOption({ color: palette, textStyle: text, animation: false, aria: { enabled: true, decal: { show: false } }, tooltip: {}, ...option });
  }
}
draw();
addEventListener("resize", draw);
