(() => {
  const table = document.getElementById('class'), body = table.tBodies[0], rows = [...body.rows];
  const text = rows.map(r => r.textContent.toLowerCase()), place = new Map(rows.map((r, i) => [r, i]));
  const search = document.getElementById('search'), shown = document.getElementById('shown');
  const names = new Intl.Collator(undefined, {numeric: true});
  const value = (r, i) => { const n = parseFloat(r.cells[i].textContent); return isNaN(n) ? -1 : n; };
  let order = rows;
  const find = () => {
    const words = search.value.toLowerCase().split(/\s+/);
    let n = 0;
    for (const r of rows) { const hit = words.every(w => text[place.get(r)].includes(w)); r.hidden = !hit; n += hit; }
    shown.textContent = n + ' of ' + rows.length + ' shown';
  };
  const sort = head => {
    const i = head.cellIndex, down = head.getAttribute('aria-sort') === 'ascending';
    for (const h of table.tHead.rows[0].cells) h.removeAttribute('aria-sort');
    head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
    const last = table.tHead.rows[0].cells.length - 1;
    const by = i === 0 || i === last ? (a, b) => names.compare(a.cells[i].textContent, b.cells[i].textContent) : (a, b) => value(a, i) - value(b, i);
    order = rows.slice().sort((a, b) => (down ? by(b, a) : by(a, b)) || place.get(a) - place.get(b));
    body.append(...order);
  };
  table.tHead.addEventListener('click', e => { const b = e.target.closest('button'); if (b) sort(b.parentElement); });
  search.addEventListener('input', find);
  document.querySelector('form').addEventListener('submit', e => e.preventDefault());
  document.documentElement.classList.add('live');
})();
