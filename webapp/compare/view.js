// Two systems' pictures for the query that was answered last. Gradio runs this with element, trigger, props and watch.

const SIDES = ["first", "second"];
const part = (name) => element.querySelector(`[data-part="${name}"]`);
const labelOf = (name) => props.systems.find((system) => system.name === name).label;

let query = null; // of the answer on the page, with where it was asked
let ticket = 0; // of the last request: an answer to an earlier one isn't shown
let compared = null; // the choice that is shown

function say(text) {
    part("said").textContent = text;
}

function tile(result) {
    const item = make("li", result.there === null ? "" : "compare-both");
    const line = make("span", "compare-name");
    line.append(make("strong", "", `${result.rank}`), make("span", "compare-caption", result.caption));
    line.setAttribute("aria-hidden", "true"); // the alternative text says the same
    item.append(imageOf(result, "compare-picture"), line);
    if (result.there !== null) item.append(make("span", "compare-mark", `in both: ${result.there} there`));
    return item;
}

function fill(side, column) {
    part(`${side}-used`).textContent = column?.used ?? "";
    part(`${side}-tiles`).replaceChildren(...(column?.results ?? []).map(tile));
    part(`${side}-tiles`).hidden = !column?.results.length;
}

function ask() {
    const systems = choice();
    if (systems === null || query === null) return;
    ticket += 1;
    say("Comparing …");
    part("columns").setAttribute("aria-busy", "true");
    trigger("wanted", { ...query, systems, ticket });
}

function show(columns) {
    SIDES.forEach((side, place) => fill(side, columns[place]));
    part("columns").removeAttribute("aria-busy");
    part("root").toggleAttribute("data-filled", columns.length > 0);
}

function forget() {
    ticket += 1;
    show([]);
    say("Draw or type, and search: both systems will answer.");
}

function follow(value) {
    if (value?.ticket !== undefined) {
        if (value.ticket !== ticket) return;
        show(value.columns);
        say(value.said);
        return;
    }
    query = value ? { query: value.query, where: value.where } : null;
    if (query === null) forget();
    ask();
}

function showChoice() {
    const systems = choice();
    const before = compared;
    compared = systems?.join(".") ?? null;
    part("root").hidden = systems === null;
    if (systems === null) {
        forget();
        return;
    }
    SIDES.forEach((side, place) => {
        part(side).value = systems[place];
        part(`${side}-does`).textContent = props.systems.find((system) => system.name === systems[place]).does;
        part(`${side}-tiles`).setAttribute("aria-label", `Found by ${labelOf(systems[place])}`);
    });
    if (before !== compared) ask();
}

for (const side of SIDES) {
    part(side).append(...props.systems.map(({ name, label }) => new Option(label, name)));
    part(side).addEventListener("change", () => choose(SIDES.map((one) => part(one).value)));
}
forget();
watch("value", () => follow(props.value));
onChoice(showChoice);
