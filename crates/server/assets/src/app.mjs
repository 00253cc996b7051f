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

// "Print" is a link to the page itself without script.
for (const link of document.querySelectorAll('[data-app-print]')) {
  link.addEventListener('click', (event) => {
    event.preventDefault();
    window.print();
  });
}
