// What happens while the server is asked: forms go once, and trouble is told in a sentence.
(() => {
  // a select of filters asks at once; a form once sent is not sent again
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
  });
  const buttons = (form) => form.querySelectorAll("button[type=submit]");
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    buttons(form).forEach((button) => (button.disabled = true));
  });
  // coming back to a page that the browser kept as it was: its forms may be sent again
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    document.querySelectorAll("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      buttons(form).forEach((button) => (button.disabled = false));
    });
  });

  const SENTENCES = {
    403: "Sem permissão, ou a página expirou. Recarregue a página.",
    404: "O que esta página mostra não existe mais. Recarregue a página.",
    503: "O banco de dados não responde. A página continua assim que ele voltar.",
  };
  const trouble = document.getElementById("trouble");
  const tell = (sentence) => {
    trouble.hidden = !sentence;
    trouble.querySelector("span").textContent = sentence;
  };
  document.addEventListener("htmx:sendError", () => tell("Sem resposta do servidor. Confira a conexão."));
  document.addEventListener("htmx:responseError", (event) => {
    tell(SENTENCES[event.detail.xhr.status] ?? "Algo deu errado. Tente de novo em instantes.");
  });
  document.addEventListener("htmx:afterOnLoad", (event) => {
    if (event.detail.xhr.status < 400) tell("");
  });
})();
