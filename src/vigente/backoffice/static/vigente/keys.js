// The keyboard reaches everything; single letters rest while a field has the focus.
//
// data-key="n"        that key presses the button or goes to the field ("ctrl-k" with Ctrl)
// tr[data-href]       a row that J and K reach, X marks and Enter opens
(() => {
  const $ = (selector) => document.querySelector(selector);
  const keyed = (key) => $(`[data-key="${CSS.escape(key)}"]`);
  const lettersRest = () => {
    try { return localStorage.getItem("letters") === "off"; } catch { return false; }
  };

  const current = () => $("table.list tr.cur[data-href]");
  const move = (step) => {
    const rows = [...document.querySelectorAll("table.list tbody tr[data-href]")];
    if (!rows.length) return;
    const next = rows[Math.min(Math.max(rows.indexOf(current()) + step, 0), rows.length - 1)];
    rows.forEach((row) => row.classList.toggle("cur", row === next));
    next.scrollIntoView({ block: "nearest" });
  };

  const press = (element) => {
    if (!element) return false;
    const search = element.closest("[popover]:not(:popover-open)");
    if (search && !element.checkVisibility()) search.showPopover();
    if (element.matches("input, select, textarea")) { element.focus(); element.select?.(); }
    else element.click();
    return true;
  };

  const nextTheme = () => {
    const themes = [...document.querySelectorAll("input[name=theme]")];
    themes[(themes.findIndex((theme) => theme.checked) + 1) % themes.length]?.click();
  };

  const letters = {
    j: () => move(1),
    k: () => move(-1),
    x: () => current()?.querySelector("input[type=checkbox]")?.click(),
    t: nextTheme,
    "?": () => $("#keys-help")?.showModal(),
    Enter: () => { const row = current(); if (row) location.href = row.dataset.href; },
  };

  document.addEventListener("keydown", (event) => {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (event.ctrlKey || event.metaKey) {
      if (press(keyed(`ctrl-${key.toLowerCase()}`))) event.preventDefault();
      return;
    }
    if (event.altKey || $("dialog[open]")) return;
    const field = event.target.closest("input:not([type=checkbox], [type=radio]), select, textarea");
    if (key === "Escape" && field) field.blur();
    const pressed = key === "Enter" && event.target.closest("a, button, summary, input");
    if (field || pressed || (key !== "Enter" && lettersRest())) return;
    if (press(keyed(key))) event.preventDefault();
    else if (Object.hasOwn(letters, key)) { event.preventDefault(); letters[key](); }
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-keys-help]")) $("#keys-help")?.showModal();
    const row = event.target.closest("tr[data-href]");
    if (row && !event.target.closest("a, input, button, label")) location.href = row.dataset.href;
  });

  const choice = $("#letters");
  if (choice) {
    choice.checked = !lettersRest();
    choice.addEventListener("change", () => {
      try { localStorage.setItem("letters", choice.checked ? "on" : "off"); } catch { /* not kept */ }
    });
  }
  $("#search")?.addEventListener("toggle", (event) => {
    if (event.newState === "open") keyed("ctrl-k")?.focus();
  });
})();
