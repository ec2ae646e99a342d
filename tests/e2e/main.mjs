// Entry of the browser tests: checks that everything they need is there, then runs them.
// A missing tool is a failure that names the command, never a silent skip.
import {spawnSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import {fileURLToPath} from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const chromium = process.env.HOTROUTE_CHROMIUM || '/usr/bin/chromium';
const needs = [
  [existsSync(folder + 'node_modules/playwright-core'),
   'playwright-core is missing: run ./run test, or npm ci --prefix tests/e2e'],
  [existsSync(chromium), `${chromium} is missing: run ./run test, or apt-get install chromium`],
  [existsSync(process.env.HOTROUTE_FLAME_FIXTURE || ''),
   'HOTROUTE_FLAME_FIXTURE does not name the built flame_fixture: run these tests through ctest -L e2e'],
];
const missing = needs.filter(([there]) => !there).map(([, message]) => message);
if (missing.length > 0) {
  console.error(missing.join('\n'));
  process.exit(1);
}
const tests = ['flame_zoom.test.mjs', 'flame_search.test.mjs', 'flame_look.test.mjs', 'flame_limits.test.mjs'];
const result = spawnSync(process.execPath, ['--test', '--test-concurrency=1', ...tests.map((name) => folder + name)],
                         {stdio: 'inherit'});
process.exit(result.status === null ? 1 : result.status);
