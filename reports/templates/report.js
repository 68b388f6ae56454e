"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const duties = [...document.querySelectorAll("details.duty")];
  const groups = [...document.querySelectorAll(".group")];
  const selects = [...document.querySelectorAll("select[data-filter]")];
  const words = byId("filter-text");
  const texts = new Map();

  const textOf = (duty) => {
    if (!texts.has(duty)) texts.set(duty, duty.textContent.toLowerCase());
    return texts.get(duty);
  };

  const fits = (duty, asked) =>
    selects.every((one) => one.value === "*" || duty.dataset[one.dataset.filter] === one.value) &&
    asked.every((word) => textOf(duty).includes(word));

  const apply = () => {
    const asked = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const duty of duties) duty.hidden = !fits(duty, asked);
    for (const group of groups) {
      group.hidden = !group.querySelector("details.duty:not([hidden])");
    }
    const shown = duties.filter((duty) => !duty.hidden).length;
    byId("shown-count").textContent = `Showing ${shown} of ${duties.length} duties.`;
  };

  const clear = () => {
    for (const one of selects) one.value = "*";
    words.value = "";
    apply();
  };

  const foldAll = (open) => {
    for (const duty of duties) {
      if (open && duty.hidden) continue;
      for (const part of [duty, ...duty.querySelectorAll("details")]) part.open = open;
    }
  };

  const openTarget = () => {
    const target = byId(decodeURIComponent(location.hash.slice(1)));
    if (!target || !target.matches("details.duty")) return;
    if (target.hidden) clear();
    target.open = true;
    target.scrollIntoView();
    target.querySelector("summary").focus();
  };

  // A printed copy shows what is outstanding unfolded; afterwards the page is as it was.
  let unfolded = [];
  const unfoldForPrint = () => {
    unfolded = [...document.querySelectorAll("details.duty:not([data-aside])")]
      .flatMap((duty) => [duty, ...duty.querySelectorAll("details.obligation:not([data-aside])")])
      .filter((part) => !part.open);
    for (const part of unfolded) part.open = true;
  };
  const foldAfterPrint = () => {
    for (const part of unfolded) part.open = false;
    unfolded = [];
  };

  for (const one of selects) one.addEventListener("change", apply);
  words.addEventListener("input", apply);
  byId("clear").addEventListener("click", clear);
  byId("unfold").addEventListener("click", () => foldAll(true));
  byId("fold").addEventListener("click", () => foldAll(false));
  window.addEventListener("hashchange", openTarget);
  window.addEventListener("beforeprint", unfoldForPrint);
  window.addEventListener("afterprint", foldAfterPrint);
  byId("filters").hidden = false;
  apply();
  openTarget();
})();
