// Contrast of every pair of colours used in charts and clocks, light and dark, from the built stylesheet.
// Rules can judge text in HTML; what is drawn in SVG is checked here.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from './report.mjs';

const text = 4.5;
const shape = 3;
const pairs = [
  ['govuk-text-colour', 'govuk-body-background-colour', text],
  ['govuk-text-colour', 'app-weekend', text],
  ['govuk-text-colour', 'app-wait', text],
  ['govuk-text-colour', 'app-panel', text],
  ['govuk-secondary-text-colour', 'govuk-body-background-colour', text],
  ['govuk-secondary-text-colour', 'app-panel', text],
  ['govuk-secondary-text-colour', 'app-track', text],
  ['govuk-link-colour', 'govuk-body-background-colour', text],
  ['govuk-link-colour', 'app-panel', text],
  ['govuk-link-colour', 'govuk-surface-background-colour', text],
  ['app-overdue', 'govuk-body-background-colour', text],
  ['app-overdue', 'app-panel', text],
  ['app-today', 'govuk-body-background-colour', text],
  ['app-on-mark', 'app-mark', text],
  ['app-mark', 'govuk-body-background-colour', text],
  ['app-week', 'app-track', shape],
  ['app-today', 'app-track', shape],
  ['app-overdue', 'app-track', shape],
  ['app-paused', 'app-track', shape],
  ['app-good', 'app-panel', shape],
  ['app-wait-edge', 'govuk-body-background-colour', shape],
  ['app-wait-edge', 'app-weekend', shape],
  ['app-mark', 'app-weekend', shape],
];

function colours(css) {
  const long = (hex) => (hex.length === 4 ? `#${[...hex.slice(1)].map((digit) => digit + digit).join('')}` : hex);
  const found = [...css.matchAll(/--((?:app|govuk)-[a-z-]+):\s*(#[0-9a-f]{3,6})/g)].map((one) => [one[1], long(one[2])]);
  // The first definition wins: later ones belong to one component.
  return Object.fromEntries(found.reverse());
}

function luminance(hex) {
  const parts = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
  const [r, g, b] = parts.map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function ratio(one, other) {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

export function contrast(root) {
  const dist = join(root, 'crates/server/assets/dist');
  const manifest = JSON.parse(readFileSync(join(dist, 'manifest.json'), 'utf8'));
  const css = readFileSync(join(dist, manifest['app.css']), 'utf8');
  const at = css.indexOf('color-scheme:dark');
  const light = colours(css.slice(0, at));
  const dark = { ...light, ...colours(css.slice(at)) };
  for (const [theme, known] of Object.entries({ light, dark })) {
    for (const [front, back, least] of pairs) {
      const value = known[front] && known[back] ? ratio(known[front], known[back]) : 0;
      expect(`contrast ${theme}`, value >= least, `${front} on ${back}: ${value.toFixed(2)}, needs ${least}`);
    }
  }
}
