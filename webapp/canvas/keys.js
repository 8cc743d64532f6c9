// Buttons and keys.

for (const [name, action] of Object.entries(actions)) button(name).addEventListener("click", action);

// The key by what it writes; where that isn't Latin, by the place that it has on a Latin keyboard.
function keyOf(event) {
    const key = event.key ?? ""; // a browser that fills in a form says no key
    const place = /^(?:Key([A-Z])|Slash)$/.exec(event.code);
    if (place === null || key === "" || /[\p{ASCII}\p{Script=Latin}]/u.test(key)) return key.toLowerCase();
    return place[1]?.toLowerCase() ?? "/";
}

// Whether keys of the system or the browser are held, too, besides those that are named: "control", "meta", "shift".
function isHeld(event, ...besides) {
    const held = { control: event.ctrlKey, meta: event.metaKey, shift: event.shiftKey };
    const others = Object.entries(held).some(([name, down]) => down && !besides.includes(name));
    return others || event.altKey || event.getModifierState("AltGraph");
}

// Control, or a Mac's Command, but not both; perhaps with Shift.
function isCommand(event, ...besides) {
    return event.ctrlKey !== event.metaKey && !isHeld(event, "control", "meta", ...besides);
}

function actionFor(event) {
    const key = keyOf(event);
    if (key === "z" && isCommand(event, "shift")) return event.shiftKey ? "redo" : "undo";
    if (key === "y" && event.ctrlKey && isCommand(event)) return "redo"; // Command Y is the browser's
    if (isHeld(event)) return null;
    if (key === "delete" || key === "backspace") return "clear"; // a Mac's delete key is "backspace"
    return key === "e" && !event.repeat && !button("erase").disabled ? "erase" : null;
}

root.addEventListener("keydown", (event) => {
    const action = takesText(event.target) || event.isComposing ? null : actionFor(event);
    if (action === null) return;
    event.preventDefault();
    actions[action]();
});

// Before anybody else: a text box would take Ctrl+Enter for Enter, and search a second time.
listen(
    document,
    "keydown",
    (event) => {
        if (event.key === "Enter" && isCommand(event) && !event.repeat && !event.isComposing) {
            event.preventDefault();
            event.stopPropagation();
            submit();
        }
    },
    { capture: true },
);
listen(document, "keydown", (event) => {
    const free = !takesText(event.target) && event.target?.tagName !== "SELECT" && !event.defaultPrevented;
    if (keyOf(event) !== "/" || isHeld(event, "shift") || !free) return;
    const box = textBox();
    if (box === null || document.querySelector("dialog:modal")) return; // behind a dialog nothing can be typed
    event.preventDefault();
    box.focus();
});
