// Lists inside a form: a new line is a copy of the template, numbered after the last one.
(() => {
  document.querySelectorAll("[data-lines]").forEach((list) => {
    const total = list.querySelector("input[name$=-TOTAL_FORMS]");
    list.querySelector("[data-add-line]")?.addEventListener("click", () => {
      const copy = list.querySelector("template").content.cloneNode(true);
      copy.querySelectorAll("*").forEach((element) => {
        for (const name of ["id", "name", "for", "aria-describedby"]) {
          const value = element.getAttribute(name);
          if (value?.includes("__prefix__")) element.setAttribute(name, value.replace("__prefix__", total.value));
        }
      });
      total.value = Number(total.value) + 1;
      const first = copy.querySelector("input:not([type=hidden]), select, textarea");
      list.querySelector(".line-list").append(copy);
      first?.focus();
    });
  });
})();
