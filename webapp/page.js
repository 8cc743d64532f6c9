// Run by Gradio when the page opens, after Clear and after an example: Gradio's drawing pad starts with no tool and
// would lose the first stroke, so its pen is picked here.
() => {
    const root = document.querySelector("#sketch");
    const pick = (triesLeft) => {
        const pen = root.querySelector("button[aria-label='Brush']");
        if (pen && !pen.classList.contains("highlight")) pen.click();
        if (triesLeft > 0 && !(pen && pen.classList.contains("highlight"))) {
            setTimeout(() => pick(triesLeft - 1), 100);
        }
    };
    pick(100);
    document.querySelector("#status").setAttribute("aria-live", "polite");
}
