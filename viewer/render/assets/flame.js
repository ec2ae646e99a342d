// State, mouse, keyboard and history; joins tree.js, painter.js and panels.js into the page.

class App {
  constructor(data) {
    this.tree = new CallTree(data);
    this.stage = document.getElementById('stage');
    this.input = document.getElementById('search');
    this.help = document.getElementById('help');
    this.painter = new Painter(document.getElementById('canvas'), this.tree);
    this.twin = new Twin(this.tree, this.stage, document.getElementById('twin'));
    this.zoom = 0;
    this.selected = 0;
    this.hovered = null;
    this.search = null;
    this.matchAt = -1;
    this.rootAtTop = true;
    this.framePending = false;
  }

  start() {
    showHeadline(this.tree.data);
    this.setTheme(this.savedTheme());
    this.labelButtons();
    this.listenToMouse();
    this.listenToControls();
    document.addEventListener('keydown', (event) => this.onKey(event));
    window.addEventListener('hashchange', () => {
      // Our own changes of the address are applied already, and may have a selection since.
      if (this.addressedNode() !== this.zoom) this.applyZoom(this.addressedNode());
    });
    new ResizeObserver(() => this.relayout()).observe(this.stage);
    this.applyZoom(this.addressedNode());
    if (this.tree.total[0] === 0) {
      this.say('No samples in this population: the requests used too little CPU, or none was kept.');
      document.getElementById('details').textContent = document.getElementById('status').textContent;
    }
  }

  get view() {
    return {scroll: this.stage.scrollTop, rootAtTop: this.rootAtTop, selected: this.selected, hovered: this.hovered,
            search: this.search};
  }

  // ---- Drawing

  relayout() {
    const width = this.stage.clientWidth;
    const height = this.stage.clientHeight;
    if (width === 0 || height === 0) return;
    this.painter.layout = new Layout(this.tree, this.zoom, width);
    this.painter.resize(width, height);
    const spacer = document.getElementById('spacer');
    spacer.style.height = this.painter.contentHeight - height + 'px';
    if (this.stage.clientWidth !== width) {
      this.relayout();  // a scroll bar came or went
      return;
    }
    this.draw();
  }

  draw() {
    const begin = performance.now();
    this.painter.draw(this.view);
    this.drawMs = performance.now() - begin;
  }

  requestDraw() {
    if (this.framePending) return;
    this.framePending = true;
    requestAnimationFrame(() => {
      this.framePending = false;
      this.draw();
    });
  }

  scrollTo(node) {
    const top = this.painter.rowTop(this.tree.depth[node], this.view);
    if (top < kRowHeight || top > this.painter.height - 2 * kRowHeight) {
      this.stage.scrollTop += top - this.painter.height / 2;
    }
  }

  // ---- Zoom and selection

  // The address carries the zoom, so that Back undoes it and a link keeps it.
  zoomTo(node) {
    if (node === this.zoom) return;
    location.hash = node === 0 ? '' : `node=${node}`;
    this.applyZoom(node);
  }

  addressedNode() {
    const node = Number(new URLSearchParams(location.hash.slice(1)).get('node') || 0);
    const known = Number.isInteger(node) && node >= 0 && node < this.tree.size;
    return known ? node : 0;
  }

  applyZoom(node) {
    const changed = node !== this.zoom;
    this.zoom = node;
    this.hideTooltip();
    showBreadcrumb(this.tree, node, (picked) => this.zoomTo(picked));
    this.relayout();
    this.select(node);
    if (changed) {
      this.say(`Zoomed to ${this.tree.name(node).slice(0, 200)}, ${percentText(this.tree.percent(this.tree.total[node]))}`);
    }
  }

  select(node) {
    this.selected = node;
    showDetails(this.tree, node);
    this.twin.show(node);
    if (this.painter.layout) {
      this.scrollTo(node);
      this.draw();
    }
  }

  // Makes a box wide enough to be seen before it is selected.
  reveal(node) {
    const kEnoughPx = 30;
    const width = (ancestor) => this.tree.total[node] / this.tree.total[ancestor] * this.painter.width;
    const drawn = this.tree.isBelow(node, this.zoom) || this.tree.isBelow(this.zoom, node);
    if (!drawn || width(this.zoom) < kEnoughPx) {
      this.zoomTo(this.tree.pathTo(node).find((ancestor) => width(ancestor) >= kEnoughPx) ?? node);
    }
    this.select(node);
  }

  // ---- Search

  find(query) {
    this.search = query === '' ? null : new Search(this.tree, query);
    this.matchAt = -1;
    const error = this.search !== null && this.search.error !== '';
    this.input.setAttribute('aria-invalid', error);
    document.getElementById('match').textContent = this.search === null ? '' : error ? this.search.error :
        `${percentText(this.tree.percent(this.search.matchedUnits))} matched`;
    if (this.search !== null) this.say(this.matchText());
    this.requestDraw();
  }

  matchText() {
    if (this.search.error) return this.search.error;
    if (this.search.functions === 0) return `No function matches ${this.search.query}`;
    return `${percentText(this.tree.percent(this.search.matchedUnits))} matched, ` +
        `${countText(this.search.functions, 'function')} in ${this.search.outermost.length} places`;
  }

  step(by) {
    const found = this.search === null ? [] : this.search.outermost;
    if (found.length === 0) {
      this.say(this.search === null ? 'Nothing is searched for: press /' : this.matchText());
      return;
    }
    this.matchAt = this.matchAt < 0 ? (by > 0 ? 0 : found.length - 1) : (this.matchAt + by + found.length) % found.length;
    this.reveal(found[this.matchAt]);
    this.say(`Match ${this.matchAt + 1} of ${found.length}: ${this.tree.name(this.selected).slice(0, 200)}, ` +
        percentText(this.tree.percent(this.tree.total[this.selected])));
  }

  // ---- Mouse

  listenToMouse() {
    const canvas = this.painter.canvas;
    this.stage.addEventListener('scroll', () => {
      this.hideTooltip();
      this.requestDraw();
    });
    canvas.addEventListener('mousemove', (event) => this.onHover(event));
    canvas.addEventListener('mouseleave', () => this.hideTooltip());
    canvas.addEventListener('click', (event) => {
      const hit = this.hitOf(event);
      if (hit !== null) this.zoomTo(hit.node);
    });
  }

  hitOf(event) {
    const box = this.painter.canvas.getBoundingClientRect();
    return this.painter.hit(event.clientX - box.left, event.clientY - box.top, this.view);
  }

  onHover(event) {
    const hit = this.hitOf(event);
    this.painter.canvas.classList.toggle('over', hit !== null);
    showTooltip(this.tree, this.painter.layout, hit, event.clientX, event.clientY);
    const hovered = hit === null || hit.rest ? null : hit.node;
    if (hovered === this.hovered) return;
    this.hovered = hovered;
    this.requestDraw();
  }

  hideTooltip() {
    document.getElementById('tooltip').hidden = true;
    this.hovered = null;
    if (this.painter.layout) this.requestDraw();
  }

  // ---- Controls and keyboard

  listenToControls() {
    const onClick = (id, action) => document.getElementById(id).addEventListener('click', action);
    this.input.addEventListener('input', () => this.find(this.input.value));
    onClick('next', () => this.step(1));
    onClick('previous', () => this.step(-1));
    onClick('orientation', () => this.turn());
    onClick('theme', () => this.toggleTheme());
    onClick('help-button', () => this.help.showModal());
    onClick('help-close', () => this.help.close());
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.setTheme(this.savedTheme()));
  }

  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || this.help.open) return;
    const typing = event.target === this.input;
    const action = typing ? this.typingKeys[event.key] : this.keys[event.key];
    const pressed = event.target instanceof HTMLButtonElement && (event.key === 'Enter' || event.key === ' ');
    if (action === undefined || pressed) return;
    event.preventDefault();
    action();
  }

  get typingKeys() {
    return {
      Escape: () => {
        this.clearSearch();
        this.stage.focus();
      },
      Enter: () => {
        this.stage.focus();
        this.step(1);
      },
    };
  }

  get keys() {
    const callee = () => this.walkTo(this.tree.childrenOf(this.selected)[0]);
    const caller = () => this.walkTo(this.tree.parent[this.selected]);
    const page = this.painter.height - 2 * kRowHeight;
    return {
      ArrowDown: this.rootAtTop ? callee : caller,
      ArrowUp: this.rootAtTop ? caller : callee,
      ArrowLeft: () => this.walkBeside(-1),
      ArrowRight: () => this.walkBeside(1),
      Enter: () => this.zoomTo(this.selected),
      Backspace: () => this.zoomTo(this.tree.parent[this.zoom]),
      Escape: () => this.zoom !== 0 ? this.zoomTo(0) : this.clearSearch(),
      Home: () => this.walkTo(this.zoom),
      PageDown: () => this.stage.scrollTop += page,
      PageUp: () => this.stage.scrollTop -= page,
      '/': () => this.input.select(),
      n: () => this.step(1),
      N: () => this.step(-1),
      i: () => this.turn(),
      t: () => this.toggleTheme(),
      '?': () => this.help.showModal(),
    };
  }

  walkTo(node) {
    if (node === undefined) return;
    if (node !== this.zoom && !this.tree.isBelow(node, this.zoom)) this.zoomTo(node);
    this.select(node);
    this.stage.focus({preventScroll: true});
  }

  walkBeside(by) {
    const siblings = this.tree.siblingsOf(this.selected);
    const sibling = siblings[siblings.indexOf(this.selected) + by];
    if (sibling === undefined) return;
    if (this.selected === this.zoom) this.zoomTo(sibling); else this.walkTo(sibling);
  }

  clearSearch() {
    this.input.value = '';
    this.find('');
  }

  turn() {
    this.rootAtTop = !this.rootAtTop;
    this.labelButtons();
    this.stage.scrollTop = this.rootAtTop ? 0 : this.stage.scrollHeight;
    this.select(this.selected);
  }

  // ---- Theme

  savedTheme() {
    const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
    try {
      return localStorage.getItem('hotroute-theme') || system;
    } catch (error) {
      return system;  // storage is switched off for this file
    }
  }

  toggleTheme() {
    const theme = this.theme === 'dark' ? 'light' : 'dark';
    try {
      localStorage.setItem('hotroute-theme', theme);
    } catch (error) {
      this.say('The theme is not remembered: this browser keeps no storage for files.');
    }
    this.setTheme(theme);
  }

  setTheme(theme) {
    this.theme = theme;
    document.documentElement.dataset.theme = theme;
    this.painter.setTheme();
    showLegend(this.tree, this.painter.palette);
    this.labelButtons();
    if (this.painter.layout) this.draw();
  }

  labelButtons() {
    document.getElementById('orientation').textContent = this.rootAtTop ? 'Flame' : 'Icicle';
    document.getElementById('theme').textContent = this.theme === 'dark' ? 'Light' : 'Dark';
  }

  say(text) {
    document.getElementById('status').textContent = text;
  }
}

const app = new App(JSON.parse(document.getElementById('data').textContent));
app.start();

// What tests look at.
window.__v = {
  boxes: () => app.painter.boxes(app.view),
  nodeAt: (x, y) => app.painter.hit(x, y, app.view),
  matchPercent: () => app.search === null ? 0 : app.tree.percent(app.search.matchedUnits),
  drawStats: () => ({boxes: app.painter.drawn, ms: app.drawMs, laidOut: app.painter.layout.node.length}),
  redraw: () => app.draw(),
  state: () => ({zoom: app.zoom, selected: app.selected, query: app.input.value, rootAtTop: app.rootAtTop,
                 theme: app.theme, scroll: app.stage.scrollTop, matchAt: app.matchAt}),
};
