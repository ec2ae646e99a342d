// Zoom, history, tooltip, keyboard and the tree that screen readers get.
import assert from 'node:assert/strict';
import {test} from 'node:test';

import {boxOf, boxes, click, nameOfSelected, pointIn, state, text, useBrowser} from './support.mjs';

const open = useBrowser();

test('a click zooms and Escape, Back and the breadcrumb undo it', async () => {
  const page = await open('shop');
  await click(page, 'CountQuota');
  const {zoom} = await state(page);
  assert.notEqual(zoom, 0);
  const box = await boxOf(page, 'CountQuota');
  const {width} = await page.locator('#canvas').boundingBox();
  assert.ok(Math.abs(box.w - width) < 1, 'the zoomed function takes the whole width');
  assert.ok((await boxes(page)).some((b) => b.name === 'all requests'), 'its callers stay visible');

  await page.keyboard.press('Escape');
  assert.equal((await state(page)).zoom, 0);
  await page.goBack();
  assert.equal((await state(page)).zoom, zoom);
  await page.locator('#breadcrumb button').first().click();
  assert.equal((await state(page)).zoom, 0);
  assert.deepEqual(page.complaints, []);
});

test('a link keeps the zoom and a wrong one shows everything', async () => {
  const page = await open('shop');
  await click(page, 'CountQuota');
  const {zoom} = await state(page);
  await page.reload();
  assert.equal((await state(page)).zoom, zoom);
  await page.evaluate(() => { location.hash = 'node=999999'; });
  await page.waitForFunction(() => window.__v.state().zoom === 0);
});

test('the tooltip names function, module, place, self, total, share and samples', async () => {
  const page = await open('shop');
  await page.mouse.move(...await pointIn(page, await boxOf(page, 'LoadTimeSlots')));
  const tooltip = await page.locator('#tooltip').innerText();
  for (const part of ['ticketshop::catalogue::LoadTimeSlots(long', 'ticketshop', 'catalogue.cc:140', '0 ms', '26.5 ms',
                      '68.3 %', '265 samples']) {
    assert.ok(tooltip.includes(part), `${part} is not in: ${tooltip}`);
  }
  await page.mouse.move(5, 5);
  assert.ok(await page.locator('#tooltip').isHidden());
});

test('arrows walk, Enter zooms, Backspace goes back to the caller', async () => {
  const page = await open('shop');
  await page.keyboard.press('ArrowDown');
  assert.equal(await nameOfSelected(page), 'start_thread');
  for (let i = 0; i < 3; ++i) await page.keyboard.press('ArrowDown');
  assert.match(await nameOfSelected(page), /EventIndex/);
  await page.keyboard.press('ArrowRight');
  assert.equal(await nameOfSelected(page), 'deflate');
  await page.keyboard.press('ArrowLeft');
  assert.match(await nameOfSelected(page), /EventIndex/);
  await page.keyboard.press('Enter');
  const {zoom, selected} = await state(page);
  assert.equal(zoom, selected);
  await page.keyboard.press('Backspace');
  assert.match(await nameOfSelected(page), /process_request/);
  await page.keyboard.press('ArrowUp');
  assert.match(await nameOfSelected(page), /worker/);
});

test('with the root at the bottom, up means callee', async () => {
  const page = await open('shop');
  await page.keyboard.press('i');
  const root = await boxOf(page, 'all requests');
  const child = await boxOf(page, 'start_thread');
  assert.ok(child.y < root.y);
  await page.keyboard.press('ArrowUp');
  assert.equal(await nameOfSelected(page), 'start_thread');
});

test('help opens and closes by keyboard', async () => {
  const page = await open('shop');
  await page.keyboard.press('?');
  assert.ok(await page.locator('#help').isVisible());
  await page.keyboard.press('Escape');
  assert.ok(!await page.locator('#help').isVisible());
});

test('screen readers get a tree with the selected item and announcements', async () => {
  const page = await open('shop');
  await page.locator('#stage').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  const stage = page.locator('#stage');
  assert.equal(await stage.getAttribute('role'), 'tree');
  const active = page.locator('#' + await stage.getAttribute('aria-activedescendant'));
  assert.equal(await active.getAttribute('role'), 'treeitem');
  assert.equal(await active.getAttribute('aria-selected'), 'true');
  assert.equal(await active.getAttribute('aria-level'), '3');
  assert.equal(await active.getAttribute('aria-posinset'), '1');
  assert.match(await active.textContent(), /worker.*ticketshop.*total 38\.8 ms/);
  await page.keyboard.press('Enter');
  assert.match(await text(page, '#status'), /Zoomed to httplib/);
});
