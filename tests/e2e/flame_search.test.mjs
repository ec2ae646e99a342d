// Search: the matched share against the fixture's own numbers, stepping, expressions.
import assert from 'node:assert/strict';
import {test} from 'node:test';

import {click, nameOfSelected, state, text, useBrowser} from './support.mjs';

const open = useBrowser();
const kTotalMs = 38.8;  // the sum of flame_fixture's shop

async function search(page, query) {
  if ((await state(page)).query !== '') await page.keyboard.press('Escape');
  await page.keyboard.press('/');
  await page.keyboard.type(query);
}

const percent = (page) => page.evaluate(() => window.__v.matchPercent());
const near = (actual, expected) => assert.ok(Math.abs(actual - expected) < 1e-6, `${actual} is not ${expected}`);

test('the matched share counts nested matches once', async () => {
  const page = await open('shop');
  await search(page, 'sqlite3');
  near(await percent(page), 100 * 25 / kTotalMs);  // step 20 and prepare 5, with all below
  assert.equal(await text(page, '#match'), '64.4 % matched');
});

test('text is text, without regard to case, and slashes make an expression', async () => {
  const page = await open('shop');
  await search(page, 'MALLOC');
  near(await percent(page), 100 * 3.5 / kTotalMs);
  await search(page, '/^(deflate|__libc_write)$/');
  near(await percent(page), 100 * 4.4 / kTotalMs);
  await search(page, 'operator()()');
  near(await percent(page), 100);
});

test('a broken expression and no match are said, not thrown', async () => {
  const page = await open('shop');
  await search(page, '/(/');
  assert.equal(await text(page, '#match'), 'not a regular expression');
  await search(page, 'nowhere');
  assert.equal(await text(page, '#match'), '0 % matched');
  assert.match(await text(page, '#status'), /No function matches nowhere/);
  assert.deepEqual(page.complaints, []);
});

test('Enter, n and N step through the matches, heaviest first and around', async () => {
  const page = await open('shop');
  await search(page, '/^(deflate|__libc_write|sqlite3_step)$/');
  const names = [];
  await page.keyboard.press('Enter');
  names.push(await nameOfSelected(page));
  for (const key of ['n', 'n', 'n', 'N']) {
    await page.keyboard.press(key);
    names.push(await nameOfSelected(page));
  }
  assert.deepEqual(names, ['sqlite3_step', 'deflate', '__libc_write', 'sqlite3_step', '__libc_write']);
});

test('a match outside the zoom is brought into view', async () => {
  const page = await open('shop');
  await click(page, 'CountQuota');
  await search(page, 'deflate');
  await page.keyboard.press('Enter');
  assert.equal(await nameOfSelected(page), 'deflate');
});

test('a match too narrow to see is zoomed to', async () => {
  const page = await open('large');
  await search(page, 'Function11999(');
  await page.keyboard.press('Enter');
  const {selected} = await state(page);
  const box = await page.evaluate((node) => window.__v.boxes().find((b) => b.node === node && !b.rest), selected);
  assert.ok(box && box.w >= 30, 'the box has 30 px or more');
  assert.match(box.name, /Function11999\(/);
});

test('Escape clears the search', async () => {
  const page = await open('shop');
  await search(page, 'malloc');
  await page.keyboard.press('Escape');
  assert.equal((await state(page)).query, '');
  assert.equal(await percent(page), 0);
});
