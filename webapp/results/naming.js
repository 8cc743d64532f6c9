// Where several things were searched for, each can be given its name: it counts beside the words.

const naming = part("naming");

function nameBox(strokes, name, place) {
    const label = make("label", "results-name");
    const number = make("span", "results-number", `${place + 1}`);
    number.setAttribute("aria-hidden", "true");
    const box = make("input", "");
    box.type = "text";
    box.maxLength = 80;
    box.value = name;
    box.placeholder = "name it";
    box.setAttribute("aria-label", `Name of thing ${place + 1}, from left to right`);
    label.append(number);
    if (strokes?.length) label.append(thumbnailOf(strokes));
    label.append(box);
    return label;
}

function thumbnailOf(strokes) {
    const drawing = drawingOf(strokes);
    drawing.setAttribute("class", "results-drawn");
    drawing.setAttribute("preserveAspectRatio", "xMidYMid meet");
    return drawing;
}

function showNaming({ apart, strokes }) {
    const held = [...naming.querySelectorAll("input")].indexOf(document.activeElement);
    naming.hidden = !apart?.wanted;
    const names = naming.hidden ? [] : apart.names;
    part("names").replaceChildren(...names.map((name, place) => nameBox(strokes[place], name, place)));
    naming.querySelectorAll("input")[held]?.focus({ preventScroll: true });
}

naming.addEventListener("submit", (event) => {
    event.preventDefault();
    const names = [...naming.querySelectorAll("input")].map((box) => box.value);
    trigger("wish", { wish: "names", names });
});
