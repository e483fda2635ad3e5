// Put in every page before anything else: writes down what happens, for the tests to read.
window.observed = { said: [], lostFocus: 0, violations: [], shift: 0 };

new MutationObserver((changes) => {
  for (const region of new Set(changes.map(({ target }) => (target.closest ? target : target.parentElement)?.closest("commune-chat > [role]"))))
    if (region?.textContent) observed.said.push([region.getAttribute("role"), region.textContent]);
}).observe(document, { subtree: true, childList: true, characterData: true });

document.addEventListener("securitypolicyviolation", (event) => observed.violations.push(`${event.violatedDirective} ${event.blockedURI}`));

// As Cumulative Layout Shift counts: what moves because the person has just acted is no surprise.
new PerformanceObserver((list) =>
  list.getEntries().forEach((entry) => (observed.shift += entry.hadRecentInput ? 0 : entry.value)),
).observe({ type: "layout-shift", buffered: true });

// Focus that leaves something and goes nowhere: the person is thrown back to the top of the page.
window.watchFocus = () =>
  document.querySelector("commune-chat").shadowRoot.addEventListener("focusout", (event) => {
    if (!event.relatedTarget && document.hasFocus()) observed.lostFocus += 1;
  });

window.focused = () => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
};

window.nameFocus = () => {
  const element = focused();
  return element.id || element.className || element.tagName.toLowerCase();
};
