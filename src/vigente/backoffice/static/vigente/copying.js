// A button copies what it names, and says so beside it.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).textContent.trim());
    button.parentElement.querySelector("[data-copied]").textContent = "Copiado.";
  });
}
