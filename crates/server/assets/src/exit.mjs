// Leaving in a hurry. The button is a form post and works without this file; with it,
// the page empties at once, before the network answers, and Escape pressed three times
// does the same. Nothing is stored: not the page, not that this ran.
const exit = document.querySelector('[data-app-exit]');

// A page brought back by the Back button from memory must not show what was typed.
window.addEventListener('pageshow', (event) => {
  if (event.persisted) window.location.reload();
});

if (exit) {
  const leave = () => {
    document.title = exit.dataset.appExit;
    for (const part of [...document.body.children]) part.hidden = true;
    for (const field of document.querySelectorAll('input[type="text"], textarea')) field.value = '';
    exit.submit();
  };
  exit.addEventListener('submit', (event) => {
    event.preventDefault();
    leave();
  });
  let presses = [];
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    presses = [...presses.filter((at) => event.timeStamp - at < 5000), event.timeStamp];
    if (presses.length === 3) leave();
  });
}
