// Shows what lies beneath the pointer; without it every chart still says everything it has to say.
function readOut(within) {
  for (const chart of within.querySelectorAll("svg[data-xs]:not([data-heard])")) {
    chart.dataset.heard = "";
    const xs = JSON.parse(chart.dataset.xs), texts = JSON.parse(chart.dataset.texts);
    const cursor = chart.querySelector(".cursor"), readout = chart.closest("figure").querySelector(".readout");
    const at = (event) => {
      const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(chart.getScreenCTM().inverse());
      let nearest = 0;
      xs.forEach((x, k) => { if (Math.abs(x - point.x) < Math.abs(xs[nearest] - point.x)) nearest = k; });
      cursor.setAttribute("x1", xs[nearest]);
      cursor.setAttribute("x2", xs[nearest]);
      cursor.setAttribute("visibility", "visible");
      readout.textContent = texts[nearest];
    };
    chart.addEventListener("pointermove", at);
    chart.addEventListener("pointerleave", () => {
      cursor.setAttribute("visibility", "hidden");
      readout.textContent = "";
    });
  }
}
readOut(document);
// A service shows this page under an address that no other report lies beside.
if (!location.pathname.endsWith(".html")) {
  for (const link of document.querySelectorAll("a.beside")) link.replaceWith(link.textContent);
}
