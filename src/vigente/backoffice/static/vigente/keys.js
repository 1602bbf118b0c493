// The keyboard reaches everything; single letters rest while a field has the focus.
(() => {
  const $ = (selector) => document.querySelector(selector);
  const rows = () => [...document.querySelectorAll("table.list tbody tr[data-href]")];

  const move = (step) => {
    const all = rows();
    if (!all.length) return;
    const now = all.findIndex((row) => row.classList.contains("cur"));
    const next = all[Math.min(Math.max(now + step, 0), all.length - 1)];
    all.forEach((row) => row.classList.toggle("cur", row === next));
    next.scrollIntoView({ block: "nearest" });
  };

  const plain = {
    "/": () => $("[data-key='/']")?.focus(),
    j: () => move(1),
    k: () => move(-1),
    Enter: () => { const row = $("tr.cur[data-href]"); if (row) location.href = row.dataset.href; },
    "?": () => $("#keys-help")?.showModal(),
    t: () => window.toggleTheme(),
  };

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      $("[data-key='ctrl-k']")?.focus();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const inField = event.target.closest("input, select, textarea, [contenteditable]");
    if (event.key === "Escape" && inField) { event.target.blur(); return; }
    const onControl = event.key === "Enter" && event.target.closest("a, button, summary");
    if (inField || onControl || $("dialog[open]")) return;
    const act = plain[event.key];
    if (act) { event.preventDefault(); act(); }
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-theme-toggle]")) window.toggleTheme();
    if (event.target.closest("[data-keys-help]")) $("#keys-help")?.showModal();
    const row = event.target.closest("tr[data-href]");
    if (row && !event.target.closest("a, input, button")) location.href = row.dataset.href;
  });

  // a select of filters asks at once; a form once sent is not sent again
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    form.querySelectorAll("button[type=submit]").forEach((button) => (button.disabled = true));
  });
})();
