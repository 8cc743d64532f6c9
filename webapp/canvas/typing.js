// Text boxes: what is typed, pasted or dropped there is theirs.

const WITHOUT_TEXT = /^(button|checkbox|color|file|image|radio|range|reset|submit)$/;

function takesText(target) {
    if (!(target instanceof HTMLElement)) return false;
    if (target.isContentEditable) return true;
    const isBox = target.tagName === "TEXTAREA" || (target.tagName === "INPUT" && !WITHOUT_TEXT.test(target.type));
    return isBox && !target.readOnly && !target.disabled;
}

// The box of the words that go with the drawing; null while there is none.
function textBox() {
    return (props.text_box && document.getElementById(props.text_box)?.querySelector("textarea, input")) || null;
}
