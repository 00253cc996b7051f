// Keys for the list of duties, off until somebody turns them on: a key of one letter must not act on those who speak to
// their computer. The cookie that remembers it ends with the browser.
const COOKIE = 'shortcuts';
const isOn = () => document.cookie.split('; ').includes(`${COOKIE}=on`);

function remember(on) {
  const secure = window.location.protocol === 'https:' ? '; secure' : '';
  document.cookie = `${COOKIE}=${on ? 'on' : ''}; path=/duties; samesite=strict${secure}${on ? '' : '; max-age=0'}`;
}

const typing = (target) => target.closest('input, textarea, select, [contenteditable]') !== null;

/** Moves to the next duty, or to the one before; from anywhere else to the first or the last. */
function move(step) {
  const links = [...document.querySelectorAll('.app-duty__link')];
  const at = links.indexOf(document.activeElement);
  const from = at < 0 && step < 0 ? links.length : at;
  links[from + step]?.focus();
}

function filter() {
  const box = document.querySelector('[data-app-filter]');
  if (!box) return;
  box.open = true;
  box.querySelector('input').focus();
}

const KEYS = { j: () => move(1), k: () => move(-1), f: filter };

export function shortcuts(line) {
  const show = () => {
    for (const part of line.querySelectorAll('[data-when]')) part.hidden = (part.dataset.when === 'on') !== isOn();
  };
  for (const button of line.querySelectorAll('button')) {
    button.addEventListener('click', () => {
      remember(button.dataset.when === 'off');
      show();
      line.querySelector('button:not([hidden])').focus();
    });
  }
  document.addEventListener('keydown', (event) => {
    const plain = !event.ctrlKey && !event.altKey && !event.metaKey && !event.isComposing;
    const act = KEYS[event.key];
    if (!act || !plain || !isOn() || typing(event.target)) return;
    event.preventDefault();
    act();
  });
  show();
  line.hidden = false;
}
