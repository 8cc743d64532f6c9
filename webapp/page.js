// Run by Gradio when the page opens, after Clear and after an example: Gradio's drawing pad starts with no tool and
// would lose the first stroke, so its pen is picked here, however long the pad takes to appear.
() => {
    const root = document.querySelector("#sketch");
    const pick = () => {
        const pen = root.querySelector("button[aria-label='Brush']");
        if (pen && pen.classList.contains("highlight")) return;
        if (pen) pen.click();
        if (root.isConnected) setTimeout(pick, 100);
    };
    pick();
    document.querySelector("#status").setAttribute("aria-live", "polite");
}
