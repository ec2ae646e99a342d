// Everything around the picture that is text: headline, breadcrumb, tooltip, details, legend and the tree that screen
// readers walk. Names enter the page as text nodes only.

function element(tag, text, className) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

// A name in its own direction: right-to-left text cannot turn what stands beside it around.
function isolated(text, tag = 'bdi') {
  const outer = element(tag);
  if (tag === 'bdi') outer.textContent = text; else outer.append(isolated(text));
  return outer;
}

// Three significant digits, never more than four decimals. 0.9995: what is rounded up to the next digit has it.
function msText(ms) {
  if (ms === 0) return '0 ms';
  const digits = ms > 0 ? Math.floor(Math.log10(ms / 0.9995)) : 0;
  return ms.toFixed(Math.min(Math.max(2 - digits, 0), 4)) + ' ms';
}

function percentText(percent) {
  if (percent === 0 || percent > 99.99) return `${Math.round(percent)} %`;
  return percent.toFixed(percent < 9.995 ? 2 : 1) + ' %';
}

function countText(count, noun) {
  return `${Math.round(count).toLocaleString('en')} ${noun}${Math.round(count) === 1 ? '' : 's'}`;
}

function showHeadline(data) {
  document.getElementById('title').textContent = data.title;
  const costs = document.getElementById('costs');
  const all = data.cpu_ms + data.offcpu_ms;
  const split = element('span', undefined, 'split');
  split.setAttribute('aria-hidden', 'true');
  for (const share of [data.cpu_ms, data.offcpu_ms]) {
    const part = element('i');
    part.style.width = (all > 0 ? 100 * share / all : 0) + '%';
    split.append(part);
  }
  costs.append(cost('cpu', data.cpu_ms, ' CPU'), cost('waiting', data.offcpu_ms, ' off-CPU'), split,
               element('span', 'per request'));
  for (const line of data.subtitle) document.getElementById('subtitle').append(isolated(line, 'li'));
}

function cost(kind, ms, noun) {
  const text = element('span');
  text.append(element('i', undefined, 'swatch ' + kind), element('b', msText(ms)), noun);
  return text;
}

function showLegend(tree, palette) {
  const kMaxModules = 10;
  const items = tree.modulesBySelf().slice(0, kMaxModules).map(({module, self}) => {
    const item = element('li');
    const swatch = element('i', undefined, 'swatch');
    swatch.style.background = palette.hsl(module, 'box', 0);
    item.append(swatch, isolated(tree.data.modules[module] || 'no module'), ` ${percentText(tree.percent(self))}`);
    return item;
  });
  document.getElementById('legend').replaceChildren(...items);
}

function showBreadcrumb(tree, zoom, onPick) {
  const kEnds = 3;  // shown at either end of a long path
  const path = tree.pathTo(zoom);
  const parts = [];
  path.forEach((node, i) => {
    if (path.length > 2 * kEnds + 1 && i >= kEnds && i < path.length - kEnds) {
      if (i === kEnds) parts.push(element('span', `› … ${path.length - 2 * kEnds} more`));
      return;
    }
    if (i > 0) parts.push(element('span', '›'));
    const button = isolated(fittingName(tree.name(node), 60), 'button');
    button.type = 'button';
    button.title = tree.name(node).slice(0, 500);
    if (node === zoom) button.setAttribute('aria-current', 'true');
    button.addEventListener('click', () => onPick(node));
    parts.push(button);
  });
  document.getElementById('breadcrumb').replaceChildren(...parts);
}

function placeText(tree, node) {
  return [tree.moduleName(node), tree.sourceOf(node)].filter((part) => part).join('  ');
}

function valueRow(tree, label, units) {
  const row = element('tr');
  row.append(element('th', label), element('td', msText(tree.ms(units))), element('td', percentText(tree.percent(units))));
  return row;
}

function restOf(tree, layout, node) {
  let units = tree.total[node] - tree.self[node];
  let count = 0;
  for (const child of tree.childrenOf(node)) {
    if (tree.total[child] * layout.scale >= kMinBoxPx) units -= tree.total[child]; else ++count;
  }
  return {units, count};
}

function showTooltip(tree, layout, hit, x, y) {
  const tooltip = document.getElementById('tooltip');
  tooltip.hidden = hit === null;
  if (hit === null) return;
  const table = element('table');
  const parts = [];
  if (hit.rest) {
    const {units, count} = restOf(tree, layout, hit.node);
    parts.push(isolated(`${countText(count, 'function')} too narrow to draw`, 'b'));
    parts.push(isolated('called by ' + tree.name(hit.node).slice(0, 500), 'div'));
    table.append(valueRow(tree, 'total', units));
  } else {
    parts.push(isolated(tree.name(hit.node), 'b'));
    for (const line of [tree.moduleName(hit.node), tree.sourceOf(hit.node)]) {
      if (line) parts.push(isolated(line, 'div'));
    }
    table.append(valueRow(tree, 'self', tree.self[hit.node]), valueRow(tree, 'total', tree.total[hit.node]));
    parts.push(element('div', tree.data.unit + ' · ' + countText(tree.samples[hit.node], 'sample'), 'place'));
  }
  tooltip.replaceChildren(...parts, table);
  const box = tooltip.getBoundingClientRect();
  const below = y + 18 + box.height < window.innerHeight;
  tooltip.style.left = Math.max(4, Math.min(x + 14, window.innerWidth - box.width - 8)) + 'px';
  tooltip.style.top = Math.max(4, below ? y + 18 : y - box.height - 12) + 'px';
}

function showDetails(tree, node) {
  const values = ` — self ${msText(tree.ms(tree.self[node]))}, total ${msText(tree.ms(tree.total[node]))} ` +
      `${tree.data.unit} (${percentText(tree.percent(tree.total[node]))}), ${countText(tree.samples[node], 'sample')}  `;
  const place = isolated(placeText(tree, node));
  place.className = 'place';
  document.getElementById('details').replaceChildren(isolated(fittingName(tree.name(node), 90), 'b'), values, place);
}

// The part of the tree around the selected node as tree items: its callers, siblings and callees. 200,000 of them
// would help nobody.
class Twin {
  constructor(tree, stage, holder) {
    this.tree = tree;
    this.stage = stage;
    this.holder = holder;
  }

  show(selected) {
    const kCallers = 30;
    const path = this.tree.pathTo(selected);
    const items = path.slice(0, -1).slice(-kCallers).map((node) => this.item(node, selected));
    for (const sibling of this.around(this.tree.siblingsOf(selected), selected)) {
      items.push(this.item(sibling, selected));
      if (sibling === selected) {
        for (const child of this.around(this.tree.childrenOf(selected), selected)) items.push(this.item(child, selected));
      }
    }
    this.holder.replaceChildren(...items);
    this.stage.setAttribute('aria-activedescendant', `node-${selected}`);
  }

  // The 20 before and the 40 from `node` on.
  around(list, node) {
    const at = Math.max(list.indexOf(node), 0);
    return list.subarray(Math.max(at - 20, 0), at + 40);
  }

  item(node, selected) {
    const t = this.tree;
    const item = isolated(`${t.name(node).slice(0, 500)}, ${t.moduleName(node) || 'no module'}, ` +
        `total ${msText(t.ms(t.total[node]))}, self ${msText(t.ms(t.self[node]))} ${t.data.unit}, ` +
        percentText(t.percent(t.total[node])), 'div');
    const siblings = t.siblingsOf(node);
    item.id = `node-${node}`;
    item.setAttribute('role', 'treeitem');
    item.setAttribute('aria-level', t.depth[node] + 1);
    item.setAttribute('aria-setsize', siblings.length);
    item.setAttribute('aria-posinset', siblings.indexOf(node) + 1);
    item.setAttribute('aria-selected', node === selected);
    if (t.childrenOf(node).length > 0) item.setAttribute('aria-expanded', t.isBelow(selected, node));
    return item;
  }
}
