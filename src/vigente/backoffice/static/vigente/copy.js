// The button prints; the page allows no code of its own.
document.querySelector("[data-print]").addEventListener("click", () => print());
