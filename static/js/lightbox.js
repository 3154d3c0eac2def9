/* Pictures in full, one after the other: <ul data-lightbox> of
 * <a href="page" data-picture data-caption><img width height>, or cells of a table with them.
 *
 * A plain click opens them (in-full.js), which is fetched only then; with Ctrl, Shift or the middle
 * button the link does what links do.
 */

const LINKS = "[data-lightbox] a[data-picture]";

let ready = null;
const inFull = () =>
  (ready ??= import(new URL("in-full.js", import.meta.url)).then(({ Lightbox, photoSwipe }) =>
    photoSwipe().then((PhotoSwipe) => (clicked) => new Lightbox(PhotoSwipe, clicked)),
  ));

const open = (clicked) =>
  inFull().then(
    (show) => show(clicked),
    () => location.assign(clicked.href),
  );

document.addEventListener("click", (event) => {
  const link = event.target.closest?.(LINKS);
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  open(link);
});

// The second-long wait for the script is over before the click: it begins with the hand's approach.
for (const approach of ["pointerover", "focusin"])
  document.addEventListener(approach, (event) => event.target.closest?.(LINKS) && inFull().catch(() => null), { passive: true });
