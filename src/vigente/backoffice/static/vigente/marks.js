// Marked rows of a list: how many there are and what they come to, said where they are acted on.
(() => {
  const marks = (form) => [...form.querySelectorAll("td input[type=checkbox]")];
  const reais = (cents) => (cents / 100).toLocaleString("pt-BR", { minimumFractionDigits: 2 });

  const tell = (form) => {
    const marked = marks(form).filter((box) => box.checked);
    marks(form).forEach((box) => box.closest("tr").classList.toggle("sel", box.checked));
    const all = form.querySelector("[data-mark-all]");
    if (all) all.checked = marked.length > 0 && marked.length === marks(form).length;
    const bar = form.querySelector("[data-marked]");
    if (!bar) return;
    const sum = marked.reduce((total, box) => total + Number(box.dataset.cents), 0);
    const number = `${marked.length} ${marked.length === 1 ? "conta" : "contas"}`;
    bar.textContent = marked.length ? `${number} · ${reais(sum)} em aberto` : "Marque contas";
    bar.parentElement.hidden = !marked.length;
  };

  document.addEventListener("change", (event) => {
    const form = event.target.closest("[data-marks]");
    if (!form) return;
    if (event.target.matches("[data-mark-all]")) {
      marks(form).forEach((box) => (box.checked = event.target.checked));
    }
    tell(form);
  });
  document.addEventListener("reset", (event) => {
    if (event.target.matches("[data-marks]")) setTimeout(() => tell(event.target));
  });
  const tellAll = () => document.querySelectorAll("[data-marks]").forEach(tell);
  addEventListener("pageshow", tellAll);
  document.addEventListener("htmx:afterSwap", tellAll);
})();
