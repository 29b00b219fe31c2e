// Making elements. Text goes in as text only, so that nothing an answer holds can become markup.

let count = 0;

/** An id that no other element of the page has. */
export function newId(start) {
  count += 1;
  return `${start}-${count}`;
}

/** An element with attributes, listeners (`onClick`) and children. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) {
      element.addEventListener(name.slice(2).toLowerCase(), value);
    } else if (value === true) {
      element.setAttribute(name, "");
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, value);
    }
  }
  const isShown = (child) => child !== null && child !== undefined && child !== false;
  element.append(...children.flat().filter(isShown));
  return element;
}

/** Tells people who cannot see the page what has changed on it. */
export function announce(text) {
  document.getElementById("announcer").textContent = text;
}

/** A button that copies what `text` gives at that moment. */
export function copyButton(text) {
  const button = h("button", { type: "button", class: "quiet" }, "Copy");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text());
      button.textContent = "Copied";
    } catch {
      button.textContent = "Select it and copy by hand";
    }
    announce(button.textContent);
    setTimeout(() => {
      button.textContent = "Copy";
    }, 2000);
  });
  return button;
}

/** Tabs as the ARIA practices describe them: arrows move, the panel follows. */
export function tabs(label, entries, selected, onSelect) {
  const list = h("div", { role: "tablist", "aria-label": label, class: "tabs" });
  const panels = [];
  const select = (key, focus) => {
    entries.forEach((entry, index) => {
      const isSelected = entry.key === key;
      const tab = list.children[index];
      tab.setAttribute("aria-selected", String(isSelected));
      tab.tabIndex = isSelected ? 0 : -1;
      panels[index].hidden = !isSelected;
      if (isSelected && focus) tab.focus();
      const isOld = entry.isFresh || !panels[index].firstChild;
      if (isSelected && isOld) panels[index].replaceChildren(entry.content());
    });
  };
  entries.forEach((entry, index) => {
    const id = newId("tab");
    const panel = h("div", { role: "tabpanel", id: `${id}-panel`, "aria-labelledby": id });
    const choose = (at) => {
      const next = entries[(at + entries.length) % entries.length];
      select(next.key, true);
      onSelect(next.key);
    };
    const moves = { ArrowLeft: index - 1, ArrowRight: index + 1, Home: 0, End: entries.length - 1 };
    const onKeydown = (event) => {
      if (event.key in moves) {
        event.preventDefault();
        choose(moves[event.key]);
      }
    };
    const attributes = { type: "button", role: "tab", id, "aria-controls": panel.id };
    list.append(
      h("button", { ...attributes, onKeydown, onClick: () => choose(index) }, entry.title),
    );
    panels.push(panel);
  });
  select(entries.some((entry) => entry.key === selected) ? selected : entries[0].key, false);
  return h("div", {}, list, panels);
}
