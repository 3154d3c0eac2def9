/* Pictures in full, one after the other: <ul data-lightbox> of
 * <a href="page" data-picture="file" data-width data-height data-caption>.
 *
 * A plain click opens PhotoSwipe, which comes only then; with Ctrl, Shift or the middle button the
 * link does what links do. Arrow keys, Escape and swiping are PhotoSwipe's own.
 */

const LINKS = "[data-lightbox] a[data-picture]";
const vendor = new URL("../vendor/photoswipe/", import.meta.url);

let ready = null;

function styleSheet() {
  return new Promise((resolve, reject) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = new URL("photoswipe.css", vendor).href;
    link.onload = resolve;
    link.onerror = reject;
    document.head.append(link);
  });
}

function photoSwipe() {
  ready ??= Promise.all([import(new URL("photoswipe.esm.min.js", vendor)), styleSheet()]).then(
    ([module]) => module.default,
  );
  return ready;
}

const slide = (link) => ({
  src: link.dataset.picture,
  width: Number(link.dataset.width),
  height: Number(link.dataset.height),
  msrc: link.querySelector("img:not(.picture-blur)")?.currentSrc,
  alt: link.dataset.caption ?? "",
  element: link,
  page: link.href,
});

function caption(box) {
  box.on("uiRegister", () => {
    box.ui.registerElement({
      name: "caption",
      order: 9,
      appendTo: "root",
      onInit: (element) => {
        element.className = "lightbox-caption";
        const words = document.createElement("p");
        const page = document.createElement("a");
        page.className = "button button-small";
        page.textContent = "All about this picture";
        element.append(words, page);
        box.on("change", () => {
          words.textContent = box.currSlide.data.alt;
          page.href = box.currSlide.data.page;
        });
      },
    });
  });
}

async function open(clicked) {
  const links = [...clicked.closest("[data-lightbox]").querySelectorAll("a[data-picture]")];
  let PhotoSwipe;
  try {
    PhotoSwipe = await photoSwipe();
  } catch {
    location.assign(clicked.href);
    return;
  }
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const box = new PhotoSwipe({
    dataSource: links.map(slide),
    index: links.indexOf(clicked),
    bgOpacity: 0.98,
    paddingFn: (size) => ({ top: 56, bottom: 84, left: size.x > 700 ? 72 : 0, right: size.x > 700 ? 72 : 0 }),
    showHideAnimationType: still ? "none" : "zoom",
    arrowPrevTitle: "The picture before",
    arrowNextTitle: "The next picture",
    closeTitle: "Close",
    zoomTitle: "Zoom",
    errorMsg: "This picture could not be loaded.",
  });
  caption(box);
  box.on("afterInit", () => {
    box.element.setAttribute("aria-modal", "true");
    box.element.setAttribute("aria-label", "Pictures in full");
  });
  // Back where it was opened from, even when another picture was reached inside.
  box.on("destroy", () => (box.currSlide?.data.element ?? clicked).focus());
  box.addFilter("thumbEl", (element, data) => data.element?.querySelector("img:not(.picture-blur)") ?? element);
  box.init();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.(LINKS);
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  open(link);
});

// The second-long wait for the script is over before the click: it begins with the hand's approach.
for (const approach of ["pointerover", "focusin"])
  document.addEventListener(approach, (event) => event.target.closest?.(LINKS) && photoSwipe().catch(() => null), { passive: true });
