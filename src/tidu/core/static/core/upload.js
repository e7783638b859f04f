// Files: drop them, see what was chosen, watch them go. Without this file the control is a file input in a form.
const words = (bytes) => (bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`);

function fault(field, text) {
  const line = field?.querySelector("[data-drop-error]");
  if (!line) return;
  line.hidden = !text;
  line.querySelector("span").textContent = text;
}

// What is wrong with the files chosen: one of them, or several together, are more than the server takes.
function problem(input) {
  const limit = Number(input.dataset.bytes || 0);
  const files = [...input.files];
  const large = files.find((file) => file.size > limit);
  const total = files.reduce((sum, file) => sum + file.size, 0);
  if (!limit || total <= limit) return "";
  const what = large ? `“${large.name}”有 ${words(large.size)}` : `所选的 ${files.length} 个文件共 ${words(total)}`;
  return `${what}，超过 ${words(limit)}，请压缩或拆分后再选。`;
}

function list(input) {
  const shown = input.parentElement.querySelector("[data-file-list]");
  const said = [...input.files].map((file) => `${file.name}　${words(file.size)}`);
  shown.replaceChildren(
    ...(said.length ? said : ["未选择文件"]).map((text) => {
      const item = document.createElement("li");
      item.textContent = text;
      return item;
    }),
  );
  fault(input.closest(".td-upload-field"), problem(input));
}

document.addEventListener("change", ({ target }) => target.matches?.(".td-file > input") && list(target));
for (const type of ["dragenter", "dragover", "dragleave", "drop"]) {
  document.addEventListener(type, (event) => {
    const area = event.target.closest?.("[data-drop]");
    for (const other of document.querySelectorAll("[data-drop][data-over]")) if (other !== area) delete other.dataset.over;
    if (!area) return;
    event.preventDefault();
    if (type === "dragleave" || type === "drop") delete area.dataset.over;
    else area.dataset.over = "yes";
    const input = area.querySelector("input[type=file]");
    if (type === "drop" && event.dataTransfer.files.length) {
      const taken = new DataTransfer();
      for (const file of [...event.dataTransfer.files].slice(0, input.multiple ? undefined : 1)) taken.items.add(file);
      input.files = taken.files;
      list(input);
    }
  });
}

// ── what the server would refuse unread is not sent: the page and all that was typed stay ──
document.addEventListener("submit", (event) => {
  const input = [...event.target.querySelectorAll("input[type=file][data-bytes]")].find(problem);
  if (!input) return;
  event.preventDefault();
  fault(input.closest(".td-upload-field"), problem(input));
  input.focus();
});

// ── a form marked data-upload sends itself with a progress bar, then shows the page that the server answers with ──
let shown = where();
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-upload]") || event.defaultPrevented) return;
  const files = [...form.querySelectorAll("input[type=file]")];
  if (!files.some((input) => input.files.length)) return; // the server says what is missing
  event.preventDefault();
  if (form.dataset.sending) return;
  form.dataset.sending = "yes";
  const field = files[0].closest(".td-upload-field") ?? form;
  const bar = progressOf(form);
  const data = new FormData(form);
  if (event.submitter?.name) data.append(event.submitter.name, event.submitter.value);
  const request = new XMLHttpRequest();
  const end = (text) => {
    delete form.dataset.sending;
    bar.hidden = true;
    fault(field, text);
  };
  request.upload.addEventListener("progress", (sent) => {
    const share = sent.lengthComputable ? Math.round((100 * sent.loaded) / sent.total) : 0;
    bar.hidden = false;
    bar.querySelector("progress").value = share;
    bar.querySelector("span").textContent = share < 100 ? `正在上传 ${share}%` : "已传完，正在检查内容";
  });
  request.addEventListener("error", () => end("上传中断，没有收下任何内容。请检查网络后重新上传。"));
  request.addEventListener("abort", () => end("上传已取消，没有收下任何内容。"));
  request.addEventListener("load", () => {
    if (request.status === 413) return end("内容太大，没有收下。请压缩或拆分文件后重新上传。");
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const main = page.getElementById("main");
    if (!main) return end(`没有上传成功（${request.status}）。请稍后重新上传。`);
    document.getElementById("main").replaceWith(document.adoptNode(main));
    document.title = page.title;
    if (request.responseURL && request.responseURL !== location.href) history.pushState({}, "", request.responseURL);
    shown = where();
    window.htmx?.process(main);
    (main.querySelector("[data-focus]") ?? main).focus();
    scrollTo(0, 0);
  });
  request.open("POST", form.action);
  request.send(data);
});
addEventListener("popstate", () => where() !== shown && location.reload()); // not for a place on the same page

function where() {
  return location.pathname + location.search;
}

function progressOf(form) {
  let bar = form.querySelector("[data-upload-progress]");
  if (!bar) {
    bar = document.createElement("div");
    bar.className = "td-upload-progress";
    bar.dataset.uploadProgress = "";
    bar.innerHTML = '<span role="status"></span><progress class="td-bar" max="100" value="0" aria-label="上传进度"></progress>';
    (form.querySelector(".td-upload-field") ?? form).append(bar);
  }
  return bar;
}
