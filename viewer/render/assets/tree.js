// The call tree on flat typed arrays: decoding, positions, names and search. Knows nothing of the screen.

// LEB128 numbers of a base64 text. Multiplies instead of shifting: values go beyond 32 bits.
class VarintReader {
  constructor(base64) {
    this.bytes = atob(base64);
    this.at = 0;
  }

  read() {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.bytes.charCodeAt(this.at++);
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }
}

class CallTree {
  // `data` is described in flame_data.h.
  constructor(data) {
    this.data = data;
    this.size = data.node_count;
    this.parent = new Uint32Array(this.size);
    this.frame = new Uint32Array(this.size);
    this.depth = new Uint32Array(this.size);
    this.self = new Float64Array(this.size);  // units, as everything below
    this.total = new Float64Array(this.size);
    this.samples = new Float64Array(this.size);
    this.start = new Float64Array(this.size);
    this.decode(data.nodes);
    this.linkChildren();
    this.place();
  }

  decode(nodes) {
    const reader = new VarintReader(nodes);
    for (let i = 0; i < this.size; ++i) {
      this.parent[i] = i - reader.read();
      this.frame[i] = reader.read();
      this.total[i] = this.self[i] = reader.read();
      this.samples[i] = reader.read();
      if (i > 0) this.depth[i] = this.depth[this.parent[i]] + 1;
    }
    for (let i = this.size - 1; i > 0; --i) {
      this.total[this.parent[i]] += this.total[i];
      this.samples[this.parent[i]] += this.samples[i];
    }
  }

  // Children of node i are children[firstChild[i]] to children[firstChild[i + 1] - 1], heaviest first.
  linkChildren() {
    this.firstChild = new Uint32Array(this.size + 1);
    for (let i = 1; i < this.size; ++i) ++this.firstChild[this.parent[i] + 1];
    for (let i = 0; i < this.size; ++i) this.firstChild[i + 1] += this.firstChild[i];
    this.children = new Uint32Array(Math.max(this.size - 1, 0));
    const next = this.firstChild.slice();
    for (let i = 1; i < this.size; ++i) this.children[next[this.parent[i]]++] = i;
    for (let i = 0; i < this.size; ++i) {
      const list = this.childrenOf(i);
      for (let k = 1; k < list.length; ++k) {
        if (this.total[list[k]] > this.total[list[k - 1]]) {
          list.sort((a, b) => this.total[b] - this.total[a] || a - b);
          break;
        }
      }
    }
  }

  place() {
    for (let i = 0; i < this.size; ++i) {
      let at = this.start[i];
      for (let k = this.firstChild[i]; k < this.firstChild[i + 1]; ++k) {
        this.start[this.children[k]] = at;
        at += this.total[this.children[k]];
      }
    }
  }

  childrenOf(node) {
    return this.children.subarray(this.firstChild[node], this.firstChild[node + 1]);
  }

  siblingsOf(node) {
    return node === 0 ? Uint32Array.of(0) : this.childrenOf(this.parent[node]);
  }

  // From the root to `node`, both included.
  pathTo(node) {
    const path = [node];
    while (node !== 0) path.push(node = this.parent[node]);
    return path.reverse();
  }

  isBelow(node, ancestor) {
    while (this.depth[node] > this.depth[ancestor]) node = this.parent[node];
    return node === ancestor;
  }

  name(node) {
    return node === 0 ? 'all requests' : this.data.functions[this.frame[node]];
  }

  moduleIndex(node) {
    return node === 0 ? -1 : this.data.frame_modules[this.frame[node]];
  }

  moduleName(node) {
    return node === 0 ? '' : this.data.modules[this.moduleIndex(node)];
  }

  // "src/cart.cc:42", "" where unknown.
  sourceOf(node) {
    if (node === 0) return '';
    const file = this.data.files[this.data.frame_files[this.frame[node]]];
    const line = this.data.frame_lines[this.frame[node]];
    return file && line ? `${file}:${line}` : file;
  }

  ms(units) {
    return units * this.data.unit_ms;
  }

  percent(units) {
    return this.total[0] > 0 ? 100 * units / this.total[0] : 0;
  }

  // Module indices and their own time, heaviest first.
  modulesBySelf() {
    const sums = new Float64Array(this.data.modules.length);
    for (let i = 1; i < this.size; ++i) sums[this.moduleIndex(i)] += this.self[i];
    return [...sums.keys()].filter((m) => sums[m] > 0).sort((a, b) => sums[b] - sums[a])
        .map((m) => ({module: m, self: sums[m]}));
  }
}

// A test for names from what the user typed: /regular expression/ or text, both without regard to case.
// Throws SyntaxError when the expression is not one.
function nameTest(query) {
  const expression = query.length > 2 && query.startsWith('/') && query.endsWith('/');
  if (expression) {
    const regex = new RegExp(query.slice(1, -1), 'iu');
    return (name) => regex.test(name);
  }
  const text = query.toLowerCase();
  return (name) => name.toLowerCase().includes(text);
}

// What a search found. A match below another match is part of it, so that nothing counts twice.
class Search {
  constructor(tree, query) {
    this.query = query;
    this.error = '';
    this.frames = new Uint8Array(tree.data.functions.length);
    this.outermost = [];  // matching nodes that are below no other match, heaviest first
    this.matchedUnits = 0;
    this.functions = 0;
    try {
      const test = nameTest(query);
      tree.data.functions.forEach((name, i) => this.frames[i] = test(name) ? 1 : 0);
    } catch (error) {
      this.error = 'not a regular expression';
      return;
    }
    this.collect(tree);
  }

  collect(tree) {
    const covered = new Uint8Array(tree.size);
    const seen = new Set();
    for (let i = 1; i < tree.size; ++i) {
      covered[i] = covered[tree.parent[i]];
      if (this.frames[tree.frame[i]] === 0) continue;
      seen.add(tree.frame[i]);
      if (covered[i] === 1) continue;
      covered[i] = 1;
      this.outermost.push(i);
      this.matchedUnits += tree.total[i];
    }
    this.functions = seen.size;
    this.outermost.sort((a, b) => tree.total[b] - tree.total[a] || a - b);
  }

  matches(tree, node) {
    return node !== 0 && this.frames[tree.frame[node]] === 1;
  }
}
