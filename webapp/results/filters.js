// Of which pictures the results are: a list of values for each field that can be chosen by.

function filterOf(field) {
    const label = make("label", field.chosen ? "results-filter results-chosen" : "results-filter");
    const select = make("select", "");
    select.dataset.field = field.name;
    const values = field.values.map(([value, count]) => [value, count === null ? value : `${value} (${count})`]);
    for (const [value, text] of [["", "any"], ...values]) select.append(new Option(text, value));
    select.value = field.chosen;
    select.addEventListener("change", () => trigger("wish", { wish: "filter", name: field.name, value: select.value }));
    label.append(make("span", "", field.name), select);
    return label;
}

function showFilters(fields) {
    const held = part("filters").contains(document.activeElement) ? document.activeElement.dataset.field : null;
    part("filters").hidden = fields.length === 0;
    part("filters").replaceChildren(...fields.map(filterOf));
    const again = [...part("filters").querySelectorAll("select")].find((select) => select.dataset.field === held);
    if (held !== null) again?.focus({ preventScroll: true });
}
