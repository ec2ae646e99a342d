// The picture: which boxes a zoom shows, drawing them on a canvas, and finding the box under a point.

const kRowHeight = 20;
const kMinBoxPx = 0.5;    // narrower boxes are joined into one grey box per caller
const kMinTextPx = 26;
const kTextPadding = 5;
const kFont = '12px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace';

// The boxes of one zoom, row by row from the root and from left to right in a row. A joined box carries its caller's
// node and rest = 1. At most two boxes per pixel and row, however large the tree is.
class Layout {
  constructor(tree, zoom, width) {
    this.zoom = zoom;
    this.width = width;
    this.node = [];
    this.rest = [];
    this.x = [];
    this.w = [];
    this.rowStart = [0];
    this.scale = tree.total[zoom] > 0 ? width / tree.total[zoom] : 0;
    for (const ancestor of tree.pathTo(zoom)) this.addRow([[ancestor, 0, 0, width]]);
    while (this.addRow(this.nextRow(tree))) {}
  }

  get rows() {
    return this.rowStart.length - 1;
  }

  addRow(boxes) {
    if (boxes.length === 0) return false;
    for (const [node, rest, x, w] of boxes) {
      this.node.push(node);
      this.rest.push(rest);
      this.x.push(x);
      this.w.push(w);
    }
    this.rowStart.push(this.node.length);
    return true;
  }

  nextRow(tree) {
    const boxes = [];
    for (let i = this.rowStart[this.rows - 1]; i < this.rowStart[this.rows]; ++i) {
      if (this.rest[i] === 0) this.addChildren(tree, this.node[i], boxes);
    }
    return boxes;
  }

  // Children come heaviest first, so the first that is too narrow ends the row.
  addChildren(tree, node, boxes) {
    const origin = tree.start[this.zoom];
    let end = tree.start[node];
    for (let k = tree.firstChild[node]; k < tree.firstChild[node + 1]; ++k) {
      const child = tree.children[k];
      const w = tree.total[child] * this.scale;
      if (w < kMinBoxPx) {
        const sum = tree.total[node] - tree.self[node] - (end - tree.start[node]);
        if (sum * this.scale >= kMinBoxPx) {
          boxes.push([node, 1, (end - origin) * this.scale, sum * this.scale]);
        }
        return;
      }
      boxes.push([child, 0, (tree.start[child] - origin) * this.scale, w]);
      end = tree.start[child] + tree.total[child];
    }
  }

  // Index of the box at `x` of `row`, -1 where there is none.
  find(row, x) {
    if (row < 0 || row >= this.rows) return -1;
    let low = this.rowStart[row];
    let high = this.rowStart[row + 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.x[middle] <= x) low = middle + 1; else high = middle;
    }
    const box = low - 1;
    return box >= this.rowStart[row] && x < this.x[box] + this.w[box] ? box : -1;
  }

  indexOf(tree, node) {
    const row = tree.depth[node];
    if (row >= this.rows) return -1;
    for (let i = this.rowStart[row]; i < this.rowStart[row + 1]; ++i) {
      if (this.node[i] === node && this.rest[i] === 0) return i;
    }
    return -1;
  }
}

// Shorter and shorter forms of a C++ name: without arguments, without template arguments, without namespaces.
function shorterNames(name) {
  const plain = name.replace(/\s*\((?!anonymous).*\)( const)?$/u, '');
  let bare = plain;
  for (let before = ''; before !== bare && bare.length < 1000;) {
    before = bare;
    bare = bare.replace(/<[^<>]*>/gu, '');
  }
  const scope = bare.lastIndexOf('::');
  return [name, plain, bare, scope < 0 ? bare : bare.slice(scope + 2)];
}

// What fits into `chars` characters; '' when nothing useful does.
function fittingName(name, chars) {
  if (name.length <= chars) return name;
  const forms = shorterNames(name.slice(0, 1000)).filter((form) => form !== '');
  const fitting = forms.slice(1).find((form) => form.length <= chars);
  if (fitting !== undefined) return fitting;
  return chars < 3 ? '' : forms[forms.length - 1].slice(0, chars - 1) + '…';
}

function hashOf(text) {
  let hash = 2166136261;
  for (let i = 0; i < text.length; ++i) hash = Math.imul(hash ^ text.charCodeAt(i), 16777619);
  return hash >>> 0;
}

// Colours of the current theme, from the style sheet.
class Palette {
  constructor(tree) {
    const style = getComputedStyle(document.documentElement);
    this.value = (name) => style.getPropertyValue('--' + name).trim();
    this.tree = tree;
    this.plain = new Map();
    this.dimmed = new Map();
    for (const name of ['rest', 'root', 'match', 'match-text', 'box-text', 'outline', 'page', 'quiet']) {
      this[name] = this.value(name);
    }
  }

  // A module has one hue; its functions differ a little in lightness.
  fill(node, dim) {
    if (node === 0) return dim ? this.rest : this.root;
    const cache = dim ? this.dimmed : this.plain;
    const frame = this.tree.frame[node];
    let fill = cache.get(frame);
    if (fill === undefined) {
      const shade = hashOf(this.tree.name(node)) % 7 - 3;
      fill = this.hsl(this.tree.moduleIndex(node), dim ? 'dim' : 'box', shade);
      cache.set(frame, fill);
    }
    return fill;
  }

  hsl(module, kind, shade) {
    const unknown = this.tree.data.modules[module] === '';
    const saturation = unknown ? '3%' : this.value(kind + '-saturation');
    const lightness = parseFloat(this.value(kind + '-lightness')) + shade;
    return `hsl(${this.tree.data.hues[module] + 2 * shade}, ${saturation}, ${lightness}%)`;
  }
}

// Draws a layout's rows that are on the screen. The canvas has the size of its viewport, never that of the tree.
class Painter {
  constructor(canvas, tree) {
    this.canvas = canvas;
    this.context = canvas.getContext('2d');
    this.tree = tree;
    this.drawn = 0;
    this.layout = null;
  }

  setTheme() {
    this.palette = new Palette(this.tree);
  }

  resize(width, height) {
    this.width = width;
    this.height = height;
    this.ratio = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(width * this.ratio);
    this.canvas.height = Math.round(height * this.ratio);
    this.canvas.style.width = width + 'px';
    this.canvas.style.height = height + 'px';
  }

  get contentHeight() {
    return Math.max(this.layout.rows * kRowHeight, this.height);
  }

  // y of a row's upper edge on the canvas.
  rowTop(row, view) {
    const y = view.rootAtTop ? row * kRowHeight : this.contentHeight - (row + 1) * kRowHeight;
    return y - view.scroll;
  }

  rowAt(y, view) {
    const content = y + view.scroll;
    return Math.floor((view.rootAtTop ? content : this.contentHeight - content) / kRowHeight);
  }

  draw(view) {
    const c = this.context;
    c.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    c.fillStyle = this.palette.page;
    c.fillRect(0, 0, this.width, this.height);
    c.font = kFont;
    c.textBaseline = 'middle';
    c.direction = 'ltr';
    this.charWidth = c.measureText('M').width;
    this.drawn = 0;
    for (let row = 0; row < this.layout.rows; ++row) {
      const y = this.rowTop(row, view);
      if (y <= -kRowHeight || y >= this.height) continue;
      for (let i = this.layout.rowStart[row]; i < this.layout.rowStart[row + 1]; ++i) {
        this.drawBox(i, y, view);
      }
    }
    this.outline(view.hovered, 1, view);
    this.outline(view.selected, 2, view);
  }

  snap(value) {
    return Math.round(value * this.ratio) / this.ratio;
  }

  drawBox(i, y, view) {
    const c = this.context;
    const node = this.layout.node[i];
    const left = this.snap(this.layout.x[i]);
    const right = Math.max(this.snap(this.layout.x[i] + this.layout.w[i]), left + 1 / this.ratio);
    // A gap between boxes that have room for it; slivers keep every pixel.
    const gap = right - left > 3 ? 1 / this.ratio : 0;
    const matched = view.search !== null && this.layout.rest[i] === 0 &&
        view.search.matches(this.tree, node);
    const dim = (view.search !== null && !matched) || this.tree.depth[node] < this.tree.depth[this.layout.zoom];
    if (this.layout.rest[i] === 1) {
      c.fillStyle = this.palette.rest;
    } else {
      c.fillStyle = matched ? this.palette.match : this.palette.fill(node, dim);
    }
    c.fillRect(left, y, right - left - gap, kRowHeight - 1);
    ++this.drawn;
    if (right - left >= kMinTextPx && this.layout.rest[i] === 0) {
      c.fillStyle = matched ? this.palette['match-text'] : this.palette['box-text'];
      this.drawText(this.tree.name(node), left + kTextPadding, y, right - left - 2 * kTextPadding);
    }
  }

  drawText(name, x, y, room) {
    const c = this.context;
    const text = fittingName(name, Math.floor(room / this.charWidth));
    if (text === '') return;
    const middle = y + kRowHeight / 2;
    if (/^[\u0020-\u007e…]*$/u.test(text)) {
      c.fillText(text, x, middle);
      return;
    }
    // Other scripts have other widths: the box is the limit.
    c.save();
    c.beginPath();
    c.rect(x, y, room, kRowHeight);
    c.clip();
    c.fillText(text, x, middle);
    c.restore();
  }

  outline(node, lineWidth, view) {
    const i = node === null ? -1 : this.layout.indexOf(this.tree, node);
    if (i < 0) return;
    const inset = lineWidth / 2;
    this.context.strokeStyle = this.palette.outline;
    this.context.lineWidth = lineWidth;
    this.context.strokeRect(this.snap(this.layout.x[i]) + inset, this.rowTop(this.tree.depth[node], view) + inset,
                            Math.max(this.layout.w[i] - lineWidth - 1, 1), kRowHeight - 1 - lineWidth);
  }

  // {node, rest} of the box at a point of the canvas, null where there is none.
  hit(x, y, view) {
    const i = this.layout.find(this.rowAt(y, view), x);
    return i < 0 ? null : {node: this.layout.node[i], rest: this.layout.rest[i] === 1};
  }

  // The boxes on the screen, with their true edges.
  boxes(view) {
    const boxes = [];
    for (let row = 0; row < this.layout.rows; ++row) {
      const y = this.rowTop(row, view);
      if (y <= -kRowHeight || y >= this.height) continue;
      for (let i = this.layout.rowStart[row]; i < this.layout.rowStart[row + 1]; ++i) {
        boxes.push({node: this.layout.node[i], rest: this.layout.rest[i] === 1, x: this.layout.x[i], y,
                    w: this.layout.w[i], h: kRowHeight, name: this.tree.name(this.layout.node[i])});
      }
    }
    return boxes;
  }
}
