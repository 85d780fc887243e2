/* The behaviour of the static pages of docs/: search, appearance, the menu on phones, contents of the page. */
"use strict";

(() => {
  const root = document.currentScript.dataset.root;
  const store = {
    get: (key) => {
      try {
        return localStorage.getItem(key);
      } catch {
        return null;
      }
    },
    set: (key, value) => {
      try {
        localStorage.setItem(key, value);
      } catch {
        /* private windows keep nothing */
      }
    },
  };
  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  // Appearance: VitePress's own script in the head has set the class already.
  const dark = () => document.documentElement.classList.contains("dark");
  const showAppearance = () => {
    for (const button of document.querySelectorAll(".VPSwitchAppearance")) {
      button.setAttribute("aria-checked", String(dark()));
      button.title = dark() ? "Light" : "Dark";
    }
  };
  for (const button of document.querySelectorAll(".VPSwitchAppearance")) {
    button.addEventListener("click", () => {
      document.documentElement.classList.toggle("dark");
      store.set("vitepress-theme-appearance", dark() ? "dark" : "light");
      showAppearance();
    });
  }
  showAppearance();

  // The menu of pages on small screens.
  const sidebar = document.querySelector(".VPSidebar");
  const backdrop = element("div", { className: "docs-backdrop" });
  const openMenu = (open) => {
    sidebar?.classList.toggle("open", open);
    backdrop.classList.toggle("open", open);
  };
  document.body.append(backdrop);
  backdrop.addEventListener("click", () => openMenu(false));
  for (const button of document.querySelectorAll(".VPLocalNav .menu, .VPNavBarHamburger")) {
    button.addEventListener("click", () => openMenu(!sidebar?.classList.contains("open")));
  }
  for (const caret of document.querySelectorAll(".VPSidebarItem.collapsible > .item")) {
    caret.addEventListener("click", (event) => {
      if (!event.target.closest("a")) caret.parentElement.classList.toggle("collapsed");
    });
  }
  const here = [...document.querySelectorAll(".VPSidebar a.link")].find(
    (link) => link.href === location.href.replace(/#.*/, ""),
  );
  for (
    let item = here?.closest(".VPSidebarItem"), leaf = true;
    item;
    item = item.parentElement?.closest(".VPSidebarItem"), leaf = false
  ) {
    item.classList.add(leaf ? "is-active" : "has-active");
    item.classList.remove("collapsed");
  }
  here?.scrollIntoView({ block: "center" });

  // "On this page".
  const headings = [...document.querySelectorAll(".vp-doc h2[id], .vp-doc h3[id]")].slice(0, 60);
  const aside = document.querySelector(".VPDocAside");
  if (aside && headings.length > 1) {
    const items = headings.map((heading) =>
      element(
        "li",
        { className: heading.tagName === "H3" ? "deeper" : "" },
        element("a", { href: `#${heading.id}`, textContent: heading.textContent.replace(/[\u200b#]/g, "").trim() }),
      ),
    );
    aside.prepend(
      element(
        "nav",
        { className: "docs-outline" },
        element("strong", { textContent: "On this page" }),
        element("ul", {}, ...items),
      ),
    );
  }

  // Copy buttons of code.
  for (const button of document.querySelectorAll(".vp-doc button.copy")) {
    button.addEventListener("click", async () => {
      await navigator.clipboard?.writeText(button.parentElement.querySelector("code").innerText);
      button.classList.add("copied");
      setTimeout(() => button.classList.remove("copied"), 1500);
    });
  }

  // Search.
  const { index, ...options } = window.docsSearch;
  let search;
  const input = element("input", { type: "search", placeholder: "Search", autocomplete: "off" });
  input.setAttribute("aria-label", "Search the documentation");
  const results = element("ol");
  const dialog = element("dialog", { className: "docs-search" }, input, results);
  document.body.append(dialog);
  const open = () => {
    search ??= MiniSearch.loadJSON(index, options);
    if (!dialog.open) dialog.showModal();
    input.select();
  };
  // A reader who searches wants to do something, so the pages that explain the code come last.
  const WEIGHTS = [
    [/\/api\//, 0.3],
    [/^(decisions\/|design|follow-a-reading|user-guide|views)|index\.html/, 0.4],
    [/python-names/, 0.5],
    [/^(tutorials\/|how-to\/|from-)/, 2],
  ];
  const sectionsWith = (words, combineWith, fuzzy) =>
    search.search(words, {
      combineWith,
      prefix: true,
      fuzzy: (term) => fuzzy && (term.length > 4 ? 0.2 : 0),
      boost: { heading: 4, page: 2 },
      boostDocument: (id) => WEIGHTS.find(([pages]) => pages.test(id))?.[1] ?? 1,
    });
  // Words around the first that was found, cut between words.
  const excerptOf = (text, terms) => {
    const places = terms.map((term) => text.toLowerCase().indexOf(term)).filter((place) => place >= 0);
    const from = text.lastIndexOf(" ", Math.max(0, Math.min(...places, text.length) - 40)) + 1;
    const part = text.slice(from, from + 150);
    const rest = from + 150 < text.length;
    return `${from > 0 ? "… " : ""}${rest ? part.replace(/\s+\S*$/, " …") : part}`;
  };
  const show = () => {
    const words = input.value.trim();
    // First all words as they were typed; then all of them with typing errors; then any of them.
    const ways = words === "" ? [] : [() => sectionsWith(words, "AND", false), () => sectionsWith(words, "AND", true)];
    let found = [];
    for (const way of [...ways, () => sectionsWith(words, "OR", true)]) if (found.length === 0) found = way();
    results.replaceChildren(
      ...found.slice(0, 12).map(({ id, page, heading, text, terms }) => {
        const link = element(
          "a",
          { href: root + id },
          element("b", { textContent: heading === page ? page : `${page} › ${heading}` }),
          element("span", { textContent: excerptOf(text, terms) }),
        );
        link.addEventListener("click", () => dialog.close());
        return element("li", {}, link);
      }),
    );
    if (words !== "" && found.length === 0)
      results.append(element("li", { className: "none", textContent: `Nothing about "${words}".` }));
  };
  input.addEventListener("input", show);
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("keydown", (event) => {
    const links = [...results.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement);
    if (event.key === "Enter" && at < 0) links[0]?.click();
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    (links[at + (event.key === "ArrowDown" ? 1 : -1)] ?? input).focus();
  });
  for (const button of document.querySelectorAll("#local-search button, .DocSearch-Button"))
    button.addEventListener("click", open);
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA)$/.test(document.activeElement?.tagName ?? "");
    if (((event.ctrlKey || event.metaKey) && event.key === "k") || (event.key === "/" && !typing)) {
      event.preventDefault();
      open();
    }
  });
})();
