// The search box shows what it finds as one types; arrows walk over it, Escape closes it.
(() => {
  const form = document.getElementById("search");
  const box = form?.querySelector("input");
  const found = document.getElementById("found");
  if (!box || !found) return;

  const show = (is) => { found.hidden = !is; };
  const walk = (step) => {
    const places = [box, ...found.querySelectorAll("a")];
    const next = places.indexOf(document.activeElement) + step;
    places[(next + places.length) % places.length].focus();
  };

  found.addEventListener("htmx:afterSwap", () => show(found.childElementCount > 0 && form.contains(document.activeElement)));
  form.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (found.hidden) return;
      event.preventDefault();
      walk(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape") {
      show(false);
      box.focus();
    }
  });
  box.addEventListener("focus", () => show(found.childElementCount > 0));
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) show(false);
  });
})();
