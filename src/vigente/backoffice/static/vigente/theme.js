// Runs in <head>, before anything is painted: the chosen theme, or the system's.
(() => {
  const systemIsDark = matchMedia("(prefers-color-scheme: dark)");
  const choices = () => [...document.querySelectorAll("input[name=theme]")];

  // A browser may refuse to remember; the choice then lasts as long as the page.
  let chosen = "auto";
  try { chosen = localStorage.getItem("theme") ?? "auto"; } catch { /* as above */ }

  const apply = () => {
    const dark = chosen === "dark" || (chosen !== "light" && systemIsDark.matches);
    document.documentElement.dataset.bsTheme = dark ? "dark" : "light";
    choices().forEach((choice) => (choice.checked = choice.value === chosen));
  };

  systemIsDark.addEventListener("change", apply);
  document.addEventListener("DOMContentLoaded", apply);
  document.addEventListener("change", (event) => {
    if (!event.target.matches("input[name=theme]")) return;
    chosen = event.target.value;
    try { localStorage.setItem("theme", chosen); } catch { /* as above */ }
    apply();
  });
  apply();
})();
