/* PhotoSwipe with stars, ratings, details, deleting and undoing: what lightbox.js opens.
 *
 * Arrow keys, Escape and swiping are PhotoSwipe's own; `s` stars, 0 to 5 rate, `i` shows the details,
 * `z` the pixels, Delete deletes. What a picture's details hold, and which buttons are there to press,
 * comes from the server (playground/_details.html).
 */

import { headers, sendForm } from "./marks.js";

const TYPING = "input, textarea, select";
const [PANEL, NARROW] = [384, 768];
/** So many pictures before the last one, the next page is asked for. */
const AHEAD = 8;
/** Milliseconds that a picture is looked at before its details are asked for. */
const SETTLE = 120;

const vendor = new URL("../vendor/photoswipe/", import.meta.url);
const sprite = () => document.querySelector("svg.icon use").getAttribute("href").split("#")[0];
const stillness = matchMedia("(prefers-reduced-motion: reduce)");

let [ready, withDetails] = [null, false];

function styleSheet(href) {
  return new Promise((onload, onerror) => {
    const link = document.createElement("link");
    document.head.append(Object.assign(link, { rel: "stylesheet", href, onload, onerror }));
  });
}

/** PhotoSwipe with its style sheets and ours, fetched once. */
export function photoSwipe() {
  return (ready ??= Promise.all([
    import(new URL("photoswipe.esm.min.js", vendor)),
    styleSheet(new URL("photoswipe.css", vendor)),
    styleSheet(new URL("../css/lightbox.css", import.meta.url)),
  ]).then(([module]) => module.default));
}

/** While it is open, there is nothing else to be reached. */
function alone(box, on) {
  for (const each of document.body.children) if (!each.contains(box.element)) each.inert = on;
}

const thumbnail = (link) => link.querySelector("img:not(.picture-blur)");

function slide(link) {
  const [image, { pathname }] = [thumbnail(link), new URL(link.href)];
  return {
    src: `${pathname}file/`,
    width: Number(image.getAttribute("width")),
    height: Number(image.getAttribute("height")),
    msrc: image.currentSrc,
    alt: link.dataset.caption ?? "",
    element: link,
    page: pathname,
  };
}

const element = (tag, className, words = "") =>
  Object.assign(document.createElement(tag), { className, textContent: words });

/** Take a picture's tile out of its list, or its link out of a table's cell. Gives the way back. */
function takeOut(link) {
  const tile = link.closest("li") ?? link;
  const mark = tile === link ? element("span", "cell-words soft", "In the bin") : document.createComment("");
  tile.replaceWith(mark);
  return () => mark.replaceWith(tile);
}

function post(address) {
  return fetch(address, { method: "POST", headers: headers() }).then((answer) => {
    if (!answer.ok) throw new Error(`status ${answer.status}`);
  });
}

export class Lightbox {
  constructor(PhotoSwipe, clicked) {
    this.clicked = clicked;
    this.list = clicked.closest("[data-lightbox]");
    const links = [...this.list.querySelectorAll("a[data-picture]")];
    this.slides = links.map(slide);
    this.box = new PhotoSwipe({
      dataSource: this.slides,
      index: links.indexOf(clicked),
      loop: false,
      bgOpacity: 0.98,
      paddingFn: (size) => this.padding(size),
      // One pixel of the picture on one of the screen; where it is shown so already, pixels to be seen.
      secondaryZoomLevel: (zoom) => (zoom.fit < 1 / devicePixelRatio ? 1 / devicePixelRatio : 4),
      maxZoomLevel: 8,
      showHideAnimationType: stillness.matches ? "none" : "zoom",
      arrowPrevTitle: "The picture before",
      arrowNextTitle: "The next picture",
      closeTitle: "Close",
      zoomTitle: "Pixels 1:1 (Z)",
      errorMsg: "This picture could not be loaded.",
    });
    this.listen();
    this.box.init();
  }

  get current() {
    return this.box.currSlide?.data ?? this.slides[this.box.currIndex];
  }

  padding(size) {
    const wide = size.x > NARROW;
    const side = size.x > 700 ? 72 : 0;
    const bottom = withDetails && !wide ? size.y * 0.52 : 84;
    return { top: 56, bottom, left: side, right: side + (withDetails && wide ? PANEL : 0) };
  }

  listen() {
    const { box } = this;
    box.on("uiRegister", () => this.register());
    box.on("afterInit", () => {
      Object.assign(box.element, { ariaModal: "true", ariaLabel: "Pictures in full" });
      Object.assign(this.undo, { className: "lightbox-undo", role: "status" });
      alone(box, true);
      this.showDetails(withDetails);
    });
    box.on("change", () => this.changed());
    box.on("resize", () => this.makeRoom());
    box.on("zoomPanUpdate", () => box.element.classList.toggle("is-close", box.currSlide.currZoomLevel > 2));
    box.on("keydown", (event) => this.key(event));
    box.addFilter("thumbEl", (given, data) => (data.element && thumbnail(data.element)) ?? given);
    const { signal } = (this.open = new AbortController());
    document.addEventListener("htmx:afterSettle", (event) => this.afterSwap(event), { signal });
    document.addEventListener("marked", (event) => this.answered(event.detail), { signal });
    box.on("destroy", () => this.ended());
  }

  ended() {
    this.open.abort();
    clearTimeout(this.timer);
    alone(this.box, false);
    // Back where it was opened from, even when another picture was reached inside.
    const back = [this.current?.element, this.clicked].find((link) => link?.isConnected);
    (back ?? this.list.querySelector("a"))?.focus();
  }

  /* The parts. */

  register() {
    const parts = [
      this.button("star", 8, "Star (S)", "star", () => this.press("[data-star]")),
      this.button("details", 9, "Details (I)", "info", () => this.showDetails(!withDetails)),
      { ...this.button("download", 10, "Download", "download"), tagName: "a" },
      this.button("delete", 11, "Delete", "trash", () => this.delete()),
      { name: "caption", order: 12, appendTo: "root", onInit: (part) => this.caption(part) },
      { name: "about", order: 13, appendTo: "root", onInit: (part) => this.panelIn(part) },
      { name: "undo", order: 14, appendTo: "root", onInit: (part) => (this.undo = part) },
    ];
    for (const part of parts) this.box.ui.registerElement(part);
  }

  button(name, order, title, icon, onClick) {
    return {
      name,
      order,
      title,
      isButton: true,
      html: `<svg class="icon" aria-hidden="true"><use href="${sprite()}#${icon}"/></svg>`,
      onClick,
      onInit: (button) => {
        this[`${name}Button`] = button;
        if (name === "download") button.setAttribute("download", "");
      },
    };
  }

  caption(part) {
    part.className = "lightbox-caption";
    this.words = part.appendChild(element("p", ""));
    this.mine = part.appendChild(element("span", "lightbox-mine"));
    this.page = part.appendChild(element("a", "button button-small", "All about this picture"));
    this.says = part.appendChild(Object.assign(element("p", "visually-hidden"), { role: "status" }));
  }

  panelIn(part) {
    this.panel = part;
    const name = "lightbox-details";
    Object.assign(part, { className: name, id: name, role: "region", ariaLabel: "Details" });
    // PhotoSwipe would take the wheel for the picture.
    part.addEventListener("wheel", (event) => event.stopPropagation());
    part.addEventListener("submit", (event) => {
      if (event.target.matches("[data-delete]")) this.delete(event);
    });
  }

  /* From picture to picture. */

  changed() {
    const { current } = this;
    this.words.textContent = current.alt;
    this.page.href = current.page;
    this.downloadButton.href = `${current.page}download/`;
    this.says.textContent = `Picture ${this.box.currIndex + 1}: ${current.alt}`;
    if (this.shown !== current) {
      this.load(current);
      this.onward = false;
    }
    this.feed();
  }

  /** Ask for the next page of the list before its end is reached. */
  feed() {
    if (this.box.currIndex < this.slides.length - AHEAD) return;
    const reach = document.querySelector(".sentinel-reach:not([data-hx-revealed])");
    if (!reach || this.list.id !== "pictures") return;
    // htmx's own mark for what has been seen: scrolling there later asks for nothing twice.
    reach.setAttribute("data-hx-revealed", "true");
    this.awaited = true;
    htmx.trigger(reach, "revealed");
  }

  /** What htmx has brought: more pictures for the list, or the marks on this one. */
  afterSwap(event) {
    if (this.panel?.contains(event.target)) this.marked();
    const links = [...this.list.querySelectorAll("a[data-picture]")];
    const last = links.indexOf(this.slides.at(-1)?.element);
    if (last < 0 || last === links.length - 1) return;
    const from = this.slides.length;
    this.slides.push(...links.slice(last + 1).map(slide));
    this.box.refreshSlideContent(from);
    this.awaited = false;
    if (this.onward) this.box.next();
  }

  /** Show what the slides are by now, with the one at `index` in the middle. */
  reshow(index) {
    const { box } = this;
    // What is kept for a place is no longer what stands there.
    for (let place = 0; place <= this.slides.length; place += 1) box.contentLoader.removeByIndex(place);
    Object.assign(box, { currIndex: index, potentialIndex: index });
    const holders = box.mainScroll.itemHolders;
    holders.forEach((holder, place) => box.setContent(holder, index - 1 + place, true));
    box.currSlide = holders[1].slide;
    box.currSlide.setIsActive(true);
    box.dispatch("change");
    htmx.trigger(document.body, "recount");
  }

  /* Details and marks. */

  load(current) {
    this.shown = current;
    this.panel.replaceChildren(element("p", "soft", "Loading…"));
    this.marked();
    clearTimeout(this.timer);
    this.leave?.();
    this.loaded = new Promise((resolve) => (this.leave = resolve));
    this.timer = setTimeout(() => this.leave(this.fill(current)), SETTLE);
  }

  async fetched(current) {
    const answer = await fetch(`${current.page}details/`, { headers: { "HX-Request": "true" } });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const holder = document.createElement("template");
    holder.innerHTML = await answer.text();
    return holder.content;
  }

  async fill(current) {
    const failed = element("p", "soft", "The details could not be loaded. Please try again.");
    const content = await this.fetched(current).catch(() => failed);
    if (this.shown !== current || !this.box.element) return;
    this.panel.replaceChildren(content);
    htmx.process(this.panel);
    this.marked();
  }

  showDetails(on) {
    withDetails = on;
    this.panel.hidden = !on;
    this.detailsButton.setAttribute("aria-expanded", String(on));
    this.detailsButton.setAttribute("aria-controls", this.panel.id);
    this.box.updateSize(true);
    this.makeRoom();
  }

  /** Move PhotoSwipe's bar and arrow aside, whose style sheet stands above ours. */
  makeRoom() {
    const room = withDetails && innerWidth > NARROW ? `${PANEL}px` : "0px";
    this.box.topBar.style.width = `calc(100% - ${room})`;
    this.box.element.querySelector(".pswp__button--arrow--next").style.right = room;
  }

  /** Press one of the details' buttons, as soon as they are there; who has gone on means what they saw. */
  async press(selector) {
    const { shown } = this;
    await this.loaded;
    const stays = this.shown === shown;
    const details = stays ? this.panel : await this.fetched(shown).catch(() => null);
    const button = details?.querySelector(selector);
    if (!button) return this.say("That did not work. Please try again.");
    sendForm(button);
    if (stays) this.marked();
  }

  /** Say what the details say of star and rating. */
  marked() {
    const star = this.panel.querySelector("[data-star]");
    const rate = this.panel.querySelector("[data-rate][aria-pressed=true]");
    const starred = star?.getAttribute("aria-pressed") === "true";
    this.starButton.setAttribute("aria-pressed", String(starred));
    // Hidden so, as PhotoSwipe's own style sheet shows what is only `hidden`.
    this.deleteButton.style.display = this.panel.querySelector("[data-delete]") ? "" : "none";
    const words = [starred && "Starred", rate && `Rated ${rate.dataset.rate} of 5`];
    this.mine.textContent = words.filter(Boolean).join(" · ");
  }

  /** A change has been answered, of the picture that is shown or of one before. */
  answered(address) {
    const picture = this.slides.find(({ page }) => address.startsWith(page));
    if (picture && picture === this.shown) this.says.textContent = this.mine.textContent || "Neither starred nor rated";
    if (picture && /(star|rate)\/$/.test(address)) this.renewTile(picture);
  }

  async renewTile(picture) {
    const marks = () => picture.element.closest(".tile")?.querySelector(".tile-marks");
    if (!marks()) return;
    // Of two answers that overtake each other, the one asked for last is true.
    const asked = (picture.asked = {});
    const content = await this.fetched(picture).catch(() => null);
    const fresh = content?.querySelector("[data-tile-marks]")?.content.firstElementChild;
    if (fresh && picture.asked === asked) marks()?.replaceWith(fresh);
  }

  /* Deleting, and taking it back. */

  async delete(event) {
    event?.preventDefault();
    const { current, slides } = this;
    await this.loaded;
    if (this.current !== current) return this.say("Nothing was deleted: the details had not come yet.");
    const form = this.panel.querySelector("[data-delete]");
    if (!form || this.deleting) return;
    // With no neighbour to go to, the page goes on from here; it has an Undo of its own.
    if (slides.length === 1) return form.submit();
    this.deleting = true;
    try {
      await post(form.action);
      this.remove(current, form.dataset.restore);
    } catch {
      this.say("That did not work. Please try again.");
    }
    this.deleting = false;
  }

  remove(current, restore) {
    const [at, putBack] = [this.slides.indexOf(current), takeOut(current.element)];
    this.slides.splice(at, 1);
    this.reshow(Math.min(at, this.slides.length - 1));
    this.say("The picture is in the bin.", "Undo", async () => {
      await post(restore);
      putBack();
      const back = Math.min(at, this.slides.length);
      this.slides.splice(back, 0, current);
      this.reshow(back);
      this.say("The picture is back.");
    });
  }

  say(words, label, action) {
    const toast = element("div", "toast toast-success");
    toast.append(element("p", "", words));
    if (label) {
      const button = Object.assign(element("button", "button button-small", label), { type: "button" });
      button.addEventListener("click", () => {
        button.disabled = true;
        this.box.element.focus();
        action().catch(() => this.say("That did not work. Please try again."));
      });
      toast.append(button);
    }
    this.undo.replaceChildren(toast);
  }

  /* Keys: what somebody types in a field is theirs. */

  key(event) {
    const { key, target, ctrlKey, metaKey, altKey, repeat } = event.originalEvent;
    if (target.closest?.(TYPING)) {
      if (key !== "Escape" && key !== "Tab") event.preventDefault();
      return;
    }
    // Who is at the end before more has come goes on as soon as it has.
    if (key === "ArrowRight") this.onward = this.awaited && this.box.currIndex === this.slides.length - 1;
    if (ctrlKey || metaKey || altKey || repeat) return;
    if (key === "s") this.press("[data-star]");
    else if (/^[0-5]$/.test(key)) this.press(`[data-rate="${key}"]`);
    else if (key === "i") this.showDetails(!withDetails);
    else if (key === "Delete") this.delete();
    else return;
    event.preventDefault();
    event.originalEvent.preventDefault();
  }
}
