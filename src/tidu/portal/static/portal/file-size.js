// A file that is too large is refused beside its field before it is sent; the server refuses it as well.
const file = document.getElementById("file");
const error = document.getElementById("file-error");
file?.addEventListener("change", () => {
  const most = Number(file.dataset.most);
  const chosen = file.files[0];
  error.replaceChildren();
  file.removeAttribute("aria-invalid");
  if (!chosen || chosen.size <= most * 1024) return;
  const line = document.createElement("p");
  line.className = "td-err";
  line.textContent = `“${chosen.name}”有 ${Math.ceil(chosen.size / 1024).toLocaleString()} KB，超过 ${most} KB，没有载入。答案文件只有几 KB，请核对是否选错了文件。`;
  error.append(line);
  file.setAttribute("aria-invalid", "true");
  file.value = "";
});
