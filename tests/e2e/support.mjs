// Opens fixture pages in Debian's chromium and watches what a page must never do: log, throw or request anything.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before} from 'node:test';

import {chromium} from 'playwright-core';

const kFlags = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-quic', '--no-first-run',
                '--disable-background-networking', '--disable-component-update', '--disable-sync'];

// Starts the browser before and stops it after the tests of the calling file. Returns open(kind, options, format), which
// gives a page of the named fixture with `complaints`, a list that must stay empty.
export function useBrowser() {
  let browser;
  let folder;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hotroute-e2e-'));
    browser = await chromium.launch({executablePath: process.env.HOTROUTE_CHROMIUM || '/usr/bin/chromium', args: kFlags});
  });
  after(async () => {
    await browser?.close();
    rmSync(folder, {recursive: true, force: true});
  });
  return async (kind, options = {}, format = 'html') => {
    const path = join(folder, `${kind}.${format}`);
    execFileSync(process.env.HOTROUTE_FLAME_FIXTURE, [kind, path]);
    const page = await browser.newPage({viewport: {width: 1400, height: 700}, ...options});
    page.complaints = [];
    page.on('console', (message) => page.complaints.push(`console: ${message.text()}`));
    page.on('pageerror', (error) => page.complaints.push(`error: ${error.message}`));
    page.on('request', (request) => {
      if (!request.url().startsWith('file://' + path) && request.url() !== 'data:,') {
        page.complaints.push(`request: ${request.url()}`);
      }
    });
    await page.goto(`file://${path}`);
    return page;
  };
}

export const state = (page) => page.evaluate(() => window.__v.state());
export const boxes = (page) => page.evaluate(() => window.__v.boxes());
export const text = (page, selector) => page.locator(selector).textContent();

export async function boxOf(page, part) {
  const found = (await boxes(page)).find((box) => !box.rest && box.name.includes(part));
  assert.ok(found, `no box named ${part}`);
  return found;
}

// A point of the window inside a box.
export async function pointIn(page, box) {
  const canvas = await page.locator('#canvas').boundingBox();
  return [canvas.x + box.x + box.w / 2, canvas.y + box.y + box.h / 2];
}

export async function click(page, part) {
  await page.mouse.click(...await pointIn(page, await boxOf(page, part)));
}

export async function nameOfSelected(page) {
  const {selected} = await state(page);
  return (await boxes(page)).find((box) => !box.rest && box.node === selected)?.name;
}
