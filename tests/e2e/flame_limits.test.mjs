// Large and deep trees, and that what is drawn is what is found.
import assert from 'node:assert/strict';
import {test} from 'node:test';

import {boxes, nameOfSelected, state, useBrowser} from './support.mjs';

const open = useBrowser();

// Numbers from 0 to 1, the same in every run (mulberry32).
function randomNumbers(seed) {
  return () => {
    seed = seed + 0x6D2B79F5 | 0;
    let t = Math.imul(seed ^ seed >>> 15, 1 | seed);
    t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
    return ((t ^ t >>> 14) >>> 0) / 4294967296;
  };
}

async function assertHitsAgree(page) {
  const {width, height} = await page.locator('#canvas').boundingBox();
  const random = randomNumbers(42);
  const points = Array.from({length: 1000}, () => [random() * width, random() * height]);
  const found = await page.evaluate((list) => list.map(([x, y]) => window.__v.nodeAt(x, y)), points);
  const shown = await boxes(page);
  let inBoxes = 0;
  points.forEach(([x, y], i) => {
    const box = shown.find((b) => x >= b.x && x < b.x + b.w && y >= b.y && y < b.y + b.h);
    const expected = box === undefined ? null : {node: box.node, rest: box.rest};
    assert.deepEqual(found[i], expected, `at ${x}, ${y}`);
    if (box !== undefined) ++inBoxes;
  });
  assert.ok(inBoxes > 100 && inBoxes < 1000, `points on and off boxes: ${inBoxes} on`);
}

test('1,000 random points find the box that is drawn there, either way up', async () => {
  const page = await open('large');
  await assertHitsAgree(page);
  await page.keyboard.press('i');
  await assertHitsAgree(page);
});

test('200,000 nodes: few boxes, quick drawing, working zoom', async () => {
  const page = await open('large');
  const stats = await page.evaluate(() => {
    const times = [];
    for (let i = 0; i < 20; ++i) {
      window.__v.redraw();
      times.push(window.__v.drawStats().ms);
    }
    times.sort((a, b) => a - b);
    return {...window.__v.drawStats(), median: times[10]};
  });
  const {width, height} = await page.locator('#canvas').boundingBox();
  // A box is 0.5 px wide or more, so a row holds at most two per pixel.
  assert.ok(stats.boxes <= 2 * width * Math.ceil(height / 20 + 1));
  assert.ok(stats.boxes > 100 && stats.boxes < 20000, `${stats.boxes} boxes`);
  // Measured 9 ms on an idle machine; ten times that still feels immediate and leaves room for a busy one.
  assert.ok(stats.median < 90, `${stats.median} ms for a redraw`);
  for (let i = 0; i < 6; ++i) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const {zoom, selected} = await state(page);
  assert.ok(zoom !== 0 && zoom === selected);
  assert.deepEqual(page.complaints, []);
});

test('boxes of a row never overlap and stay below their callers', async () => {
  const page = await open('large');
  const rows = new Map();
  for (const box of await boxes(page)) rows.set(box.y, [...rows.get(box.y) || [], box]);
  assert.ok(rows.size > 10);
  let above = null;
  for (const row of [...rows.keys()].sort((a, b) => a - b).map((y) => rows.get(y))) {
    const kSlack = 1e-6;  // of sums of doubles, in px
    row.forEach((box, i) => {
      if (i > 0) assert.ok(box.x >= row[i - 1].x + row[i - 1].w - kSlack);
      if (above !== null) {
        assert.ok(above.some((a) => !a.rest && box.x >= a.x - kSlack && box.x + box.w <= a.x + a.w + kSlack), box.name);
      }
    });
    above = row;
  }
});

test('a stack of 3,000 frames scrolls on a canvas of the viewport\'s size', async () => {
  const page = await open('deep');
  const {height} = await page.locator('#stage').boundingBox();
  assert.ok(await page.evaluate(() => document.getElementById('canvas').height) <= height * 2);
  assert.ok((await boxes(page)).length < 50);
  await page.keyboard.press('/');
  await page.keyboard.type('bottom');
  await page.keyboard.press('Enter');
  assert.equal(await nameOfSelected(page), 'bottom');
  assert.ok((await state(page)).scroll > 50000);
  await page.keyboard.press('ArrowUp');
  assert.equal(await nameOfSelected(page), 'recurse3');  // frame 2999, named by its number modulo 7
  await page.keyboard.press('Enter');
  await page.keyboard.press('i');
  assert.equal(await nameOfSelected(page), 'recurse3');
  await page.keyboard.press('Escape');
  assert.equal(await nameOfSelected(page), 'all requests');
  assert.deepEqual(page.complaints, []);
});
