// A social worker: sees what changed, answers a visit "tried, not achieved", says what cannot be done in time.
import { body, choose, press } from '../steps.mjs';

export async function walk({ origin, staff, watch, expect, fail }) {
  const worker = await staff('social worker');
  const page = await worker.newPage();
  watch(page, 'social worker');
  await page.goto(`${origin}/duties`);
  expect('social worker', (await body(page)).includes('Since yesterday'), 'it does not say what changed since yesterday');
  const links = await page.$$eval('a.app-duty__link', (found) => found.map((link) => link.getAttribute('href')));
  if (links.length === 0) {
    fail('social worker', 'there is no duty in the demo to answer');
    return worker.close();
  }
  await page.goto(origin + links[0]);
  await choose(page, 'how', 'tried');
  await page.fill('#words', 'Nobody was at home.');
  await page.fill('#next-day', '3');
  await page.fill('#next-month', '12');
  await page.fill('#next-year', '2026');
  await page.fill('#next-time', '2:00pm');
  await press(page, 'Record this answer');
  await page.goto(origin + links[0]);
  expect('social worker', (await body(page)).includes('The clock is still running'), 'after a try, the clock is not said to run');
  await choose(page, 'how', 'cannot-by-then');
  await page.fill('#words', 'Two other visits the same day. A colleague could go.');
  await press(page, 'Record this answer');
  await page.goto(origin + links[0]);
  expect('social worker', /asked to make the next move|next move is your manager/.test(await body(page)), 'it does not say that the next move is the manager’s');
  return worker.close();
}
