// The bar of pages on a narrow screen: behind one button, which says where one is.

const bar = document.getElementById("pages-bar");

function begin() {
  const toggle = document.getElementById("pages-toggle");
  const list = document.getElementById("pages-list");
  const here = list.querySelector("[aria-current]");
  if (here) toggle.append(" · " + here.textContent);
  toggle.hidden = false;
  bar.classList.add("folding"); // without scripts the whole list shows

  const show = (isOpen) => {
    bar.classList.toggle("open", isOpen);
    toggle.setAttribute("aria-expanded", String(isOpen));
  };
  toggle.addEventListener("click", () => show(toggle.getAttribute("aria-expanded") === "false"));
  bar.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !bar.classList.contains("open")) return;
    show(false);
    toggle.focus();
  });
}

if (bar) begin();
