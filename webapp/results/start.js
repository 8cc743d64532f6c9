// The start, and values from Python.

for (const [name, listener] of Object.entries(actions)) action(name).addEventListener("click", listener);
part("opacity").addEventListener("input", setOpacity);
part("heat-shown").checked = false; // whatever a browser remembers of it
part("heat-shown").addEventListener("change", (event) => {
    part("root").classList.toggle("results-hot", event.target.checked);
    part("opacity").value = event.target.checked ? HOT : 0;
});
detail.addEventListener("close", closed);
window.addEventListener("popstate", followHistory);
detail.addEventListener("click", (event) => {
    if (event.target === detail) detail.close(); // beside the view
});
detail.addEventListener("keydown", (event) => {
    if (event.target === part("opacity")) return; // there the arrows move the slider
    if (event.altKey || event.ctrlKey || event.metaKey) return; // with them the arrows are the browser's, as for Back
    if (event.key === "ArrowLeft") move(-1);
    if (event.key === "ArrowRight") move(1);
});
watch("value", () => {
    if (detail.open) detail.close();
    list(props.value);
    reveal();
    performance.mark("results-shown");
});
for (const kind of ["wheel", "touchmove", "keydown"]) {
    document.addEventListener(kind, scrollsOn, { passive: true, signal: watched.signal });
}
document.addEventListener(props.delivered, ({ detail: value }) => value.to === props.addressee && take(value), {
    signal: watched.signal,
});
list(props.value);
