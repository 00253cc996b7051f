// What the script improves. Every page works without it.
import {
  createAll,
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  Radios,
  ServiceNavigation,
  SkipLink,
} from 'govuk-frontend';
import { shortcuts } from './shortcuts.mjs';

// The components look for these classes. Set here, not inline, so that the page
// keeps a strict content security policy.
document.body.classList.add('js-enabled', 'govuk-frontend-supported');
for (const Component of [Button, CharacterCount, Checkboxes, ErrorSummary, Radios, ServiceNavigation, SkipLink]) {
  createAll(Component);
}

// The filter is open without script. On a narrow screen, fold it away.
const narrow = window.matchMedia('(max-width: 48em)');
for (const filter of document.querySelectorAll('[data-app-filter]')) {
  if (narrow.matches) filter.open = false;
}

// A session that is not used ends. Five minutes before, say so: what is sent after it is kept, but nobody should be surprised.
for (const warning of document.querySelectorAll('[data-app-ending]')) {
  const seconds = Number(warning.dataset.appEnding) - 300;
  window.setTimeout(() => (warning.hidden = false), Math.max(0, seconds) * 1000);
  warning.querySelector('a').addEventListener('click', () => (warning.hidden = true));
}

for (const line of document.querySelectorAll('[data-app-shortcuts]')) shortcuts(line);

// "Print" is a link to the page itself without script.
for (const link of document.querySelectorAll('[data-app-print]')) {
  link.addEventListener('click', (event) => {
    event.preventDefault();
    window.print();
  });
}
