// SPDX-License-Identifier: GPL-2.0-or-later
// What a page can do beside being read: sort and filter its index, open what is linked to, tell of
// a node that is clicked, zoom an overview. The page says all it has to say without this.
'use strict';
const makeButton = (label, click) => {
  const button = document.createElement('button');
  button.type = 'button';
  button.append(...[label].flat());
  button.addEventListener('click', click);
  return button;
};

// ---- the index
const index = document.getElementById('index');
const value = (row, column) => {
  const cell = row.cells[column];
  return 'v' in cell.dataset ? Number(cell.dataset.v) : cell.textContent;
};
const sort = (heading, column) => {
  const up = heading.getAttribute('aria-sort') === 'descending' ||
    (!heading.hasAttribute('aria-sort') && !heading.classList.contains('n'));
  for (const other of heading.parentNode.cells) other.removeAttribute('aria-sort');
  heading.setAttribute('aria-sort', up ? 'ascending' : 'descending');
  const rows = [...index.tBodies[0].rows].sort((a, b) => {
    const x = value(a, column), y = value(b, column);
    return (x < y ? -1 : x > y ? 1 : 0) * (up ? 1 : -1);
  });
  index.tBodies[0].append(...rows);
};
if (index) {
  [...index.tHead.rows[0].cells].forEach((heading, column) => {
    heading.append(makeButton([...heading.childNodes], () => sort(heading, column)));
  });
  const filter = document.getElementById('filter');
  const [words, severity] = filter.querySelectorAll('input, select');
  const show = () => {
    const wanted = words.value.toLowerCase();
    for (const row of index.tBodies[0].rows) {
      row.hidden = !row.cells[0].textContent.toLowerCase().includes(wanted) ||
        Number(row.dataset.s) < Number(severity.value);
    }
  };
  words.addEventListener('input', show);
  severity.addEventListener('change', show);
  filter.hidden = false;
}
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

// ---- pictures
const pick = (node) => {
  const picture = node.ownerSVGElement;
  const frame = picture.parentNode;
  const was = node.classList.contains('picked');
  for (const other of picture.querySelectorAll('.picked')) other.classList.remove('picked');
  if (!frame.nextElementSibling || !frame.nextElementSibling.classList.contains('note')) {
    const note = document.createElement('p');
    note.className = 'note';
    note.setAttribute('aria-live', 'polite');
    frame.after(note);
  }
  node.classList.toggle('picked', !was);
  frame.nextElementSibling.textContent = was ? '' : node.querySelector('title').textContent;
};
const nodeOf = (event) => event.target.closest && event.target.closest('svg.graph g.n');
addEventListener('click', (event) => nodeOf(event) && pick(nodeOf(event)));
addEventListener('keydown', (event) => {
  if (nodeOf(event) && (event.key === 'Enter' || event.key === ' ')) {
    event.preventDefault();
    pick(nodeOf(event));
  }
});
for (const frame of document.querySelectorAll('.overview')) {
  const picture = frame.querySelector('svg');
  if (!picture) continue;
  const full = Number(picture.getAttribute('width'));
  const ratio = Number(picture.getAttribute('height')) / full;
  const zoom = (width) => {
    picture.setAttribute('width', width);
    picture.setAttribute('height', width * ratio);
  };
  const by = (factor) => () => {
    const width = Number(picture.getAttribute('width')) * factor;
    zoom(Math.min(Math.max(width, 100), 4 * full));
  };
  const fit = () => zoom(Math.min(full, Math.max(frame.clientWidth, 100)));
  const bar = document.createElement('p');
  bar.className = 'zoom';
  bar.append(makeButton('fit', fit), makeButton('full size', () => zoom(full)),
    makeButton('larger', by(1.4)), makeButton('smaller', by(1 / 1.4)));
  frame.before(bar);
}
