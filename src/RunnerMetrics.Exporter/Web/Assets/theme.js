// Light or dark, as the system has it unless somebody chooses.

const KEY = 'theme';
const NEXT = { '': 'dark', dark: 'light', light: '' };
const WORDS = { '': 'as the system has them', dark: 'dark', light: 'light' };

function stored() {
  try {
    return localStorage.getItem(KEY) ?? '';
  } catch {
    return ''; // a browser that keeps nothing
  }
}

function set(theme, button) {
  if (theme) document.documentElement.dataset.theme = theme; else delete document.documentElement.dataset.theme;
  button.setAttribute('aria-label', `Colours: ${WORDS[theme]}`);
}

/** Lets a button choose. */
export function watchTheme(button) {
  set(stored() in NEXT ? stored() : '', button);
  button.hidden = false;
  button.addEventListener('click', () => {
    const next = NEXT[document.documentElement.dataset.theme ?? ''];
    try {
      localStorage.setItem(KEY, next);
    } catch {
      // It holds for this view.
    }

    set(next, button);
  });
}
