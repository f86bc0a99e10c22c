// SPDX-License-Identifier: GPL-2.0-or-later
// Sorts and filters the table of models, and opens a model that is linked to. The page says all it
// has to say without this.
'use strict';
const table = document.getElementById('models');
const body = table.tBodies[0];
const filter = document.getElementById('filter');
const [words, severity] = filter.querySelectorAll('input, select');
const value = (row, column) => {
  const cell = row.cells[column];
  return 'v' in cell.dataset ? Number(cell.dataset.v) : cell.textContent;
};
const sort = (heading, column) => {
  const up = heading.getAttribute('aria-sort') === 'descending' ||
    (!heading.hasAttribute('aria-sort') && !heading.classList.contains('n'));
  for (const other of heading.parentNode.cells) other.removeAttribute('aria-sort');
  heading.setAttribute('aria-sort', up ? 'ascending' : 'descending');
  const rows = [...body.rows].sort((a, b) => {
    const x = value(a, column), y = value(b, column);
    return (x < y ? -1 : x > y ? 1 : 0) * (up ? 1 : -1);
  });
  body.append(...rows);
};
[...table.tHead.rows[0].cells].forEach((heading, column) => {
  const button = document.createElement('button');
  button.type = 'button';
  button.append(...heading.childNodes);
  button.addEventListener('click', () => sort(heading, column));
  heading.append(button);
});
const show = () => {
  const wanted = words.value.toLowerCase();
  for (const row of body.rows) {
    row.hidden = !row.cells[0].textContent.toLowerCase().includes(wanted) ||
      Number(row.dataset.s) < Number(severity.value);
  }
};
words.addEventListener('input', show);
severity.addEventListener('input', show);
filter.hidden = false;
const open = () => {
  const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  const details = target && target.closest('details');
  if (details) {
    details.open = true;
    details.scrollIntoView();
  }
};
addEventListener('hashchange', open);
open();
