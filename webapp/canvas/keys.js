// Buttons and keys.

for (const [name, action] of Object.entries(actions)) button(name).addEventListener("click", action);

function actionFor(event) {
    const key = event.key.toLowerCase();
    if (event.altKey) return null;
    if (event.ctrlKey || event.metaKey) {
        if (key === "z") return event.shiftKey ? "redo" : "undo";
        return key === "y" ? "redo" : null;
    }
    if (key === "delete" || key === "backspace") return "clear"; // a Mac's delete key is "backspace"
    return key === "e" && !button("erase").disabled ? "erase" : null;
}

root.addEventListener("keydown", (event) => {
    const action = actionFor(event);
    if (action === null) return;
    event.preventDefault();
    actions[action]();
});

async function submit() {
    finish();
    const arrived = uploading === null || (await uploading.then(() => true, () => false));
    if (arrived) trigger("submit"); // if not, the reason is being read
}

function isTyping(target) {
    return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

// Before anybody else: a text box would take Ctrl+Enter for Enter, and search a second time.
listen(
    document,
    "keydown",
    (event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.repeat) {
            event.preventDefault();
            event.stopPropagation();
            submit();
        }
    },
    { capture: true },
);
listen(document, "keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const box = props.text_box && document.getElementById(props.text_box)?.querySelector("textarea, input");
    if (!box) return;
    event.preventDefault();
    box.focus();
});
