"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const duties = [...document.querySelectorAll("details.duty")];
  const groups = [...document.querySelectorAll(".group, .cards")];
  const selects = [...document.querySelectorAll("select[data-filter]")];
  const search = byId("filter-text");
  const texts = new Map();
  // The rows and items of all other lists, with the duties that they link to.
  const rows = [...document.querySelectorAll("section:not(.cards) tbody tr, section:not(.cards) li")]
    .map((row) => [row, [...row.querySelectorAll("a[href^='#duty-']")].map((a) => byId(a.hash.slice(1)))])
    .filter(([row, linked]) => linked.length || row.closest(".findings"));
  const lists = [...new Set(rows.flatMap(([row]) => [row.closest("section"), row.closest(".owner")]))].filter(Boolean);

  const textOf = (duty) => {
    if (!texts.has(duty)) texts.set(duty, duty.textContent.toLowerCase());
    return texts.get(duty);
  };

  const fits = (duty, terms) =>
    selects.every((select) => select.value === "*" || duty.dataset[select.dataset.filter] === select.value) &&
    terms.every((term) => textOf(duty).includes(term));

  const chosen = () => {
    const state = new URLSearchParams();
    for (const select of selects) if (select.value !== "*") state.set(select.dataset.filter, select.value);
    if (search.value) state.set("search", search.value);
    return state.toString();
  };

  const apply = () => {
    const terms = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const duty of duties) duty.hidden = !fits(duty, terms);
    for (const group of groups) {
      group.hidden = !group.querySelector("details.duty:not([hidden])");
    }
    const filtered = chosen() !== "";
    for (const [row, linked] of rows) row.hidden = filtered && linked.every((duty) => !duty || duty.hidden);
    for (const list of lists) {
      list.hidden = filtered && rows.every(([row]) => row.hidden || !list.contains(row));
    }
    const shown = duties.filter((duty) => !duty.hidden).length;
    byId("shown-count").textContent = `Showing ${shown} of ${duties.length} duties.`;
  };

  const change = () => {
    apply();
    history.replaceState(null, "", `#${chosen() && "filter?"}${chosen()}`);
  };

  const choose = (state) => {
    for (const select of selects) {
      select.value = state.get(select.dataset.filter) ?? "*";
      if (select.selectedIndex < 0) select.value = "*";
    }
    search.value = state.get("search") ?? "";
    apply();
  };

  const clear = () => {
    choose(new URLSearchParams());
    change();
  };

  const foldAll = (open) => {
    for (const duty of duties) {
      if (open && duty.hidden) continue;
      for (const part of [duty, ...duty.querySelectorAll("details")]) part.open = open;
    }
  };

  // The address names a duty to open, or the filter to set.
  const follow = () => {
    if (!location.hash || location.hash.startsWith("#filter?")) {
      choose(new URLSearchParams(location.hash.slice("#filter?".length)));
      if (location.hash) {
        byId("filters").focus({ preventScroll: true });
        byId("filters").scrollIntoView();
      }
      return;
    }
    const target = byId(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.closest("[hidden]")) {
      choose(new URLSearchParams());
      target.scrollIntoView();
    }
    if (!target.matches("details.duty")) return;
    target.open = true;
    target.scrollIntoView();
    target.querySelector("summary").focus();
  };

  // A printed copy shows what is outstanding unfolded; afterwards the page is as it was.
  let unfolded = [];
  const unfoldForPrint = () => {
    unfolded = [...document.querySelectorAll("details.duty:not([data-aside]):not([open])")];
    for (const part of unfolded) part.open = true;
  };
  const foldAfterPrint = () => {
    for (const part of unfolded) part.open = false;
    unfolded = [];
  };

  for (const select of selects) select.addEventListener("change", change);
  search.addEventListener("input", change);
  byId("clear").addEventListener("click", clear);
  byId("unfold").addEventListener("click", () => foldAll(true));
  byId("fold").addEventListener("click", () => foldAll(false));
  window.addEventListener("hashchange", follow);
  window.addEventListener("beforeprint", unfoldForPrint);
  window.addEventListener("afterprint", foldAfterPrint);
  for (const tile of document.querySelectorAll(".tile")) tile.hash = `filter?${tile.dataset.state}`;
  byId("filters").hidden = false;
  apply();
  follow();
})();
