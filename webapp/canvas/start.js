// The start, and values from Python: an example, a shared link, None.

watch("value", () => {
    const state = stateOf(props.value);
    if (isSame(state, history.now)) return;
    letGo();
    erasing = false;
    quieten();
    history.add(state);
    forgetUpload();
    keepDraft();
});

const unique = `sketch-${Math.random().toString(36).slice(2)}`;
for (const name of ["count", "keys"]) part(name).id = `${unique}-${name}`;
canvas.setAttribute("aria-label", props.label);
canvas.setAttribute("aria-describedby", `${unique}-count ${unique}-keys`);
describeLimits();
resume(draft);
if (draft !== null) root.dataset.resumed = "";
refresh();
listen(window, "resize", repaint); // zooming changes devicePixelRatio
new ResizeObserver(repaint).observe(canvas);
performance.mark("sketch-canvas-ready");
// Once the paper has been on the screen: before, a touch is not yet the paper's, and Gradio would take back a value.
requestAnimationFrame(() =>
    requestAnimationFrame(() => {
        if (draft !== null) props.value = { ...history.now };
        root.dataset.ready = "";
    }),
);
