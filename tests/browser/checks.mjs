// What every page must stand up to: axe, html-validate, content policy, focus, width.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { HtmlValidate } from 'html-validate';
import { expect, fail, pass } from './report.mjs';

const require = createRequire(import.meta.url);
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const validator = new HtmlValidate({
  extends: ['html-validate:recommended'],
  rules: {
    // Explicit roles keep the meaning of tables that become cards on a phone.
    'no-redundant-role': 'off',
    // GOV.UK draws links as buttons with role="button".
    'prefer-native-element': 'off',
    // How the server spaces and spells its markup is its own affair.
    'no-trailing-whitespace': 'off',
    'attribute-boolean-style': 'off',
    'void-style': 'off',
    'long-title': 'off',
    'tel-non-breaking': 'off',
    'no-implicit-button-type': 'error',
    // Checkboxes of one question share a name, as radios do.
    'form-dup-name': ['error', { shared: ['radio', 'checkbox', 'submit', 'button', 'reset'] }],
  },
});

/** Zero axe violations, and nothing about contrast left undecided outside SVG. */
export async function axe(page, where, judgeContrast) {
  // The page's policy refuses injected scripts, as it should; evaluate runs outside it.
  await page.evaluate(axeSource);
  const result = await page.evaluate(
    (runOnly) => window.axe.run(document, { runOnly, resultTypes: ['violations', 'incomplete'] }),
    rules,
  );
  for (const violation of result.violations) {
    fail(where, `axe ${violation.id}: ${violation.nodes[0].html.slice(0, 160)}`);
  }
  if (result.violations.length === 0) pass();
  if (!judgeContrast) return;
  const undecided = result.incomplete
    .filter((item) => item.id === 'color-contrast')
    .flatMap((item) => item.nodes.map((node) => node.html))
    .filter((html) => !html.startsWith('<text'));
  expect(where, undecided.length === 0, `contrast undecided: ${undecided.slice(0, 2).join(' ')}`);
}

/** Valid markup, as the server sent it. */
export async function markup(html, where) {
  const result = await validator.validateString(html);
  const messages = result.results.flatMap((one) => one.messages);
  expect(where, messages.length === 0, messages.slice(0, 3).map((m) => `${m.ruleId} ${m.line}: ${m.message}`).join('; '));
}

/** No sideways scroll, and nothing cut off instead. */
export async function width(page, where) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(where, over <= 0, `scrolls sideways by ${over}px`);
  const cut = await page.evaluate(() =>
    [...document.querySelectorAll('body :not(input, select)')]
      .filter((at) => ['hidden', 'clip'].includes(window.getComputedStyle(at).overflowX))
      .filter((at) => at.clientWidth > 1 && at.scrollWidth > at.clientWidth + 1)
      .map((at) => `${at.tagName.toLowerCase()}.${at.className}`),
  );
  expect(where, cut.length === 0, `something is cut off at the side in ${cut.slice(0, 3).join(', ')}`);
}

/** Tab through the page: focus is always visible and never lost, and the first stop is the skip link. */
export async function keyboard(page, where) {
  await page.evaluate(() => document.activeElement?.blur());
  const seen = [];
  for (let press = 0; press < 150; press += 1) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const at = document.activeElement;
      if (!at || at === document.body) return null;
      const box = at.getBoundingClientRect();
      const inside = window.getComputedStyle(at);
      const covers = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
      return {
        name: `${at.tagName.toLowerCase()}#${at.id}${at.textContent.trim().slice(0, 30)}`,
        size: box.width * box.height,
        drawn: inside.outlineStyle !== 'none' || inside.boxShadow !== 'none',
        hidden: covers && !at.contains(covers) && !covers.contains(at) && !(at.labels && [...at.labels].includes(covers)),
      };
    });
    if (!stop) break;
    seen.push(stop);
  }
  expect(where, seen.length > 0 && seen[0].name.startsWith('a#'), 'the first stop is not the skip link');
  const unseen = seen.filter((stop) => stop.size === 0 || !stop.drawn);
  expect(where, unseen.length === 0, `focus not visible on ${unseen.slice(0, 2).map((stop) => stop.name).join(', ')}`);
  return seen.length;
}

/** Collect what the browser complains about; a complaint about policy is a failure. */
export function watch(page, where) {
  page.on('console', (message) => {
    if (/content security policy|trusted ?types|refused to/i.test(message.text())) fail(where, message.text());
  });
  page.on('pageerror', (error) => fail(where, `script: ${error.message}`));
}
