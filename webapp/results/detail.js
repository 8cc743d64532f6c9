// One result, large. A modal <dialog>: the browser keeps the focus inside, closes it by Escape and gives the focus back.

const HOT = 70; // % of the heat map's opacity in the large view, where heat maps are wanted
const detail = part("detail");
let current = 0;

// The large view is a step of the browser's history: Back closes it.
function open(place) {
    window.history.pushState({ ...window.history.state, large: stepTo(place) }, "");
    enlarge(place);
}

function enlarge(place) {
    show(place);
    detail.showModal();
    settle(place);
    part("title").focus();
}

function stepTo(place) {
    return { place, id: listed[place].id };
}

// After Back or Forward: what the entry of the history says.
function followHistory() {
    const large = window.history.state?.large;
    if (large === undefined) detail.close();
    else if (!detail.open && listed[large.place]?.id === large.id) enlarge(large.place);
}

function closed() {
    part("large").replaceChildren();
    if (window.history.state?.large !== undefined) window.history.back();
}

// Closes it, and is done when the history is back at the answer.
function leave() {
    if (window.history.state?.large === undefined) {
        detail.close();
        return Promise.resolve();
    }
    return new Promise((done) => {
        window.addEventListener("popstate", done, { once: true });
        detail.close();
    });
}

function show(place) {
    const { grid } = props.value;
    const result = listed[place];
    current = place;
    part("title").textContent = walled ? `Picture ${place + 1} of ${total}` : `Result ${place + 1} of ${listed.length}`;
    part("standing").hidden = walled;
    part("standing").textContent = walled ? "" : `It is ${result.standing}.`;
    const stage = make("div", "results-stage");
    stage.append(pictureOf(result));
    if (result.heat) stage.append(heatMap(result, grid));
    addThings(stage, result.boxes ?? []);
    stage.append(frameOf([0, 0, 0, 0]));
    part("large").replaceChildren(stage);
    part("opacity-row").hidden = !result.heat;
    action("away").hidden = walled || Boolean(props.value.like); // it is said of a drawing or words
    action("text").hidden = walled;
    const press = result.boxes?.length ? "Press a number, or drag" : "Drag";
    part("hint").textContent = `${press} on the picture to put the frame around a thing.`;
    part("facts").replaceChildren(
        ...[["name", result.id, ""], ["score", result.score, ""], ...result.facts]
            .filter(([, text]) => text !== null)
            .flatMap(([name, text, address]) => [make("dt", "", name), described(text, address)]),
    );
    setRegion(result.box);
    setOpacity();
    dragOn(stage);
    action("previous").disabled = place === 0;
    action("next").disabled = place === listed.length - 1 && !isMore();
}

// What a gallery says may be anybody's text: it is never read as HTML, and a link leads to the web alone.
function described(text, address) {
    const cell = make("dd", "", address ? "" : text);
    if (!address) return cell;
    const link = make("a", "", text);
    link.href = address;
    link.target = "_blank";
    link.rel = "noopener noreferrer nofollow";
    cell.append(link);
    return cell;
}

function move(step) {
    const place = current + step;
    if (place >= listed.length && isMore()) {
        wanted = place; // it is shown when it comes
        askForMore();
    }
    if (place < 0 || place >= listed.length) return;
    show(place);
    settle(place);
    window.history.replaceState({ ...window.history.state, large: stepTo(place) }, "");
    if (document.activeElement === document.body) part("title").focus(); // its button was disabled
}

function setOpacity() {
    const heat = part("large").querySelector(".results-heat");
    const opacity = part("opacity").value / 100;
    if (heat) heat.style.opacity = opacity;
    part("large").classList.toggle("results-heated", Boolean(heat) && opacity > 0);
}

async function ask(box) {
    const { id, rank } = listed[current];
    await leave();
    trigger("similar", { id, number: rank, region: box });
}

const actions = {
    previous: () => move(-1),
    next: () => move(1),
    close: () => detail.close(),
    similar: () => ask(null),
    region: () => ask(region),
    unlike: () => trigger("unlike"),
    more() {
        waiting = false; // whatever became of it
        askForMore();
    },
    apart: () => trigger("wish", { wish: "several" }),
    readmit: () => trigger("wish", { wish: "readmit" }),
    async away() {
        const { id } = listed[current];
        await leave();
        trigger("wish", { wish: "away", id });
    },
    async text() {
        await leave();
        document.getElementById(props.text_box)?.querySelector("textarea, input")?.focus();
    },
};
