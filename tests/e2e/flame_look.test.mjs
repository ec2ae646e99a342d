// Themes, hostile names, and that the page stays alone.
import assert from 'node:assert/strict';
import {test} from 'node:test';

import {boxes, pointIn, state, text, useBrowser} from './support.mjs';

const open = useBrowser();

// The colour of a pixel of the canvas, as one number of brightness.
const brightness = (page, x, y) => page.evaluate(([px, py]) => {
  const ratio = window.devicePixelRatio;
  const [r, g, b] = document.getElementById('canvas').getContext('2d').getImageData(px * ratio, py * ratio, 1, 1).data;
  return (r + g + b) / 3;
}, [x, y]);

test('the theme follows the system and the switch', async () => {
  const dark = await open('shop', {colorScheme: 'dark'});
  assert.equal((await state(dark)).theme, 'dark');
  const emptySpot = [1300, 450];
  assert.ok(await brightness(dark, ...emptySpot) < 60);
  await dark.keyboard.press('t');
  assert.equal((await state(dark)).theme, 'light');
  assert.ok(await brightness(dark, ...emptySpot) > 200);
  const light = await open('shop', {colorScheme: 'light'});
  assert.equal((await state(light)).theme, 'light');
});

test('the canvas has the pixels of the screen', async () => {
  const page = await open('shop', {deviceScaleFactor: 2});
  const [pixels, width] = await page.evaluate(() => {
    const canvas = document.getElementById('canvas');
    return [canvas.width, canvas.getBoundingClientRect().width];
  });
  assert.equal(pixels, 2 * width);
});

test('modules have colours of their own', async () => {
  const page = await open('shop');
  const colours = await page.evaluate(() => [...document.querySelectorAll('#legend .swatch')].map((s) => s.style.background));
  assert.equal(colours.length, 5);
  assert.equal(new Set(colours).size, 5);
});

test('hostile names stay text everywhere', async () => {
  const page = await open('hostile');
  const shown = (await boxes(page)).filter((box) => !box.rest && box.node !== 0);
  assert.equal(shown.length, 9);
  assert.ok(shown.some((box) => box.name === '<img src=x onerror="window.hacked=1">'));
  assert.ok(shown.some((box) => box.name.length === 4000));
  for (const box of shown) {
    const point = await pointIn(page, box);
    await page.mouse.move(...point);
    assert.ok((await text(page, '#tooltip')).includes(box.name), 'the tooltip has the whole name as text');
    const size = await page.locator('#tooltip').boundingBox();
    assert.ok(size.height < 300, `a long name keeps the tooltip small: ${size.height}`);
    await page.mouse.click(...point);
    await page.keyboard.press('Escape');
  }
  assert.ok(!shown.some((box) => box.name.includes('\u202e')), 'no name can reverse what follows it');
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  assert.equal(await page.evaluate(() => document.querySelectorAll('img').length), 0);
  assert.equal(await page.evaluate(() => document.scripts.length), 2);
  assert.deepEqual(page.complaints, []);
});

test('the picture is XML, with a box per node and hostile names as text', async () => {
  for (const [kind, count] of [['shop', 26], ['hostile', 10], ['empty', 1]]) {
    const page = await open(kind, {}, 'svg');
    const found = await page.evaluate(() => ({
      root: document.documentElement.nodeName,
      foreign: document.querySelectorAll('parsererror, script, img, foreignObject').length,
      boxes: document.querySelectorAll('g > rect').length,
      tooltips: [...document.querySelectorAll('g > title')].map((title) => title.textContent),
    }));
    assert.equal(found.root, 'svg');
    assert.equal(found.foreign, 0);
    assert.equal(found.boxes, count, kind);
    assert.equal(found.tooltips.length, count);
    if (kind === 'hostile') assert.ok(found.tooltips.some((tip) => tip.startsWith('<img src=x onerror=')));
    assert.deepEqual(page.complaints, []);
  }
});

test('the policy of the page stops requests and foreign script', async () => {
  const page = await open('shop');
  assert.deepEqual(page.complaints, []);
  const ran = await page.evaluate(async () => {
    const script = document.createElement('script');
    script.textContent = 'window.hacked = 1';
    document.body.append(script);
    const fetched = await fetch('data:,x').then(() => true, () => false);
    return {fetched, hacked: window.hacked === 1};
  });
  assert.deepEqual(ran, {fetched: false, hacked: false});
  assert.ok(page.complaints.length > 0, 'the browser reports what it stopped');
});

test('an empty population says so', async () => {
  const page = await open('empty');
  assert.match(await text(page, '#details'), /No samples/);
  for (const key of ['ArrowDown', 'ArrowUp', 'ArrowRight', 'Enter', 'n', 'i', 'Home', 'Escape']) await page.keyboard.press(key);
  assert.deepEqual(page.complaints, []);
});
