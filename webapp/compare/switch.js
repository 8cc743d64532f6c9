// The tick that shows two systems side by side. Gradio runs this with element and props.

const tick = element.querySelector('[data-part="on"]');
tick.addEventListener("change", () => choose(tick.checked ? props.first : null));
onChoice(() => {
    tick.checked = choice() !== null;
});
