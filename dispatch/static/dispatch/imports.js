/* The import pages: options that do not fit the kind are hidden, a file too big is refused before it is sent, a file that is
   being worked on says how far it is. Without this script everything is there, and the page is loaded again by hand. */
(() => {
  'use strict';
  const SECOND_MS = 1000;

  function fit(form) {
    const kind = form.dataset.kind || form.querySelector('[name=kind]')?.value;
    for (const field of form.querySelectorAll('[data-kinds]')) {
      field.closest('.form-row').hidden = !field.dataset.kinds.split(' ').includes(kind);
    }
  }

  function checkSize(form, event) {
    const file = form.querySelector('[type=file]');
    const most = Number(form.dataset.limitMb) * 1e6;
    if (!file || !most || !file.files[0] || file.files[0].size <= most) return;
    event.preventDefault();
    file.setCustomValidity(form.dataset.tooBig);
    file.reportValidity();
    file.addEventListener('change', () => file.setCustomValidity(''), { once: true });
  }

  function show(box, said) {
    const bar = box.querySelector('progress');
    if (said.share) { bar.max = 100; bar.value = said.share; }
    const words = said.waits ? box.dataset.waits : said.rows ? box.dataset.rows.replace('{rows}', said.rows.toLocaleString()) : '';
    if (words) box.querySelector('[role=status]').textContent = words;
  }

  async function follow(box) {
    for (;;) {
      await new Promise((done) => setTimeout(done, SECOND_MS));
      try {
        const answer = await fetch(box.dataset.poll, { credentials: 'same-origin' });
        if (!answer.ok) continue;
        const said = await answer.json();
        if (said.state !== box.dataset.state) { location.reload(); return; }
        show(box, said);
      } catch { /* the network is away: ask again */ }
    }
  }

  for (const form of document.querySelectorAll('form.import')) {
    fit(form);
    form.addEventListener('change', () => fit(form));
    form.addEventListener('submit', (event) => checkSize(form, event));
  }
  for (const box of document.querySelectorAll('[data-poll]')) follow(box);
})();
